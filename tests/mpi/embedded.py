#!/usr/bin/env python3
"""embedded.py MPI MODULE PROGRAM: a program with MPI of its own trains two networks by two groups of its processes;
the digests do not depend on how many there are. The exit status is the verdict, 77 means skipped."""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from launchers import Launcher, skip  # noqa: E402


def main():
    name, module, program = sys.argv[1:]
    launcher = Launcher(name, module)
    launcher.require()
    if program == "none":
        skip("the examples were not built")
    seen = {}
    for ranks in range(2, 7):
        done = launcher.run(ranks, [program])
        assert done.returncode == 0, done.stderr
        lines = sorted(done.stdout.splitlines())
        assert [line.split(":")[0] for line in lines] == ["group 0", "group 1"], done.stdout
        seen[ranks] = lines
    assert all(lines == seen[2] for lines in seen.values()), seen
    first, second = (line.split()[-1] for line in seen[2])
    assert first != second, "both groups have trained the same network"


main()
