#!/usr/bin/env python3
"""one_program.py MPI MODULE COMMAND IRIS: a job of several ranks looks like one program: each thing is said once, and
data that rank 0 alone has are enough. The exit status is the verdict, 77 means skipped."""

import gzip
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from launchers import ENVIRONMENT, Launcher  # noqa: E402

RANKS = 3
USAGE, INPUT_OUTPUT = 2, 4


class Job:
    """Each rank runs in a folder of its own, "0", "1", ..., below `folder`, of which the file "stdin" is its standard
    input if there is one; launchers say things on stderr, too."""

    def __init__(self, launcher, command, folder):
        self.launcher, self.command, self.folder = launcher, command, folder
        self.script = folder / "in_folder.sh"
        self.script.write_text(f'#!/bin/sh\ncd "{folder}/${launcher.variable}" || exit\n'
                               '[ -f stdin ] && exec "$@" <stdin\nexec "$@"\n')
        self.script.chmod(0o755)
        for rank in range(RANKS):
            (folder / str(rank)).mkdir()

    def run(self, *words, code=0):
        """What is printed, and the lines that batchprop writes to stderr."""
        done = self.launcher.run(RANKS, [self.script, self.command, *words])
        assert (done.returncode == 0) == (code == 0), done
        if self.launcher.name == "openmpi":  # MPICH makes another code of those of several ranks
            assert done.returncode == code, done
        return done.stdout, [line for line in done.stderr.splitlines() if line.startswith("batchprop: ")]

    def fails(self, code, words, *says):
        out, messages = self.run(*words, code=code)
        assert out == "" and len(messages) == 1, (out, messages)
        assert all(word in messages[0] for word in says), messages


def run_alone(*words):
    done = subprocess.run([*map(str, words), "--json"], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


TRAIN = ["train", "iris.csv", "--epochs", "3", "--out", "m.safetensors", "--shard-size", "8", "--threads", "2"]


def check_results(job, expected):
    out, messages = job.run(*TRAIN, "--log", "run.jsonl")
    assert messages == [] and out.count("weights digest") == 1 and expected["weights_digest"] in out, (out, messages)
    line = next(line for line in out.splitlines() if line.startswith("ranks "))
    assert line.split(maxsplit=1)[1].startswith(f"{RANKS} x 2 threads on 1 host: "), line
    result = json.loads(job.run(*TRAIN, "--json")[0])
    assert (result["ranks"], result["all_threads"], result["threads"]) == (RANKS, 2 * RANKS, 2), result
    assert len(result["hosts"]) == 1 and result["hosts"][0] in line, result
    lines = [json.loads(text) for text in (job.folder / "0" / "run.jsonl").read_text().splitlines()]
    for end in lines[0], lines[-1]:
        assert (end["ranks"], end["hosts"]) == (RANKS, result["hosts"]), end
    assert expected["ranks"] == 1 and expected["hosts"] is None, expected
    for rank in range(1, RANKS):
        assert [path.name for path in (job.folder / str(rank)).iterdir()] == ["iris.csv"], rank
    page = job.run("report", "run.jsonl", "--out", "run.html")
    assert f"<dt>ranks</dt><dd>{RANKS} with {2 * RANKS} threads on {result['hosts'][0]}</dd>" in (
        job.folder / "0" / "run.html").read_text(), page


def check_members(job):
    """Several networks: files of rank 0 alone, but for checkpoints, which are better shared."""
    words = ["train", "iris.csv", "--hidden", "4;8", "--member-rows", "folds", "--member-folds", "2", "--epochs", "3",
             "--out", "m.safetensors", "--json"]
    out, messages = job.run(*words, "--log", "members.jsonl", "--out-of-fold", "left.csv")
    result = json.loads(out)
    assert messages == [] and (result["ranks"], len(result["hosts"]), len(result["members"])) == (RANKS, 1, 4), out
    for rank in range(1, RANKS):
        assert [path.name for path in (job.folder / str(rank)).iterdir()] == ["iris.csv"], rank
    job.run("report", "members.jsonl", "--out", "members.html")
    page = (job.folder / "0" / "members.html").read_text()
    assert f"<dt>ranks</dt><dd>{RANKS} on {result['hosts'][0]}</dd>" in page, page
    out, messages = job.run(*words, "--checkpoint", "c")
    assert len(messages) == 1 and "warning: rank 1 on " in messages[0] and "name a folder that all" in messages[0], messages
    assert json.loads(out)["weights_digest"] == result["weights_digest"], out
    shared = job.folder / "shared"
    for more in [], ["--resume"]:
        out, messages = job.run(*words, "--checkpoint", shared, *more)
        assert json.loads(out)["weights_digest"] == result["weights_digest"], out
        assert [line.split(", ")[-1] for line in messages] == ["with checkpoints of 4 of 4 networks"] * len(more), messages
    newest = max((shared / "member-02").iterdir())
    newest.write_bytes(newest.read_bytes()[:-1])
    out, messages = job.run(*words, "--checkpoint", shared, "--resume")
    assert len(messages) == 2 and "an older checkpoint is taken" in messages[1], messages
    assert json.loads(out)["weights_digest"] == result["weights_digest"], out
    assert sorted(path.name for path in shared.iterdir()) == [f"member-0{m}" for m in range(1, 5)], shared
    for rank in range(1, RANKS):
        shutil.rmtree(job.folder / str(rank) / "c")
    shutil.rmtree(shared)


def check_once(job):
    out, messages = job.run("train", "--help")
    assert out.count("Usage:") == 1 and not messages, out
    out, messages = job.run("--version")
    assert out.count("batchprop") == 1 and not messages, out
    out, messages = job.run("eval", "m.safetensors", "iris.csv")
    assert out.count("log loss") == 1 and len(messages) == 1, (out, messages)
    assert f"eval works in one of the {RANKS} processes alone" in messages[0], messages
    out, messages = job.run(*TRAIN[:-4], "--batch-size", "16")
    assert len(messages) == 1 and f"is shared by 1 of {RANKS} ranks" in messages[0], messages
    constant = job.folder / "constant.csv"
    constant.write_text("a,b\n1,x\n2,x\n")
    out, messages = job.run("train", constant, "--out", "c.safetensors", "--epochs", "1", "--shard-size", "8")
    assert len([line for line in messages if "warning: target" in line]) == 1, messages
    for rank in range(1, RANKS):
        shutil.copy(job.folder / "0" / "m.safetensors", job.folder / str(rank))
    out, messages = job.run("info", "m.safetensors", "--ranks", "none")
    assert out.count("numerics") == RANKS and not messages, (out, messages)
    for rank in range(1, RANKS):
        (job.folder / str(rank) / "m.safetensors").unlink()


def check_failures(job):
    job.fails(USAGE, [*TRAIN, "--ranks", "mp"], 'unknown launch "mp"', '"mpi"')
    job.fails(USAGE, [*TRAIN, "--data-from", "1"], '--data-from: takes 0', '"1"')
    shutil.move(job.folder / "1" / "iris.csv", job.folder / "kept.csv")
    job.fails(INPUT_OUTPUT, TRAIN, "rank 1 on ", "iris.csv: cannot be read")
    shutil.move(job.folder / "kept.csv", job.folder / "1" / "iris.csv")
    (job.folder / "0" / "options.json").write_text("{}")
    for more in [], ["--data-from", "0"]:
        job.fails(INPUT_OUTPUT, [*TRAIN, "--config", "options.json", *more], "rank 1 on ", "options.json")
        job.fails(INPUT_OUTPUT, [*TRAIN, "--from", "m.safetensors", *more], "rank 1 on ", "m.safetensors")
    text = (job.folder / "2" / "iris.csv").read_text()
    (job.folder / "2" / "iris.csv").write_text(text.replace("5.1,", "5.2,", 1))
    job.fails(6, TRAIN, "rank 2 on ", "rows, or their weights, are not those of rank 0")


def check_data_from_0(job, data, command, folder):
    for rank in range(1, RANKS):
        (job.folder / str(rank) / "iris.csv").unlink()
    home = job.folder / "0"
    with gzip.open(home / "iris.csv.gz", "wb") as file:
        file.write(data.read_bytes())
    more = [*TRAIN[2:], "--data-from", "0", "--json"]

    def check(words, here):
        out, messages = job.run("train", *words, *more)
        expected = run_alone(command, "train", *here, *TRAIN[2:4], "--shard-size", "8", "--out", folder / "a.safetensors")
        assert not messages and json.loads(out)["weights_digest"] == expected["weights_digest"], (words, out)

    check(["iris.csv"], [data])
    check(["iris.csv.gz"], [data])
    check(["iris.csv", "iris.csv.gz", "--valid", "iris.csv"], [data, data, "--valid", data])
    shutil.copy(data, home / "stdin")
    check(["-"], [data])
    check(["iris.csv", "--members", "3"], [data, "--members", "3"])
    (home / "stdin").unlink()
    job.fails(INPUT_OUTPUT, ["train", "iris.csv", "--valid", "other.csv", *more], "batchprop: other.csv: cannot be read")
    folds = ["cv", "iris.csv", "--epochs", "2", "--folds", "3", "--json"]
    out, messages = job.run(*folds, "--data-from", "0")
    alone = run_alone(command, "cv", data, *folds[2:-1])
    assert not messages and json.loads(out)["metrics"] == alone["metrics"], out
    assert run_alone(command, "train", data, *more[:-1], "--out", folder / "a.safetensors")["ranks"] == 1


def main():
    name, module, command, data = sys.argv[1:5]
    launcher = Launcher(name, module)
    launcher.require()
    with tempfile.TemporaryDirectory() as path:
        folder, data = pathlib.Path(path), pathlib.Path(data).resolve()
        job = Job(launcher, pathlib.Path(command).resolve(), folder)
        for rank in range(RANKS):
            shutil.copy(data, folder / str(rank) / "iris.csv")
        expected = run_alone(job.command, "train", data, *TRAIN[2:], "--out", folder / "a.safetensors")
        check_results(job, expected)
        check_members(job)
        check_once(job)
        check_failures(job)
        check_data_from_0(job, data, job.command, folder)


main()
