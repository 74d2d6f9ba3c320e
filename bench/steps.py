#!/usr/bin/env python3
"""Whole training steps over a grid of networks and batches, through `batchprop bench`: speed, share
of the peak of the processors, scaling, what `auto` is worth, what the fixed order of sums costs.

    steps.py [--quick] [--json FILE [--resume] [--seconds S]] COMMAND    COMMAND is the built batchprop
"""

import argparse
import json
import pathlib
import subprocess
import sys

import pieces
from figures import NETWORKS, number, processors, table, thread_counts

BATCHES = [16, 64, 256, 1024, 4096]

# Of the long and the quick form: repetitions, seconds of a figure.
LONG, QUICK = (5, 0.3), (3, 0.08)

OVERSUBSCRIBED = 4  # threads on each processor, where "more threads never hurt" is looked at


def grid(quick):
    """Pairs of network and batch."""
    for network, batch in NETWORKS.items():
        for each in [min(batch, 256)] if quick else sorted({*BATCHES, batch}):
            yield network, each


def measure(command, network, batch, isa, quick):
    repetitions, seconds = QUICK if quick else LONG
    counts = [1] if isa != "auto" else thread_counts()
    threads = [str(count) for count in counts]
    if isa == "auto":
        threads += ["auto"]
        if batch == NETWORKS[network]:
            threads += [str(OVERSUBSCRIBED * processors())]
    done = subprocess.run(
        [command, "bench", "--json", "--layers", network, "--batch-size", str(batch),
         "--threads", ",".join(threads), "--repetitions", str(repetitions),
         "--seconds", str(seconds), "--isa", isa, *([] if isa != "auto" else ["--free-order"])],
        stdout=subprocess.PIPE, check=isa == "auto")
    if done.returncode:
        return None  # an instruction set that the processor lacks
    return {"network": network, "asked_isa": isa, **json.loads(done.stdout)}


def find(bench, series="strong", auto=False, threads=None):
    """The result of a case, or None."""
    for result in bench["results"]:
        if (result["series"], result["auto"]) == (series, auto) and \
                threads in (None, result["threads"]):
            return result
    return None


def order_cost(bench, threads):
    """The share of its time without it that a step takes longer with the fixed order of sums; None
    where both are the same step, with as many shards as threads: that would be noise."""
    free, fixed = find(bench, "free", threads=threads), find(bench, threads=threads)
    if not free or free["shards"] == fixed["shards"]:
        return None
    return free["speed_up"]["median"] - 1


def memory_used(result):
    return sum(size for name, size in result["memory_bytes"].items() if name != "limit")


def share(result):
    """The share of peak as text: the measurement of a peak that was below every step failed."""
    median = result["share_of_peak"]["median"]
    return "failed" if median is None else percent(median)


def percent(value):
    return "" if value is None else f"{100 * value:.1f} %"


def row(bench):
    everyone = max(thread_counts())
    one, all_of_them = find(bench, threads=1), find(bench, threads=everyone)
    auto = find(bench, auto=True)
    memory = auto["memory_bytes"]
    return [bench["network"], f"{bench['batch_size']:,}",
            number(one["samples_per_second"]["median"]), number(1e6 * one["seconds_per_step"]),
            number(one["gflops"]["median"]), share(one),
            f"{all_of_them['speed_up']['median']:.2f}" if all_of_them is not one else "",
            f"{auto['threads']}", f"{bench['auto_over_best']['ratio']['median']:.2f}",
            percent(order_cost(bench, 1)), percent(order_cost(bench, everyone)),
            f"{memory_used(auto) / 1e6:.1f}", f"{memory['limit'] / 1e6:.1f}"]


def show(benches):
    """Lines of the table of all grid points."""
    everyone = max(thread_counts())
    head = ["network", "batch", "samples/s, 1 thread", "us a step", "GFLOP/s", "of peak",
            f"speed-up, {everyone} threads", "auto takes", "auto / best",
            "fixed order, 1 thread", f"{everyone} threads", "memory, MB", "limit"]
    rows = [row(bench) for bench in benches if bench["asked_isa"] == "auto"]
    return table([head, *rows], "l" + "r" * (len(head) - 1))


def cases(quick):
    """Pairs of a name and the arguments of a case: network, batch, instruction set."""
    for network, batch in grid(quick):
        yield f"{network}, batch {batch}", (network, batch, "auto")
    for isa in () if quick else ("avx512", "avx2", "neon", "portable"):
        network = "784-1024-1024-10"
        yield f"{network}, {isa}", (network, NETWORKS[network], isa)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    pieces.add_options(parser)
    parser.add_argument("command", help="the built batchprop")
    options = parser.parse_args()
    build = pathlib.Path(options.command).resolve().parents[2]
    measured = pieces.Pieces(options, "steps", build)
    finished = measured.run(cases(options.quick),
                            lambda case: measure(options.command, *case, options.quick))
    print("\n".join(show(pieces.measured_ones(measured.cases))))
    return 0 if finished else pieces.UNFINISHED


if __name__ == "__main__":
    sys.exit(main())
