"""Jobs of several processes, as Open MPI and MPICH start them."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import default_signals

SKIPPED = 77
PATIENCE = 200  # seconds in which a job gets further, whatever else the machine has to do

# Of each MPI: its launcher with its options, and the variable that holds the number of a rank.
MPIS = {
    "openmpi": (["mpirun.openmpi", "--oversubscribe"], "OMPI_COMM_WORLD_RANK"),
    "mpich": (["mpirun.mpich"], "PMI_RANK"),
}

# As root is who builds in a container. Leaks of MPI are not ours.
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   ASAN_OPTIONS="detect_leaks=0")


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def list_processes(root):
    """All below a process: (number, name) each."""
    below = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:  # it has ended
                continue
            name, rest = text[text.index("(") + 1:].rsplit(")", 1)
            below.setdefault(int(rest.split()[1]), []).append((int(entry.name), name))
    found, numbers = [], [root]
    while numbers:
        entries = below.get(numbers.pop(), [])
        found += entries
        numbers += [number for number, _ in entries]
    return found


def kill(number):
    """A process that may have ended."""
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        pass


def end(process):
    """All of a job that hangs: first the launcher, which knows what it has started."""
    numbers = [number for number, _ in list_processes(process.pid)]
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
    for number in numbers:
        kill(number)


class Launcher:
    """`module` is the file of batchprop's module for this MPI, "none" where it was not built; ranks run on `hosts`
    (namespaces.py), or where the launcher runs."""

    def __init__(self, name, module, hosts=None):
        self.words, self.variable = MPIS[name]
        self.name, self.module, self.hosts = name, module, hosts

    def require(self):
        if not os.path.exists(self.module):
            skip(f"batchprop was built without its module for {self.name}")
        if not shutil.which(self.words[0]):
            skip(f"{self.words[0]} is not installed")

    def is_there(self):
        return os.path.exists(self.module) and shutil.which(self.words[0]) is not None

    def job(self, ranks, words):
        """The command line that starts it."""
        front, options = (self.hosts.front(), self.hosts.options(self.name)) if self.hosts else ([], [])
        return [*map(str, [*front, *self.words, *options, "-n", ranks, *words])]

    def start(self, ranks, words, **how):
        return subprocess.Popen(self.job(ranks, words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, preexec_fn=default_signals.restore,
                                **{"env": ENVIRONMENT, **how})

    def run(self, ranks, words, patience=PATIENCE, look=None, **how):
        """A job to its end, as finish() has it."""
        process = self.start(ranks, words, **how)
        out, message = finish(process, patience, look)
        return subprocess.CompletedProcess(process.args, process.returncode, out, message)

    def loses(self, status):
        """Whether a launcher that returns `status` may have lost those of the ranks: MPICH's does, of processes that end
        at one moment, in one of about a thousand jobs (ranks_end() of the command)."""
        return self.name == "mpich" and status == 0

    def fail(self, ranks, words, **how):
        """The same of a job that is to fail: again where its status may be lost, three times at most."""
        for _ in range(3):
            done = self.run(ranks, words, **how)
            if not self.loses(done.returncode):
                break
        return done


def find_ranks(process, name):
    """Numbers of the processes called `name` below one that runs."""
    return [number for number, called in list_processes(process.pid) if called == name]


class Stall:
    """Whether `look(process)`, which says how far a job is, has been the same for `patience` seconds. However slow a
    machine is, a job that gets further is given time."""

    def __init__(self, process, patience, look=None):
        self.process, self.patience, self.look = process, patience, look
        self.seen, self.since = None, time.monotonic()
        self.next = self.since

    def is_there(self):
        now = time.monotonic()
        if now < self.next:
            return False
        self.next = now + 0.5
        seen = self.look(self.process) if self.look else None
        if seen != self.seen:
            self.seen, self.since = seen, now
        return now - self.since > self.patience


def finish(process, patience=PATIENCE, look=None):
    """What a job prints until it ends; one that stalls is ended."""
    stall = Stall(process, patience, look)
    while True:
        try:
            return process.communicate(timeout=0.2)
        except subprocess.TimeoutExpired:
            if not stall.is_there():
                continue
        end(process)
        out, message = process.communicate()
        raise AssertionError(f"no progress in {patience} s of {process.args}\n{out}\n{message}")


def own_lines(message):
    """What batchprop says, and not MPI; without the note that a batch has fewer shards than there are ranks, and
    without the progress that is shown where the machine is slow."""
    lines = [line for line in message.splitlines() if line.startswith("batchprop: ")]
    return [line for line in lines if not line.startswith(("batchprop: a batch of ", "batchprop: epoch ")) and
            not re.match(r"batchprop: \d+ of \d+ networks ", line)]


def wait_for(condition, process, patience=PATIENCE, look=None):
    """Until it holds, or a job stalls."""
    stall = Stall(process, patience, look)
    while not condition():
        if stall.is_there():
            end(process)
            raise AssertionError(f"no progress in {patience} s of {process.args}")
        time.sleep(0.005)
