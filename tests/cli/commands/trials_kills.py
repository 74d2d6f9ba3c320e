#!/usr/bin/env python3
"""trials_kills.py COMMAND [LAUNCHER MODULE]...: a cross-validation that is killed again and again, each time with
another number of processes where a launcher (mpirun.openmpi, mpirun.mpich) and batchprop's module for it are there,
ends with the report of a run that was not killed. The exit status is the verdict."""

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
from checkpointed import SIGNALS, write_circle  # noqa: E402

SEED = 20260311
OPTIONS = ["--folds", "5", "--repeats", "6", "--hidden", "24", "--epochs", "40", "--threads", "1", "--json"]
# As root is who builds in a container. Leaks of MPI are not ours.
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   ASAN_OPTIONS="detect_leaks=0")
MORE = {"mpirun.openmpi": ["--oversubscribe"]}


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in ("seconds", "threads")}
    return [without_times(item) for item in value] if isinstance(value, list) else value


def count_lines(journal):
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def find_ranks(launcher, journal):
    """The processes of the job that have this folder among their arguments, but the launcher."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:  # it has ended
            continue
        if str(journal.parent).encode() in words and int(entry.name) != launcher and b"mpirun" not in words[0]:
            found.append(int(entry.name))
    return found


def interrupt(words, journal, number, numbers, wanted):
    """Sends a signal when the journal has so many lines: to one process of the job, or to all by its launcher."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    while count_lines(journal) < wanted and process.poll() is None:
        time.sleep(0.002)
    ranks = find_ranks(process.pid, journal) if number == signal.SIGKILL and "mpirun" in words[0] else []
    target = numbers.choice(ranks) if ranks else process.pid
    try:
        os.kill(target, number)
    except ProcessLookupError:
        pass
    assert process.wait(timeout=30) is not None


def main():
    command, pairs = sys.argv[1], list(zip(sys.argv[2::2], sys.argv[3::2]))
    launchers = [name for name, module in pairs if os.path.exists(module) and shutil.which(name)]
    print("launchers:", launchers or "none")
    numbers = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        data, kept = pathlib.Path(folder) / "circle.csv", pathlib.Path(folder) / "kept"
        journal = kept / "trials.jsonl"
        write_circle(data, 2000, numbers)
        words = [command, "cv", str(data), *OPTIONS]

        def start(ranks, *more):
            if ranks == 1 or not launchers:
                return [*words, *more]
            name = numbers.choice(launchers)
            return [name, *MORE.get(name, []), "-n", str(ranks), *words, *more]

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
