"""Commands that read and write files, for tests that disturb them, and what must hold after each."""

import json
import pathlib
import shutil

import faulty

BEFORE = b"before\n"


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

    def check_outputs(self, folder, wholes, what):
        """The old content, or the new one; `wholes` are the new ones."""
        for name in self.outputs:
            data = (folder / name).read_bytes()
            assert data in (BEFORE, wholes[name]), (what, name, len(data))


def digest_of(done, _folder):
    return json.loads(done.stdout)["weights_digest"]


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(part) for key, part in value.items() if "seconds" not in key and "per_second" not in key}
    return [without_times(part) for part in value] if isinstance(value, list) else value


def json_of(done, _folder):
    return without_times(json.loads(done.stdout))


def make_jobs(folder, command, datasets, epochs=2):
    """With the inputs that they need in the folder."""
    small = ["--threads", "1", "--backend", "serial"]
    rows = (datasets / "iris.csv").read_text().splitlines(keepends=True)
    (folder / "data.csv").write_text("".join(rows[::4]))
    (folder / "long.csv").write_text("".join(rows[:1] + rows[1:] * 32))
    (folder / "run.json").write_text(f'{{"epochs": {epochs}}}')
    data, long = folder / "data.csv", folder / "long.csv"
    faulty.run([command, "train", data, "--out", "made.st", "--log", "made.jsonl", "--epochs", "2", *small], None, folder)
    train = ["train", data, "--out", folder / "m.st", "--config", folder / "run.json", "--log", folder / "l.jsonl",
             "--checkpoint", folder / "c", "--checkpoint-every", "1", "--tensorboard", folder / "t", "--json",
             "--hidden", "3", "--valid-fraction", "0.25", *small]
    trials = ["--epochs", str(epochs), "--folds", "2", "--hidden", "2", "--checkpoint", folder / "c", "--resume", *small]
    jobs = [
        Job("predict", ["predict", folder / "made.st", long, "--out", folder / "p.csv"], outputs=["p.csv"]),
        Job("predict to stdout", ["predict", folder / "made.st", data]),
        Job("eval", ["eval", folder / "made.st", data, "--json"], result=json_of),
        Job("info", ["info", folder / "made.st"]),
        # Without the sizes, which are null where a file cannot be asked.
        Job("export", ["export", folder / "made.st", "--out", folder / "iris.c", "--json"], outputs=["iris.c", "iris.h"],
            result=digest_of),
        Job("train", train, outputs=["m.st"], grown=["l.jsonl", "c", "t"], result=digest_of, again=[*train, "--resume"]),
        Job("cv", ["cv", data, "--json", *trials], grown=["c"], result=json_of, again=["cv", data, "--json", *trials]),
        Job("sweep", ["sweep", data, "--vary", "learning-rate=0.1;0.2", "--csv", folder / "s.csv", "--json", *trials],
            outputs=["s.csv"], grown=["c"], result=json_of,
            again=["sweep", data, "--vary", "learning-rate=0.1;0.2", "--csv", folder / "s.csv", "--json", *trials]),
    ]
    if shutil.which("gnuplot"):
        jobs.append(Job("report", ["report", folder / "made.jsonl", "--out", folder / "r.html"], outputs=["r.html"]))
        jobs.append(Job("report --model", ["report", "--model", folder / "made.st", "--data", data, "--out",
                                           folder / "r.html"], outputs=["r.html"]))
    for job in jobs:
        job.kept = [path.name for path in folder.iterdir()]
    return jobs
