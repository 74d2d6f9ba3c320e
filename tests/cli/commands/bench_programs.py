#!/usr/bin/env python3
"""bench_programs.py SOURCE BUILD COMMAND: the programs of bench/ on problems that take no time. The
exit status is the verdict."""

import argparse
import contextlib
import io
import os
import pathlib
import sys
import tempfile
import unittest

SOURCE, BUILD, COMMAND = (pathlib.Path(path) for path in sys.argv[1:4])
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "bench"))

import figures  # noqa: E402
import goals as goals_of  # noqa: E402
import peers  # noqa: E402
import pieces  # noqa: E402
import predict  # noqa: E402
import ranks  # noqa: E402
import ranks_plot  # noqa: E402
import report  # noqa: E402
import simulate  # noqa: E402
import steps  # noqa: E402
import systems as systems_of  # noqa: E402


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
    return {"network": "4-8-3", "batch": 16, "kind": "full" if system == "fann" else "sgd",
            "ratios": {system: {kind: spread for kind in kinds}}, "best_peer": system}


class Goals(unittest.TestCase):
    def test_a_goal_is_met_at_the_value_that_is_asked_for(self):
        goals = goals_of.Goals()
        goals.add("a", 2, 2, str)
        goals.add("b", 2, 1.9, str)
        goals.add("c", 2, 2, str, lower_bound=False)
        goals.add("d", 2, 2.1, str, lower_bound=False)
        goals.add("e", 2, None, str)
        self.assertEqual([row[4] for row in goals.rows[1:]],
                         ["met", "**missed**", "met", "**missed**", ""])

    def test_the_worst_is_the_one_that_is_farthest_from_the_goal(self):
        named = [(3, "a"), (None, "b"), (1, "c"), (2, "d")]
        self.assertEqual(goals_of.worst_of(named, True), (1, "c"))
        self.assertEqual(goals_of.worst_of(named, False), (3, "a"))
        self.assertEqual(goals_of.worst_of([(None, "b")], True), (None, ""))

    def test_full_batches_are_not_taken_for_batches_of_the_table(self):
        cases = [peer_case("fann", 5), peer_case("torch", 7)]
        self.assertIs(goals_of.find_case(cases, "4-8-3", 16), cases[1])
        self.assertIs(goals_of.find_case(cases, "4-8-3", 16, "full"), cases[0])
        self.assertIsNone(goals_of.find_case(cases, "4-8-3", 32))

    def test_a_share_whose_peak_failed_is_said_to_be_so(self):
        good, failed = ({"share_of_peak": {"median": value}, "gflops": {"median": 1.0},
                         "peak_gflops": {"median": value}, "series": "strong", "auto": False,
                         "threads": 1} for value in (0.5, None))
        self.assertEqual([steps.share(good), steps.share(failed)], ["50.0 %", "failed"])
        bench = {"asked_isa": "avx2", "isa": "avx2", "results": [failed]}
        self.assertIn("failed | failed", report.forced_table([bench])[2])

    def test_a_system_that_is_missing_is_not_measured(self):
        goals = goals_of.Goals()
        goals.add_ratio("sklearn", 2, peer_case("torch", 7), "sklearn", "best")
        self.assertEqual(goals.rows[1][3], "not measured")

    def test_the_last_epoch_is_held_against_the_first(self):
        goals = goals_of.Goals()
        for last in (97, 96):
            turns = [{"speeds": [100, 50, last]}]
            goals_of.add_late_epochs(goals, {"data": "synthetic", "runs": {"batchprop": turns}})
        self.assertEqual([row[4] for row in goals.rows[1:]], ["met", "**missed**"])

    def test_the_best_peer_is_named(self):
        goals = goals_of.Goals()
        goals.add_best_peer(5, peer_case("jax", 7))
        goals.add_best_peer(5, None)
        self.assertIn("(JAX)", goals.rows[1][1])
        self.assertEqual([row[4] for row in goals.rows[1:]], ["met", ""])


class Pieces(unittest.TestCase):
    """Cases are numbers here, and measure() keeps a list of those that it was asked for."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.build = pathlib.Path(folder.name)
        (self.build / "src").mkdir()
        (self.build / "src" / "libbatchprop.so").write_text("one")
        self.asked = []

    def run_pieces(self, *arguments):
        parser = argparse.ArgumentParser()
        pieces.add_options(parser)
        options = parser.parse_args(["--json", str(self.build / "figures.json"), *arguments])
        made = pieces.Pieces(options, "cases", self.build)
        with contextlib.redirect_stderr(io.StringIO()):
            finished = made.run([("a", 1), ("b", 2), ("c", None)], self.measure)
        return finished, [case["name"] for case in made.cases]

    def measure(self, case):
        self.asked.append(case)
        return case and {"value": case}

    def test_what_is_in_the_file_is_not_measured_again(self):
        self.assertEqual(self.run_pieces("--only", "b"), (True, ["b"]))
        self.assertEqual(self.run_pieces("--resume"), (True, ["b", "a", "c"]))
        self.assertEqual(self.run_pieces("--resume"), (True, ["b", "a", "c"]))
        self.assertEqual(self.asked, [2, 1, None])

    def test_without_resume_all_is_measured_again(self):
        self.run_pieces("--only", "b")
        self.run_pieces()
        self.assertEqual(self.asked, [2, 1, 2, None])

    def test_no_case_begins_when_the_time_is_up(self):
        self.assertEqual(self.run_pieces("--seconds", "-1"), (False, []))
        self.assertEqual(self.asked, [])

    def test_figures_of_another_build_or_length_are_not_gone_on_with(self):
        self.run_pieces("--only", "b")
        with self.assertRaisesRegex(SystemExit, "another length"):
            self.run_pieces("--resume", "--quick")
        (self.build / "src" / "libbatchprop.so").write_text("two")
        with self.assertRaisesRegex(SystemExit, "another build"):
            self.run_pieces("--resume")


class Running(unittest.TestCase):
    def setUp(self):
        steps.QUICK = (2, 0.005)

    def test_a_grid_point_is_measured_and_shown(self):
        bench = steps.measure(COMMAND, "4-8-3", 16, "auto", quick=True)
        self.assertEqual(steps.find(bench, threads=1)["series"], "strong")
        self.assertTrue(steps.find(bench, auto=True)["auto"])
        self.assertIsNone(steps.order_cost(bench, 1), "one shard either way")
        self.assertEqual(len(steps.show([bench])), 3)
        self.assertEqual(bench["operations_per_sample"], figures.operations("4-8-3"))

    def test_the_fixed_order_costs_something_where_it_has_more_shards(self):
        bench = steps.measure(COMMAND, "4-8-3", 64, "auto", quick=True)
        self.assertGreater(steps.order_cost(bench, 1), -1)

    def test_an_instruction_set_that_is_not_there_is_left_out(self):
        benches = [steps.measure(COMMAND, "4-8-3", 16, isa, True) for isa in ("neon", "avx2")]
        self.assertIn(None, benches)  # no processor has both

    def test_peers_train_the_same_and_are_compared(self):
        systems = systems_of.Systems(BUILD, sys.executable, quick=True)
        case = peers.Case("12-9-3", 64, ["fann"], samples=64)
        measured = peers.measure(case, systems, 2, 0.02)
        self.assertGreater(measured["losses"]["batchprop"][2], 0)
        self.assertGreater(measured["speed_up"]["median"], 0)
        if "fann" not in systems.missing:
            self.assertGreater(measured["ratios"]["fann"]["best"]["median"], 0)
            self.assertEqual(len(measured["results"][0]["speeds"]), 2)

    def test_all_peers_that_are_here_train_the_same_with_adam(self):
        systems = systems_of.Systems(BUILD, sys.executable, quick=True)
        case = peers.Case("12-9-3", 16, ["torch", "jax"], "adam", samples=64)
        measured = peers.measure(case, systems, 2, 0.02)
        losses = measured["losses"]["batchprop"]
        self.assertEqual(losses, sorted(losses, reverse=True))
        self.assertEqual({"torch", "jax"} - set(measured["losses"]),
                         {"torch", "jax"} & set(systems.missing))

    def test_many_threads_are_simulated_and_held_against_their_goals(self):
        simulate.QUICK, simulate.THREADS = (2, 0.005), [1, 3]
        case = simulate.measure(COMMAND, ("5-7-3", 32, simulate.ADAM, {3: 1e9}), quick=True)
        self.assertEqual(simulate.find(case, 3)["threads"], 3)
        self.assertEqual(len(simulate.show([case])), 4)
        goals = goals_of.Goals()
        goals_of.add_simulations(goals, [case])
        self.assertEqual((goals.rows[1][0], goals.rows[1][4]), ("5-7-3, 32, Adam", "**missed**"))

    def test_steps_over_ranks_are_compared_within_turns(self):
        # Of the medians the ratio would be 1.
        turns = [{"seconds": {"measured": measured, "training": 0.012, "nominal": nominal, "by_rate": 0.011,
                              "defaults": 0.02, "torch": None}, "results": [], "parameters": 5}
                 for measured, nominal in ((0.002, 0.001), (0.004, 0.003), (0.003, 0.006))]
        case = {"title": "5-7-3, 32", "gigabits": 1, "ranks": 2, "turns": turns}
        cells = [cell.strip() for cell in ranks.show([case])[2].split("|")]
        self.assertEqual(cells[1:-1], ["5-7-3, 32", "1", "3.000", "12.00", "3.000", "0.75", "11.00", "3.67", "20.00", ""])
        script = ranks_plot.script([case, dict(case, title="other")], ranks.spread)
        self.assertIn('"1 Gbit/s" 3 1 6 11 11 11 3 2 4 12 12 12 20 20 20\n', script)
        self.assertNotIn("PyTorch", script)

    def test_all_that_are_here_predict_the_same_and_are_compared(self):
        predict.QUICK = (200, 2)
        case = predict.measure(COMMAND.resolve(), sys.executable, quick=True)
        turns = [(result["system"], result["threads"]) for result in case["results"]]
        self.assertEqual(turns[:2], [("batchprop", threads) for threads in figures.thread_counts()][:2])
        self.assertEqual({"sklearn", "onnxruntime"} - {system for system, _ in turns},
                         set(case["missing"]))
        self.assertTrue(all(result["total"]["median"] > 0 for result in case["results"]))
        self.assertEqual(len(predict.show(case)), 2 + len(case["results"]))

    def test_a_peer_that_predicts_something_else_is_an_error(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "batchprop.csv").write_text("class,a,b\nx,0.25,0.75\n")
            (folder / "sklearn.csv").write_text("class,a,b\nx,0.250001,0.749999\n")
            predict.check_outputs(folder, ["sklearn"])
            for wrong in ("x,0.26,0.74\n", "x,nan,0.75\n"):
                (folder / "sklearn.csv").write_text("class,a,b\n" + wrong)
                with self.assertRaisesRegex(RuntimeError, "sklearn does not predict the same"):
                    predict.check_outputs(folder, ["sklearn"])

    def test_a_peer_that_trains_something_else_is_an_error(self):
        class Peer:
            def __init__(self, system, losses):
                self.system, self.losses = system, lambda: losses
        case = peers.Case("12-9-3", 16, ["torch"], "adam")
        ours = Peer("batchprop", [1.0, 0.5, 0.25])
        for other in ([1.001, 0.5, 0.25], [1.0, 0.5, 0.26], [1.0, 0.5, float("nan")]):
            with self.assertRaisesRegex(RuntimeError, "torch does not train the same"):
                peers.check_losses(case, [ours, Peer("torch", other)])
        peers.check_losses(case, [ours, Peer("torch", [1.00005, 0.5, 0.251]), Peer("sklearn", None)])

    def test_a_worker_that_cannot_start_says_why(self):
        with self.assertRaisesRegex(RuntimeError, "batchprop: usage"):
            systems_of.Worker("batchprop", [BUILD / "bench" / "peer_batchprop"])

    @unittest.skipUnless(hasattr(os, "sched_setaffinity"), "no affinity here")
    def test_a_worker_has_as_many_processors_as_it_is_kept_to(self):
        program = "import os; print('ready', len(os.sched_getaffinity(0)), flush=True); input()"
        worker = systems_of.Worker("jax", [sys.executable, "-c", program], 1)
        self.addCleanup(worker.end)
        self.assertEqual((worker.version, worker.counts()), ("1", [1]))


if __name__ == "__main__":
    stream = io.StringIO()
    result = unittest.TextTestRunner(stream, verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]))
    print(stream.getvalue())
    sys.exit(not result.wasSuccessful() or result.testsRun == 0)
