#!/usr/bin/env python3
"""signals.py COMMAND DATA: how a command ends by a signal, at a file that grows over its limit, at a pipe that nobody
reads, and at a data file that becomes shorter while it is mapped: the shell sees the signal, one message names
the file, and nothing is left in the folder."""

import array
import os
import pathlib
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "support"))
import default_signals  # noqa: E402

COMMAND, DATA = map(os.path.abspath, sys.argv[1:3])
SMALL = ["--threads", "1", "--backend", "serial"]
EPOCHS = ["--epochs", "1000000000"]
ENDLESS = [*EPOCHS, *SMALL]
EXIT_IO = 4
PATIENCE = 60  # seconds, where a command takes one


def start(folder, *words, **how):
    return subprocess.Popen([COMMAND, *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL, text=True,
                            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "preexec_fn": default_signals.restore, **how})


def wait_for(path, process):
    """Until a file has some bytes."""
    end = time.monotonic() + PATIENCE
    while not path.exists() or path.stat().st_size == 0:
        assert process.poll() is None, process.communicate()
        if time.monotonic() > end:
            process.kill()
            raise AssertionError(f"{path.name} is empty after {PATIENCE} s: {process.communicate()}")
        time.sleep(0.01)


def finish(process):
    """What it wrote; it is killed if it does not end."""
    try:
        return process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"not ended after {PATIENCE} s: {process.communicate()}") from None


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def check_training(folder, number, name):
    process = start(folder, "train", DATA, "--out", "m", "--log", "log", *ENDLESS)
    wait_for(folder / "log", process)
    process.send_signal(number)
    error = finish(process)[1]
    assert process.returncode == 128 + number, (process.returncode, error)
    assert f"stopped by {name} after " in error, error
    assert names(folder) == ["log"], names(folder)
    assert f"stopped by {name}" in (folder / "log").read_text().splitlines()[-1]


def check_ignored(folder):
    """As under nohup."""
    process = start(folder, "train", DATA, "--out", "m", "--log", "log", *ENDLESS,
                    preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_for(folder / "log", process)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    error = finish(process)[1]
    assert process.returncode == 128 + signal.SIGTERM and "SIGTERM" in error, (process.returncode, error)


def check_waiting(folder, number):
    """A command that is not watched, while it waits for its input."""
    os.mkfifo(folder / "fifo")
    process = start(folder, "check", "fifo")
    with open(folder / "fifo", "w") as fifo:  # opened by both now
        fifo.write("a,b\n")
        fifo.flush()
        process.send_signal(number)
        out, error = finish(process)
    assert (process.returncode, out, error) == (-number, "", ""), (process.returncode, out, error)


def check_limit(folder):
    """The old content stays."""
    subprocess.run([COMMAND, "train", DATA, "--out", folder / "m", "--epochs", "1", *SMALL], check=True,
                   stdout=subprocess.DEVNULL, timeout=PATIENCE)
    (folder / "p.csv").write_text("before\n")
    with tempfile.TemporaryDirectory() as counts:  # a command that counts what it runs cannot write that either
        process = start(folder, "predict", "m", DATA, "--out", "p.csv",
                        env=dict(os.environ, GCOV_PREFIX=counts, GCOV_ERROR_FILE=os.devnull),
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)))
        error = finish(process)[1]
    assert process.returncode == EXIT_IO, (process.returncode, error)
    own = [line for line in error.splitlines() if line.startswith("batchprop: ")]  # others are of what measures coverage
    assert own == ["batchprop: p.csv: cannot be written: File too large"], error
    assert names(folder) == ["m", "p.csv"] and (folder / "p.csv").read_text() == "before\n"


def check_pipe(folder):
    """The reader is gone before the first byte."""
    with open(DATA) as data:
        lines = data.readlines()
    (folder / "long.csv").write_text(lines[0] + "".join(lines[1:]) * 100)
    subprocess.run([COMMAND, "train", DATA, "--out", folder / "m", "--epochs", "1", *SMALL], check=True,
                   stdout=subprocess.DEVNULL, timeout=PATIENCE)
    reading, writing = os.pipe()
    os.close(reading)
    process = start(folder, "predict", "m", "long.csv", stdout=writing)
    os.close(writing)
    error = finish(process)[1]
    assert (process.returncode, error) == (-signal.SIGPIPE, ""), (process.returncode, error)


def write_npy(path, rows, columns):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    cells = array.array("f", [k + 1 for k in range(columns)]) * rows  # the same in each row
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + cells.tobytes())


def check_shortened(folder, backend):
    """Both threads may meet the end of the file at once, which is rare: so this is done several times."""
    if sys.byteorder != "little":
        return
    write_npy(folder / "x\x1b.npy", 20000, 4)
    write_npy(folder / "y.npy", 20000, 1)
    process = start(folder, "train", "x\x1b.npy", "--labels", "y.npy", "--out", "m", "--log", "log", *EPOCHS, "--threads", "2",
                    "--backend", backend)
    wait_for(folder / "log", process)
    os.truncate(folder / "x\x1b.npy", 4096)
    error = finish(process)[1]
    assert process.returncode == EXIT_IO, (process.returncode, error)
    assert error.endswith("batchprop: x\\x1b.npy: cannot be read: the file became shorter meanwhile; leave it as it is until the "
                          "command ends\n"), error


def main():
    for check, *values in (
        (check_training, signal.SIGINT, "SIGINT"), (check_training, signal.SIGTERM, "SIGTERM"),
        (check_training, signal.SIGHUP, "SIGHUP"), (check_training, signal.SIGPIPE, "SIGPIPE"), (check_ignored,),
        (check_waiting, signal.SIGINT), (check_waiting, signal.SIGHUP), (check_limit,), (check_pipe,), *[(check_shortened, "pthreads")] * 8,
        (check_shortened, "auto"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            check(pathlib.Path(folder), *values)
        print(check.__name__, *values, flush=True)


main()
