#!/usr/bin/env python3
"""resume_kills.py COMMAND: a run killed five times at random, and resumed each time, ends with the
digest of one that was not. SIGKILL, SIGTERM and SIGINT take turns, and so do numbers of threads. The
exit status is the verdict."""

import pathlib
import random
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support"))
from checkpointed import SIGNALS, Training, interrupt, write_circle  # noqa: E402

SEED = 20240229
ROWS = 20000
OPTIONS = ["--hidden", "32", "--optimizer", "adam", "--batch-size", "4", "--epochs", "6",
           "--valid-fraction", "0.1", "--refit", "--dropout", "0.1"]


def main():
    print("seed", SEED)
    numbers = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.csv"
        write_circle(table, ROWS, numbers)
        run = pathlib.Path(folder) / "run"
        run.mkdir()
        training = Training(sys.argv[1], table, run, OPTIONS)
        begin = time.monotonic()
        expected = training.digest(training.words)
        whole = time.monotonic() - begin
        hits = 0
        for count, number in enumerate(SIGNALS):
            delay = whole * numbers.uniform(0.1, 0.3)
            hits += interrupt(training.resumed("--threads", str(1 + count % 3)), number, delay) is not None
        print(f"{whole:.2f} s in one go, {hits} of {len(SIGNALS)} signals met a run")
        assert hits > 0, "every run ended before its signal"
        assert training.digest(training.resumed()) == expected, "another digest"
        assert training.digest(training.resumed()) == expected, "another digest of a complete run"
        assert not training.leftovers(), training.leftovers()


main()
