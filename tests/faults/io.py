#!/usr/bin/env python3
"""io.py COMMAND LIBRARY DATASETS [--all]: system calls on the files of a command fail, one in each run: train with
log, checkpoints and events, its resume, predict, eval, cv with its journal, sweep, report. After each the exit code is 0
and the results are right, or it is that of a failure, and one message names the file; an old output is intact or
the new one whole; nothing else lies in the folder; and a resume comes to the same digest. Without --all some of the calls."""

import json
import os
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import faulty  # noqa: E402

BEFORE = b"before\n"
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


class Job:
    """One command line. `outputs` are files that it replaces, and stand there before; `grown` are others that it makes."""

    def __init__(self, name, words, outputs=(), grown=(), result=None, again=(), setup=None):
        self.name, self.words, self.outputs, self.grown = name, list(words), outputs, grown
        self.result = result or (lambda done, folder: done.stdout)
        self.again = list(again)  # words that go on with what a failed run left
        self.setup = setup

    def prepare(self, folder):
        for path in folder.iterdir():
            if path.name not in self.kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in self.outputs:
            (folder / name).write_bytes(BEFORE)
        if self.setup:
            self.setup(folder)


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

    def check_output(self, job, name, wholes, what):
        data = (self.folder / name).read_bytes()
        assert data in (BEFORE, wholes[name]), (what, name, len(data))

    def check_message(self, job, done, what):
        lines = faulty.messages(done)
        assert len(lines) == 1, (what, done.stderr)
        named = [str(self.folder), "standard output", "temporary file", "gnuplot", *job.kept, *job.outputs, *job.grown]
        assert any(name in lines[0] for name in named), (what, done.stderr)

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
            self.check_message(job, done, what)
        for name in job.outputs:
            self.check_output(job, name, wholes, what)
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


def digest_of(done, _folder):
    return json.loads(done.stdout)["weights_digest"]


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(part) for key, part in value.items() if "seconds" not in key and "per_second" not in key}
    return [without_times(part) for part in value] if isinstance(value, list) else value


def json_of(done, _folder):
    return without_times(json.loads(done.stdout))


def make_jobs(folder, command, datasets):
    """With the inputs that they need in the folder."""
    small = ["--threads", "1", "--backend", "serial"]
    rows = (datasets / "iris.csv").read_text().splitlines(keepends=True)
    (folder / "data.csv").write_text("".join(rows[::4]))
    (folder / "long.csv").write_text("".join(rows[:1] + rows[1:] * 32))
    (folder / "run.json").write_text('{"epochs": 2}')
    data, long = folder / "data.csv", folder / "long.csv"
    faulty.run([command, "train", data, "--out", "made.st", "--log", "made.jsonl", "--epochs", "2", *small], None, folder)
    train = ["train", data, "--out", folder / "m.st", "--config", folder / "run.json", "--log", folder / "l.jsonl",
             "--checkpoint", folder / "c", "--checkpoint-every", "1", "--tensorboard", folder / "t", "--json",
             "--hidden", "3", "--valid-fraction", "0.25", *small]
    trials = ["--epochs", "2", "--folds", "2", "--hidden", "2", "--checkpoint", folder / "c", "--resume", *small]
    jobs = [
        Job("predict", ["predict", folder / "made.st", long, "--out", folder / "p.csv"], outputs=["p.csv"]),
        Job("predict to stdout", ["predict", folder / "made.st", data]),
        Job("eval", ["eval", folder / "made.st", data, "--json"], result=json_of),
        Job("info", ["info", folder / "made.st"]),
        Job("train", train, outputs=["m.st"], grown=["l.jsonl", "c", "t"], result=digest_of, again=[*train, "--resume"]),
        Job("cv", ["cv", data, "--json", *trials], grown=["c"], result=json_of, again=["cv", data, "--json", *trials]),
        Job("sweep", ["sweep", data, "--vary", "learning-rate=0.1;0.2", "--csv", folder / "s.csv", "--json", *trials],
            outputs=["s.csv"], grown=["c"], result=json_of,
            again=["sweep", data, "--vary", "learning-rate=0.1;0.2", "--csv", folder / "s.csv", "--json", *trials]),
    ]
    if shutil.which("gnuplot"):
        jobs.append(Job("report", ["report", folder / "made.jsonl", "--out", folder / "r.html"], outputs=["r.html"]))
    for job in jobs:
        job.kept = [path.name for path in folder.iterdir()]
    return jobs


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
