#!/usr/bin/env python3
"""onnx_runtime.py COMMAND DATASETS: models exported as ONNX are valid for its checker, and ONNX Runtime gives the
labels and, to 1e-5, the numbers of `batchprop predict`: of every activation, loss, kind of column, and preset. Exit
status 77 (skipped) where onnx or onnxruntime is not installed, or COMMAND is built without ONNX."""

import pathlib
import subprocess
import sys
import tempfile

import models

try:
    import numpy
    import onnx
    import onnxruntime
except ImportError as missing:
    print(f"{missing.name} is not installed")
    sys.exit(77)

TOLERANCE = 1e-5
KINDS = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64, "tensor(string)": object}


class Graph:
    """A model in ONNX Runtime."""

    def __init__(self, command, path, *options):
        self.path = path.with_suffix(".onnx")
        done = subprocess.run([command, "export", path, "--out", self.path, *options], capture_output=True, text=True)
        if "without the format" in done.stderr:
            print("the command is built without ONNX")
            sys.exit(77)
        assert done.returncode == 0, done.stderr
        onnx.checker.check_model(str(self.path), full_check=True)
        self.start(str(self.path))

    def start(self, file):
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        settings.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(file, settings, providers=["CPUExecutionProvider"])

    def run(self, rows):
        """By the names of the outputs; rows as of models.Model, a column after the other of each kind."""
        numbers = [row[0] for row in rows]
        texts = [row[1] for row in rows]
        feed = {}
        for value in self.session.get_inputs():
            width = value.shape[1]
            source = texts if value.type == "tensor(string)" else numbers
            feed[value.name] = numpy.array([row[:width] for row in source], KINDS[value.type]).reshape(-1, width)
            source[:] = [row[width:] for row in source]
        assert not any(numbers) and not any(texts), "cells that no input takes"
        names = [value.name for value in self.session.get_outputs()]
        return dict(zip(names, self.session.run(names, feed)))


def shares(outputs):
    """As predict_proba() of the Python package."""
    positive = numpy.maximum(outputs, 0)
    total = positive.sum(axis=1, keepdims=True)
    return numpy.where(total > 0, positive / numpy.where(total > 0, total, 1), 1 / outputs.shape[1])


def distance(found, expected, near):
    """The largest relative difference; numbers below `near` times the largest in their column are differences of
    larger ones, and count as if they had that size."""
    assert found.shape == expected.shape, (found.shape, expected.shape)
    size = numpy.maximum(abs(expected), abs(expected).max(axis=0) * near)
    return (abs(found - expected) / numpy.where(size > 0, size, 1)).max()


def compare(model, graph):
    """False and a message where it gives something else."""
    names, outputs = zip(*graph.run(model.rows).items())
    expected = numpy.array(model.printed)
    near = 1 if model.case.wide else 1e-3
    after = "1" if names[0][:-1] in [column["name"] for column in model.columns] else ""
    if model.classes is None:
        right = names == (f"variable{after}",)
        most = distance(outputs[0], expected, near)
    else:
        right = names == (f"label{after}", f"probabilities{after}") and list(map(str, outputs[0])) == model.answers
        most = distance(outputs[1], shares(expected), near)
    right = right and most <= TOLERANCE
    print(f"{'ok' if right else 'not ok'} - {model.case.name}: {most:.1e}")
    return right


def compare_raw(command, model, graph):
    """The network alone gives the outputs for the input neurons that the whole graph has inside."""
    whole = onnx.load(graph.path)
    whole.graph.output.append(onnx.helper.make_tensor_value_info("/inputs", onnx.TensorProto.FLOAT, None))
    graph.start(whole.SerializeToString())
    neurons = graph.run(model.rows)["/inputs"]
    raw = Graph(command, model.path, "--raw").session.run(None, {"X": neurons})[0]
    right = distance(raw, numpy.array(model.printed), 1e-3) <= TOLERANCE
    print(f"{'ok' if right else 'not ok'} - {model.case.name}, raw")
    return right


def more_cases(folder, datasets):
    """What other formats need not tell apart, and the data sets by each preset."""
    small, put = models.SMALL, models.put_csv
    names = put(folder / "names.csv", ["label", "/inputs", "probabilities", "variable", "the class"],
                [[k % 5, "uvw"[k % 3], k % 7, k % 11, k % 3 - 1] for k in range(60)])
    yield models.Case("names", [names], [*small, "--target", "the class", "--categorical", "the class"])
    yield models.Case("negative", [names], [*small, "--activation", "tanh", "--output-activation", "tanh", "--target",
                                     "the class", "--categorical", "the class"], wide=True)
    yield models.Case("targets", [put(folder / "targets.csv", ["x", "y", "time"],
                               [[k / 8, k * k % 13, 1800000000 + k * 60] for k in range(60)])],
               [*small, "--preset", "modern", "--target", "y,time"])
    for preset in ("classic", "quick", "modern", "ensemble"):
        for table in ("iris", "digits-train", "xor"):
            if (preset, table) != ("ensemble", "xor"):  # of four rows
                yield models.Case(f"{table}-{preset}", [datasets / f"{table}.csv"],
                           ["--preset", preset, "--epochs", "2", "--threads", "1"])


def refuses_unknown(model, graph):
    """A category that training did not have is an error, where no other treatment was asked for."""
    try:
        graph.run([(numbers, ["never seen" for _ in texts]) for numbers, texts in model.rows])
    except onnxruntime.capi.onnxruntime_pybind11_state.Fail:
        return True
    print(f"not ok - {model.case.name}: unknown categories are taken")
    return False


def takes_any_rows(model, graph):
    """None, and one, as well as many."""
    outputs = graph.run(model.rows)
    for count in (0, 1):
        for name, rows in graph.run(model.rows[:count]).items():
            expected = outputs[name][:count]
            numeric = rows.dtype != object
            if rows.shape != expected.shape or not (numpy.allclose(rows, expected) if numeric else all(rows == expected)):
                print(f"not ok - {model.case.name}: {name} of {count} rows")
                return False
    return True


def check(command, case, folder):
    """How many comparisons fail."""
    model = models.make(command, None, case, folder)
    graph = Graph(command, model.path, "--unknown", case.unknown)
    wrong = not compare(model, graph)
    if case.name in ("mixed", "iris-quick"):
        wrong += not takes_any_rows(model, graph)
    if case.name == "mixed":
        wrong += not refuses_unknown(model, graph)
    if case.name in ("indicator", "digits-train-ensemble"):
        wrong += not compare_raw(command, model, graph)
    return wrong


def main(command, datasets):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cases = [*models.cases(folder), *more_cases(folder, datasets)]
        return 1 if sum(check(command, case, folder) for case in cases) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
