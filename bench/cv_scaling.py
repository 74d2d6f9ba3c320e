#!/usr/bin/env python3
"""Cross-validation on one thread and on two: how much faster, and whether the numbers are the same.

    cv_scaling.py [--rounds N] [--json FILE] COMMAND        COMMAND is the built batchprop

A round runs 10 folds of iris and of digits on one thread, on two, and as two processes of one
thread at the same time: what these lose is what the machine has not to give. Ratios are formed
within a round; the medians are shown.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from figures import table

DATASETS = pathlib.Path(__file__).resolve().parent.parent / "datasets"
CASES = {
    "iris": (["iris.csv"], ["--hidden", "16", "--epochs", "2000"]),
    "digits": (["digits-train.csv", "digits-test.csv"], ["--hidden", "32", "--epochs", "200"]),
}


def arguments(command, case, threads):
    files, options = CASES[case]
    return [command, "cv", *(str(DATASETS / name) for name in files), "--folds", "10", "--json",
            "--threads", str(threads), *options]


def finish(process):
    out, _ = process.communicate()
    if process.returncode:
        sys.exit(f"{process.args} ended with {process.returncode}")
    return json.loads(out)


def run(command, case, threads, processes=1):
    """What each of some runs at the same time prints."""
    started = [subprocess.Popen(arguments(command, case, threads), stdout=subprocess.PIPE)
               for _ in range(processes)]
    return [finish(process) for process in started]


def numbers(result):
    """The models without what the clock says."""
    return [{key: value for key, value in model.items() if key != "seconds"}
            for model in result["models"]]


def play(command, case):
    one, = run(command, case, 1)
    two, = run(command, case, 2)
    apart = run(command, case, 1, processes=2)
    same = all(numbers(other) == numbers(one) for other in [two, *apart])
    return {"seconds_1": one["seconds"], "seconds_2": two["seconds"],
            "speed_up": one["seconds"] / two["seconds"],
            "machine": 2 * one["seconds"] / max(each["seconds"] for each in apart),
            "same": same, "accuracy": one["metrics"]["accuracy"]["mean"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="write all figures to FILE")
    parser.add_argument("command", metavar="COMMAND")
    options = parser.parse_args()
    rounds = {case: [] for case in CASES}
    for _ in range(options.rounds):
        for case in CASES:
            rounds[case].append(play(options.command, case))
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(rounds, indent=1) + "\n")
    rows = [["data", "s, 1 thread", "s, 2 threads", "faster", "2 processes", "accuracy",
             "same numbers"]]
    for case, played in rounds.items():
        middle = {key: statistics.median(each[key] for each in played) for key in played[0]}
        rows.append([case, f"{middle['seconds_1']:.2f}", f"{middle['seconds_2']:.2f}",
                     f"{middle['speed_up']:.2f}", f"{middle['machine']:.2f}",
                     f"{middle['accuracy']:.4f}",
                     "yes" if all(each["same"] for each in played) else "NO"])
    print("\n".join(table(rows, "lrrrrrl")))
    return 0 if all(each["same"] for played in rounds.values() for each in played) else 1


if __name__ == "__main__":
    sys.exit(main())
