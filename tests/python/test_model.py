"""batchprop.Model: files, weights, predictions."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest
from scipy.special import erf
from sklearn.datasets import make_regression

from batchprop import BatchpropClassifier, BatchpropRegressor, Model


@pytest.fixture(scope="module")
def classifier(iris):
    return BatchpropClassifier(max_iter=20).fit(*iris)


@pytest.fixture(scope="module")
def regressor():
    X, y = make_regression(200, 4, random_state=0)
    X = (1e3 + X).astype(np.float32)
    y = 5 + 100 * y
    return BatchpropRegressor(max_iter=20).fit(X, y), X, y


def test_a_file_holds_the_same_bits(classifier, iris, tmp_path):
    classifier.model_.save(tmp_path / "iris.safetensors")
    again = Model.load(tmp_path / "iris.safetensors")
    assert again.weights_digest == classifier.weights_digest_
    assert np.array_equal(again.outputs(iris[0]), classifier.model_.outputs(iris[0]))


def test_a_file_that_is_missing_or_no_model_is_an_error(tmp_path):
    with pytest.raises(OSError, match="none.safetensors"):
        Model.load(tmp_path / "none.safetensors")
    (tmp_path / "text").write_text("no model")
    with pytest.raises(ValueError, match="text"):
        Model.load(tmp_path / "text")


def pickled(model):
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickled])
@pytest.mark.parametrize("members", [1, 3])
def test_copies_have_equal_bits(iris, members, again):
    model = BatchpropClassifier(max_iter=3, members=members).fit(*iris).model_
    other = again(model)
    assert other.weights_digest == model.weights_digest and other.members == members
    assert np.array_equal(other.outputs(iris[0]), model.outputs(iris[0]))


def test_what_is_pickled_is_the_file(classifier, tmp_path):
    classifier.model_.save(tmp_path / "iris.safetensors")
    assert classifier.model_.__getstate__() == (tmp_path / "iris.safetensors").read_bytes()


def test_a_damaged_pickle_is_an_error(classifier):
    state = bytearray(classifier.model_.__getstate__())
    state[-1] ^= 1
    with pytest.raises(ValueError, match="damaged"):
        Model.__new__(Model).__setstate__(bytes(state))


def test_outputs_follow_from_the_weights(regressor):
    model, X, y = regressor
    columns, target = model.model_.inputs, model.model_.targets[0]
    o = np.array([[((row[c.first] - c.origin) - c.shift) * c.scale for c in columns] for row in X.astype(float)])
    for layer in model.model_.layers:
        n = o @ layer.weights.T.astype(float) - layer.thresholds
        o = n * 0.5 * (1 + erf(n / 2**0.5)) if layer.activation == "gelu" else n
    expected = o[:, 0] / target.scale + target.shift + target.origin
    # The chains of the library have 97 terms in binary32.
    assert np.abs(model.predict(X) - expected).max() < 97 * np.finfo(np.float32).eps * y.std()


def test_weights_are_copied_once_and_cannot_be_written(classifier):
    assert classifier.model_.weights[0] is classifier.model_.weights[0]
    assert [weights.shape for weights in classifier.model_.weights] == [(64, 4), (64, 64), (3, 64)]
    with pytest.raises(ValueError, match="read-only"):
        classifier.model_.weights[0][0, 0] = 1
    assert classifier.coefs_[0].shape == (4, 64)
    assert np.array_equal(classifier.intercepts_[0], -classifier.model_.thresholds[0])


def test_one_row_is_a_row_of_many(classifier, iris):
    X = iris[0].astype(np.float32)
    many = classifier.model_.outputs(X)
    assert many.dtype == np.float32
    for row, outputs in zip(X, many):
        assert np.array_equal(classifier.model_.outputs(row), outputs)
    assert np.array_equal(classifier.model_.outputs(np.asfortranarray(X)), many)
    assert np.array_equal(classifier.model_.outputs(X[::2]), many[::2])


def test_classes_have_names(classifier, iris):
    X, y = iris
    assert list(classifier.model_.classes) == ["0", "1", "2"]
    assert classifier.model_.predict(X[0]) == str(classifier.predict(X[:1])[0])
    assert list(classifier.model_.predict(X)) == [str(one) for one in classifier.predict(X)]


@pytest.mark.parametrize("X", [np.zeros(3), np.zeros((2, 5), np.float32), np.zeros((2, 2, 4))])
def test_another_width_is_an_error(classifier, X):
    with pytest.raises(ValueError, match="4 inputs"):
        classifier.model_.outputs(X)


def test_members_are_models(iris):
    model = BatchpropClassifier(members=3, max_iter=5).fit(*iris).model_
    assert model.members == 3 and model.member_weights.sum() == pytest.approx(1)
    mean = sum(weight * model.member(k).outputs(iris[0]) for k, weight in enumerate(model.member_weights))
    assert np.allclose(model.outputs(iris[0]), mean, atol=1e-6)
    with pytest.raises(IndexError):
        model.member(3)
    with pytest.raises(ValueError, match="3 networks"):
        model.layers


@pytest.mark.parametrize("activation", ["logistic", "tanh", "relu", "leaky-relu", "gelu", "silu", "elu", "softplus",
                                        "identity"])
def test_a_module_of_torch_predicts_the_same(activation, iris):
    torch = pytest.importorskip("torch")
    X, y = iris
    for model in (BatchpropClassifier(activation=activation, max_iter=5).fit(X, y),
                  BatchpropRegressor(activation=activation, max_iter=5).fit(X, y)):
        module = model.model_.to_torch()
        outputs = module(torch.tensor(X, dtype=torch.float32)).detach().numpy()
        assert np.allclose(outputs, model.model_.outputs(X), atol=1e-5)


def test_a_model_needs_no_scikit_learn(classifier, tmp_path):
    path = tmp_path / "iris.safetensors"
    classifier.model_.save(path)
    program = (f"import sys; from batchprop import Model; Model.load({str(path)!r}).predict([5, 3, 1, 0]);"
               "assert 'sklearn' not in sys.modules")
    subprocess.run([sys.executable, "-c", program], check=True)
