#!/usr/bin/env python3
"""kills.py COMMAND DATASETS [COUNT [SEED]]: COUNT times a command is killed at a random moment, by SIGKILL half of the times and
else by a signal that it can handle: train with log, checkpoints and events, predict, cv with its journal, sweep, report.
Old outputs are there or the new ones whole; the next run comes to the result of one that nobody killed, and no temporary
file is left after it. Of signals that can be handled none is left at once. tests/mpi/kills.py does so with several processes."""

import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import faulty  # noqa: E402
from jobs import make_jobs  # noqa: E402

EPOCHS = 150
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGKILL, signal.SIGHUP]


def interrupt(words, folder, number, delay):
    """The exit status of a command that gets a signal after so many seconds, unless it has ended."""
    process = subprocess.Popen([str(word) for word in words], cwd=folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               preexec_fn=faulty.default_signals.restore)
    time.sleep(delay)
    process.send_signal(number)
    return process.wait(timeout=60)


class Kills:
    def __init__(self, command, folder, numbers):
        self.command, self.folder, self.numbers = command, folder, numbers
        self.met = 0

    def finish(self, job):
        done = faulty.run([self.command, *(job.again or job.words)], None, self.folder)
        assert done.returncode == 0, (job.name, done)
        return job.result(done, self.folder)

    def measure(self, job):
        self.seconds = float("inf")
        for _ in range(3):
            job.prepare(self.folder)
            begin = time.monotonic()
            self.expected = self.finish(job)
            self.seconds = min(self.seconds, time.monotonic() - begin)
        self.wholes = {name: (self.folder / name).read_bytes() for name in job.outputs}

    def kill(self, job, number):
        job.prepare(self.folder)
        delay = self.numbers.uniform(0, 1.1 * self.seconds)
        code = interrupt([self.command, *job.words], self.folder, number, delay)
        what = (job.name, number, delay, code, sorted(path.name for path in self.folder.iterdir()))
        assert code in (0, -number, 128 + number), what
        self.met += code != 0
        job.check_outputs(self.folder, self.wholes, what)
        left = faulty.leftovers(self.folder)
        assert number == signal.SIGKILL or not left, (what, left)
        assert self.finish(job) == self.expected, what
        assert not faulty.leftovers(self.folder), what
        for name in job.outputs:
            assert (self.folder / name).read_bytes() == self.wholes[name], what


def main():
    command, datasets = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 20261130
    print("seed", seed)
    numbers = random.Random(seed)
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made).resolve() / "folder"
        folder.mkdir()
        kills = Kills(command, folder, numbers)
        jobs = [job for job in make_jobs(folder, command, datasets, EPOCHS) if job.outputs or job.grown]
        for k, job in enumerate(jobs):
            kills.measure(job)
            before, begun = kills.met, count * k // len(jobs)
            for number in range(begun, count * (k + 1) // len(jobs)):
                kills.kill(job, SIGNALS[number % len(SIGNALS)])
            print(f"{job.name}: {kills.seconds:.3f} s alone, {kills.met - before} kills met it", flush=True)
        print(f"{kills.met} of {count} kills met a command")
        assert kills.met > 0


main()
