#!/usr/bin/env python3
"""errors.py MPI MODULE COMMAND LIBRARY IRIS [OTHER_MODULE]: what goes wrong on one rank ends the job, with one
message that names rank and host, and one exit code. So do launchers whose module is missing. The exit status is
the verdict, 77 means skipped."""

import os
import pathlib
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from launchers import Launcher, own_lines  # noqa: E402

EXIT_USAGE, EXIT_INPUT, EXIT_IO, EXIT_RESOURCES = 2, 3, 4, 6
RANKS = 3


class Errors:
    def __init__(self, launcher, command, table, folder):
        self.launcher, self.command, self.table, self.folder = launcher, command, table, folder
        self.out = folder / "out.safetensors"

    def words(self, *options, table=None, out=None):
        return [self.command, "train", table or self.table, "--out", out or self.out, "--epochs", "3", *options]

    def on_rank(self, rank, usual, other):
        """The words of a script that runs `other` on one rank and `usual` on all else."""
        script = self.folder / "wrapper"
        quote = lambda words: " ".join(f"'{word}'" for word in words)  # noqa: E731
        script.write_text(f'#!/bin/sh\n[ "${self.launcher.variable}" = {rank} ] && exec {quote(other)}\n'
                          f'exec {quote(usual)}\n')
        script.chmod(0o755)
        return [script]

    def expect(self, words, code, pattern, most=1, quiet=True, **how):
        """One message of batchprop, one exit code, no result, no model. Not `quiet`: the launcher may say something on
        stdout, too."""
        done = self.launcher.fail(RANKS, words, **how)
        lines = own_lines(done.stderr)
        assert re.search(pattern, lines[-1]), (pattern, done)
        assert len(lines) <= most and len(re.findall(pattern, done.stderr, re.M)) <= most, done
        assert done.returncode == code and not (done.stdout.strip() if quiet else "digest" in done.stdout), done
        assert sorted(path.name for path in self.folder.glob("*.safetensors*")) == [], list(self.folder.iterdir())
        print(lines[-1])


def check_one_rank(errors):
    folder = errors.folder
    rows = pathlib.Path(errors.table).read_text().splitlines()
    other, bad = folder / "other.csv", folder / "bad.csv"
    other.write_text("\n".join(rows[:-1] + ["1.0" + rows[-1][3:]]) + "\n")
    bad.write_text("\n".join(rows[:20] + ["5.1,x,1.4,0.2,setosa"] + rows[21:]) + "\n")
    usual = errors.words()
    for rank in (1, 2):
        here = rf"rank {rank} on \S+: "
        for options, code, pattern in [
                (errors.words("--seed", "7"), EXIT_RESOURCES, "seed is 7 here, and 1 on rank 0"),
                (errors.words("--batch-size", "7"), EXIT_RESOURCES, "batch.size is 7 here, and .* on rank 0"),
                (errors.words("--epochs", "5"), EXIT_RESOURCES, "epochs is 5 here, and 3 on rank 0"),
                (errors.words("--checkpoint", folder / "c"), EXIT_USAGE, "other options than on rank 0"),
                (errors.words("--members", "2"), EXIT_USAGE, "other options than on rank 0"),
                ([errors.command, "cv", errors.table, "--epochs", "3"], EXIT_USAGE, "another command"),
                (errors.words("--hidden", "5"), EXIT_RESOURCES, "its layers, columns, scaling or classes"),
                (errors.words(table=other), EXIT_RESOURCES, "rows, or their weights, are not those of rank 0"),
                (errors.words(table=bad), EXIT_INPUT, r"bad\.csv:21:2: \"x\" is not a number"),
                (errors.words(table=folder / "none.csv"), EXIT_IO, r"none\.csv.*No such file"),
                (errors.words("--sed", "7"), EXIT_USAGE, "--sed")]:
            errors.expect(errors.on_rank(rank, usual, options), code, here + ".*" + pattern)


def check_members(errors):
    """Of several networks."""
    usual = errors.words("--members", "3")
    nowhere = errors.folder / "bad.csv" / "checkpoints"
    kept = errors.words("--members", "3", "--checkpoint", errors.folder / "kept")
    for usual, other, code, pattern in [
            (usual, errors.words("--members", "3", "--seed", "7"), EXIT_RESOURCES, "the options of its networks are not"),
            (usual, errors.words("--members", "4"), EXIT_RESOURCES, "there are 4 networks here, and 3 on rank 0"),
            (kept, errors.words("--members", "3", "--checkpoint", nowhere), EXIT_IO, "--checkpoint: .*Not a directory")]:
        errors.expect(errors.on_rank(1, usual, other), code, r"rank 1 on \S+: .*" + pattern)
    folder = errors.folder / "taken" / "member-02"
    folder.mkdir(parents=True)
    (folder / "checkpoint-00000001-0000000000.safetensors").write_text("{}")
    words = errors.words("--members", "3", "--checkpoint", folder.parent)
    errors.expect(words, EXIT_USAGE, "^batchprop: --checkpoint: .*member-02 holds the checkpoints of a run")
    # What is damaged is found by the rank that trains the network.
    errors.expect([*words, "--resume"], EXIT_INPUT, "the only checkpoint cannot be used", most=2)


def check_first_rank(errors):
    """What all find is said once, without the name of a rank; and so is what rank 0 finds."""
    bad = errors.folder / "bad.csv"
    for words, code, pattern in [
            (errors.words(table=bad), EXIT_INPUT, r"^batchprop: \S+bad\.csv:21:2: "),
            (errors.words("--epochs", "-1"), EXIT_USAGE, "^batchprop: .*epochs"),
            (errors.words("--ranks", "some"), EXIT_USAGE, "^batchprop: --ranks: unknown launch .some.: use one of auto"),
            (errors.words("--log", "/dev/full"), EXIT_IO, "^batchprop: .*/dev/full.*No space left"),
            (errors.words(out="/dev/full"), EXIT_IO, "^batchprop: .*/dev/full.*No space left"),
            ([errors.command, "tran"], EXIT_USAGE, "^batchprop: unknown command .tran")]:
        errors.expect(words, code, pattern)
    errors.expect(errors.on_rank(0, errors.words(), errors.words(table=bad)), EXIT_INPUT,
                  r"^batchprop: \S+bad\.csv:21:2: ")


def copy_alone(folder, command, library, modules):
    """The command and its library without the other files of the build folder."""
    place = folder / "alone"
    place.mkdir()
    shutil.copy(command, place / "batchprop")
    shutil.copy(library, place / "libbatchprop.so.0")
    for module in modules:
        shutil.copy(module, place / re.sub(r"\.so\..*", ".so.0", pathlib.Path(module).name))
    return place


def check_modules(errors, library, other_module):
    """Without them N processes would train N times. They cannot know of each other: each may say it."""
    modules = [[]] + ([[other_module]] if other_module else [])
    for present in modules:
        place = copy_alone(errors.folder, errors.command, library, present)
        words = ["env", f"LD_LIBRARY_PATH={place}", place / "batchprop", *errors.words()[1:]]
        reason = f"install libbatchprop-{errors.launcher.name}"
        quiet = errors.launcher.name != "mpich"  # of which the first rank that fails ends the others
        errors.expect(words, EXIT_RESOURCES, reason, RANKS, quiet)
        errors.expect(errors.on_rank(1, errors.words(), words), EXIT_RESOURCES, reason, quiet=quiet)
        shutil.rmtree(place)


def check_none(errors):
    """Each process trains alone, as it is told."""
    done = errors.launcher.run(2, errors.words("--ranks", "none", out="/dev/null"))
    assert done.returncode == 0 and done.stdout.count("weights digest") == 2, done


def main():
    name, module, command, library, table = sys.argv[1:6]
    launcher = Launcher(name, module)
    launcher.require()
    with tempfile.TemporaryDirectory() as folder:
        errors = Errors(launcher, os.path.abspath(command), os.path.abspath(table), pathlib.Path(folder))
        check_one_rank(errors)
        check_members(errors)
        check_first_rank(errors)
        check_modules(errors, library, sys.argv[6] if len(sys.argv) > 6 else None)
        check_none(errors)


main()
