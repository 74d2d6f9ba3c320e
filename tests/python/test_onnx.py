"""Models exported as ONNX, in ONNX Runtime, by the scripts of tests/export and beside estimators."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import batchprop

ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.parametrize("words", [["onnx_runtime.py", ROOT / "datasets"], ["onnx_conventions.py"]])
def test_graphs_give_what_the_command_predicts(words):
    command = ROOT / "build-test" / "release" / "src" / "cli" / "batchprop"  # that of the package takes a second to start
    if not command.exists():
        pytest.skip(f"{command} is not built")
    script = ROOT / "tests" / "export" / words[0]
    done = subprocess.run([sys.executable, "-B", script, command, *words[1:]], capture_output=True, text=True)
    if done.returncode == 77:
        pytest.skip(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("classes", [["down", "side", "up"], [-1, 2, 10]])
@pytest.mark.parametrize("loss", ["cross-entropy", "mse"])
def test_label_and_probabilities_are_those_of_the_estimator(classes, loss, tmp_path):
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    pandas = pytest.importorskip("pandas")
    rows = np.arange(120)
    frame = pandas.DataFrame({"a": np.where(rows % 7 == 3, np.nan, rows % 11), "b": rows * 5 % 13 / 4,
                              "kind": np.array(["red", "green", "blue"])[rows % 3]})
    y = np.array(classes)[rows % 11 // 4]
    model = batchprop.BatchpropClassifier(max_iter=5, missing="mean", unknown="ignore", loss=loss,
                                          output_activation="softmax" if loss == "cross-entropy" else "logistic")
    model.fit(frame, y)
    frame.loc[::5, "kind"] = "mauve"
    model.model_.save(tmp_path / "m.safetensors")
    subprocess.run([sys.executable, "-m", "batchprop", "export", tmp_path / "m.safetensors", "--out",
                    tmp_path / "m.onnx", "--unknown", "ignore"], check=True, capture_output=True)
    session = runtime.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"])
    feed = {value.name: frame[[value.name]].to_numpy(object if "string" in value.type else np.float32)
            for value in session.get_inputs()}
    label, probabilities = session.run(None, feed)
    assert_array_equal(label, model.predict(frame))
    assert label.dtype == (object if isinstance(classes[0], str) else np.int64)
    assert_allclose(probabilities, model.predict_proba(frame), rtol=1e-5)
