#!/usr/bin/env python3
"""resume_kills.py COMMAND: a run killed five times at random, and resumed each time, ends with the
digest of one that was not. SIGKILL, SIGTERM and SIGINT take turns, and so do numbers of threads. The
exit status is the verdict."""

import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support"))
from checkpointed import Training  # noqa: E402

SEED = 20240229
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGKILL]
ROWS = 20000
OPTIONS = ["--hidden", "32", "--optimizer", "adam", "--batch-size", "4", "--epochs", "6",
           "--valid-fraction", "0.1", "--refit", "--dropout", "0.1"]


def write_table(path, numbers):
    """y is 1 within a circle."""
    with open(path, "w") as table:
        table.write("a,b,y\n")
        for _ in range(ROWS):
            a, b = numbers.uniform(-1, 1), numbers.uniform(-1, 1)
            table.write(f"{a:.6f},{b:.6f},{'in' if a * a + b * b < 0.6 else 'out'}\n")


def interrupt(words, number, delay):
    """Sends a signal after `delay` seconds. True if the run had not ended by then."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        process.communicate(timeout=delay)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        message = process.communicate()[1]
        expected = -number if number == signal.SIGKILL else 128 + number
        # Before training begins, and after its end, a signal is not caught.
        assert process.returncode in (expected, -number), (process.returncode, message)
        if process.returncode == 128 + number:
            assert "--resume goes on from" in message, message
        return True
    assert process.returncode == 0, process.returncode
    return False


def main():
    print("seed", SEED)
    numbers = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "table.csv"
        write_table(table, numbers)
        run = pathlib.Path(folder) / "run"
        run.mkdir()
        training = Training(sys.argv[1], table, run, OPTIONS)
        begin = time.monotonic()
        expected = training.digest(training.words)
        whole = time.monotonic() - begin
        hits = 0
        for count, number in enumerate(SIGNALS):
            delay = whole * numbers.uniform(0.1, 0.3)
            hits += interrupt(training.resumed("--threads", str(1 + count % 3)), number, delay)
        print(f"{whole:.2f} s in one go, {hits} of {len(SIGNALS)} signals met a run")
        assert hits > 0, "every run ended before its signal"
        assert training.digest(training.resumed()) == expected, "another digest"
        assert training.digest(training.resumed()) == expected, "another digest of a complete run"
        assert not training.leftovers(), training.leftovers()


main()
