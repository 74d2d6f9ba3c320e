#!/usr/bin/env python3
"""trials_kills.py COMMAND [MPI MODULE]...: a cross-validation that is killed again and again, each time with
another number of processes where the launcher of an MPI and batchprop's module for it are there, ends with the report of a run that was not killed. The exit status is the verdict."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support"))
import default_signals  # noqa: E402
from checkpointed import SIGNALS, write_circle  # noqa: E402
from launchers import ENVIRONMENT, Launcher, find_ranks  # noqa: E402

SEED = 20260311
OPTIONS = ["--folds", "5", "--repeats", "6", "--hidden", "24", "--epochs", "40", "--threads", "1", "--json"]


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in ("seconds", "threads")}
    return [without_times(item) for item in value] if isinstance(value, list) else value


def count_lines(journal):
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def interrupt(words, journal, number, numbers, wanted):
    """Sends a signal when the journal has so many lines: to one process of the job, or to all by its launcher."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT,
                               preexec_fn=default_signals.restore)
    while count_lines(journal) < wanted and process.poll() is None:
        time.sleep(0.002)
    ranks = find_ranks(process, "batchprop") if number == signal.SIGKILL else []
    target = numbers.choice(ranks) if ranks else process.pid
    try:
        os.kill(target, number)
    except ProcessLookupError:
        pass
    assert process.wait(timeout=30) is not None


def main():
    command = sys.argv[1]
    launchers = [Launcher(*pair) for pair in zip(sys.argv[2::2], sys.argv[3::2])]
    launchers = [launcher for launcher in launchers if launcher.is_there()]
    print("launchers:", [launcher.name for launcher in launchers] or "none")
    numbers = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        data, kept = pathlib.Path(folder) / "circle.csv", pathlib.Path(folder) / "kept"
        journal = kept / "trials.jsonl"
        write_circle(data, 2000, numbers)
        words = [command, "cv", str(data), *OPTIONS]

        def start(ranks, *more):
            if ranks == 1 or not launchers:
                return [*words, *more]
            return numbers.choice(launchers).job(ranks, [*words, *more])

        def report(*how):
            done = subprocess.run(start(*how), capture_output=True, text=True, env=ENVIRONMENT, timeout=120)
            assert done.returncode == 0, done.stderr
            return without_times(json.loads(done.stdout))

        expected = report(1)
        kills = 0
        for _ in range(3):
            shutil.rmtree(kept, ignore_errors=True)
            for number in SIGNALS:
                before = count_lines(journal)
                interrupt(start(numbers.randint(1, 4), "--checkpoint", str(kept), "--resume"), journal, number,
                          numbers, before + numbers.randint(1, 5))
                assert count_lines(journal) >= before, "lines were lost"
                kills += 0 < count_lines(journal) < 31
            got = report(numbers.randint(1, 4), "--checkpoint", str(kept), "--resume")
            assert got == expected
            assert count_lines(journal) == 31 and [p.name for p in kept.iterdir()] == ["trials.jsonl"]
        assert kills >= 8, f"{kills} kills with models left to do: of no use"


main()
