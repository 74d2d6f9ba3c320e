#!/usr/bin/env python3
"""batchprop beside PyTorch, scikit-learn and FANN, whichever are installed: same network, same data in
memory, same batch, each at its best setting and number of threads. Every system is a process that
works when it is told to and is stopped (SIGSTOP) in between; a repetition goes through all of them,
and ratios are formed within repetitions.

    peers.py [--quick] [--json FILE] [--python PYTHON] BUILD      BUILD is the folder of the build

PYTHON, by default $BATCHPROP_PEERS_PYTHON or this one, is where torch and sklearn are looked for."""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import figures

HERE = pathlib.Path(__file__).parent
RATE = 0.1

# A loss that two systems compute differs by rounding alone; FANN keeps slopes above 0.01, too.
AGREE = {"torch": 1e-4, "fann": 1e-2}

TITLES = {"batchprop": "batchprop", "torch": "PyTorch", "sklearn": "scikit-learn", "fann": "FANN"}
TORCH_SETTINGS = ["eager", "single", "fused", "compiled", "compiled+fused"]

TRIALS = 3  # of each setting, before the repetitions


class Case:
    """A network, a batch, and who takes part."""

    def __init__(self, network, batch, samples, systems):
        self.network, self.batch, self.samples, self.systems = network, batch, samples, systems


def long_cases():
    few = ["batchprop", "torch", "sklearn"]
    for network, batch in figures.NETWORKS.items():
        yield Case(network, batch, max(4096, batch), few)
    yield Case("784-128-10", 1024, 4096, few)
    # Full batches, as FANN's batch training is.
    for network in ("4-8-3", "10-45-45-10", "64-32-10", "784-128-10"):
        yield Case(network, 4096, 4096, ["batchprop", "fann"])
    yield Case("784-1024-1024-10", 1024, 1024, ["batchprop", "fann"])


def quick_cases():
    few = ["batchprop", "torch", "sklearn"]
    for network in ("4-8-3", "10-45-45-10", "784-128-10", "784-1024-1024-10"):
        yield Case(network, figures.NETWORKS[network], 1024, few)
    for network in ("4-8-3", "784-128-10"):
        yield Case(network, 1024, 1024, ["batchprop", "fann"])


class Worker:
    """A system that runs as a process of its own."""

    def __init__(self, system, command, problem):
        self.system = system
        self.complaints = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [*command, *problem], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.complaints)
        self.version = self.read().removeprefix("ready ").strip()
        self.stop()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            self.complaints.seek(0)
            lines = self.complaints.read().strip().splitlines() or ["no answer"]
            raise RuntimeError(f"{self.system}: {lines[-1]}")
        return line

    def stop(self):
        self.process.send_signal(signal.SIGSTOP)

    def ask(self, command):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.read().split()
        self.stop()
        return answer

    def run(self, threads, seconds, setting=""):
        """samples/s and the threads used; threads 0 is `auto`."""
        speed, used = self.ask(f"run {threads} {seconds} {setting}")
        return float(speed), int(used)

    def loss(self):
        answer = self.ask("loss")[0]
        return None if answer == "none" else float(answer)

    def end(self):
        self.process.kill()
        self.process.communicate()
        self.complaints.close()


class Systems:
    """What can be measured here, and how it is started."""

    def __init__(self, build, python, quick):
        self.python = python
        self.torch_settings = TORCH_SETTINGS[:2] if quick or not self.compiles() else TORCH_SETTINGS
        self.commands = {"batchprop": [build / "bench" / "peer_batchprop"]}
        if (build / "bench" / "peer_fann").exists():
            self.commands["fann"] = [build / "bench" / "peer_fann"]
        for module in ("torch", "sklearn"):
            probe = subprocess.run([python, "-c", f"import {module}, numpy"], check=False,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if probe.returncode == 0:
                self.commands[module] = [python, HERE / f"peer_{module}.py"]
        self.missing = [system for system in TITLES if system not in self.commands]

    def compiles(self):
        """Whether torch.compile works here: it needs a compiler for C++."""
        probe = "import torch; torch.compile(lambda x: x + x)(torch.ones(2))"
        return subprocess.run([self.python, "-c", probe], check=False, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0

    def start(self, case, folder):
        """A worker for every system of the case that is here. batchprop comes first: it writes the
        weights that the others read."""
        problem = [str(folder), case.network, str(case.samples), str(case.batch), str(RATE)]
        return [Worker(system, self.commands[system], problem)
                for system in case.systems if system in self.commands]

    def settings(self, system):
        return self.torch_settings if system == "torch" else [""]


def write_data(case, folder):
    """Inputs with standard deviation 1 and labels, as the workers read them."""
    import array
    import random
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


def check_losses(workers):
    """The loss of every system that has the same one; RuntimeError where they do not agree."""
    losses = {worker.system: worker.loss() for worker in workers}
    losses = {system: loss for system, loss in losses.items() if loss is not None}
    for system, loss in losses.items():
        difference = abs(loss - losses["batchprop"]) / losses["batchprop"]
        if not difference <= AGREE.get(system, 0):
            raise RuntimeError(f"{system} does not train the same: loss {loss:.9g}, batchprop "
                               f"{losses['batchprop']:.9g}")
    return losses


def choose(workers, systems, seconds):
    """Short trials of everything in turn: for each system and number of threads its worker and the
    setting with the fastest median."""
    trials = {}
    for worker in workers:
        counts = figures.thread_counts() + ([0] if worker.system == "batchprop" else [])
        for threads in counts:
            for setting in systems.settings(worker.system):
                trials[worker, threads, setting] = []
    for _ in range(TRIALS):
        for (worker, threads, setting), speeds in trials.items():
            speeds.append(worker.run(threads, seconds / TRIALS, setting)[0])
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
        workers = systems.start(case, folder)
        try:
            losses = check_losses(workers)
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
        for threads in sorted({1, *([key[1]]), *([0] if system == "batchprop" else [])}):
            at = system, threads
            results.append({
                "system": system, "version": chosen[at][0].version, "setting": chosen[at][1],
                "asked_threads": threads, "threads": used[at], "best": at == key,
                "samples_per_second": figures.spread(speeds[at]), "speeds": speeds[at]})
    ratios = {
        system: {"one_thread": figures.ratio(speeds["batchprop", 1], speeds[system, 1]),
                 "best": figures.ratio(speeds[best["batchprop"]], speeds[key]),
                 "one_against_best": figures.ratio(speeds["batchprop", 1], speeds[key]),
                 "all_against_best": figures.ratio(
                     speeds["batchprop", max(figures.thread_counts())], speeds[key]),
                 "auto_against_best": figures.ratio(speeds["batchprop", 0], speeds[key])}
        for system, key in best.items() if system != "batchprop"}
    return {"network": case.network, "batch": case.batch, "samples": case.samples,
            "full_batch": "fann" in case.systems, "losses": losses, "results": results,
            "ratios": ratios}


def rows_of(case, missing):
    """Rows of the table for one case."""
    first = f"{case['network']}, {case['batch']:,}" + (" (full)" if case["full_batch"] else "")
    for system in TITLES:
        results = [each for each in case["results"] if each["system"] == system]
        one = next((each for each in results if each["asked_threads"] == 1), None)
        best = next((each for each in results if each["best"]), None)
        wanted = case["full_batch"] == (system == "fann") or system == "batchprop"
        if system in missing and wanted:
            yield [first, TITLES[system], "not installed", "", "", "", "", ""]
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


def show(cases, missing):
    """Lines of the table of all cases."""
    head = ["network, batch", "system", "samples/s, 1 thread", "samples/s, best",
            "min .. max", "threads", "batchprop is x, 1 thread", "batchprop is x, best"]
    rows = [row for case in cases for row in rows_of(case, missing)]
    return figures.table([head, *rows], "llrrrlrr")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a minute instead of many")
    parser.add_argument("--json", help="file for all figures")
    parser.add_argument("--python", help="the interpreter that has torch and sklearn",
                        default=os.environ.get("BATCHPROP_PEERS_PYTHON", sys.executable))
    parser.add_argument("build", type=pathlib.Path, help="the folder of the build")
    options = parser.parse_args()
    systems = Systems(options.build.resolve(), options.python, options.quick)
    repetitions, seconds = (2, 0.1) if options.quick else (5, 0.7)
    cases = []
    for case in quick_cases() if options.quick else long_cases():
        print(f"{case.network}, batch {case.batch}: {', '.join(case.systems)}", file=sys.stderr)
        cases.append(measure(case, systems, repetitions, seconds))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"schema_version": 1, "quick": options.quick, "missing": systems.missing,
                       "cases": cases}, file, indent=1)
    print("\n".join(show(cases, systems.missing)))


if __name__ == "__main__":
    main()
