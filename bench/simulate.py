#!/usr/bin/env python3
"""Steps of many threads, simulated on the processors that there are: `batchprop bench --simulate-threads`.

    simulate.py [--quick] [--json FILE [--resume] [--seconds S]] COMMAND    COMMAND is the built batchprop
"""

import argparse
import json
import pathlib
import subprocess
import sys

import figures
import pieces

THREADS = [1, 2, 4, 8, 16, 32, 64, 128]
ADAM = ["--activation", "relu", "--output-activation", "softmax", "--loss", "cross-entropy", "--optimizer",
        "adam"]

# Network, batch, options of `bench`, and the speed-ups that are asked for, by threads.
CASES = [("784-128-10", 64, [], {8: 6, 16: 9}),
         ("784-512-512-10", 256, ADAM, {32: 22}),
         ("784-1024-1024-10", 1024, [], {64: 50, 128: 85})]

# Of the long and the quick form: repetitions, seconds of a figure.
LONG, QUICK = (5, 0.3), (2, 0.05)


def title(network, batch, options):
    return f"{network}, {batch:,}" + ", Adam" * bool(options)


def measure(command, case, quick):
    network, batch, options, asked = case
    repetitions, seconds = QUICK if quick else LONG
    done = subprocess.run(
        [command, "bench", "--json", "--layers", network, "--batch-size", str(batch), *options,
         "--threads", "1", "--repetitions", str(repetitions), "--seconds", str(seconds),
         "--simulate-threads", ",".join(map(str, THREADS))], stdout=subprocess.PIPE, check=True)
    return {"title": title(network, batch, options),
            "asked": [{"threads": threads, "speed_up": goal} for threads, goal in asked.items()],
            **json.loads(done.stdout)["simulation"]}


def find(case, threads):
    """The result of the faster plan."""
    return max((result for result in case["results"] if result["threads"] == threads),
               key=lambda result: result["speed_up"])


def row(case, threads, first):
    result = find(case, threads)
    return [case["title"] if first else "", f"{threads}", result["plan"], f"{result['speed_up']:.2f}",
            f"{result['balance']:.2f}", result["limit"] or "",
            figures.number(1e6 * result["seconds_per_step"]), f"{result['bandwidth_bound']:.1f}"]


def show(cases):
    head = ["network, batch", "threads", "plan", "speed-up", "balance", "limited by", "us a step",
            "bound by memory"]
    rows = [row(case, threads, threads == THREADS[0]) for case in cases for threads in THREADS]
    return figures.table([head, *rows], "lrlrrlrr")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    pieces.add_options(parser)
    parser.add_argument("command", help="the built batchprop")
    options = parser.parse_args()
    command = pathlib.Path(options.command).resolve()
    measured = pieces.Pieces(options, "simulations", command.parents[2])
    finished = measured.run([(title(*case[:3]), case) for case in CASES],
                            lambda case: measure(command, case, options.quick))
    print("\n".join(show(measured.cases)))
    return 0 if finished else pieces.UNFINISHED


if __name__ == "__main__":
    sys.exit(main())
