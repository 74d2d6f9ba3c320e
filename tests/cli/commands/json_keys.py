#!/usr/bin/env python3
"""json_keys.py COMMAND PAGES DATA: the sections JSON of the manual pages name every key that the command
prints, and none that it does not print for this data or another kind of it."""

import json
import os
import re
import subprocess
import sys
import tempfile

COMMAND, PAGES, DATA = (os.path.abspath(path) for path in sys.argv[1:4])

# Keys that stand for names: of metrics (listed at eval) and of options.
METRICS = {"loss", "accuracy", "balanced_accuracy", "precision", "recall", "f1", "log_loss", "rmse", "mae", "r2"}
NAMED = {"options", "effective", "recipe"}
FAILED = {"error"}  # only of a model that failed


def sections():
    """{"*eval*": the keys that its paragraph names}, from the section JSON of all pages"""
    found = {}
    for name in sorted(os.listdir(PAGES)):
        with open(os.path.join(PAGES, name), encoding="utf-8") as file:
            _, begins, part = file.read().partition("\n# JSON\n")
        pieces = re.split(r"\n\n(?=\*)", part.partition("\n# ")[0]) if begins else []
        titled = (piece.strip("\n").split("\n", 1) for piece in pieces if piece.lstrip("\n").startswith("*"))
        found.update((title, set(re.findall(r"\*([a-z0-9_]+)\*", text))) for title, text in titled)
    return found


def run(*arguments):
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return done.stdout


def fann_network(folder):
    """One input and one output."""
    path = os.path.join(folder, "f.net")
    with open(path, "w", encoding="utf-8") as file:
        file.write("FANN_FLO_2.1\nnum_layers=2\nlayer_sizes=2 2\nscale_included=0\n"
                   "neurons (num_inputs, activation_function, activation_steepness)="
                   "(0, 0, 0) (0, 0, 0) (2, 3, 0.5) (0, 3, 0)\n"
                   "connections (connected_to_neuron, weight)=(0, 1) (1, 0.5)\n")
    return path


def keys(value):
    if isinstance(value, list):
        return set().union(*map(keys, value))
    if not isinstance(value, dict):
        return set()
    below = (keys(v) for k, v in value.items() if k not in NAMED)
    return set(value).union(*below)


def read_all(folder):
    """The objects of each section, of classes and of numbers with missing values."""
    model, log, numbers = (os.path.join(folder, name) for name in ("m.safetensors", "log.jsonl", "numbers.csv"))
    with open(numbers, "w", encoding="utf-8") as file:
        file.write("n,a,b,c\n" + "".join(f"{k},{k / 7},{k * k % 11 if k % 5 else ''},{k / 3}\n" for k in range(40)))
    found = {}

    def add(title, text):
        found.setdefault(title, []).append(json.loads(text))

    for data, more in (DATA, []), (numbers, ["--missing", "indicator", "--task", "regress"]):
        add("*train*", run("train", data, "--out", model, "--epochs", "2", "--valid-fraction", "0.2",
                           "--log", log, "--json", *more, *(["--refit"] if more else [])))
        with open(log, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for title, line in zip(("first line", "each epoch", "last line"), (lines[0], lines[1], lines[-1])):
            add(f"*train --log*, {title}", line)
        if more:
            add("*train --log*, each epoch of *--refit*", lines[-2])
        several = ["train", data, "--out", model + "s", "--epochs", "2", "--log", log, "--json", "--hidden", "2;3", *more]
        decide = [] if more else ["--decide", "f1"]
        add("*train* of several networks", run(*several, "--member-rows", "folds", "--member-folds", "2", *decide))
        if decide:
            add("*info*", run("info", model + "s", "--json"))
        with open(log, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for title, line in zip(("first line", "each network", "last line"), (lines[0], lines[-2], lines[-1])):
            add(f"*train --log* of several networks, {title}", line)
        for command in "eval", "gradcheck":
            add(f"*{command}*", run(command, model, data, "--json"))
        add("*info*", run("info", model, "--json"))
        add("*check*", run("check", data, "--json", *more))
        for rows in ["--folds", "2"], ["--holdout", "0.3"]:
            add("*cv*", run("cv", data, "--epochs", "1", "--json", *rows, *more))
            add("*cv*", run("cv", data, "--epochs", "1", "--members", "2", "--json", *rows, *more))
            add("*sweep*", run("sweep", data, "--epochs", "1", "--vary", "hidden=2;3", "--json", *rows, *more))
    add("*export*", run("export", model, "--out", os.path.join(folder, "m.c"), "--json"))
    add("*import*", run("import", fann_network(folder), "--out", model, "--json"))
    add("*bench*", run("bench", "--layers", "4-4-2", "--threads", "1,auto", "--seconds", "0.001", "--repetitions", "1",
                       "--simulate-threads", "1,2", "--simulate-ranks", "2", "--json"))
    return found


def main():
    bad = False
    documented = sections()
    with tempfile.TemporaryDirectory() as folder:
        found = read_all(folder)
    for title, objects in found.items():
        printed = keys(objects)
        named = documented.get(title, set())
        for what, wrong in ("does not name", printed - named - METRICS), ("alone names", named - printed - FAILED):
            if wrong:
                print(f"{title}: the manual page {what} {', '.join(sorted(wrong))}", file=sys.stderr)
                bad = True
    if not documented["*eval*"] >= METRICS:
        sys.exit("*eval*: the manual page does not name all metrics")
    return bad


if __name__ == "__main__":
    sys.exit(main())
