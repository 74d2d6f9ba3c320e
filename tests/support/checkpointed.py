"""Runs of `batchprop train` with checkpoints in a folder of their own."""

import json
import pathlib
import shutil
import signal
import subprocess

import default_signals

SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGKILL]


def write_circle(path, rows, numbers):
    """A table of so many rows: y is "in" within a circle."""
    with open(path, "w") as table:
        table.write("a,b,y\n")
        for _ in range(rows):
            a, b = numbers.uniform(-1, 1), numbers.uniform(-1, 1)
            table.write(f"{a:.6f},{b:.6f},{'in' if a * a + b * b < 0.6 else 'out'}\n")


def interrupt(words, number, delay):
    """Sends a signal after `delay` seconds. What the run said, or None if it had ended by then."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               preexec_fn=default_signals.restore)
    try:
        process.communicate(timeout=delay)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
        message = process.communicate()[1]
        if process.returncode == 0:  # training was over before the signal came
            return None
        expected = -number if number == signal.SIGKILL else 128 + number
        # Before training begins, and after its end, a signal is not caught.
        assert process.returncode in (expected, -number), (process.returncode, message)
        if process.returncode == 128 + number:
            assert "--resume goes on from" in message, message
        return message
    assert process.returncode == 0, process.returncode
    return None


class Training:
    """One command line; `folder` is empty and holds what it writes."""

    def __init__(self, command, data, folder, options):
        self.folder = pathlib.Path(folder)
        self.checkpoints = self.folder / "checkpoints"
        self.out = self.folder / "out.safetensors"
        self.words = [str(command), "train", str(data), "--out", str(self.out), "--json", *options]

    def resumed(self, *more):
        return [*self.words, "--checkpoint", str(self.checkpoints), "--checkpoint-every", "1",
                "--resume", *more]

    def digest(self, words):
        """Runs to the end; the digest of the weights."""
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"exit code {done.returncode} of {words}: {done.stderr}")
        return json.loads(done.stdout)["weights_digest"]

    def clear(self):
        """Back to a folder in which nothing was run."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def files(self):
        """All below the folder of checkpoints: of several networks each has one in it."""
        return [path for path in self.checkpoints.rglob("*") if not path.is_dir()] if self.checkpoints.exists() else []

    def leftovers(self):
        """What lies between the checkpoints: temporary files of runs that were killed."""
        return [path.name for path in self.files() if not path.name.startswith("checkpoint-")]

    def complete(self, epochs):
        """When the last checkpoint of each network that has so many epochs was written."""
        return {path: path.stat().st_mtime_ns for path in self.files() if f"-{epochs:08}-" in path.name}
