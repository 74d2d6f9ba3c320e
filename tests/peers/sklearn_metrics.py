#!/usr/bin/env python3
"""sklearn_metrics.py COMMAND ROOT: figures of merit are those of scikit-learn.

Two things are compared: the values recorded in tests/model/test_model_metrics.c, for outputs that both files
make by the same formulas, and what `batchprop eval --json` says of models of classes and of numbers, with
and without weights, for what `batchprop predict` gives out. Exit status 77 (skipped) where scikit-learn is
not installed."""

import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import numpy
    from sklearn import metrics as sk
except ImportError:
    print("scikit-learn is not installed")
    sys.exit(77)

# Sums of some hundred binary64 terms in another order.
TOLERANCE = 1e-12
# What `predict` writes has nine digits.
PRINTED_TOLERANCE = 1e-6


def class_figures(truth, outputs, weight, labels):
    """What bp_metrics has of classes."""
    answer = outputs.argmax(axis=1)
    shares = outputs / outputs.sum(axis=1, keepdims=True)
    average = "binary" if len(labels) == 2 else "macro"
    kept = weight > 0
    truth, answer, shares, weight = truth[kept], answer[kept], shares[kept], weight[kept]
    precision, recall, f1, _ = sk.precision_recall_fscore_support(
        truth, answer, average=average, sample_weight=weight, zero_division=0
    )
    return {
        "accuracy": sk.accuracy_score(truth, answer, sample_weight=weight),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, answer, sample_weight=weight),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "log_loss": sk.log_loss(truth, shares, sample_weight=weight, labels=labels),
    }


def number_figures(truth, outputs, weight):
    """What bp_metrics has of numbers; several targets count the same."""
    squared = sk.mean_squared_error(truth, outputs, sample_weight=weight)
    return {
        "rmse": squared**0.5,
        "mae": sk.mean_absolute_error(truth, outputs, sample_weight=weight),
        "r2": sk.r2_score(truth, outputs, sample_weight=weight),
    }


def synthetic_figures():
    """The cases of tests/model/test_model_metrics.c, by the names that they have there."""
    x = numpy.arange(40)
    ones, weight = numpy.ones(40), (x % 5) / 2
    cases = {}
    for classes in (2, 4):
        c = numpy.arange(classes)
        outputs = ((x[:, None] * 37 + c * 101 + x[:, None] * c * 13) % 97 + 1) / 128
        truth = x * x % 7 % classes
        labels = list(range(classes))
        cases[f"classes_{classes}"] = class_figures(truth, outputs, ones, labels)
        cases[f"classes_{classes}_weighted"] = class_figures(truth, outputs, weight, labels)
    j = numpy.arange(2)
    outputs = (x[:, None] * 29 + j * 11) % 64 / 8
    truth = (x[:, None] * 29 + j * 7 + x[:, None] % 3 * 5) % 64 / 8
    cases["numbers"] = number_figures(truth, outputs, ones)
    cases["numbers_weighted"] = number_figures(truth, outputs, weight)
    return cases


def read_recorded(path):
    """{case: {figure: value}} of the C file."""
    text = pathlib.Path(path).read_text(encoding="utf-8")
    recorded = {}
    for name, body in re.findall(r"figure (\w+)\[\] = \{(.*?)\};", text, re.DOTALL):
        pairs = re.findall(r"\{BP_METRIC_(\w+), ([-0-9.e]+)\}", body)
        recorded[name] = {figure.lower(): float(value) for figure, value in pairs}
    return recorded


def compare(what, wanted, found, tolerance):
    """How many of the figures differ; prints them."""
    wrong = 0
    for name, value in wanted.items():
        if not abs(found[name] - value) <= tolerance * max(1, abs(value)):
            print(f"{what}: {name} is {found[name]!r}, scikit-learn says {value!r}")
            wrong += 1
    return wrong


def run(*arguments):
    """Its stdout."""
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


class Table:
    """Rows of a CSV file, and what a model says of them."""

    def __init__(self, command, folder, text, options):
        self.data, self.model = folder / "data.csv", folder / "model.safetensors"
        self.data.write_text(text, encoding="utf-8")
        self.command = command
        run(command, "train", self.data, "--out", self.model, "--epochs", "4", *options)
        self.rows = list(csv.DictReader(text.splitlines()))
        self.outputs = list(csv.DictReader(run(command, "predict", self.model, self.data).splitlines()))

    def column(self, name):
        """The numbers of a column of the file."""
        return numpy.array([float(row[name]) for row in self.rows])

    def evaluate(self, *options):
        """The object that eval prints."""
        return json.loads(run(self.command, "eval", self.model, self.data, "--json", *options))


def add_column(text, name, values):
    """A CSV text with one more column in front."""
    lines = text.splitlines()
    cells = [name, *values]
    return "".join(f"{cell},{line}\n" for cell, line in zip(cells, lines))


def check_classes(command, folder, iris):
    """How many figures of classes differ."""
    text = add_column(iris, "w", [str(x % 4) for x in range(150)])
    table = Table(command, folder, text, ["--weight", "w"])
    names = [cls["name"] for cls in table.evaluate()["classes"]]
    target = text.splitlines()[0].split(",")[-1]
    truth = numpy.array([names.index(row[target]) for row in table.rows])
    columns = list(table.outputs[0])[-len(names):]
    outputs = numpy.array([[float(row[column]) for column in columns] for row in table.outputs])
    weight = table.column("w")
    labels = list(range(len(names)))
    wrong = compare("iris", class_figures(truth, outputs, weight, labels), table.evaluate(),
                    PRINTED_TOLERANCE)
    found = numpy.array(table.evaluate()["confusion"])
    if (found != sk.confusion_matrix(truth, outputs.argmax(axis=1), labels=labels)).any():
        print(f"iris: the confusion matrix is {found}")
        wrong += 1
    balanced = weight * weight.sum() / (3 * numpy.bincount(truth, weight))[truth]
    wrong += compare("iris, balanced", class_figures(truth, outputs, balanced, labels),
                     table.evaluate("--class-weight", "balanced"), PRINTED_TOLERANCE)
    return wrong


def check_numbers(command, folder, iris):
    """How many figures of numbers differ."""
    lines = [line.rsplit(",", 1)[0] for line in iris.splitlines()]
    text = add_column("\n".join(lines), "w", [str(x % 4) for x in range(150)])
    table = Table(command, folder, text, ["--weight", "w", "--task", "regress"])
    target = lines[0].split(",")[-1]
    outputs = numpy.array([float(row[target]) for row in table.outputs])
    wanted = number_figures(table.column(target), outputs, table.column("w"))
    return compare("iris as numbers", wanted, table.evaluate(), PRINTED_TOLERANCE)


def main():
    """The exit status."""
    command, root = sys.argv[1], pathlib.Path(sys.argv[2])
    synthetic = synthetic_figures()
    recorded = read_recorded(root / "tests/model/test_model_metrics.c")
    if "--print" in sys.argv:
        print(json.dumps(synthetic, indent=1))
        return 0
    wrong = 0
    for name, figures in synthetic.items():
        wrong += compare(name, figures, recorded[name], TOLERANCE)
    iris = (root / "datasets/iris.csv").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        wrong += check_classes(command, pathlib.Path(folder), iris)
        wrong += check_numbers(command, pathlib.Path(folder), iris)
    print("different figures:", wrong)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
