"""Networks of PyTorch, FANN and scikit-learn as models."""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, PolynomialFeatures, StandardScaler

import batchprop
from batchprop import BatchpropClassifier, BatchpropRegressor, Model

FANN = """FANN_FLO_2.1
num_layers=2
layer_sizes=3 2
scale_included=0
neurons (num_inputs, activation_function, activation_steepness)=(0, 0, 0) (0, 0, 0) (0, 0, 0) (3, 3, 0.5) (0, 3, 0)
connections (connected_to_neuron, weight)=(0, 2) (1, -1) (2, 0.5)
"""


def state(*widths, dtype=np.float32):
    random = np.random.RandomState(3)
    made = {}
    for k, (inputs, neurons) in enumerate(zip(widths, widths[1:])):
        made[f"net.{2 * k}.weight"] = random.randn(neurons, inputs).astype(dtype)
        made[f"net.{2 * k}.bias"] = random.randn(neurons).astype(dtype)
    return made


def forward(state, X, activation=np.tanh):
    names = [name for name in state if name.endswith("weight")]
    for name in names:
        X = X @ state[name].T.astype(np.float64) + state[name.replace("weight", "bias")]
        X = activation(X) if name != names[-1] else X
    return X


def softmax(X):
    e = np.exp(X - X.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def fitted(estimator, X, y):
    return estimator.fit(X, y)


def small(kind, **parameters):
    return kind(hidden_layer_sizes=(7, 5), max_iter=30, random_state=0, tol=0, **parameters)


@pytest.fixture(autouse=True)
def quiet():
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


# ---- state dicts ----


def test_a_state_dict_becomes_a_model_of_its_parameters():
    given = state(4, 6, 5, 3)
    model = Model.from_state_dict(given, activation="tanh")
    for layer, (name, weights) in zip(model.layers, [item for item in given.items() if item[0].endswith("weight")]):
        assert np.array_equal(layer.weights, weights)
        assert np.array_equal(-layer.thresholds, given[name.replace("weight", "bias")])
    X = np.random.RandomState(0).randn(50, 4)
    assert np.abs(model.outputs(X) - forward(given, X)).max() < 1e-5


def test_classes_names_and_scaling_are_as_given():
    given = state(2, 6, 3)
    model = Model.from_state_dict(given, activation=["tanh"], classes=["b", "a, c", "d"], inputs=["left", "right"],
                                  target="kind", mean=[1, 2], std=[2, 4])
    assert list(model.classes) == ["a, c", "b", "d"]
    assert [column.name for column in model.inputs + model.targets] == ["left", "right", "kind"]
    X = np.random.RandomState(0).randn(20, 2)
    expected = softmax(forward(given, (X - [1, 2]) / [2, 4]))[:, [1, 0, 2]]
    assert np.abs(model.outputs(X) - expected).max() < 1e-6


def test_what_is_missing_or_no_layer_is_an_error():
    given = state(4, 6, 3)
    with pytest.raises(ValueError, match="activation: .*does not say that of its 1 hidden layer"):
        Model.from_state_dict(given)
    with pytest.raises(ValueError, match='tensor "bn.running_mean" belongs to a batch normalization'):
        Model.from_state_dict({**given, "bn.running_mean": np.zeros(6, np.float32)}, activation="relu")
    with pytest.raises(ValueError, match='"x.weight" holds numbers of type I64'):
        Model.from_state_dict({"x.weight": np.zeros((2, 2), int)})
    with pytest.raises(ValueError, match="'x.weight' holds complex128, not numbers"):
        Model.from_state_dict({"x.weight": np.zeros((2, 2), complex)})
    with pytest.raises(ValueError, match="layers may follow each other as a,b or as b,a"):
        Model.from_state_dict({"a.weight": np.eye(2), "b.weight": np.eye(2)}, activation="relu")
    Model.from_state_dict({"a.weight": np.eye(2), "b.weight": np.eye(2)}, activation="relu", layers=["b", "a"])
    with pytest.raises(ValueError, match="mean, std: there are 3 of them"):
        Model.from_state_dict(given, activation="relu", inputs=["a", "b", "c", "d"], mean=np.zeros(3))


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_a_module_of_pytorch_gives_the_same(kind, tmp_path):
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    module = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.GELU(), torch.nn.Linear(16, 8), torch.nn.GELU(),
                                 torch.nn.Linear(8, 3)).to(getattr(torch, kind))
    model = Model.from_state_dict(module.state_dict(), activation="gelu", classes=["0", "1", "2"])
    X = torch.randn(100, 6)
    expected = torch.softmax(module.to(torch.float32)(X), 1).detach().numpy()
    assert np.abs(model.outputs(X.numpy()) - expected).max() < 1e-6


# ---- files ----


def test_files_of_both_kinds_are_read_and_trained_further(tmp_path, command, iris):
    from batchprop._import import to_safetensors

    network, out, data = tmp_path / "n.safetensors", tmp_path / "m.safetensors", tmp_path / "d.csv"
    network.write_bytes(to_safetensors(state(4, 6, 3)))
    model = batchprop.import_model(network, activation="relu", classes=range(3))
    model.save(out)
    made = command("import", network, "--activation", "relu", "--classes", "0,1,2", "--out", tmp_path / "c.safetensors")
    assert made["weights_digest"] == model.weights_digest
    np.savetxt(data, np.column_stack(iris), delimiter=",", fmt="%g")
    trained = command("train", data, "--from", out, "--epochs", "2", "--out", out)
    assert Model.load(out).weights_digest == trained["weights_digest"] != model.weights_digest
    fann = tmp_path / "x.net"
    fann.write_text(FANN)
    found = batchprop.import_model(str(fann)).outputs(np.array([[1.0, 3.0]]))
    assert abs(found[0, 0] - 1 / (1 + np.exp(-(2 - 3 + 0.5)))) < 1e-6
    with pytest.raises(ValueError, match="is no network of FANN"):
        batchprop.import_model(network, format="fann")
    with pytest.raises(OSError):
        batchprop.import_model(tmp_path / "none")


# ---- scikit-learn ----


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_a_classifier_of_scikit_learn_gives_the_same_probabilities(activation, iris):
    X, y = iris
    network = fitted(small(MLPClassifier, activation=activation), X, y)
    model = Model.from_sklearn(network)
    assert np.abs(model.outputs(X) - network.predict_proba(X)).max() < 1e-6
    assert list(model.classes) == ["0", "1", "2"]


def test_two_classes_and_labels_give_the_same_probabilities(iris):
    X, y = iris
    two = fitted(small(MLPClassifier), X, np.where(y == 0, "yes", "no"))
    assert np.abs(Model.from_sklearn(two).outputs(X) - two.predict_proba(X)).max() < 1e-6
    labels = np.column_stack([y == 0, y != 1, y > 0]).astype(int)
    several = fitted(small(MLPClassifier), X, labels)
    assert np.abs(Model.from_sklearn(several).outputs(X) - several.predict_proba(X)).max() < 1e-6
    classifier = BatchpropClassifier.from_sklearn(several)
    assert np.array_equal(classifier.predict(X), several.predict(X))


@pytest.mark.parametrize("scalers", [[], [StandardScaler()], [StandardScaler(with_mean=False)], [MinMaxScaler((-1, 1))],
                                     [MinMaxScaler(), StandardScaler(with_std=False), "passthrough"]])
def test_scalers_before_a_regressor_become_its_scaling(scalers, iris):
    X = iris[0]
    pipeline = fitted(make_pipeline(*scalers, small(MLPRegressor)), X[:, :3], X[:, 3])
    model = Model.from_sklearn(pipeline)
    assert np.abs(model.outputs(X[:, :3])[:, 0] - pipeline.predict(X[:, :3])).max() < 1e-5
    regressor = BatchpropRegressor.from_sklearn(pipeline)
    assert np.abs(regressor.predict(X[:, :3]) - pipeline.predict(X[:, :3])).max() < 1e-5


def test_several_numbers_counts_and_no_hidden_layer(iris):
    X = iris[0]
    several = fitted(small(MLPRegressor), X[:, :2], X[:, 2:])
    assert np.abs(Model.from_sklearn(several).outputs(X[:, :2]) - several.predict(X[:, :2])).max() < 1e-5
    linear = fitted(MLPRegressor(hidden_layer_sizes=(), max_iter=20, random_state=0), X[:, :3], X[:, 3])
    assert np.abs(Model.from_sklearn(linear).outputs(X[:, :3])[:, 0] - linear.predict(X[:, :3])).max() < 1e-5
    try:
        counts = small(MLPRegressor, loss="poisson")
    except TypeError:
        pytest.skip("scikit-learn has no loss of counts yet")
    fitted(counts, X[:, :3], X[:, 3])
    model = Model.from_sklearn(counts)
    assert model.loss == "poisson"
    assert np.abs(model.outputs(X[:, :3])[:, 0] / counts.predict(X[:, :3]) - 1).max() < 1e-5


def test_classes_that_sort_otherwise_keep_their_answers():
    random = np.random.RandomState(0)
    names = np.array(["10", "9", "b"])[random.randint(3, size=90)]
    X = np.column_stack([names == "10", names == "9"]) + 0.1 * random.randn(90, 2)
    network = fitted(small(MLPClassifier), X, names)
    classifier = BatchpropClassifier.from_sklearn(network)
    assert np.array_equal(classifier.predict(X), network.predict(X))
    assert np.abs(classifier.predict_proba(X) - network.predict_proba(X)).max() < 1e-6


def test_a_classifier_is_trained_further(iris):
    X, y = iris
    network = fitted(make_pipeline(StandardScaler(), small(MLPClassifier)), X, y)
    classifier = BatchpropClassifier.from_sklearn(network, solver="adam", learning_rate_init=0.01)
    before = classifier.score(X, y)
    assert before == network.score(X, y)
    for _ in range(20):
        classifier.partial_fit(X, y)
    assert classifier.score(X, y) > before
    again = BatchpropClassifier.from_sklearn(network, warm_start=True, solver="adam", max_iter=30).fit(X, y)
    assert again.score(X, y) > before
    assert again.model_.layers[0].activation == "relu"


def test_names_of_a_frame_go_along(iris):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(iris[0], columns=["a", "b", "c, d", "e"])
    network = fitted(make_pipeline(StandardScaler(), small(MLPClassifier)), frame, iris[1])
    assert [column.name for column in Model.from_sklearn(network).inputs] == list(frame.columns)
    assert np.array_equal(BatchpropClassifier.from_sklearn(network).predict(frame), network.predict(frame))


def test_other_estimators_and_steps_are_named(iris):
    X, y = iris
    with pytest.raises(ValueError, match="StandardScaler is no network that becomes a model"):
        Model.from_sklearn(StandardScaler().fit(X))
    with pytest.raises(ValueError, match="step 'polynomialfeatures' of the pipeline is a PolynomialFeatures"):
        Model.from_sklearn(fitted(make_pipeline(PolynomialFeatures(), small(MLPClassifier)), X, y))
    with pytest.raises(ValueError, match="not fitted yet"):
        Model.from_sklearn(MLPClassifier())
    with pytest.raises(ValueError, match="predicts classes: BatchpropClassifier.from_sklearn takes it"):
        BatchpropRegressor.from_sklearn(fitted(small(MLPClassifier), X, y))
    with pytest.raises(ValueError, match="predicts numbers: BatchpropRegressor.from_sklearn takes it"):
        BatchpropClassifier.from_sklearn(fitted(small(MLPRegressor), X, y))
