#!/usr/bin/env python3
"""onnx_conventions.py COMMAND: the outputs of a model exported as ONNX are those of one of scikit-learn that skl2onnx
converts: their names, types and shapes, and which column of the probabilities belongs to a label. On a table with
numbers, texts, missing cells and categories that training did not have; of classes that are texts or integers, and of
numbers. Exit status 77 (skipped) where one of the packages is not installed."""

import pathlib
import sys
import tempfile

import models
import onnx_runtime

try:
    import numpy
    import onnxruntime
    import pandas
    import skl2onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
except ImportError as missing:
    print(f"{missing.name} is not installed")
    sys.exit(77)

NUMBERS, TEXTS = ["a", "b"], ["colour", "size"]


def make_table(target, unknown=False):
    """A row in seven lacks a number; with `unknown` a row in five has a category that others do not have."""
    rows = range(140)
    table = pandas.DataFrame({
        "a": [k % 11 / 2 for k in rows],
        "b": [numpy.nan if k % 7 == 3 else (k * 5) % 13 - 4 for k in rows],
        "colour": ["mauve" if unknown and k % 5 == 4 else ("red", "green", "blue")[k % 3] for k in rows],
        "size": ["" if k % 10 == 9 else "SML"[k // 7 % 3] for k in rows],
    })
    return table.assign(y=[target(k % 11 > 5, k % 3 == 1) for k in rows])


def convert(table, estimator):
    """By skl2onnx."""
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), NUMBERS),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), TEXTS))
    model = make_pipeline(columns, estimator).fit(table[NUMBERS + TEXTS], table["y"])
    types = [*((name, FloatTensorType([None, 1])) for name in NUMBERS),
             *((name, StringTensorType([None, 1])) for name in TEXTS)]
    options = {id(estimator): {"zipmap": False}} if hasattr(estimator, "predict_proba") else None
    graph = skl2onnx.to_onnx(model, initial_types=types, options=options)
    return onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])


def export(command, table, folder):
    data, path = folder / "table.csv", folder / "model.safetensors"
    table.to_csv(data, index=False)
    models.run(command, "train", data, "--target", "y", "--missing", "mean", "--out", path, "--preset", "quick",
               "--threads", "1")
    return onnx_runtime.Graph(command, path, "--unknown", "ignore").session


def describe(session):
    """Inputs and outputs: names, types, and how many columns each has."""
    return [[(value.name, value.type, value.shape[1:]) for value in values]
            for values in (session.get_inputs(), session.get_outputs())]


def run(session, table):
    feed = {name: table[[name]].to_numpy(numpy.float32) for name in NUMBERS}
    return session.run(None, feed | {name: table[[name]].to_numpy(object) for name in TEXTS})


def columns(outputs):
    """Of each label the column of its probability."""
    labels, probabilities = outputs
    assert abs(probabilities.sum(axis=1) - 1).max() < 1e-6
    pairs = sorted(set(zip(labels.tolist(), probabilities.argmax(axis=1).tolist())))
    assert len(pairs) == len(dict(pairs)) == 3, pairs
    return pairs


def main(command):
    wrong = 0
    settings = {"hidden_layer_sizes": [6], "learning_rate_init": 0.05, "random_state": 0}
    for name, target, estimator in [
            ("texts", lambda p, q: "up" if p else "side" if q else "down", MLPClassifier(**settings)),
            ("integers", lambda p, q: 10 if p else 2 if q else -1, MLPClassifier(**settings)),
            ("numbers", lambda p, q: p * 2.25 + q / 8, MLPRegressor(**settings))]:
        with tempfile.TemporaryDirectory() as folder:
            ours = export(command, make_table(target), pathlib.Path(folder))
            theirs = convert(make_table(target), estimator)
        table = make_table(target, unknown=True)
        found, expected = run(ours, table), run(theirs, table)
        right = describe(ours) == describe(theirs) and [x.dtype for x in found] == [x.dtype for x in expected]
        right = right and (len(found) == 1 or columns(found) == columns(expected))
        print(f"{'ok' if right else 'not ok'} - {name}: {describe(ours)[1]}, {describe(theirs)[1]}")
        wrong += not right
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
