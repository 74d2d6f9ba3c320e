#!/usr/bin/env python3
"""scikit-learn as a worker of bench/peers.py: MLPRegressor in float32 with logistic hidden neurons,
plain SGD without momentum, penalty or shuffling, through partial_fit on arrays in memory. Its output
neurons are linear, which is less work; there is no setting for logistic ones under a squared
error, so that its loss is not compared."""

import sys
import time

import sklearn
import threadpoolctl
from sklearn.neural_network import MLPRegressor

from peer_worker import Problem, repeat, serve


def main():
    problem = Problem(sys.argv[1:])
    model = MLPRegressor(
        hidden_layer_sizes=problem.widths[1:-1], activation="logistic", solver="sgd", alpha=0.0,
        batch_size=problem.batch, learning_rate="constant",
        # Linear outputs diverge at the rate of the others; the work is the same.
        learning_rate_init=problem.rate / 100, shuffle=False, momentum=0.0,
        nesterovs_momentum=False, random_state=1)
    model.partial_fit(problem.inputs[:problem.batch], problem.targets[:problem.batch])
    pools = threadpoolctl.ThreadpoolController()
    start = time.perf_counter()
    model.partial_fit(problem.inputs[:problem.batch], problem.targets[:problem.batch])
    batch_seconds = time.perf_counter() - start

    def run(threads, seconds):
        # Whole epochs in a call where that is not too long: a call checks its arrays first.
        batches = max(1, min(problem.samples // problem.batch, int(seconds / batch_seconds / 2)))
        count = batches * problem.batch
        inputs, targets = problem.inputs[:count], problem.targets[:count]

        def work():
            model.partial_fit(inputs, targets)
            return count

        with pools.limit(limits=threads):
            return repeat(work, seconds), threads

    serve(f"scikit-learn {sklearn.__version__}", run, lambda: None)


main()
