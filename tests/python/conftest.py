"""What the tests of the package share. They look at the package that is installed."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris

# Workers of joblib and children that are started import this folder, too.
ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def iris():
    return load_iris(return_X_y=True)


@pytest.fixture(scope="session")
def digits():
    """Training rows, their digits, the rows held out, their digits: as in datasets/."""
    X, y = load_digits(return_X_y=True)
    held_out = np.arange(len(y)) % 5 == 0
    return X[~held_out], y[~held_out], X[held_out], y[held_out]


@pytest.fixture(scope="session")
def command():
    """Runs the command that the package carries; returns what it prints as JSON."""

    def run(*arguments):
        done = subprocess.run([sys.executable, "-m", "batchprop", *map(str, arguments), "--json"], check=True,
                              capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
        return json.loads(done.stdout)

    return run


# Of this program alone: ru_maxrss has that of the process which started it, too.
PEAK = """
def peak():
    with open("/proc/self/status") as file:
        return 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
"""


@pytest.fixture(scope="session")
def measure():
    """Runs a program that may ask for peak(), its greatest memory in bytes; returns the number that it prints."""
    if not os.path.exists("/proc/self/status"):
        pytest.skip("there is no /proc")
    return lambda program: float(subprocess.run([sys.executable, "-c", PEAK + program], check=True, capture_output=True,
                                                text=True).stdout)
