#!/usr/bin/env python3
"""ensemble_kills.py COMMAND: several networks in a model, killed again and again while one of them is
trained, and resumed each time, end with the digest of a run that was not killed; what a signal leaves is
a model of the networks that were complete. The exit status is the verdict."""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support"))
from checkpointed import SIGNALS, Training, interrupt, write_circle  # noqa: E402

SEED = 20240312
ROWS = 30000
OPTIONS = ["--hidden", "16;24", "--optimizer", "adam", "--batch-size", "4", "--epochs", "5", "--dropout", "0.1",
           "--member-rows", "folds", "--member-folds", "3", "--member-weights", "out-of-fold"]


def trained(checkpoints):
    """When the last checkpoint of each network that is complete was written."""
    return {path: path.stat().st_mtime_ns for path in checkpoints.glob("member-*/checkpoint-00000005-*")}


def check_model(command, model, message):
    """`message`: stopped by SIGINT after 3 of 6 networks; MODEL is the model of these"""
    if "is the model of" not in message:
        return
    count = int(message.split(" after ")[1].split()[0])
    info = json.loads(subprocess.run([command, "info", str(model), "--json"], capture_output=True, text=True,
                                     check=True).stdout)
    assert 1 <= len(info.get("members", [0])) <= count, (message, len(info.get("members", [0])))


def kill_again_and_again(training, numbers):
    """Interrupted and resumed with the digest of a run in one go, which is returned."""
    begin = time.monotonic()
    expected = training.digest(training.words)
    whole = time.monotonic() - begin
    hits = 0
    for count, number in enumerate(SIGNALS):
        delay = whole * numbers.uniform(0.15, 0.3)
        complete = trained(training.checkpoints) if training.checkpoints.exists() else {}
        message = interrupt(training.resumed("--threads", str(1 + count % 3)), number, delay)
        hits += message is not None
        check_model(sys.argv[1], training.out, message or "")
        now = trained(training.checkpoints)
        assert all(now.get(path) == at for path, at in complete.items()), "a complete network was trained again"
    print(f"{whole:.2f} s in one go, {hits} of {len(SIGNALS)} signals met a run")
    assert hits > 0, "every run ended before its signal"
    assert training.digest(training.resumed()) == expected, "another digest"
    assert training.digest(training.resumed()) == expected, "another digest of a complete run"
    left = [path for path in training.checkpoints.glob("member-*/*") if not path.name.startswith("checkpoint-")]
    assert not left, left
    return expected


def main():
    print("seed", SEED)
    numbers = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.csv"
        write_circle(table, ROWS, numbers)
        digests = []
        options = OPTIONS
        for name in ("new", "further"):
            run = pathlib.Path(folder) / name
            run.mkdir()
            training = Training(sys.argv[1], table, run, options)
            digests.append(kill_again_and_again(training, numbers))
            options = ["--from", str(training.out), "--member-weights", "out-of-fold"]
        assert digests[0] != digests[1]


main()
