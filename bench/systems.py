"""The systems that peers.py measures: what is installed, how each is started, and the conversation with it."""

import os
import pathlib
import signal
import subprocess
import tempfile

import figures

HERE = pathlib.Path(__file__).parent

TITLES = {"batchprop": "batchprop", "torch": "PyTorch", "jax": "JAX", "sklearn": "scikit-learn",
          "fann": "FANN", "torch-bfloat16": "PyTorch, bfloat16", "jax-bfloat16": "JAX, bfloat16"}
BFLOAT16 = ["torch-bfloat16", "jax-bfloat16"]

SETTINGS = {"torch": ["eager", "single", "fused", "compiled", "compiled+fused"],
            "torch-bfloat16": ["eager", "fused", "compiled+fused"]}

# They take all processors of their process when they start.
PROCESS_FOR_EACH_COUNT = ["jax", "jax-bfloat16"]


class Worker:
    """A system that runs as a process of its own, if `count` is given on so many processors."""

    def __init__(self, system, command, count=None):
        self.system, self.count = system, count
        self.complaints = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.complaints, preexec_fn=self.keep_to_processors if count else None)
        self.version = self.read().removeprefix("ready ").strip()
        self.stop()

    def keep_to_processors(self):
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:self.count])

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

    def counts(self):
        """The numbers of threads to ask for; 0 is `auto`."""
        if self.count:
            return [self.count]
        return figures.thread_counts() + ([0] if self.system == "batchprop" else [])

    def run(self, threads, seconds, setting=""):
        """samples/s and the threads used."""
        speed, used = self.ask(f"run {threads} {seconds} {setting}")
        return float(speed), int(used)

    def losses(self):
        """The mean loss of each of the first epochs, or None."""
        answer = self.ask("loss")
        return None if answer == ["none"] else [float(loss) for loss in answer]

    def end(self):
        self.process.kill()
        self.process.communicate()
        self.complaints.close()


class Systems:
    """What can be measured here, and how it is started."""

    def __init__(self, build, python, quick):
        self.python = python
        self.commands = {"batchprop": [build / "bench" / "peer_batchprop"]}
        if (build / "bench" / "peer_fann").exists():
            self.commands["fann"] = [build / "bench" / "peer_fann"]
        for module in ("torch", "jax", "sklearn"):
            if self.runs(f"import {module}, numpy"):
                self.commands[module] = [python, HERE / f"peer_{module}.py"]
        for module in ("torch", "jax"):
            if module in self.commands:
                self.commands[f"{module}-bfloat16"] = [*self.commands[module], "--bfloat16"]
        self.missing = [system for system in TITLES if system not in self.commands]
        # torch.compile needs a compiler for C++.
        self.compiles = not quick and "torch" in self.commands and self.runs(
            "import torch; torch.compile(lambda x: x + x)(torch.ones(2))")

    def runs(self, program):
        return subprocess.run([self.python, "-c", program], check=False, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0

    def start(self, case, folder):
        """Workers for the systems of the case that are here, to be ended one by one. batchprop comes
        first: it writes the weights that the others read."""
        problem = [str(folder), case.network, str(case.samples), str(case.batch), str(case.rate),
                   case.recipe]
        for system in case.systems:
            if system in self.commands:
                for count in self.processes(system):
                    yield Worker(system, [*self.commands[system], *problem], count)

    @staticmethod
    def processes(system):
        if system not in PROCESS_FOR_EACH_COUNT:
            return [None]
        counts = figures.thread_counts()
        return counts if hasattr(os, "sched_setaffinity") else counts[-1:]

    def settings(self, system):
        return [setting for setting in SETTINGS.get(system, [""])
                if self.compiles or not setting.startswith("compiled")]
