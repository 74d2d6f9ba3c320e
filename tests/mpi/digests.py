#!/usr/bin/env python3
"""digests.py MPI MODULE COMMAND TRAININGS IRIS [--long]: 1 to 7 ranks of 1 to 3 threads end with the digest of
one process that knows nothing of MPI. MNIST is looked for in the folder that BATCHPROP_MNIST names; with --long
all numbers of ranks train on its 60,000 images, otherwise two on the 10,000. The exit status is the verdict, 77
means skipped."""

import json
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from launchers import ENVIRONMENT, Launcher  # noqa: E402

RANKS = range(1, 8)
# Options of the command, each on another number of ranks.
IRIS = [
    [],
    ["--optimizer", "adam", "--batch-size", "1"],
    ["--preset", "modern"],
    ["--valid-fraction", "0.2", "--patience", "3", "--refit", "--batch-size", "33"],
    ["--optimizer", "nesterov", "--clip-norm", "0.1", "--dropout", "0.2", "--batch-size", "full"],
    ["--optimizer", "irprop", "--batch-size", "full", "--shard-size", "4"],
    ["--class-weight", "balanced", "--schedule", "plateau", "--batch-size", "10"],
]
MNIST = [
    ["--hidden", "128", "--batch-size", "32", "--learning-rate", "1.0"],
    ["--preset", "modern", "--hidden", "64,64", "--optimizer", "adam", "--valid-fraction", "0.1"],
]


def run_alone(words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0, done
    return done.stdout


def run_ranks(launcher, ranks, words):
    done = launcher.run(ranks, words, patience=300)
    assert done.returncode == 0, done
    assert all(line.startswith("batchprop: a batch of ") for line in done.stderr.splitlines()), done
    assert done.stderr.count("\n") <= 1, "said by several ranks: " + done.stderr
    return done.stdout


def check_trainings(launcher, program, table):
    words = [program, table]
    expected = run_alone(words)
    for ranks in RANKS:
        found = run_ranks(launcher, ranks, words)
        for line, other in zip(expected.splitlines(), found.splitlines(), strict=True):
            assert line == other, f"{ranks} ranks: {other}; alone: {line}"
    print(len(expected.splitlines()), "trainings with one digest each")


def check_command(launcher, words, ranks, threads):
    """--json prints one object, whatever the number of ranks."""
    expected = json.loads(run_alone(words))["weights_digest"]
    found = json.loads(run_ranks(launcher, ranks, [*words, "--threads", threads]))
    assert found["weights_digest"] == expected, (words, ranks, threads, found, expected)
    assert found["ranks"] == ranks, found


def check_mnist(launcher, command, folder, long):
    name = "train" if long else "t10k"
    data = [folder / f"{name}-images-idx3-ubyte.gz", "--labels", folder / f"{name}-labels-idx1-ubyte.gz"]
    for options in MNIST:
        words = [command, "train", *data, "--json", "--out", "/dev/null", "--epochs", 2 if long else 1, *options]
        for ranks in RANKS if long else [2, 3]:
            check_command(launcher, words, ranks, 1 + ranks % 2)


def main():
    name, module, command, trainings, iris = sys.argv[1:6]
    launcher = Launcher(name, module)
    launcher.require()
    check_trainings(launcher, trainings, iris)
    for ranks, options in zip(RANKS, IRIS):
        check_command(launcher, [command, "train", iris, "--json", "--out", "/dev/null", "--epochs", 6, *options],
                      ranks, 1 + ranks % 3)
    mnist = os.environ.get("BATCHPROP_MNIST")
    if mnist:
        check_mnist(launcher, command, pathlib.Path(mnist), "--long" in sys.argv)
    else:
        print("without MNIST: BATCHPROP_MNIST does not name its folder")


main()
