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
