"""The annotations of the package hold, and say enough for who uses it."""

import subprocess
import sys

import pytest

USER = """
import numpy as np
from batchprop import BatchpropClassifier, Model
model: Model = BatchpropClassifier(max_iter=3, hidden_layer_sizes=(8,)).fit([[0.0]], [1]).model_
digest: str = model.weights_digest
model.outputs(np.zeros(1)).sum()
"""


@pytest.fixture
def check_types(root, tmp_path):
    """Runs mypy; returns its exit status and what it prints."""

    def run(*arguments):
        done = subprocess.run([sys.executable, "-m", "mypy", "--config-file", root / "pyproject.toml", "--cache-dir",
                               tmp_path / "cache", *arguments], capture_output=True, text=True, cwd=tmp_path)
        return done.returncode, done.stdout

    return run


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the last NumPy for it has other annotations")
def test_the_types_of_the_package_are_strict(check_types):
    assert check_types("--package", "batchprop") == (0, "Success: no issues found in 24 source files\n")


@pytest.mark.parametrize(("wrong", "status"), [("", 0), ("BatchpropClassifier(max_iters=3)", 1),
                                               ("digest = model.weights", 1)])
def test_who_uses_it_is_checked(check_types, tmp_path, wrong, status):
    (tmp_path / "user.py").write_text(USER + wrong + "\n")
    assert check_types("user.py")[0] == status
