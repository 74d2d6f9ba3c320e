#!/usr/bin/env python3
"""Prediction of a CSV file, to a CSV file: `batchprop predict` with each number of threads beside pandas with
scikit-learn and with ONNX Runtime, where they are installed. All run the same network, and what they write is
compared. The phases (read, predict, write) show where threads help.

    predict.py [--quick] [--json FILE [--resume] [--seconds S]] [--python PYTHON] COMMAND

COMMAND is the built batchprop. PYTHON is as of peers.py."""

import argparse
import csv
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

import figures
import pieces

HERE = pathlib.Path(__file__).parent
INPUTS, HIDDEN, CLASSES = 30, [64, 64], 3
LONG, QUICK = (1_000_000, 3), (20_000, 2)  # rows, repetitions
PHASES = ["read", "predict", "write"]

# Of a probability, which each computes with sums in an order of its own; and rows that are compared.
AGREE, COMPARED = 1e-5, 10_000

TITLES = {"batchprop": "batchprop", "sklearn": "pandas and scikit-learn",
          "onnxruntime": "pandas and ONNX Runtime"}


def write_data(folder, rows):
    """Numbers of six digits: some thousands of rows that differ, again and again; labels for a few."""
    source = random.Random(1)
    scales = [10 ** source.uniform(-2, 4) for _ in range(INPUTS)]
    lines = [",".join(f"{source.gauss(0, scale):.6g}" for scale in scales) + "\n"
             for _ in range(min(rows, 5000))]
    head = ",".join(f"x{k}" for k in range(INPUTS))
    with open(folder / "data.csv", "w", encoding="utf-8") as file:
        file.write(head + "\n")
        for row in range(0, rows, len(lines)):
            file.writelines(lines[:rows - row])
    with open(folder / "train.csv", "w", encoding="utf-8") as file:
        file.write(head + ",class\n")
        file.writelines(f"{line[:-1]},{'abc'[k % CLASSES]}\n" for k, line in enumerate(lines))


def train(command, folder):
    subprocess.run([command, "train", folder / "train.csv", "--out", folder / "model", "--hidden",
                    ",".join(map(str, HIDDEN)), "--activation", "relu", "--output-activation", "softmax",
                    "--loss", "cross-entropy", "--learning-rate", "0.01", "--epochs", "3", "--target", "class"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Systems:
    def __init__(self, command, python, folder):
        self.command, self.python, self.folder = command, python, folder
        modules = {"sklearn": "pandas, sklearn", "onnxruntime": "pandas, onnx, onnxruntime"}
        self.missing = [kind for kind, names in modules.items() if subprocess.run(
            [python, "-c", f"import {names}"], check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode]
        self.present = [kind for kind in TITLES if kind not in self.missing]

    def run(self, kind, threads):
        """The seconds of each phase, and what it is called. batchprop's come from `--times`."""
        out = self.folder / f"{kind}.csv"
        if kind != "batchprop":
            done = subprocess.run(
                [self.python, HERE / "peer_predict.py", kind, str(threads), self.folder / "model",
                 self.folder / "data.csv", out], check=True, stdout=subprocess.PIPE, text=True)
            return json.loads(done.stdout)
        start = time.perf_counter()
        done = subprocess.run(
            [self.command, "predict", self.folder / "model", self.folder / "data.csv", "--out", out,
             "--threads", str(threads), "--times"], check=True, stderr=subprocess.PIPE, text=True)
        passed = time.perf_counter() - start
        seconds = {phase: float(re.search(rf"{phase} ([0-9.]+)", done.stderr).group(1))
                   for phase in PHASES}
        return {"version": "batchprop", "elapsed": passed, **seconds}


def read_outputs(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return [[float(cell) for cell in row[1:]] for _, row in zip(range(COMPARED), rows)]


def check_outputs(folder, kinds):
    """Everybody's probabilities are batchprop's, or RuntimeError."""
    ours = read_outputs(folder / "batchprop.csv")
    for kind in kinds:
        for row, theirs in zip(ours, read_outputs(folder / f"{kind}.csv"), strict=True):
            if not all(abs(a - b) <= AGREE for a, b in zip(row, theirs, strict=True)):
                raise RuntimeError(f"{kind} does not predict the same: {theirs}, batchprop {row}")


def measure(command, python, quick):
    rows, repetitions = QUICK if quick else LONG
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(folder, rows)
        train(command, folder)
        systems = Systems(command, python, folder)
        everyone = max(figures.thread_counts())
        turns = [("batchprop", threads) for threads in figures.thread_counts()]
        turns += [(kind, everyone) for kind in systems.present if kind != "batchprop"]
        runs = {turn: [] for turn in turns}
        for _ in range(repetitions):
            for turn in turns:
                runs[turn].append(systems.run(*turn))
        check_outputs(folder, [kind for kind in systems.present if kind != "batchprop"])
        return {"rows": rows, "inputs": INPUTS, "hidden": HIDDEN, "classes": CLASSES,
                "bytes": (folder / "data.csv").stat().st_size, "missing": systems.missing,
                "results": [describe(turn, runs, everyone) for turn in turns]}


def total(run):
    return sum(run[phase] for phase in PHASES)


def describe(turn, runs, everyone):
    """`ratio`: how many times faster batchprop is on all threads."""
    kind, threads = turn
    mine = runs[turn]
    return {"system": kind, "threads": threads, "version": mine[0]["version"],
            **{phase: figures.spread([run[phase] for run in mine]) for phase in PHASES},
            "total": figures.spread([total(run) for run in mine]),
            "ratio": figures.ratio([total(run) for run in mine],
                                   [total(run) for run in runs["batchprop", everyone]]),
            "runs": mine}


def show(case):
    head = ["system", "threads", "read, s", "predict, s", "write, s", "all, s", "rows/s",
            "batchprop on all threads is x"]
    rows = [[TITLES[result["system"]], f"{result['threads']}",
             *(f"{result[phase]['median']:.3f}" for phase in [*PHASES, "total"]),
             figures.number(case["rows"] / result["total"]["median"]),
             figures.number(result["ratio"]["median"])] for result in case["results"]]
    return figures.table([head, *rows], "lrrrrrrr")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    pieces.add_options(parser)
    parser.add_argument("--python", help="the interpreter that has pandas, sklearn and onnxruntime",
                        default=os.environ.get("BATCHPROP_PEERS_PYTHON", sys.executable))
    parser.add_argument("command", help="the built batchprop")
    options = parser.parse_args()
    command = pathlib.Path(options.command).resolve()
    measured = pieces.Pieces(options, "cases", command.parents[2])
    finished = measured.run([("prediction", None)],
                            lambda _: measure(command, options.python, options.quick))
    for case in measured.cases:
        print("\n".join(show(case)))
    return 0 if finished else pieces.UNFINISHED


if __name__ == "__main__":
    sys.exit(main())
