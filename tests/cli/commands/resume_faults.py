#!/usr/bin/env python3
"""resume_faults.py COMMAND DATA: every system call on the files of a run with checkpoints fails
once, with ENOSPC and EIO, and is once the last thing before SIGKILL. The run then ends with exit code 4,
or goes on where the failure does no harm; resumed, it ends with the digest of one that met no
failure. Exit status 77 (skipped) where strace cannot do that."""

import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support"))
from checkpointed import Training  # noqa: E402

CALLS = ["mkdir", "openat", "flock", "fchown", "fchmod", "write", "fsync", "close", "rename", "unlink"]
# Where these fail, nothing may be called done.
VITAL = ["write", "rename"]
OPTIONS = ["--epochs", "2", "--optimizer", "adam", "--hidden", "4", "--batch-size", "50",
           "--threads", "1", "--backend", "serial"]
EXIT_IO = 4


def trace(words, *how):
    # LeakSanitizer does not work under a tracer.
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")
    return subprocess.run(["strace", "-f", *how, *words], capture_output=True, text=True,
                          env=environment)


def find_calls(training, log):
    """(name, n) for the n-th calls of that name that touch a file in the folder of the run."""
    done = trace(training.resumed(), "-y", "-e", "trace=" + ",".join(CALLS), "-o", str(log))
    if done.returncode != 0:
        print("strace cannot trace here:", done.stderr.strip())
        sys.exit(77)
    counts = collections.Counter()
    found = []
    for line in log.read_text().splitlines():
        match = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if match:
            counts[match[1]] += 1
            if str(training.folder) in line:
                found.append((match[1], counts[match[1]], line))
    return found


def check_fault(training, expected, call, fault):
    name, when, line = call
    training.clear()
    done = trace(training.resumed(), "-o", os.devnull, "-e", f"trace={name}",
                 "-e", f"inject={name}:{fault}:when={when}")
    what = f"{name} {when} with {fault} ({line}): exit code {done.returncode}, {done.stderr}"
    if fault == "signal=SIGKILL":
        # strace ends as its tracee did.
        assert done.returncode in (-9, 137), what
    else:
        assert done.returncode in (0, EXIT_IO), what
        assert done.returncode == 0 or done.stderr, what
        assert done.returncode == EXIT_IO or name not in VITAL, what
        assert done.returncode == EXIT_IO or training.out.exists(), what
    assert training.digest(training.resumed()) == expected, what
    assert not training.leftovers(), (what, training.leftovers())


def main():
    if not shutil.which("strace"):
        print("strace is not installed")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        run = folder / "run"
        run.mkdir()
        training = Training(sys.argv[1], sys.argv[2], run, OPTIONS)
        expected = training.digest(training.words)
        training.clear()
        calls = find_calls(training, folder / "log")
        assert {"write", "fsync", "close", "rename", "openat"} <= {name for name, _, _ in calls}
        for call in calls:
            for fault in ("error=ENOSPC", "error=EIO", "signal=SIGKILL"):
                check_fault(training, expected, call, fault)
        print(len(calls), "system calls failed in three ways each")


main()
