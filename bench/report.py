#!/usr/bin/env python3
"""Writes docs/benchmarks.md from what tools/bench.sh has measured.

    report.py FOLDER COMPILER      FOLDER holds steps.json, peers.json, ensembles.json,
                                kernels.txt; to stdout"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess

import figures
import peers
import steps

LARGE, MIDDLE, SMALL, TINY = "784-1024-1024-10", "784-128-10", "10-45-45-10", "4-8-3"
EVERYONE = max(figures.thread_counts())

HEAD = """\
# Benchmarks

Written by `tools/bench.sh`; run it to measure your own machine. Every ratio is formed within one
repetition of one run, in which whatever is compared takes turns; figures are medians over the
repetitions. Data are synthetic and in memory. [bench/README.md](../bench/README.md) says how it works.
"""

PEERS_TEXT = """\
Same network (logistic neurons, squared error), same data, same batch, the same initial weights (but for
scikit-learn), plain gradient descent, batches in the order of the samples. *x* says how many times faster batchprop is, with
one thread against one thread, and each at its best number of threads.

- **PyTorch**: `nn.Linear`, `nn.Sigmoid`, `MSELoss`, `SGD`; batches are slices of a tensor. The fastest of
  plain *eager* mode, *single* (`SGD(foreach=False)`), *fused* (`SGD(fused=True)`), *compiled*
  (`torch.compile`) and *compiled+fused* is shown. Its loss after three epochs is checked against batchprop's, to 1e-4.
- **scikit-learn**: `MLPRegressor.partial_fit`, float32, no momentum, penalty or shuffling. Its output
  neurons are linear, it starts from initial weights of its own, and its learning rate is a hundredth, since
  linear outputs diverge at that of the others: the same work, but a loss that is not compared.
- **FANN**: float, full batches, which is what its batch training does. Its parallel training is missing
  from Debian's package, so more threads than one are run as it does, with FANN's own passes on copies of
  the net. Its loss is checked to 1e-2 (it keeps slopes above 0.01).
"""

STEPS_TEXT = """\
Whole training steps. *Of peak*: floating-point operations (2 a weight and sample forward, 2 in the
gradient, 2 in the deltas of all layers but the first) against what one core does in fused multiply-adds
on registers, measured right before and after. *Auto / best*: the number of threads that the library
chooses against the best fixed one. *Fixed order*: by how much a step takes longer than with one shard a thread,
which adds up no more partial sums than there are threads.
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


def find_bench(benches, network, isa="auto"):
    """The bench of a network at the batch of its row, or at the one that was measured."""
    fitting = [b for b in benches if (b["network"], b["asked_isa"]) == (network, isa)]
    exact = [b for b in fitting if b["batch_size"] == figures.NETWORKS[network]]
    return (exact or fitting or [None])[0]


def find_case(cases, network, full_batch=False):
    for case in cases:
        if (case["network"], case["full_batch"]) == (network, full_batch) and \
                (full_batch or case["batch"] == figures.NETWORKS[network]):
            return case
    return None


class Goals:
    """The table of what the project asks for and what was measured."""

    def __init__(self):
        self.rows = [["network, batch", "goal", "asked", "measured", ""]]
        self.place = ""

    def add(self, goal, asked, value, shown, lower_bound=True):
        """`asked` is the smallest, or else the largest, value that is good; `shown` formats one."""
        if value is None:
            verdict, measured = "", "not measured"
        else:
            met = value >= asked if lower_bound else value <= asked
            verdict, measured = "met" if met else "**missed**", shown(value)
        self.rows.append([self.place, goal, ("≥ " if lower_bound else "≤ ") + shown(asked), measured,
                          verdict])
        self.place = ""

    def add_share(self, goal, asked, bench):
        result = steps.find(bench, threads=1) if bench else None
        self.add(goal, asked, result and result["share_of_peak"]["median"], steps.percent)

    def add_speed_up(self, asked, bench):
        result = steps.find(bench, threads=EVERYONE) if bench and EVERYONE > 1 else None
        self.add(f"{EVERYONE} threads against one", asked, result and result["speed_up"]["median"],
                 times)

    def add_ratio(self, goal, asked, case, system, kind):
        ratios = case["ratios"].get(system) if case else None
        self.add(goal, asked, ratios and ratios[kind]["median"], times)

    def add_step_time(self, goal, result):
        self.add(goal, 2e-6, result and result["seconds_per_step"],
                 lambda seconds: f"{1e6 * seconds:.2f} µs", lower_bound=False)


def times(value):
    return f"{figures.number(value)} x"


def add_networks(goals, benches, cases):
    large, middle, small, tiny = (find_bench(benches, n) for n in (LARGE, MIDDLE, SMALL, TINY))
    goals.place = f"{LARGE}, {large['batch_size']:,}"
    goals.add_share("share of peak, one thread", 0.80, large)
    goals.add_speed_up(1.9, large)
    goals.add_ratio("PyTorch, each at its best", 1.15, find_case(cases, LARGE), "torch", "best")
    goals.place = f"{MIDDLE}, {middle['batch_size']:,}"
    goals.add_share("share of peak, one thread", 0.50, middle)
    goals.add_ratio("PyTorch, one thread", 2, find_case(cases, MIDDLE), "torch", "one_thread")
    goals.add_speed_up(1.6, middle)
    goals.add_ratio("PyTorch, each at its best", 2.5, find_case(cases, MIDDLE), "torch", "best")
    goals.place = f"{SMALL}, {small['batch_size']:,}"
    goals.add_ratio("PyTorch at its best, one thread", 10, find_case(cases, SMALL), "torch",
                    "one_against_best")
    goals.add("auto against the best fixed number of threads", 0.97,
              small["auto_over_best"]["ratio"]["median"], lambda value: f"{value:.2f} x")
    goals.place = f"{TINY}, {tiny['batch_size']:,}"
    for threads, kind in (("one thread", "one"), ("auto", "auto"),
                          (f"{EVERYONE} threads asked for", "all")):
        result = steps.find(tiny, auto=True) if kind == "auto" else \
            steps.find(tiny, threads=1 if kind == "one" else EVERYONE)
        goals.add_ratio(f"PyTorch at its best, {threads}", 30, find_case(cases, TINY), "torch",
                        f"{kind}_against_best")
        goals.add_step_time(f"a step, {threads}", result)


def add_fann(goals, cases):
    for case in cases:
        if not case["full_batch"]:
            continue
        goals.place = f"{case['network']}, full batch of {case['batch']:,}"
        goals.add_ratio("FANN, one thread", 30, case, "fann", "one_thread")
        goals.add_ratio("FANN, each at its best", 30, case, "fann", "best")


def worst_of(named, lower_bound):
    """The name and the value of the smallest or the largest."""
    named = [(value, name) for value, name in named if value is not None]
    return (min if lower_bound else max)(named) if named else (None, "")


def add_worst(goals, goal, asked, named, shown, lower_bound):
    """The goal for the grid point that is farthest from it."""
    value, name = worst_of(named, lower_bound)
    goals.place = "the grid; worst: " + name if name else "the grid"
    goals.add(goal, asked, value, shown, lower_bound)


def oversubscription(bench):
    """The speed of many threads on each processor against one on each, or None."""
    many = steps.find(bench, threads=steps.OVERSUBSCRIBED * figures.processors())
    few = steps.find(bench, threads=EVERYONE)
    if not many or not few or many is few:
        return None
    return many["speed_up"]["median"] / few["speed_up"]["median"]


def add_grid(goals, benches):
    grid = [(b, f"{b['network']}, {b['batch_size']:,}") for b in benches if b["asked_isa"] == "auto"]
    for threads in sorted({1, EVERYONE}):
        add_worst(goals, f"cost of the fixed order, threads: {threads}", 0.05,
                  [(steps.order_cost(b, threads), name) for b, name in grid], steps.percent, False)
    add_worst(goals, f"{steps.OVERSUBSCRIBED * figures.processors()} threads against {EVERYONE}", 0.9,
              [(oversubscription(b), name) for b, name in grid], times, True)
    add_worst(goals, "memory against its limit", 1.0,
              [(steps.memory_used(result) / result["memory_bytes"]["limit"],
                f"{name}, threads: {result['threads']}") for b, name in grid
               for result in b["results"] if result["series"] == "strong"], steps.percent, False)
    goals.place = f"{LARGE}, AVX2 forced"
    goals.add_share("share of the AVX2 peak, one thread", 0.75,
                    find_bench(benches, LARGE, "avx2") or
                    (find_bench(benches, LARGE) if benches[0]["isa"] == "avx2" else None))


def add_ensembles(goals, ratios):
    for ratio in ratios:
        goals.place = f"{ratio['shape']}, ensemble of 20"
        goals.add(ratio["goal"], ratio["asked"], statistics.median(ratio["ratio"]), times,
                  lower_bound=False)


def goals_table(benches, cases, ratios):
    goals = Goals()
    add_networks(goals, benches, cases)
    add_fann(goals, cases)
    add_grid(goals, benches)
    add_ensembles(goals, ratios)
    return figures.table(goals.rows, "lllrl")


def forced_table(benches):
    rows = [["instruction set", "GFLOP/s", "peak", "share"]]
    for bench in benches:
        if bench["asked_isa"] != "auto":
            result = steps.find(bench, threads=1)
            rows.append([bench["isa"], figures.number(result["gflops"]["median"]),
                         figures.number(result["peak_gflops"]["median"]),
                         steps.percent(result["share_of_peak"]["median"])])
    return figures.table(rows, "lrrr") if len(rows) > 1 else []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER",
                        help="holds steps.json, peers.json, ensembles.json, kernels.txt")
    parser.add_argument("compiler", metavar="COMPILER", help="that batchprop was built with")
    options = parser.parse_args()
    folder, compiler = options.folder, options.compiler
    measured = json.loads((folder / "steps.json").read_text(encoding="utf-8"))
    beside = json.loads((folder / "peers.json").read_text(encoding="utf-8"))
    benches, cases = measured["steps"], beside["cases"]
    ratios = json.loads((folder / "ensembles.json").read_text(encoding="utf-8"))["ratios"]
    lines = HEAD.splitlines()
    if measured["quick"] or beside["quick"]:
        lines += ["", "**Made with `--quick`: too short to rely on.**"]
    lines += ["", "## Machine", "",
              *figures.table([["", ""], *map(list, describe_machine(compiler, benches, cases))], "ll")]
    lines += ["", "## Goals", "", *goals_table(benches, cases, ratios)]
    lines += ["", "## Training steps", "", *STEPS_TEXT.splitlines(), "", *steps.show(benches)]
    if forced_table(benches):
        lines += ["", f"One thread, {LARGE}, batches of {figures.NETWORKS[LARGE]:,}, with the "
                  "instruction set forced:", "", *forced_table(benches)]
    lines += ["", "## Beside other systems", "", *PEERS_TEXT.splitlines(), "",
              *peers.show(cases, beside["missing"])]
    lines += ["", "## Scaling", "", f"{LARGE}, the batch that stays and the batch that grows:", "",
              "![Speed-up, and parts of a step, over the number of threads](scaling.svg)"]
    lines += ["", "## Kernels", "", "Each kernel on one core, and its share of the core's peak: "
              "samples of a call/of a shard, inputs-neurons.", "", "```",
              *(folder / "kernels.txt").read_text(encoding="utf-8").splitlines(), "```"]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
