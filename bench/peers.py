#!/usr/bin/env python3
"""batchprop beside PyTorch, JAX, scikit-learn and FANN, whichever are installed: same network, same data in
memory, same batch, each at its best setting and number of threads. Every system is a process that
works when it is told to and is stopped (SIGSTOP) in between; a repetition goes through all of them,
and ratios are formed within repetitions.

    peers.py [--quick] [--json FILE [--resume] [--seconds S]] [--python PYTHON] BUILD

BUILD is the folder of the build. PYTHON, by default $BATCHPROP_PEERS_PYTHON or this one, is where torch,
jax and sklearn are looked for."""

import argparse
import array
import os
import pathlib
import random
import signal
import sys
import tempfile
import time

import figures
import pieces
from systems import BFLOAT16, TITLES, Systems

KINDS = {"sgd": "Logistic neurons, squared error, gradient descent",
         "adam": "ReLU, softmax, cross-entropy, Adam",
         "bfloat16": "Beside bfloat16", "full": "Full batches"}

RATES = {"sgd": 0.1, "adam": 0.001}

# How far the losses of the first epochs may differ: by rounding alone; FANN keeps slopes above 0.01, too. With
# Adam and ReLU rounding grows a hundredfold in an epoch of 64 steps: initial weights that differ in the last bit
# give PyTorch alone losses of the third epoch that differ by 7e-3, and those of the first differ by 1e-5.
AGREE = {"sgd": {"torch": [1e-4] * 3, "jax": [1e-4] * 3, "fann": [1e-2] * 3},
         "adam": {"torch": [1e-4, 1e-2, 1e-2], "jax": [1e-4, 1e-2, 1e-2]}}

TRIALS, TRIALS_SECONDS = 3, 15  # of each setting, before the repetitions; fewer if they take so long
HOPELESS = 0.8  # of the fastest in its first trial: a setting below this has no other


class Case:
    """A network, a batch, a recipe, and who takes part."""

    def __init__(self, network, batch, systems, recipe="sgd", samples=4096):
        self.network, self.batch, self.recipe, self.rate = network, batch, recipe, RATES[recipe]
        self.systems = ["batchprop", *systems]
        # A batch of the largest network takes a second.
        self.samples = batch if figures.operations(network) > 3e7 else max(samples, batch)
        self.kind = "full" if "fann" in systems else "bfloat16" if systems == BFLOAT16 else recipe
        self.name = f"{network}, batch {batch}: {', '.join(systems)}, {recipe}"


def long_cases():
    for network, batch in figures.NETWORKS.items():
        yield Case(network, batch, ["torch", "jax", "sklearn"])
    yield Case("784-128-10", 1024, ["torch", "jax", "sklearn"])
    yield Case("256-512-512-2", 256, ["torch", "jax", "sklearn"])
    for network, batch in figures.ADAM_NETWORKS:
        yield Case(network, batch, ["torch", "jax"], "adam")
    for network, batch in figures.ADAM_NETWORKS:
        yield Case(network, batch, BFLOAT16, "adam")
    for network in ("784-1024-1024-10", "4096-4096-1000"):
        yield Case(network, 1024, BFLOAT16)
    # Full batches, as FANN's batch training is.
    for network in ("4-8-3", "10-45-45-10", "64-32-10", "784-128-10"):
        yield Case(network, 4096, ["fann"])
    yield Case("784-1024-1024-10", 1024, ["fann"], samples=1024)


def quick_cases():
    for network in ("4-8-3", "10-45-45-10", "784-128-10", "784-1024-1024-10"):
        yield Case(network, figures.NETWORKS[network], ["torch", "jax", "sklearn"], samples=1024)
    yield Case("784-512-512-10", 64, ["torch", "jax"], "adam", 1024)
    yield Case("784-512-512-10", 64, BFLOAT16, "adam", 1024)
    for network in ("4-8-3", "784-128-10"):
        yield Case(network, 1024, ["fann"], samples=1024)


def write_data(case, folder):
    """Inputs with standard deviation 1 and labels, as the workers read them."""
    source = random.Random(1)
    width = int(case.network.split("-")[0])
    classes = int(case.network.split("-")[-1])
    # One row of noise more than there are inputs, at shifted places: quick to make, and no two
    # samples are alike.
    noise = array.array("f", (source.uniform(-3 ** 0.5, 3 ** 0.5) for _ in range(65536 + width)))
    with open(folder / "inputs.f32", "wb") as file:
        for _ in range(case.samples):
            first = source.randrange(65536)
            file.write(noise[first:first + width].tobytes())
    labels = array.array("I", (x % classes for x in range(case.samples)))
    (folder / "labels.u32").write_bytes(labels.tobytes())


def check_losses(case, workers):
    """The losses of every system that has the same one; RuntimeError where they do not agree."""
    losses = {worker.system: worker.losses() for worker in workers}
    losses = {system: values for system, values in losses.items() if values}
    for system in losses.keys() - {"batchprop"}:
        triples = zip(losses[system], losses["batchprop"], AGREE[case.recipe][system], strict=True)
        for epoch, (loss, ours, tolerance) in enumerate(triples, 1):
            if not abs(loss - ours) <= tolerance * ours:
                raise RuntimeError(f"{system} does not train the same: loss {loss:.9g} in epoch {epoch}, "
                                   f"batchprop {ours:.9g}")
    return losses


def choose(workers, systems, seconds):
    """Short trials of everything in turn: for each system and number of threads its worker and the
    setting with the fastest median."""
    trials = {(worker, threads, setting): [] for worker in workers for threads in worker.counts()
              for setting in systems.settings(worker.system)}
    start = time.monotonic()
    for trial in range(TRIALS):
        if time.monotonic() - start > TRIALS_SECONDS:
            break
        for (worker, threads, setting), speeds in trials.items():
            speeds.append(worker.run(threads, seconds / TRIALS, setting)[0])
        if trial == 0:
            best = {}
            for (worker, threads, _), (speed,) in trials.items():
                best[worker, threads] = max(speed, best.get((worker, threads), 0))
            trials = {key: speeds for key, speeds in trials.items()
                      if speeds[0] >= HOPELESS * best[key[:2]]}
    chosen, best = {}, {}
    for (worker, threads, setting), speeds in trials.items():
        at, speed = (worker.system, threads), figures.spread(speeds)["median"]
        if speed > best.get(at, 0):
            chosen[at], best[at] = (worker, setting), speed
    return chosen


def measure(case, systems, repetitions, seconds):
    """The figures of one case."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_data(case, folder)
        workers = []
        try:
            for worker in systems.start(case, folder):
                workers.append(worker)
            losses = check_losses(case, workers)
            chosen = choose(workers, systems, seconds)
            speeds = {key: [] for key in chosen}
            used = {}
            turns = list(chosen.items())
            for repetition in range(repetitions):
                # From another one on each time: nobody always comes after the same neighbour's load.
                first = repetition * len(turns) // repetitions
                for (system, threads), (worker, setting) in turns[first:] + turns[:first]:
                    speed, used[system, threads] = worker.run(threads, seconds, setting)
                    speeds[system, threads].append(speed)
            return describe(case, losses, chosen, speeds, used)
        finally:
            for worker in workers:
                worker.end()


def describe(case, losses, chosen, speeds, used):
    """Ratios are batchprop's speed over that of the peer: one thread against one thread, and each
    at its best."""
    median = {key: figures.spread(values)["median"] for key, values in speeds.items()}
    best = {}
    for system in case.systems:
        keys = [key for key in speeds if key[0] == system]
        if keys:
            best[system] = max(keys, key=median.get)
    results = []
    for system, key in best.items():
        for threads in sorted({1, key[1], *([0] if system == "batchprop" else [])}):
            at = system, threads
            results.append({
                "system": system, "version": chosen[at][0].version, "setting": chosen[at][1],
                "asked_threads": threads, "threads": used[at], "best": at == key,
                "samples_per_second": figures.spread(speeds[at]), "speeds": speeds[at]})
    everyone = max(figures.thread_counts())
    ratios = {
        system: {"one_thread": figures.ratio(speeds["batchprop", 1], speeds[system, 1]),
                 "best": figures.ratio(speeds[best["batchprop"]], speeds[key]),
                 "one_against_best": figures.ratio(speeds["batchprop", 1], speeds[key]),
                 "all_against_best": figures.ratio(speeds["batchprop", everyone], speeds[key]),
                 "auto_against_best": figures.ratio(speeds["batchprop", 0], speeds[key])}
        for system, key in best.items() if system != "batchprop"}
    peers = [system for system in ratios if system not in BFLOAT16]
    return {"network": case.network, "batch": case.batch, "samples": case.samples,
            "recipe": case.recipe, "kind": case.kind, "losses": losses, "results": results,
            "ratios": ratios,
            "best_peer": max(peers, key=lambda system: median[best[system]], default=None),
            "speed_up": figures.ratio(speeds["batchprop", everyone], speeds["batchprop", 1])}


def rows_of(case):
    """Rows of the table for one case."""
    first = f"{case['network']}, {case['batch']:,}"
    for system in TITLES:
        results = [each for each in case["results"] if each["system"] == system]
        one = next((each for each in results if each["asked_threads"] == 1), None)
        best = next((each for each in results if each["best"]), None)
        if not best:
            continue
        ratios = case["ratios"].get(system)
        yield [first, TITLES[system],
               figures.number(one["samples_per_second"]["median"]),
               figures.number(best["samples_per_second"]["median"]),
               "{:,.0f} .. {:,.0f}".format(best["samples_per_second"]["min"],
                                           best["samples_per_second"]["max"]),
               f"{best['threads']}" + (f", {best['setting']}" if best["setting"] else ""),
               f"{figures.number(ratios['one_thread']['median'])}" if ratios else "",
               f"{figures.number(ratios['best']['median'])}" if ratios else ""]
        first = ""


def show(cases, kind):
    """Lines of the table of the cases of a kind: sgd, adam, bfloat16 or full."""
    head = ["network, batch", "system", "samples/s, 1 thread", "samples/s, best",
            "min .. max", "threads", "batchprop is x, 1 thread", "batchprop is x, best"]
    rows = [row for case in cases if case["kind"] == kind for row in rows_of(case)]
    return figures.table([head, *rows], "llrrrlrr")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    pieces.add_options(parser)
    parser.add_argument("--python", help="the interpreter that has torch, jax and sklearn",
                        default=os.environ.get("BATCHPROP_PEERS_PYTHON", sys.executable))
    parser.add_argument("build", type=pathlib.Path, help="the folder of the build")
    options = parser.parse_args()
    # Workers that are stopped would outlive a program that just ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    systems = Systems(options.build.resolve(), options.python, options.quick)
    repetitions, seconds = (2, 0.1) if options.quick else (5, 0.5)
    cases = quick_cases() if options.quick else long_cases()
    measured = pieces.Pieces(options, "cases", options.build)
    measured.content["missing"] = systems.missing
    finished = measured.run([(case.name, case) for case in cases],
                            lambda case: measure(case, systems, repetitions, seconds))
    for kind in KINDS:
        print("\n".join(["", KINDS[kind], "", *show(measured.cases, kind)]))
    if systems.missing:
        print("\nNot installed:", ", ".join(TITLES[system] for system in systems.missing))
    return 0 if finished else pieces.UNFINISHED


if __name__ == "__main__":
    sys.exit(main())
