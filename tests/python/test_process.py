"""Threads, forks, signals and memory of a process that fits."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from sklearn.datasets import make_regression

from batchprop import BatchpropClassifier, BatchpropRegressor

# A fit that would take minutes; prints when it has begun.
LONG_FIT = """
import numpy as np, signal, time
from batchprop import BatchpropRegressor
signal.signal(signal.SIGINT, signal.default_int_handler)  # not ignored, as in the background of a shell
signal.alarm(20)  # ends the process where the fit does not
X = np.random.default_rng(0).random((20000, 50), np.float32)
model = BatchpropRegressor(hidden_layer_sizes=(256, 256), max_iter=10**6, {values})
print("begun", flush=True)
try:
    model.fit(X, X[:, 0])
except KeyboardInterrupt:
    print("ended", time.time(), flush=True)
"""


@pytest.mark.parametrize("values", ["n_jobs=1", "n_jobs=2", "members=2"])
def test_control_c_stops_a_fit_at_once(values):
    program = LONG_FIT.format(values=values)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "begun\n"
        time.sleep(1.5)
        sent = time.time()
        child.send_signal(signal.SIGINT)
        ended = child.stdout.readline().split()
        # A run asks ten times a second; a machine that others share is not always there.
        assert ended[0] == "ended" and float(ended[1]) - sent < 1.0
        assert child.wait(30) == 0


@pytest.mark.parametrize(("first", "values"), [
    ("import polars", "{}"),  # it has a handler of its own, which takes more arguments
    ("inner = BatchpropRegressor(max_iter=1, hidden_layer_sizes=(2,))",
     "{'callback': lambda progress: inner.fit(X[:9], X[:9, 0]) and None}"),
])
def test_control_c_is_seen_beside_other_handlers(first, values):
    program = LONG_FIT.format(values="n_jobs=1").replace("X = np", f"{first}\nX = np")
    program = program.replace("(256, 256)", "(8,)").replace("X[:, 0])", f"X[:, 0], **{values})")
    program = program.replace("print(\"begun\"", "import os, threading\n"
                              "threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()\nprint(\"begun\"")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.split()[:2] == ["begun", "ended"], done.stderr


def test_a_signal_handler_that_returns_lets_the_fit_go_on(iris):
    seen = []
    before = signal.signal(signal.SIGINT, lambda *_: seen.append(1))
    sender = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    try:
        sender.start()
        model = BatchpropClassifier(max_iter=4000, n_jobs=1).fit(*iris)
    finally:
        sender.join()
        signal.signal(signal.SIGINT, before)
    assert seen == [1] and model.n_iter_ == 4000
    alone = BatchpropClassifier(max_iter=4000, n_jobs=1).fit(*iris)
    assert alone.weights_digest_ == model.weights_digest_


def test_the_lock_of_the_interpreter_is_released():
    X, y = make_regression(2000, 20, random_state=0)
    fitting = threading.Thread(target=BatchpropRegressor(max_iter=300, n_jobs=1).fit, args=(X, y))
    fitting.start()
    turns = 0
    while fitting.is_alive():
        turns += 1
        time.sleep(0.001)
    assert turns > 5


def test_threads_that_fit_at_the_same_time_do_not_meet(iris):
    X, y = iris
    alone = [BatchpropClassifier(random_state=seed, max_iter=50).fit(X, y).weights_digest_ for seed in range(4)]
    together = {}

    def fit(seed):
        together[seed] = BatchpropClassifier(random_state=seed, max_iter=50).fit(X, y).weights_digest_

    threads = [threading.Thread(target=fit, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[seed] for seed in range(4)] == alone


def test_threads_that_predict_by_one_model_do_not_meet(iris):
    X, y = iris
    model = BatchpropClassifier(max_iter=5).fit(X, y).model_
    expected, wrong = model.outputs(X), []

    def predict():
        for _ in range(300):
            if not np.array_equal(model.outputs(X), expected):
                wrong.append(1)

    threads = [threading.Thread(target=predict) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def fit_in_child(queue):
    X, y = make_regression(500, 5, random_state=0)
    queue.put(BatchpropRegressor(max_iter=10, n_jobs=2).fit(X, y).weights_digest_)


def test_a_child_of_fork_fits_after_its_parent():
    X, y = make_regression(500, 5, random_state=0)
    model = BatchpropRegressor(max_iter=10, n_jobs=2).fit(X, y)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=fit_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == model.weights_digest_
    child.join(60)
    assert child.exitcode == 0


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="there is no /proc")
def test_a_thousand_fits_take_no_memory(iris):
    X, y = iris
    model = BatchpropClassifier(max_iter=1, hidden_layer_sizes=(256, 256), n_jobs=1)

    def fit(count):
        for _ in range(count):
            model.fit(X, y).predict(X)

    fit(100)
    before = resident()
    fit(1000)
    # A model has 270 kB: one that is kept in each fit would be 270 MB.
    assert resident() - before < 5_000_000


PEAK = """
import numpy as np
from batchprop import BatchpropClassifier
random = np.random.default_rng(0)
X = random.random((60000, 784), np.float32)
y = random.integers(0, 10, 60000)
small = BatchpropClassifier(hidden_layer_sizes=(16,), max_iter=1, n_jobs=1)
small.fit(X[:1000], y[:1000])
before = peak()
small.fit(X, y)
after = peak()
print((after - before) / X.nbytes)
"""


def test_a_fit_uses_its_rows_where_they_are(measure):
    assert measure(PEAK) < 0.3
