"""The same data, options and seed give the same bits from the command and from Python."""

import numpy as np
import pytest

from batchprop import BatchpropClassifier, BatchpropRegressor, Model


@pytest.fixture(scope="module")
def train(command, tmp_path_factory):
    """Trains by the command on rows in a CSV file; returns its results."""

    def run(X, y, *options):
        path = tmp_path_factory.mktemp("parity") / "data.csv"
        with open(path, "w") as file:
            file.write(",".join(f"x{k + 1}" for k in range(X.shape[1])) + ",y\n")
            for row, target in zip(X, y):
                file.write(",".join(map(repr, row.tolist())) + f",{target}\n")
        return command("train", path, "--out", path.with_suffix(".safetensors"), *options)

    return run


CLASSIFIERS = [
    ((), {}),
    (("--preset", "classic"), {"preset": "classic"}),
    (("--preset", "modern"), {"preset": "modern"}),
    (("--seed", "7", "--threads", "2"), {"random_state": 7, "n_jobs": 2}),
    (("--hidden", "20,10", "--activation", "tanh,relu", "--optimizer", "adam", "--learning-rate", "0.01", "--epochs", "9"),
     {"hidden_layer_sizes": (20, 10), "activation": ("tanh", "relu"), "solver": "adam", "learning_rate_init": 0.01,
      "max_iter": 9}),
    (("--optimizer", "irprop", "--epochs", "10"), {"solver": "irprop", "max_iter": 10}),
    (("--optimizer", "sgd", "--batch-size", "full", "--no-shuffle", "--epochs", "10"),
     {"solver": "sgd", "batch_size": "full", "shuffle": False, "max_iter": 10}),
    (("--valid-fraction", "0.2", "--patience", "10", "--epochs", "30"),
     {"early_stopping": True, "validation_fraction": 0.2, "max_iter": 30}),
    (("--valid-fraction", "0.2", "--patience", "5", "--refit", "--epochs", "30"),
     {"early_stopping": True, "validation_fraction": 0.2, "n_iter_no_change": 5, "refit": True, "max_iter": 30}),
    (("--class-weight", "balanced", "--epochs", "5"), {"class_weight": "balanced", "max_iter": 5}),
    (("--class-weight", "1=3", "--epochs", "5"), {"class_weight": {1: 3}, "max_iter": 5}),
    (("--hidden", "none"), {"hidden_layer_sizes": ()}),
    (("--hidden", "none", "--scale", "minmax", "--epochs", "5"),
     {"hidden_layer_sizes": (), "scale": "minmax", "max_iter": 5}),
    (("--members", "4", "--member-rows", "bootstrap", "--epochs", "5"),
     {"members": 4, "member_rows": "bootstrap", "max_iter": 5}),
    (("--preset", "ensemble", "--epochs", "3"), {"preset": "ensemble", "max_iter": 3}),
]


@pytest.mark.parametrize(("options", "values"), CLASSIFIERS)
def test_a_classifier_has_the_digest_of_the_command(iris, train, options, values):
    X, y = iris
    preset = () if "--preset" in options else ("--preset", "quick")
    assert BatchpropClassifier(**values).fit(X, y).weights_digest_ == train(X, y, *preset, *options)["weights_digest"]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_the_digest_does_not_depend_on_threads(digits, threads):
    X, y, _, _ = digits
    assert BatchpropClassifier(n_jobs=threads).fit(X, y).weights_digest_ == "4316f92c46277b4e0e44a68535d6146c"


def test_the_digest_of_the_quick_start(digits, root, command, tmp_path):
    X, y, _, _ = digits
    values = {"preset": "classic", "hidden_layer_sizes": 64, "batch_size": 32, "max_iter": 60}
    printed = command("train", root / "datasets" / "digits-train.csv", "--hidden", "64", "--batch-size", "32",
                      "--epochs", "60", "--out", tmp_path / "digits.safetensors")
    assert BatchpropClassifier(**values).fit(X, y).weights_digest_ == printed["weights_digest"]
    assert Model.load(tmp_path / "digits.safetensors").weights_digest == printed["weights_digest"]


# Times in seconds, near one another and far from 0: float32 would not tell them apart.
@pytest.mark.parametrize(("offset", "options", "values"), [
    (0.0, (), {}),
    (1.7e9, (), {}),
    (0.0, ("--loss", "huber", "--activation", "relu"), {"loss": "huber", "activation": "relu"}),
    (0.0, ("--loss", "quantile", "--quantile-level", "0.9"), {"loss": "quantile", "quantile_level": 0.9}),
])
def test_a_regressor_has_the_digest_of_the_command(train, offset, options, values):
    random = np.random.default_rng(3)
    X = offset + 10 * random.random((300, 3))
    y = offset + (X - offset) @ [1.0, -2.0, 0.5]
    model = BatchpropRegressor(max_iter=20, **values).fit(X, y)
    printed = train(X, y.tolist(), "--preset", "quick", "--task", "regress", "--epochs", "20", *options)
    assert model.weights_digest_ == printed["weights_digest"]
    assert model.score(X, y) > 0.5


def test_the_command_reads_models_of_python(iris, command, tmp_path):
    model = BatchpropClassifier(max_iter=5).fit(*iris)
    model.model_.save(tmp_path / "iris.safetensors")
    assert command("info", tmp_path / "iris.safetensors")["weights_digest"] == model.weights_digest_
