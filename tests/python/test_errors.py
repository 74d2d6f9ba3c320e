"""What is said where a parameter or the data are wrong: in the words of Python, with the place and what to do."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.exceptions import ConvergenceWarning, NotFittedError

from batchprop import BatchpropClassifier, BatchpropRegressor

EARLY = {"early_stopping": True}


@pytest.mark.parametrize(("values", "sentence"), [
    ({"solver": "adma"}, 'solver: .*did you mean "adam"'),
    ({"preset": "moderne"}, 'preset: .*did you mean "modern"'),
    ({"momentum": 0.5, "solver": "adam"}, "momentum 0.5 has no effect with solver adam"),
    ({"hidden_layer_sizes": (5, -1)}, "^hidden_layer_sizes: "),
    ({"hidden_layer_sizes": (0,)}, r"^hidden_layer_sizes: .*one neuron.*\(\) is no hidden layer"),
    ({"hidden_layer_sizes": 0}, "^hidden_layer_sizes: "),
    ({"hidden_layer_sizes": 2.0}, "^hidden_layer_sizes: "),
    ({"hidden_layer_sizes": b"5"}, "^hidden_layer_sizes: "),
    ({"hidden_layer_sizes": "many"}, "^hidden_layer_sizes: "),
    ({"hidden_layer_sizes": 10**12}, "^hidden_layer_sizes: "),
    ({"learning_rate_init": -1.0}, "^learning_rate_init: "),
    ({"learning_rate_init": [1]}, "^learning_rate_init: "),
    ({"max_iter": 2.5}, "^max_iter: "),
    ({"max_iter": 0}, "^max_iter: "),
    ({"batch_size": 0}, "^batch_size: "),
    ({"members": 0}, "^members: "),
    ({"warmup_epochs": 50, "max_iter": 9}, "^warmup_epochs 50"),
    ({"shuffle": 5}, "^shuffle: 5 is neither True nor False"),
    ({"warm_start": "x"}, "^warm_start: "),
    ({"early_stopping": "x"}, "^early_stopping: "),
    ({**EARLY, "validation_fraction": 1}, "^validation_fraction: 1 is not"),
    ({**EARLY, "validation_fraction": "a"}, "^validation_fraction: 'a' is not"),
    ({**EARLY, "validation_fraction": 0.001}, "^validation_fraction: .*is not one row"),
    ({**EARLY, "refit": True, "keep_best": False}, "refit has no effect with keep_best=False"),
    ({"random_state": -1}, "^random_state: -1"),
    ({"random_state": 2**70}, "^random_state: "),
    ({"random_state": 1.5}, "^random_state: 1.5"),
    ({"n_jobs": 0}, "^n_jobs: 0"),
    ({"n_jobs": 1.5}, "^n_jobs: 1.5"),
    ({"n_jobs": 10**9}, "^n_jobs: "),
    ({"class_weight": {5: 1}}, '^class_weight: there is no class "5"'),
    ({"class_weight": {0: "a"}}, "^class_weight: 'a', the weight of 0"),
    ({"dropout": 0.5, "hidden_layer_sizes": ()}, r"hidden_layer_sizes=\(\)"),
    ({"hidden_layer_sizes": ((1, [2]),)}, "hidden_layer_sizes"),
    ({"loss": "poisson"}, "output_activation softmax, or BatchpropRegressor"),
])
def test_a_wrong_value_is_named(iris, values, sentence):
    with pytest.raises(ValueError, match=sentence):
        BatchpropClassifier(**values).fit(*iris)


@pytest.mark.parametrize(("right", "wrong"), [
    ({"hidden_layer_sizes": (5, 3)}, {"hidden_layer_sizes": (5.0, 3.0)}),
    ({"early_stopping": False}, {"early_stopping": 0}),
    ({"max_iter": 1}, {"max_iter": 1.0}),
    ({"max_iter": 1}, {"max_iter": True}),
])
def test_a_wrong_value_that_equals_the_right_one_of_the_fit_before_is_an_error(iris, right, wrong):
    BatchpropClassifier(**right).fit(*iris)
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))}: "):
        BatchpropClassifier(**wrong).fit(*iris)


@pytest.mark.parametrize(("values", "sentence"), [
    ({"huber_bend": 1.0}, "^huber_bend 1 has no effect with loss auto"),
    ({"output_activation": "softmax"}, "BatchpropClassifier"),
])
def test_a_wrong_value_of_a_regressor_is_named(iris, values, sentence):
    with pytest.raises(ValueError, match=sentence):
        BatchpropRegressor(**values).fit(*iris)


@pytest.mark.parametrize(("X", "sentence"), [
    ([[1.0], [np.nan], [2.0]], "Input X contains NaN: fit with missing='mean'"),
    ([[1.0], [2e300], [2.0]], r"^row 1 \(from 0\), column \"x1\": 2e\+300 is too large"),
    ([[1.0], [np.inf], [2.0]], "infinity"),
    (np.array([["a"], ["b"], ["c"]], object), "'a': texts are categories in a frame"),
    (np.zeros((0, 2)), r"0 sample\(s\)"),
    (np.zeros((3, 0)), r"0 feature\(s\)"),
    (np.zeros((2, 1)), "inconsistent numbers"),
    (pd.DataFrame({"a": [1, None, 2], "t": list("xyz")}), r"^Input X contains NaN: column 'a', row 1 \(from 0\): fit with"),
    (pd.DataFrame({"a": [1, 3, 2], "t": ["x", "y", None]}), "column 't', row 2"),
    (pl.DataFrame({"a": [1, None, 2], "t": list("xyz")}), "column 'a', row 1"),
    (pl.DataFrame({"a": [1, 3, 2], "t": ["x", "y", None]}), "column 't', row 2"),
    (pd.DataFrame({"d": pd.date_range("2020-01-01", periods=3)}), "column 'd' of X has cells of the type Timestamp"),
    (pl.DataFrame({"a": [[1], [2], [3]]}), "column 'a' of X has cells of the type list"),
    (pl.LazyFrame({"a": [1, 2, 3]}), r"LazyFrame.*collect\(\)"),
    (pd.DataFrame([[1, "x"]] * 3, columns=["a", "a"]), "(?i)two columns 'a'|unique column names"),
])
@pytest.mark.filterwarnings("ignore::Warning")
def test_wrong_inputs_are_named(X, sentence):
    with pytest.raises(Exception, match=sentence):
        BatchpropClassifier(max_iter=1).fit(X, [0, 1, 1])


@pytest.mark.parametrize(("y", "sentence"), [
    (["a", None, "b"], r"y contains None: row 1 \(from 0\)"),
    (["a", 1, "b"], "y has texts beside numbers"),
    ([0.0, np.nan, 1.0], "y contains NaN"),
    ([0.5, 0.7, 1.0], "continuous"),
    ([[0, 1], [2, 1], [1, 0]], "y has several columns"),
])
def test_wrong_classes_are_named(y, sentence):
    with pytest.raises(ValueError, match=sentence):
        BatchpropClassifier(max_iter=1).fit([[1.0], [2.0], [3.0]], np.array(y, object if isinstance(y[0], str) else None))


@pytest.mark.parametrize(("y", "sentence"), [([0.0, np.nan, 1.0], "y contains NaN"),
                                             ([0, 1e300, 1], r"row 1 \(from 0\), column \"y1\"")])
def test_wrong_numbers_are_named(y, sentence):
    with pytest.raises(ValueError, match=sentence):
        BatchpropRegressor(max_iter=1).fit([[1.0], [2.0], [3.0]], y)


def frame(**columns):
    return pd.DataFrame({"size": [1.0, 2.0, 3.0] * 10, "color": ["red", "blue", "green"] * 10, **columns})


@pytest.mark.parametrize(("X", "sentence"), [
    (frame(color="pink"), r'^row 0 \(from 0\), column "color": "pink" is not a category.*blue'),
    (frame(size="big"), 'column "size" holds categories, and numbers in the training data'),
    (frame(color=1.0), '"1" is not a category'),
    (frame(size=np.nan), "column 'size', row 0"),
    (frame()[["color", "size"]], "same order"),
    (frame()[["size"]], "missing"),
    (np.zeros((3, 2)), "not a category"),
    (np.zeros((3, 7)), "7 features"),
])
@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_inputs_of_a_prediction_that_do_not_fit_are_named(X, sentence):
    model = BatchpropRegressor(max_iter=1).fit(frame(), np.arange(30))
    with pytest.raises(ValueError, match=sentence):
        model.predict(X)


@pytest.mark.parametrize("use", ["predict", "predict_proba", "predict_log_proba"])
def test_a_prediction_before_a_fit_is_an_error(iris, use):
    with pytest.raises(NotFittedError):
        getattr(BatchpropClassifier(), use)(iris[0])
    with pytest.raises(NotFittedError):
        BatchpropRegressor().predict(iris[0], return_std=True)


@pytest.mark.parametrize("call", ["fit", "partial_fit"])
def test_another_network_than_there_is_cannot_be_asked_for(iris, call):
    model = BatchpropClassifier(max_iter=1, warm_start=True, hidden_layer_sizes=(4,)).fit(*iris)
    with pytest.raises(ValueError, match="^hidden_layer_sizes 5: the model has 4"):
        getattr(model.set_params(hidden_layer_sizes=(5,)), call)(*iris)
    getattr(model.set_params(hidden_layer_sizes=(4,), solver="sgd"), call)(*iris)


def test_a_fit_whose_outputs_are_the_same_for_all_rows_warns(iris):
    X, y = iris
    saturating = BatchpropClassifier(preset="classic", learning_rate_init=1000, max_iter=30)
    with pytest.warns(ConvergenceWarning, match="the outputs are the same for all training rows"):
        saturating.fit(X, y)


@pytest.mark.parametrize("values", [{}, {"preset": "classic", "max_iter": 200}, {"preset": "modern", "max_iter": 20},
                                    {"early_stopping": True}])
def test_a_fit_that_learns_does_not_warn(iris, values):
    X, y = iris
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        BatchpropClassifier(**values).fit(X, y)
        BatchpropRegressor(**values).fit(X, np.where(y == y[0], 1.5, 2.5))


def test_a_constant_target_is_no_reason_to_warn(iris):
    X = iris[0]
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        BatchpropRegressor().fit(X, np.full(len(X), 2.0))
