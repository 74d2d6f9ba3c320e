"""Runs of the command under a preload library of this folder, and what must hold after each."""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import default_signals  # noqa: E402


def run(words, library, folder, **variables):
    """`words` with the preload `library` (None: without), in `folder`; BATCHPROP_FAULT and the like are `variables`."""
    environment = dict(os.environ, **variables)
    environment.pop("LD_PRELOAD", None)
    if library:
        environment["LD_PRELOAD"] = str(library)
    return subprocess.run([str(word) for word in words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60, check=False, preexec_fn=default_signals.restore)


def leftovers(folder):
    """Temporary files below a folder."""
    return [path for path in pathlib.Path(folder).rglob("*") if re.fullmatch(r"\.batchprop-[0-9a-f]{16}-\d+\.tmp", path.name)]


def messages(done):
    """The failures among the lines on stderr: notes that a command prints without a failure left out,
    and that the counts of a build for coverage cannot be written."""
    notes = ("going on from", "warning:", "times:", "no checkpoint", "no models in", "libgcov profiling error:")
    lines = done.stderr.decode(errors="replace").splitlines()
    return [line for line in lines if not any(line.removeprefix("batchprop: ").startswith(note) for note in notes)]
