"""Runs of `batchprop train` with checkpoints in a folder of their own."""

import json
import pathlib
import shutil
import subprocess


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

    def leftovers(self):
        """What lies between the checkpoints: temporary files of runs that were killed."""
        return [path.name for path in self.checkpoints.iterdir()
                if not path.name.startswith("checkpoint-")]
