#!/usr/bin/env python3
"""Writes docs/benchmarks.md from what tools/bench.sh has measured.

    report.py FOLDER COMPILER      FOLDER holds steps.json, simulations.json, peers.json, predict.json,
                                late.json, ensembles.json, kernels.txt; to stdout"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess

import figures
import goals
import peers
import pieces
import predict
import simulate
import steps
from systems import TITLES

HEAD = """\
# Benchmarks

Written by `tools/bench.sh`; run it to measure your own machine. Every ratio is formed within one
repetition of one run, in which whatever is compared takes turns; figures are medians over the
repetitions. Data are synthetic and in memory. [bench/README.md](../bench/README.md) says how it works, and
[what limits the figures](../bench/README.md#what-limits-the-figures).
"""

PEERS_TEXT = """\
Same network, same data, same batch, the same initial weights (but for scikit-learn), batches in the order of the samples.
Two recipes: logistic neurons with the squared error and plain gradient descent; ReLU, softmax, cross-entropy and Adam.
*x* says how many times faster batchprop is, with one thread against one thread, and each at its best number of threads.
Losses of the first three epochs are checked against batchprop's; where they differ by more than is said here, no page is written.

- **PyTorch**: `nn.Linear` with `nn.Sigmoid`, `mse_loss` and `SGD`, or with `nn.ReLU`, `CrossEntropyLoss` and `Adam`; batches are
  slices of a tensor. The fastest of plain *eager* mode, *single* (`foreach=False`), *fused* (`fused=True`),
  *compiled* (`torch.compile` of network and loss) and *compiled+fused* is shown. Losses agree to 1e-4; see below for Adam.
- **JAX**: one compiled program (`jit`) that scans over the batches of an epoch; data on the device, parameters and
  optimizer state donated, products of binary32. It has no setting for threads, so it is started once on each number of processors.
  Losses agree to 1e-4; see below for Adam.
- **scikit-learn**: `MLPRegressor.partial_fit`, float32, no momentum, penalty or shuffling. Its output
  neurons are linear, it starts from initial weights of its own, and its learning rate is a hundredth, since
  linear outputs diverge at that of the others: the same work, but a loss that is not compared.
- **FANN**: float, full batches, which is what its batch training does. Its parallel training is missing
  from Debian's package, so more threads than one are run as it does, with FANN's own passes on copies of
  the net. Its losses are checked to 1e-2 (it keeps slopes above 0.01).
- **Adam** and ReLU make much of rounding: losses of the first epoch agree to 1e-4, those of the second and third to 1e-2.
  Initial weights that differ in the last bit are enough to move PyTorch's own third loss by 7e-3, on 784-512-512-10
  with batches of 64.
- **bfloat16**: PyTorch under `autocast`, JAX with operands and outputs of products in bfloat16; weights, loss and optimizer
  stay in binary32. This shows what it costs to stay in binary32 throughout, as batchprop does. These round to 8 binary
  digits instead of 24, so their loss is another one and is not compared.
"""

SIMULATE_TEXT = """\
Steps of many threads, estimated on the processors that there are: the parts of all threads run one after the other, of each
phase the longest counts, and joins follow a model ([how](../bench/README.md#scaling-that-is-simulated)). The faster plan is shown. *Bound by memory*:
the speed-up at which a step moves as many bytes a second as memory gives here, if caches keep nothing from one phase to the next.
"""

PREDICT_TEXT = """\
From a CSV file of 30 columns to a CSV file of classes and probabilities, ReLU and softmax; the file is in the page cache.
Times are those that `batchprop predict --times` and the script of the peers give, without the start of the process; the peers
run the same network, and what they write agrees to 1e-5. pandas reads with its C parser, to binary32, and writes nine digits, as
batchprop does.
"""

STEPS_TEXT = """\
Whole training steps. *Of peak*: floating-point operations (2 a weight and sample forward, 2 in the
gradient, 2 in the deltas of all layers but the first) against what one core does in fused multiply-adds
on registers, measured right before and after; *failed* where that came out below the step itself. *Auto / best*: the number of threads that the library
chooses against the best fixed one. *Fixed order*: by how much a step takes longer than with one shard a thread,
which adds up no more partial sums than there are threads; empty where the batch has no more shards than that, so that both are the
same step.
"""


def command_output(*command):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              check=True, cwd=pathlib.Path(__file__).parent)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def find_in(path, pattern):
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return ""
    return found.group(1) if found else ""


def describe_machine(compiler, benches, cases):
    """Rows of the table of machine and versions."""
    commit = command_output("git", "rev-parse", "--short", "HEAD")
    if commit and command_output("git", "status", "--porcelain", "--untracked-files=no"):
        commit += " with changes"
    memory = find_in("/proc/meminfo", r"^MemTotal: +(\d+)")
    caches = [(level, command_output("getconf", f"LEVEL{level}_CACHE_SIZE")) for level in "23"]
    known = [f"L{level} {int(size) // 1024:,} KiB" for level, size in caches if size.isdigit()]
    yield "date", datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    yield "processor", (find_in("/proc/cpuinfo", r"^model name\s*: (.*)") or platform.machine()) + \
        f", {figures.processors()} usable" + "".join(f", {cache}" for cache in known)
    yield "memory", f"{int(memory) / 1048576:.0f} GiB" if memory else "unknown"
    yield "system", (find_in("/etc/os-release", r'^PRETTY_NAME="(.*)"') or platform.system()) + \
        f", Linux {platform.release()}" * (platform.system() == "Linux")
    yield "load before", os.environ.get("BATCHPROP_LOAD", "unknown")
    yield "compiler", (command_output(compiler, "--version").splitlines() or ["unknown"])[0]
    yield "batchprop", f"{commit or 'unknown commit'}, kernels: {benches[0]['isa']}"
    versions = {result["version"] for case in cases for result in case["results"]}
    yield "beside it", ", ".join(sorted(v for v in versions if not v.startswith("batchprop")))


def forced_table(benches):
    rows = [["instruction set", "GFLOP/s", "peak", "share"]]
    for bench in benches:
        if bench["asked_isa"] != "auto":
            result = steps.find(bench, threads=1)
            peak = result["peak_gflops"]["median"]
            rows.append([bench["isa"], figures.number(result["gflops"]["median"]),
                         "failed" if peak is None else figures.number(peak), steps.share(result)])
    return figures.table(rows, "lrrr") if len(rows) > 1 else []


def peers_tables(beside):
    for kind, title in peers.KINDS.items():
        yield from ["", f"### {title}", "", *peers.show(beside["cases"], kind)]
    if beside["missing"]:
        yield from ["", "Not installed: " + ", ".join(TITLES[each] for each in beside["missing"]) + "."]


def predict_table(folder):
    (case,) = json.loads((folder / "predict.json").read_text(encoding="utf-8"))["cases"]
    layers = "-".join(map(str, [case["inputs"], *case["hidden"], case["classes"]]))
    yield from [f"{case['rows']:,} rows, {case['bytes'] / 1e6:,.0f} MB, network {layers}:", "",
                *predict.show(case)]
    if case["missing"]:
        yield from ["", "Not installed: " + ", ".join(predict.TITLES[each]
                                                      for each in case["missing"]) + "."]


def other_machines():
    """Pages of other machines, docs/benchmarks-NAME.md: what this one was, kept under another name."""
    docs = pathlib.Path(__file__).resolve().parent.parent / "docs"
    for page in sorted(docs.glob("benchmarks-*.md")):
        rows = dict(re.findall(r"^\| (date|processor|batchprop) +\| (.*?) +\|$",
                               page.read_text(encoding="utf-8"), re.MULTILINE))
        yield f"* [{rows['processor']}]({page.name}), {rows['date'][:10]}, batchprop {rows['batchprop']}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER",
                        help="holds steps.json, simulations.json, peers.json, predict.json, "
                        "late.json, ensembles.json, kernels.txt")
    parser.add_argument("compiler", metavar="COMPILER", help="that batchprop was built with")
    options = parser.parse_args()
    folder, compiler = options.folder, options.compiler
    measured = json.loads((folder / "steps.json").read_text(encoding="utf-8"))
    beside = json.loads((folder / "peers.json").read_text(encoding="utf-8"))
    benches, cases = pieces.measured_ones(measured["steps"]), beside["cases"]
    simulations = json.loads((folder / "simulations.json").read_text(encoding="utf-8"))["simulations"]
    late = json.loads((folder / "late.json").read_text(encoding="utf-8"))
    ratios = json.loads((folder / "ensembles.json").read_text(encoding="utf-8"))["ratios"]
    lines = HEAD.splitlines()
    if measured["quick"] or beside["quick"]:
        lines += ["", "**Made with `--quick`: too short to rely on.**"]
    lines += ["", "## Machine", "",
              *figures.table([["", ""], *map(list, describe_machine(compiler, benches, cases))], "ll")]
    if others := list(other_machines()):
        lines += ["", "The same of other machines, with the version of their day:", "", *others]
    lines += ["", "## Goals", "", *goals.table(benches, cases, simulations, late, ratios)]
    lines += ["", "## Training steps", "", *STEPS_TEXT.splitlines(), "", *steps.show(benches)]
    if forced_table(benches):
        lines += ["", f"One thread, {goals.LARGE}, batches of {figures.NETWORKS[goals.LARGE]:,}, with the "
                  "instruction set forced:", "", *forced_table(benches)]
    lines += ["", "## Beside other systems", "", *PEERS_TEXT.splitlines(), *peers_tables(beside)]
    lines += ["", "## Prediction of a file", "", *PREDICT_TEXT.splitlines(), "", *predict_table(folder)]
    lines += ["", "## Scaling", "", f"{goals.LARGE}, the batch that stays and the batch that grows:", "",
              "![Speed-up, and parts of a step, over the number of threads](scaling.svg)"]
    lines += ["", *SIMULATE_TEXT.splitlines(), "", *simulate.show(simulations)]
    lines += ["", "## Kernels", "", "Each kernel on one core, and its share of the core's peak: "
              "samples of a call/of a shard, inputs-neurons.", "", "```",
              *(folder / "kernels.txt").read_text(encoding="utf-8").splitlines(), "```"]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
