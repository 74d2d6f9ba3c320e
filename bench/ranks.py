#!/usr/bin/env python3
"""Steps over ranks on hosts of their own, by TCP at limited rates, beside what `bench --simulate-ranks` predicts.

    ranks.py [--quick] [--ranks 2] [--torch PYTHON] [--plot FILE.svg] [--json FILE [--resume]] [--only TEXT] COMMAND

COMMAND is the built batchprop. Hosts are network namespaces that divide the processors, which needs root; Open MPI starts
the ranks, with the options that docs/clusters.md gives for Ethernet and with its defaults. With --torch, of a Python that has torch,
DistributedDataParallel with gloo takes turns with them on the same hosts. Exit status 77: something is missing, and the message says what."""

import argparse
import array
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import types

import figures
import peer_ddp
import pieces
import ranks_plot

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "support"))
from launchers import ENVIRONMENT, Launcher, skip  # noqa: E402
from namespaces import Hosts, why_not  # noqa: E402

# Both ways of a link at the same time, as docs/clusters.md says.
BOTH_WAYS = ["--mca", "btl_tcp_sndbuf", "131072", "--mca", "btl_tcp_flags", "0x301"]

RATES = [1, 10]
NETWORKS = [("784-512-512-10", 256, peer_ddp.RECIPE), ("784-1024-1024-10", 1024, [])]

# Of the long and the quick form: turns, repetitions of a turn, seconds of a figure, epochs of the training.
LONG, QUICK = (3, 2, 0.2, 3), (1, 1, 0.05, 1)
ROWS = 8192  # of the training


def title(network, batch, recipe):
    return f"{network}, {batch:,}" + ", Adam" * bool(recipe)


def write_npy(path, kind, shape, content):
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + content)


class Bench:
    """One network on hosts whose network is limited."""

    def __init__(self, options, case, hosts, length):
        self.network, self.batch, self.recipe, self.gigabits = case
        self.command, self.torch, self.ranks = options.command, options.torch, options.ranks
        self.hosts, (self.turns, self.repetitions, self.seconds, self.epochs) = hosts, length

    def launch(self, options, words):
        """The standard output of a job; `options` are those of the launcher."""
        launcher = Launcher("openmpi", "", self.hosts)
        launcher.words = [launcher.words[0], *options]
        done = launcher.run(self.ranks, words)
        if done.returncode != 0:
            sys.exit(f"{' '.join(done.args)} failed:\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def words(self, repetitions):
        return [self.command, "bench", "--json", "--layers", self.network, "--batch-size", self.batch, *self.recipe, "--threads", 1,
                "--plan", "samples", "--repetitions", repetitions, "--seconds", self.seconds]

    def measure(self, options):
        return self.launch(options, [*self.words(self.repetitions), "--scaling", "both"])

    def predict(self, gigabits, latency):
        """Seconds of a step; what a rank computes is measured on its host, the transfers follow from the model."""
        words = self.hosts.on(0, [*self.words(1), "--simulate-ranks", self.ranks, "--network",
                                  f"{gigabits:.6g},{1e6 * latency:.6g}"])
        done = subprocess.run(words, stdout=subprocess.PIPE, env=ENVIRONMENT, check=True)
        return json.loads(done.stdout)["rank_simulation"]["results"][0]["seconds_per_step"]

    def train(self):
        """Seconds of a step of `train`, on rows of bytes."""
        inputs, *hidden, outputs = map(int, self.network.split("-"))
        folder, generator = self.hosts.folder, random.Random(1)
        write_npy(folder / "inputs.npy", "|u1", (ROWS, inputs), generator.randbytes(ROWS * inputs))
        write_npy(folder / "labels.npy", "|u1", (ROWS,), array.array("B", [k % outputs for k in range(ROWS)]).tobytes())
        done = self.launch(BOTH_WAYS, [self.command, "train", folder / "inputs.npy", "--labels", folder / "labels.npy",
                                       "--out", folder / "model", "--hidden", ",".join(map(str, hidden)), "--batch-size",
                                       self.batch, *self.recipe, "--threads", 1, "--plan", "samples", "--epochs", self.epochs,
                                       "--json"])
        return self.batch / done["samples_per_second"]

    def train_torch(self):
        """The same of DistributedDataParallel, which has one recipe; None where it has no part."""
        if not self.torch or self.recipe != peer_ddp.RECIPE:
            return None
        asked = types.SimpleNamespace(command=self.command, layers=self.network, batch=self.batch, ranks=self.ranks,
                                      seconds=self.seconds * self.repetitions)
        found = peer_ddp.run_torch(asked, self.torch, self.hosts)
        return self.batch / found["speed"]

    def turn(self):
        limited = self.measure(BOTH_WAYS)
        rate, latency = limited["gigabits_per_second"], limited["latency_seconds"]
        seconds = {"measured": last_step(limited), "training": self.train(),
                   "nominal": self.predict(self.gigabits, latency), "by_rate": self.predict(rate, latency),
                   "defaults": last_step(self.measure([])), "torch": self.train_torch()}
        return {"seconds": seconds, "gigabits_per_second": rate, "latency_seconds": latency,
                "parameters": limited["parameters"], "results": limited["results"]}


def last_step(found):
    """Of all ranks, the batch of one."""
    return [result for result in found["results"] if result["series"] == "strong"][-1]["seconds_per_step"]


def measure(options, case):
    length = QUICK if options.quick else LONG
    with tempfile.TemporaryDirectory() as folder, Hosts(options.ranks, folder) as hosts:
        bench = Bench(options, case, hosts, length)
        hosts.limit(bench.gigabits)
        turns = [bench.turn() for _ in range(length[0])]
    return {"title": title(*case[:3]), "gigabits": bench.gigabits, "ranks": options.ranks, "turns": turns}


def spread(case, key):
    """Of the seconds of a step; None where they were not measured."""
    seconds = [turn["seconds"][key] for turn in case["turns"]]
    return None if None in seconds else figures.spread(seconds)


def ratio(case, key):
    """To the measured step, within turns."""
    return figures.ratio(*([turn["seconds"][each] for turn in case["turns"]] for each in (key, "measured")))


def milliseconds(case, key):
    found = spread(case, key)
    return figures.number(1e3 * found["median"]) if found else ""


def row(case):
    return [case["title"], f"{case['gigabits']:g}", *(milliseconds(case, key) for key in ("measured", "training", "nominal")),
            f"{ratio(case, 'nominal')['median']:.2f}", milliseconds(case, "by_rate"), f"{ratio(case, 'by_rate')['median']:.2f}",
            *(milliseconds(case, key) for key in ("defaults", "torch"))]


def show(cases):
    """Milliseconds of a step: measured, and predicted by the rate of the limit and by the rate that long messages had."""
    head = ["network, batch; ms a step", "Gbit/s", "measured", "training", "predicted", "/ measured", "by measured rate", "/ measured",
            "Open MPI's defaults", "DistributedDataParallel"]
    return figures.table([head, *map(row, cases)], "lrrrrrrrrr")


def scaling_rows(case):
    for k, first in enumerate(case["turns"][0]["results"]):
        found = [turn["results"][k] for turn in case["turns"]]

        def median(value):
            return figures.spread([value(result) for result in found])["median"]

        yield [case["title"], f"{case['gigabits']:g}", first["series"], f"{first['ranks']}",
               figures.number(1e3 * median(lambda result: result["seconds_per_step"])),
               f"{median(lambda result: result['efficiency']['median']):.2f}",
               *(f"{1e3 * median(lambda result: result['part_seconds'][part]):.2f}" for part in first["part_seconds"]),
               f"{first['bytes_sent'] / 4 / case['turns'][0]['parameters']:.2f}"]


def show_scaling(cases):
    """Strong (the batch stays) and weak (each rank brings one) over 1, 2, 4, ... ranks."""
    head = ["network, batch", "Gbit/s", "series", "ranks", "ms a step", "efficiency", "compute, ms", "waiting", "transfer",
            "sent / parameters"]
    return figures.table([head, *(line for case in cases for line in scaling_rows(case))], "lrlrrrrrrr")


def check_words(options):
    """What is wrong ends the program before anything is measured."""
    if not options.command.is_file():
        sys.exit(f"{options.command} is not there, or no file: name the built batchprop")
    pieces.check(options)
    pieces.require_folder("--plot", options.plot)
    if options.torch and not peer_ddp.has_torch(options.torch):
        sys.exit(f"--torch: {options.torch} cannot import torch")


def look_around(options):
    """What is missing ends the program before anything is measured."""
    launcher = Launcher("openmpi", options.command.parents[1] / "libbatchprop-openmpi.so.0")
    launcher.require()
    reason = why_not()
    if reason:
        skip(reason)
    if options.ranks > figures.processors():
        skip(f"{options.ranks} ranks need a processor each, and there are {figures.processors()}")
    if options.plot:
        ranks_plot.look_for_gnuplot()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    pieces.add_options(parser)
    parser.add_argument("--ranks", type=int, default=2, metavar="N", help="hosts, of a rank each (2)")
    parser.add_argument("--torch", metavar="PYTHON", type=os.path.abspath, help="that has torch: DistributedDataParallel takes turns")
    parser.add_argument("--plot", metavar="FILE.svg", type=pathlib.Path, help="draw measured and predicted steps, by gnuplot")
    parser.add_argument("command", type=pathlib.Path, help="the built batchprop")
    options = parser.parse_args()
    if options.ranks < 2:
        parser.error("--ranks: from 2 on; one rank sends nothing")
    options.command = options.command.resolve()
    check_words(options)
    look_around(options)
    measured = pieces.Pieces(options, "ranks", options.command.parents[2])
    cases = [(*network, gigabits) for network in NETWORKS for gigabits in RATES]
    finished = measured.run([(f"{title(*case[:3])}, {case[3]} Gbit/s", case) for case in cases],
                            lambda case: measure(options, case))
    print("\n".join([*show(measured.cases), "", *show_scaling(measured.cases)]))
    if options.plot and measured.cases:
        ranks_plot.draw(measured.cases, spread, options.plot)
    return 0 if finished else pieces.UNFINISHED


if __name__ == "__main__":
    sys.exit(main())
