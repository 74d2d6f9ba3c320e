#!/usr/bin/env python3
"""bench_hosts.py MODULE COMMAND: bench/ranks.py with a network that takes no time. The exit status is the verdict, 77
means skipped."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
import ranks  # noqa: E402
from launchers import skip  # noqa: E402


def refuse(words, message):
    done = subprocess.run([sys.executable, ranks.__file__, *words], capture_output=True, text=True, timeout=60)
    last = (done.stderr.splitlines() or [""])[-1]
    assert done.returncode in (1, 2) and re.search(message, last) and not done.stdout, (message, done)


def check_arguments(command):
    """What is wrong is found before anything is measured."""
    refuse([command + "-none"], "batchprop-none is not there")
    refuse(["/"], "/ is not there")
    refuse(["--resume", command], "--resume needs --json")
    refuse(["--json", "/none/figures.json", command], "--json: there is no folder /none")
    refuse(["--torch", "/none/python", command], "--torch: /none/python cannot import torch")
    refuse(["--plot", "/none/picture.svg", command], "--plot: there is no folder /none")


def main():
    module, command = sys.argv[1:]
    if not os.path.exists(module):
        skip("batchprop was built without its module for Open MPI")
    check_arguments(command)
    ranks.NETWORKS, ranks.RATES, ranks.ROWS = [("16-8-4", 64, ranks.peer_ddp.RECIPE)], [0.2], 256
    ranks.QUICK = (1, 1, 0.02, 1)
    with tempfile.TemporaryDirectory() as folder:
        figures, picture = pathlib.Path(folder) / "figures.json", pathlib.Path(folder) / "picture.svg"
        plot = ["--plot", str(picture)] if shutil.which("gnuplot") else []
        sys.argv = ["ranks.py", "--quick", "--ranks", "2", "--json", str(figures), *plot, command]
        assert ranks.main() == 0
        (case,) = json.loads(figures.read_text())["ranks"]
        assert not plot or ">predicted<" in picture.read_text()
    refuse(["--only", "8-8", command], "--only: no case has 8-8 in its name")
    (turn,) = case["turns"]
    seconds = turn["seconds"]
    assert seconds.pop("torch") is None and min(seconds.values()) > 0, seconds
    assert turn["gigabits_per_second"] < 0.3, turn  # a burst may be faster
    assert [(result["series"], result["ranks"]) for result in turn["results"]] == \
        [("strong", 1), ("strong", 2), ("weak", 1), ("weak", 2)], turn
    assert all(result["hosts"] == result["ranks"] for result in turn["results"]), turn


main()
