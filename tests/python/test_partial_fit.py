"""partial_fit: one pass over the rows of each call, by an optimizer that goes on."""

import copy
import multiprocessing
import pickle

import numpy as np
import pytest

from batchprop import BatchpropClassifier, BatchpropRegressor

PLAIN = {"shuffle": False, "dropout": 0, "hidden_layer_sizes": (8,)}


def pickled(model):
    return pickle.loads(pickle.dumps(model))


def test_part_by_part(digits):
    X, y, X_held, y_held = digits
    model = BatchpropClassifier()
    for _ in range(8):
        for rows in np.array_split(np.arange(len(y)), 3):
            model.partial_fit(X[rows], y[rows], classes=np.arange(10))
    assert model.n_iter_ == len(model.loss_curve_) == 24
    assert model.score(X_held, y_held) > 0.95
    with pytest.raises(ValueError, match="not the same"):
        model.partial_fit(X, y, classes=[0, 1])


@pytest.mark.parametrize("solver", ["sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw", "irprop"])
def test_calls_are_epochs_of_a_fit_with_a_constant_rate(iris, solver):
    X, y = iris
    model = BatchpropClassifier(solver=solver, **PLAIN)
    for _ in range(4):
        model.partial_fit(X, y)
    whole = BatchpropClassifier(solver=solver, schedule="constant", max_iter=4, **PLAIN).fit(X, y)
    assert model.weights_digest_ == whole.weights_digest_
    assert np.allclose(model.loss_curve_, whole.loss_curve_)


@pytest.mark.parametrize("solver", ["momentum", "adam"])
def test_the_state_of_the_optimizer_matters(iris, solver):
    X, y = iris
    model = BatchpropClassifier(solver=solver, **PLAIN).partial_fit(X, y)
    other = pickled(model)
    other._online = None
    assert model.partial_fit(X, y).weights_digest_ != other.partial_fit(X, y).weights_digest_


def test_a_call_is_calls_on_its_batches(iris):
    X, y = iris
    together, apart = (BatchpropClassifier(learning_rate_init=0.01, alpha=0.01, shuffle=False).fit(X, y) for _ in range(2))
    together.partial_fit(X, y)
    for first in range(0, len(y), 64):
        apart.partial_fit(X[first : first + 64], y[first : first + 64])
    assert together.weights_digest_ == apart.weights_digest_


def test_a_row_at_a_time():
    random = np.random.default_rng(0)
    X = random.random((600, 3))
    y = X @ [1.0, -2.0, 0.5]
    model = BatchpropRegressor(hidden_layer_sizes=(), learning_rate_init=0.01, alpha=0).partial_fit(X[:20], y[:20])
    before = model.score(X, y)
    for k in range(20, 600):
        model.partial_fit(X[k : k + 1], y[k : k + 1])
    assert model.n_iter_ == 581
    assert model.score(X, y) > max(before, 0.99)


@pytest.mark.parametrize("again", [pickled, copy.deepcopy])
def test_copies_go_on_to_the_same_bits(iris, again):
    X, y = iris
    model = BatchpropClassifier(**{**PLAIN, "shuffle": True}).partial_fit(X, y)
    other = again(model)
    assert other.weights_digest_ == model.weights_digest_
    assert other.partial_fit(X, y).weights_digest_ == model.partial_fit(X, y).weights_digest_


def test_calls_are_shuffled_by_the_seed(iris):
    X, y = iris
    digests = [BatchpropClassifier(random_state=seed, dropout=0, shuffle=shuffle).fit(X, y).set_params(random_state=3)
               .partial_fit(X, y).weights_digest_ for seed, shuffle in ((1, True), (1, True), (1, False))]
    assert digests[0] == digests[1] != digests[2]


def test_the_learning_rate_may_change(iris):
    X, y = iris
    model, slower = (BatchpropClassifier(**PLAIN, learning_rate_init=0.01).partial_fit(X, y) for _ in range(2))
    online = slower._online
    slower.set_params(learning_rate_init=0.001)
    assert model.partial_fit(X, y).weights_digest_ != slower.partial_fit(X, y).weights_digest_
    assert slower._online is online
    assert slower.set_params(solver="sgd").partial_fit(X, y)._online is not online


def test_weights_count_as_they_are(iris):
    X, y = iris
    weights = np.arange(len(y)) % 3.0
    weighted, without = (BatchpropClassifier(**PLAIN).partial_fit(X, y) for _ in range(2))
    weighted.partial_fit(X, y, sample_weight=weights > 0)
    without.partial_fit(X[weights > 0], y[weights > 0])
    assert weighted.weights_digest_ == without.weights_digest_
    by_class, by_row = (BatchpropClassifier(**PLAIN, class_weight=one) for one in ({0: 3, 1: 0.5}, None))
    assert (by_class.partial_fit(X, y).weights_digest_ ==
            by_row.partial_fit(X, y, sample_weight=np.array([3, 0.5, 1])[y]).weights_digest_)


@pytest.mark.parametrize(("values", "sentence"), [
    ({"class_weight": "balanced"}, "^class_weight: .*'balanced'"),
    ({"class_weight": {7: 1}}, "^class_weight: there is no class '7'"),
    ({"class_weight": {0: -1}}, "^class_weight: .*from 0 on"),
    ({"class_weight": {0: 0, 1: 0, 2: 0}}, "every row has the weight 0"),
    ({"members": 2}, "one network"),
    ({"preset": "ensemble"}, "one network"),
    ({"early_stopping": True}, "early_stopping"),
    ({"learning_rate_init": -1.0}, "^learning_rate_init"),
])
def test_what_it_cannot_do_is_named(iris, values, sentence):
    with pytest.raises(ValueError, match=sentence):
        BatchpropClassifier(**values).partial_fit(*iris)


def test_a_wrong_rate_of_a_later_call_is_named(iris):
    model = BatchpropClassifier().partial_fit(*iris)
    with pytest.raises(ValueError, match="^learning_rate_init -1"):
        model.set_params(learning_rate_init=-1.0).partial_fit(*iris)


def test_rows_that_are_refused_change_nothing():
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame({"color": ["red", "blue"] * 40, "size": np.arange(80.0)})
    strange = pandas.DataFrame({"color": ["red"] * 70 + ["pink"], "size": np.arange(71.0)})
    y = np.arange(80.0)
    model, other = (BatchpropRegressor(**PLAIN).partial_fit(X, y) for _ in range(2))
    with pytest.raises(ValueError, match="pink"):
        model.partial_fit(strange[70:], y[:1])
    assert model.partial_fit(X, y).weights_digest_ == other.partial_fit(X, y).weights_digest_
    # The first batch of these is learned: what came of it is dropped, with the optimizer.
    before, online = model.weights_digest_, model._online
    with pytest.raises(ValueError, match="pink"):
        model.partial_fit(strange, y[:71])
    assert model.weights_digest_ == before and model.partial_fit(X, y)._online is not online


def test_a_call_that_diverges_leaves_the_network_of_the_one_before(iris):
    model = BatchpropClassifier(solver="sgd").partial_fit(*iris)
    before = model.weights_digest_
    with pytest.raises(FloatingPointError):
        model.set_params(learning_rate_init=1e30).partial_fit(*iris)
    assert model.weights_digest_ == before
    assert np.isfinite(model.set_params(learning_rate_init=0.1).partial_fit(*iris).loss_)


def test_frames_and_several_labels_are_learned_in_parts():
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame({"size": [0.5, None, 0.7] * 60, "color": ["red", "blue", "red"] * 60})
    y = np.array([[0, 1], [1, 1], [0, 0]] * 60)
    model = BatchpropClassifier(missing="mean", hidden_layer_sizes=(8,), alpha=0)
    for _ in range(30):
        model.partial_fit(X, y)
    assert model.score(X, y) == 1
    assert pickled(model).partial_fit(X[:5], y[:5]).weights_digest_ == model.partial_fit(X[:5], y[:5]).weights_digest_


def test_verbose_prints_each_call(iris, capsys):
    BatchpropClassifier(verbose=True).partial_fit(*iris).partial_fit(*iris)
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "Call 1 of partial_fit", "Call 2 of partial_fit"]


def go_on(model, rows, queue):
    queue.put(model.partial_fit(*rows).weights_digest_)


def test_a_child_of_fork_goes_on(iris):
    model = BatchpropClassifier(n_jobs=2, **PLAIN).partial_fit(*iris)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=go_on, args=(model, iris, queue))
    child.start()
    assert queue.get(timeout=60) == model.partial_fit(*iris).weights_digest_
    child.join(60)
    assert child.exitcode == 0
