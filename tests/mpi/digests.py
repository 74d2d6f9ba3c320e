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
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from launchers import ENVIRONMENT, Launcher, own_lines  # noqa: E402

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
# Of several networks, each on 1 to 4 ranks: the whole report is the same, but for times and who took part.
MEMBERS = [
    ["--preset", "ensemble", "--epochs", "4"],
    ["--hidden", "none;8", "--members", "6", "--member-rows", "bootstrap", "--decide", "f1"],
    ["--hidden", "4;8;16", "--members", "7", "--valid-fraction", "0.2", "--patience", "2", "--refit"],
]
OF_A_RUN = {"seconds", "threads", "ranks", "hosts", "time", "samples_per_second"}
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
    assert not own_lines(done.stderr), done
    assert done.stderr.count("batchprop: a batch of ") <= 1, "said by several ranks: " + done.stderr
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


def leave_out(value):
    """What differs from run to run."""
    if isinstance(value, list):
        return [leave_out(one) for one in value]
    if isinstance(value, dict):
        return {key: leave_out(one) for key, one in value.items() if key not in OF_A_RUN}
    return value


def read_log(path):
    """Lines in one order, whatever was trained at the same time; each counts how many were done before."""
    lines = [leave_out(json.loads(line)) for line in path.read_text().splitlines()]
    path.unlink()
    for line in lines:
        line.pop("done", None)
    begin, end = lines[0], lines[-1]
    return [begin, *sorted(map(json.dumps, lines[1:-1])), end]


def check_members(launcher, command, data, options):
    """And a training that goes on from that."""
    with tempfile.TemporaryDirectory() as folder:
        model, log, left = (pathlib.Path(folder) / name for name in ("m.safetensors", "log.jsonl", "left.csv"))
        files = ["--out", model, "--log", log, "--json"]
        if "--valid-fraction" not in options:
            files += ["--out-of-fold", left]
        words = [command, "train", data, *files, *options]
        further = [command, "train", data, "--from", model, "--out", "/dev/null", "--json"]

        def read(out):
            texts = [path.read_bytes() for path in (model, left) if path.exists()]
            return leave_out(json.loads(out)), read_log(log), texts
        expected = read(run_alone(words))
        digest = json.loads(run_alone(further))["weights_digest"]
        for ranks in range(1, 5):
            out = run_ranks(launcher, ranks, [*words, "--threads", 1 + ranks % 2])
            assert json.loads(out)["threads"] == ranks * (1 + ranks % 2), out
            assert read(out) == expected, (ranks, out, expected)
            found = json.loads(run_ranks(launcher, ranks, further))["weights_digest"]
            assert found == digest, (ranks, found, digest)


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
    for options in MEMBERS:
        check_members(launcher, command, iris, options)
    mnist = os.environ.get("BATCHPROP_MNIST")
    if mnist:
        check_mnist(launcher, command, pathlib.Path(mnist), "--long" in sys.argv)
    else:
        print("without MNIST: BATCHPROP_MNIST does not name its folder")


main()
