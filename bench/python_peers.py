#!/usr/bin/env python3
"""The estimators beside scikit-learn's networks, both with their defaults, on the same rows: seconds of a fit, and the
score on rows held out. Medians over seeds, and of the ratio the least and the greatest.

    python_peers.py [--mnist FOLDER] [--plot FILE] [NAME...]
    python_peers.py --overhead

NAME: digits, cancer, regression, mnist (which needs FOLDER with the files of datasets/get.sh); else all but mnist.
--overhead: microseconds beyond the checks of scikit-learn of a fit of iris for one epoch, and of a prediction of one row.
--plot draws the loss of each epoch and errors on rows held out over the time, on digits with one thread, and needs
Matplotlib."""

import argparse
import functools
import gzip
import pathlib
import statistics
import time
import warnings

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, make_friedman1
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.utils.multiclass import check_classification_targets
from threadpoolctl import threadpool_limits

from batchprop import BatchpropClassifier, BatchpropRegressor


def read_mnist(folder):
    def cells(name, head):
        with gzip.open(pathlib.Path(folder) / f"{name}.gz") as file:
            return np.frombuffer(file.read(), np.uint8, offset=head)

    parts = []
    for part in ("train", "t10k"):
        labels = cells(f"{part}-labels-idx1-ubyte", 8)
        parts.append((cells(f"{part}-images-idx3-ubyte", 16).reshape(len(labels), -1).astype(np.float32), labels))
    (X, y), (X_test, y_test) = parts
    return X, X_test, y, y_test


def load(name, mnist):
    if name == "mnist":
        return read_mnist(mnist)
    if name == "regression":
        return train_test_split(*make_friedman1(25000, 8, noise=1.0, random_state=0), train_size=20000, random_state=0)
    X, y = (load_digits if name == "digits" else load_breast_cancer)(return_X_y=True)
    return train_test_split(X, y, test_size=0.2, random_state=0, stratify=y)


def train(make, rows, seed):
    """Seconds of a fit, and the score held out."""
    X, X_test, y, y_test = rows
    model = make(random_state=seed)
    start = time.perf_counter()
    model.fit(X, y)
    return time.perf_counter() - start, model.score(X_test, y_test)


def measure(make, rows, seeds):
    """Medians of the seconds and of the score."""
    return [statistics.median(column) for column in zip(*(train(make, rows, seed) for seed in seeds))]


def compare(name, ours, theirs, rows, seeds):
    """A row of the table: both in turns, so that what slows the machine down slows both."""
    train(ours, [part[:100] for part in rows], 1)
    turns = [(*train(theirs, rows, seed), *train(ours, rows, seed)) for seed in range(1, seeds + 1)]
    other, their_score, mine, score = (statistics.median(column) for column in zip(*turns))
    times = [turn[0] / turn[2] for turn in turns]
    print(f"| {name} | {other:.3g} | {their_score:.4f} | {mine:.3g} | {score:.4f} | {statistics.median(times):.1f} "
          f"({min(times):.1f} to {max(times):.1f}) |", flush=True)


def time_both(call, checks, turns=1500):
    """Medians of two calls in turns, so that each finds the caches as the other leaves them; microseconds."""
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        call()
        middle = time.perf_counter()
        checks()
        times.append((middle - start, time.perf_counter() - middle))
    return [1e6 * statistics.median(column) for column in zip(*times)]


def print_overhead():
    X, y = load_iris(return_X_y=True)
    print("| call | µs | checks | beyond them |\n|---|---|---|---|")
    for hidden in ((8,), None):
        model = BatchpropClassifier(hidden_layer_sizes=hidden, max_iter=1)

        def check_rows():
            model._validate(X, y, None, True, False)
            check_classification_targets(y)

        times = time_both(lambda: model.fit(X, y), check_rows)
        print(f"| fit, {'default layers' if hidden is None else '8 neurons'} | {times[0]:.0f} | {times[1]:.0f} | "
              f"{times[0] - times[1]:.0f} |")
    times = time_both(lambda: model.predict(X[:1]), lambda: model._checked(X[:1], reset=False))
    print(f"| predict, one row | {times[0]:.0f} | {times[1]:.0f} | {times[0] - times[1]:.0f} |")


def plot(path, rows):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    X, X_held, y, y_held = rows
    figure, (losses, errors) = pyplot.subplots(1, 2, figsize=(9, 4))
    for make, label in ((functools.partial(BatchpropClassifier, n_jobs=1), "batchprop"), (MLPClassifier, "MLPClassifier")):
        model = make(random_state=1)
        start = time.perf_counter()
        model.fit(X, y)
        seconds = time.perf_counter() - start
        losses.plot(np.linspace(0, seconds, len(model.loss_curve_) + 1)[1:], model.loss_curve_, label=label)
        fits = [measure(functools.partial(make, max_iter=epochs), rows, range(1, 4))
                for epochs in (1, 2, 3, 5, 8, 12, 20, 30, 50, 80)]
        errors.plot([seconds for seconds, _ in fits], [1 - score for _, score in fits], "o-", label=label)
    losses.set(xlabel="seconds of one fit", ylabel="loss of the training rows", xscale="log", yscale="log")
    errors.set(xlabel="seconds of fits with max_iter from 1 to 80", ylabel="wrong classes of rows held out",
               xscale="log", yscale="log")
    errors.set_yticks([0.02, 0.05, 0.1, 0.2, 0.5], ["2 %", "5 %", "10 %", "20 %", "50 %"])
    errors.yaxis.set_minor_formatter("")
    errors.legend()
    figure.suptitle("digits, 1437 rows, one thread")
    figure.tight_layout()
    figure.savefig(path, dpi=100)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=["digits", "cancer", "regression"])
    parser.add_argument("--mnist")
    parser.add_argument("--plot")
    parser.add_argument("--overhead", action="store_true")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.overhead:
        print_overhead()
        return
    print("| data | scikit-learn, s | score | batchprop, s | score | times as fast |")
    print("|---|---|---|---|---|---|")
    for name in arguments.names:
        rows = load(name, arguments.mnist)
        ours, theirs = ((BatchpropRegressor, MLPRegressor) if name == "regression" else
                        (BatchpropClassifier, MLPClassifier))
        compare(name, ours, theirs, rows, arguments.seeds)
    if arguments.plot:
        with threadpool_limits(1):
            plot(arguments.plot, load("digits", None))


if __name__ == "__main__":
    main()
