#!/usr/bin/env python3
"""bench_programs.py SOURCE BUILD COMMAND: the programs of bench/ on problems that take no time. The
exit status is the verdict."""

import io
import pathlib
import sys
import unittest

SOURCE, BUILD, COMMAND = (pathlib.Path(path) for path in sys.argv[1:4])
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "bench"))

import figures  # noqa: E402
import peers  # noqa: E402
import report  # noqa: E402
import steps  # noqa: E402


class Figures(unittest.TestCase):
    def test_operations_leave_out_the_deltas_of_inputs(self):
        self.assertEqual(figures.operations("5-7-3"), 4 * (35 + 21) + 2 * 21)

    def test_ratios_are_formed_within_repetitions(self):
        # Of the medians it would be 1.
        self.assertEqual(figures.ratio([2, 4, 3], [1, 3, 6]),
                         {"median": 4 / 3, "min": 0.5, "max": 2})

    def test_numbers_keep_four_digits(self):
        self.assertEqual([figures.number(x) for x in (0.5, 12.3456, 123.456, 1234.5, 1234567)],
                         ["0.500", "12.35", "123.5", "1,234", "1,234,567"])

    def test_tables_are_aligned(self):
        self.assertEqual(figures.table([["a", "bcd"], ["efg", "1"]], "lr"),
                         ["| a   | bcd |", "|-----|----:|", "| efg |   1 |"])

    def test_thread_counts_begin_with_one_and_end_with_all(self):
        counts = figures.thread_counts()
        self.assertEqual((counts[0], counts[-1]), (1, figures.processors()))
        self.assertEqual(counts, sorted(set(counts)))


def peer_case(system, ratio):
    """What peers.measure() returns, with one ratio everywhere."""
    spread = {"median": ratio, "min": ratio, "max": ratio}
    kinds = ("one_thread", "best", "one_against_best", "all_against_best",
             "auto_against_best")
    return {"network": "4-8-3", "batch": 16, "full_batch": system == "fann",
            "ratios": {system: {kind: spread for kind in kinds}}}


class Goals(unittest.TestCase):
    def test_a_goal_is_met_at_the_value_that_is_asked_for(self):
        goals = report.Goals()
        goals.add("a", 2, 2, str)
        goals.add("b", 2, 1.9, str)
        goals.add("c", 2, 2, str, lower_bound=False)
        goals.add("d", 2, 2.1, str, lower_bound=False)
        goals.add("e", 2, None, str)
        self.assertEqual([row[4] for row in goals.rows[1:]],
                         ["met", "**missed**", "met", "**missed**", ""])

    def test_the_worst_is_the_one_that_is_farthest_from_the_goal(self):
        named = [(3, "a"), (None, "b"), (1, "c"), (2, "d")]
        self.assertEqual(report.worst_of(named, True), (1, "c"))
        self.assertEqual(report.worst_of(named, False), (3, "a"))
        self.assertEqual(report.worst_of([(None, "b")], True), (None, ""))

    def test_full_batches_are_not_taken_for_batches_of_the_table(self):
        cases = [peer_case("fann", 5), peer_case("torch", 7)]
        self.assertIs(report.find_case(cases, "4-8-3"), cases[1])
        self.assertIs(report.find_case(cases, "4-8-3", full_batch=True), cases[0])

    def test_a_system_that_is_missing_is_not_measured(self):
        goals = report.Goals()
        goals.add_ratio("sklearn", 2, peer_case("torch", 7), "sklearn", "best")
        self.assertEqual(goals.rows[1][3], "not measured")


class Running(unittest.TestCase):
    def setUp(self):
        steps.QUICK = (2, 0.005)

    def test_a_grid_point_is_measured_and_shown(self):
        bench = steps.measure(COMMAND, "4-8-3", 16, quick=True)
        self.assertEqual(steps.find(bench, threads=1)["series"], "strong")
        self.assertTrue(steps.find(bench, auto=True)["auto"])
        self.assertGreater(steps.order_cost(bench, 1), -1)
        self.assertEqual(len(steps.show([bench])), 3)
        self.assertEqual(bench["operations_per_sample"], figures.operations("4-8-3"))

    def test_an_instruction_set_that_is_not_there_is_left_out(self):
        benches = [steps.measure(COMMAND, "4-8-3", 16, True, isa) for isa in ("neon", "avx2")]
        self.assertIn(None, benches)  # no processor has both

    def test_peers_train_the_same_and_are_compared(self):
        systems = peers.Systems(BUILD, sys.executable, quick=True)
        case = peers.Case("12-9-3", 64, 64, ["batchprop", "fann"])
        measured = peers.measure(case, systems, 2, 0.02)
        self.assertGreater(measured["losses"]["batchprop"], 0)
        if "fann" in systems.missing:
            self.assertIn("not installed", "\n".join(peers.show([measured], systems.missing)))
        else:
            self.assertGreater(measured["ratios"]["fann"]["best"]["median"], 0)
            self.assertEqual(len(measured["results"][0]["speeds"]), 2)

    def test_a_peer_that_trains_something_else_is_an_error(self):
        class Peer:
            def __init__(self, system, loss):
                self.system, self.loss = system, lambda: loss
        with self.assertRaisesRegex(RuntimeError, "torch does not train the same"):
            peers.check_losses([Peer("batchprop", 1.0), Peer("torch", 1.001)])
        peers.check_losses([Peer("batchprop", 1.0), Peer("torch", 1.00005), Peer("sklearn", None)])

    def test_a_worker_that_cannot_start_says_why(self):
        with self.assertRaisesRegex(RuntimeError, "batchprop: usage"):
            peers.Worker("batchprop", [BUILD / "bench" / "peer_batchprop"], [])


if __name__ == "__main__":
    stream = io.StringIO()
    result = unittest.TextTestRunner(stream, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    print(stream.getvalue())
    sys.exit(not result.wasSuccessful() or result.testsRun == 0)
