#!/usr/bin/env python3
"""io.py COMMAND LIBRARY DATASETS [--all]: system calls on the files of a command fail, one in each run: train with
log, checkpoints and events, its resume, predict, eval, cv with its journal, sweep, report. After each the exit code is 0
and the results are right, or it is that of a failure, and one message names the file; an old output is intact or
the new one whole; nothing else lies in the folder; and a resume comes to the same digest. Without --all some of the calls."""

import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import faulty  # noqa: E402
from jobs import make_jobs  # noqa: E402

FAILURES = {
    "open": ["EMFILE", "EACCES"], "read": ["EIO"], "write": ["ENOSPC", "EIO", "EDQUOT"], "close": ["EIO"],
    "fsync": ["EIO"], "rename": ["EIO"], "unlink": ["EIO"], "ftruncate": ["EIO"], "lseek": ["EIO"], "fstat": ["EIO"],
    "stat": ["EACCES", "EIO"], "lstat": ["EIO"], "flock": ["EIO"], "fchmod": ["EIO"], "fchown": ["EIO"],
    "mkdir": ["ENOSPC"], "opendir": ["EMFILE"], "readdir": ["EIO"], "readlink": ["EIO"], "faccessat": ["EIO"],
    "fcntl": ["EMFILE"], "mmap": ["EMFILE"], "tmpfile": ["EMFILE"], "spawn": ["EAGAIN"], "waitpid": [],
}
INTERRUPTED = ["open", "read", "write", "close", "fsync", "flock", "waitpid"]
SHORT = ["read", "write"]
SIGNALS = {"SIGTERM": 15, "SIGINT": 2, "SIGHUP": 1, "SIGPIPE": 13, "SIGKILL": 9}
SIGNALLED = ["write", "rename", "fsync", "open"]
EXIT_FAILED, EXIT_IO = 1, 4


class Faults:
    def __init__(self, command, library, folder, every):
        self.command, self.library, self.folder, self.every = command, library, folder, every
        self.runs = 0

    def run(self, words, fault=None, **more):
        self.runs += 1
        variables = {"BATCHPROP_FAULT_FOLDER": str(self.folder) + "/", **more}
        if fault:
            variables["BATCHPROP_FAULT"] = fault
        return faulty.run([self.command, *words], self.library, self.folder, **variables)

    def count(self, job):
        """How many there are of each call, and what the command answers."""
        counts = self.folder.parent / "counts"
        job.prepare(self.folder)
        done = self.run(job.words, BATCHPROP_FAULT_COUNT=str(counts))
        assert done.returncode == 0, (job.name, done)
        numbers = {line.split()[0]: int(line.split()[1]) for line in counts.read_text().splitlines()}
        missing = {"open", "read", *(["write", "rename", "fsync"] if job.outputs else [])} - {k for k, n in numbers.items() if n}
        assert not missing, (job.name, "the library sees no call of", missing)
        wholes = {name: (self.folder / name).read_bytes() for name in job.outputs}
        return numbers, job.result(done, self.folder), wholes

    def check_message(self, job, done, lasting, what):
        """One, or where all writes fail one for each file that lost something."""
        lines = faulty.messages(done)
        assert len(lines) == 1 or (lasting and 0 < len(lines) == len(set(lines))), (what, done.stderr)
        named = [str(self.folder), "standard output", "temporary file", "gnuplot", *job.kept, *job.outputs, *job.grown]
        assert all(any(name in line for name in named) for line in lines), (what, done.stderr)

    def check(self, job, expected, wholes, fault):
        call, _, kind = fault.split(":")
        job.prepare(self.folder)
        done = self.run(job.words, fault)
        what = (job.name, fault, done.returncode, done.stderr, sorted(path.name for path in self.folder.iterdir()))
        if kind in SIGNALS and done.returncode != 0:
            number = SIGNALS[kind]
            assert done.returncode in (-number, 128 + number), what
        elif done.returncode == 0:
            assert kind not in SIGNALS or job.again, what  # noted too late to stop anything
            assert job.result(done, self.folder) == expected, (what, done.stdout, expected)
        else:
            assert kind not in ("EINTR", "short"), what
            assert done.returncode == EXIT_IO or call in ("spawn", "tmpfile"), what
            self.check_message(job, done, "+" in fault, what)
        job.check_outputs(self.folder, wholes, what)
        for name in job.outputs:
            assert done.returncode != 0 or (self.folder / name).read_bytes() == wholes[name], what
        if kind != "SIGKILL" and call not in ("unlink", "flock", "fstat", "lstat"):  # the next run removes these
            assert not faulty.leftovers(self.folder), what
        if job.again or faulty.leftovers(self.folder):
            done = self.run(job.again or job.words)
            assert done.returncode == 0 and job.result(done, self.folder) == expected, (what, "again", done)
            assert not faulty.leftovers(self.folder), (what, "again")

    def points(self, numbers):
        """The faults of a job: of each call all numbers, each way; or a few, the ways in turn."""
        turn = 0
        last = numbers["write"]
        yield from (f"write:{number}+:ENOSPC" for number in (range(1, last + 1) if self.every else {1, last} - {0}))
        for call, count in numbers.items():
            ways = list(FAILURES[call])
            ways += ["EINTR"] if call in INTERRUPTED else []
            ways += ["short"] if call in SHORT else []
            ways += list(SIGNALS) if call in SIGNALLED else []
            if self.every:
                yield from (f"{call}:{number}:{way}" for number in range(1, count + 1) for way in ways)
                continue
            chosen = range(1, count + 1) if count <= 8 else sorted({1, 2, count - 1, count, *range(3, count, count // 4)})
            for number in chosen:
                yield f"{call}:{number}:{ways[turn % len(ways)]}"
                turn += 1

    def loop(self, job):
        before = self.runs
        numbers, expected, wholes = self.count(job)
        for fault in self.points(numbers):
            self.check(job, expected, wholes, fault)
        print(f"{job.name}: {sum(numbers.values())} calls, {self.runs - before} runs", flush=True)


def main():
    command, library, datasets = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made).resolve() / "folder"
        folder.mkdir()
        faults = Faults(command, library, folder, "--all" in sys.argv[4:])
        wanted = [word for word in sys.argv[4:] if word != "--all"]
        for job in make_jobs(folder, command, datasets):
            if not wanted or job.name in wanted:
                faults.loop(job)


main()
