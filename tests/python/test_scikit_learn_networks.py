"""scikit-learn's own tests of MLPClassifier and MLPRegressor, from its wheel, on our estimators.

Where a test asks for lbfgs it gets adamw: what it then looks at does not depend on the optimizer. Tests that look at
what is not promised are in CANNOT_HOLD, with the reason."""

import importlib

import pytest
import sklearn
import sklearn.neural_network

from batchprop import BatchpropClassifier, BatchpropRegressor

# Schedules of scikit-learn, and parameters of lbfgs alone.
ABSENT = ("learning_rate", "power_t", "max_fun")
CANNOT_HOLD = {
    "test_fit": "sets private attributes of scikit-learn's trainer",
    "test_gradient": "calls private functions of scikit-learn; ours is checked by batchprop gradcheck",
    "test_lbfgs_regression": "asks for how far lbfgs gets on 200 rows",
    "test_lbfgs_classification_maxfun": "counts evaluations of lbfgs",
    "test_lbfgs_regression_maxfun": "counts evaluations of lbfgs",
    "test_learning_rate_warmstart": "looks at a private optimizer",
    "test_multilabel_classification": "asks for a score on the training rows that weight decay and dropout forbid",
    "test_predict_proba_multilabel": "the same",
    "test_partial_fit_regression": "fit has the schedule cosine, and partial_fit none",
    "test_partial_fit_errors": "partial_fit depends on lbfgs there",
    "test_nonfinite_params": "numbers beyond float32 are an error with another sentence",
    "test_tolerance": "tol and n_iter_no_change count with early_stopping alone",
    "test_n_iter_no_change": "the same",
    "test_n_iter_no_change_inf": "the same",
    "test_verbose_sgd": "looks for other words",
    "test_adaptive_learning_rate": "looks at a private optimizer",
    "test_early_stopping_stratified": "a class of one row may be held out or not; scikit-learn refuses it",
    "test_mlp_param_dtypes": "parameters are float32 always",
    "test_mlp_loading_from_joblib_partial_fit": "asks a row of one input for four digits after 200 updates",
    "test_mlp_warm_start_no_convergence": "max_iter epochs are no failure to converge, and n_iter_ is of one fit",
    "test_mlp_diverging_loss": "divergence is an error",
    "test_mlp_vs_poisson_glm_equivalent": "asks for how far lbfgs gets",
    "test_minimum_input_sample_size": "looks for another sentence",
}


def stand_in(estimator):
    def make(**values):
        for name in ABSENT:
            values.pop(name, None)
        if values.get("solver") == "lbfgs":
            del values["solver"]
        return estimator(**values)

    make.__name__ = estimator.__name__
    return make


@pytest.fixture
def global_random_seed():
    return 42


def import_tests():
    """The module with our estimators under its names."""
    names = {"MLPClassifier": BatchpropClassifier, "MLPRegressor": BatchpropRegressor}
    theirs = {name: getattr(sklearn.neural_network, name) for name in names}
    for name, estimator in names.items():
        setattr(sklearn.neural_network, name, stand_in(estimator))
    try:
        return importlib.import_module("sklearn.neural_network.tests.test_mlp")
    finally:
        for name, estimator in theirs.items():
            setattr(sklearn.neural_network, name, estimator)


tests = import_tests()
globals().update({name: test for name, test in vars(tests).items()
                  if name.startswith("test_") and name not in CANNOT_HOLD})


@pytest.mark.skipif(tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 9), reason="some came with 1.9")
def test_what_cannot_hold_is_there():
    assert set(CANNOT_HOLD) <= set(vars(tests))
