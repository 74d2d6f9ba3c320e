"""Networks of scikit-learn as models."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.validation import check_is_fitted

from ._import import import_network, to_safetensors

_Affine = tuple[NDArray[np.float64], NDArray[np.float64]]


def _affine(step: str, scaler: Any) -> _Affine:
    """``x * a + b`` of a scaler that is fitted."""
    width = scaler.n_features_in_
    if isinstance(scaler, StandardScaler):
        scale = np.ones(width) if scaler.scale_ is None else 1 / scaler.scale_
        return scale, np.zeros(width) if scaler.mean_ is None or not scaler.with_mean else -scaler.mean_ * scale
    if isinstance(scaler, MinMaxScaler) and not scaler.clip:
        return np.asarray(scaler.scale_, np.float64), np.asarray(scaler.min_, np.float64)
    raise ValueError(f"step {step!r} of the pipeline is a {type(scaler).__name__}: only StandardScaler and MinMaxScaler "
                     "(without clip) before a network become the scaling of a model")


def _take_apart(estimator: Any) -> tuple[Any, Optional[_Affine]]:
    """The network, and what comes before it."""
    if not isinstance(estimator, Pipeline):
        return estimator, None
    affine: Optional[_Affine] = None
    *before, (_, network) = estimator.steps
    for name, step in before:
        if step is None or step == "passthrough":
            continue
        check_is_fitted(step)
        scale, shift = _affine(name, step)
        affine = (scale, shift) if affine is None else (affine[0] * scale, affine[1] * scale + shift)
    return network, affine


def network_of(estimator: Any) -> Any:
    """The MLPClassifier or MLPRegressor that it is, or ends in."""
    network, _ = _take_apart(estimator)
    if not isinstance(network, (MLPClassifier, MLPRegressor)):
        raise ValueError(f"{type(network).__name__} is no network that becomes a model: MLPClassifier and MLPRegressor do, "
                         "alone or at the end of a pipeline")
    check_is_fitted(network)
    return network


def is_of_labels(network: Any) -> bool:
    """Whether a row may have any number of the classes."""
    return isinstance(network, MLPClassifier) and network._label_binarizer.y_type_ == "multilabel-indicator"


def _meaning(network: Any) -> dict[str, Any]:
    """What outputs are."""
    if is_of_labels(network):
        return {"output_activation": "logistic", "loss": "binary-cross-entropy"}
    if isinstance(network, MLPClassifier):
        return {"output_activation": network.out_activation_, "classes": network.classes_}
    if network.out_activation_ == "exp":
        return {"output_activation": "identity", "loss": "poisson"}
    return {"output_activation": network.out_activation_, "loss": "mse"}


def from_sklearn(estimator: Any) -> Any:
    """A ``bp_model *``; see `Model.from_sklearn`."""
    network = network_of(estimator)
    _, affine = _take_apart(estimator)
    state = {}
    for k, (weights, biases) in enumerate(zip(network.coefs_, network.intercepts_)):
        state[f"layers.{k}.weight"], state[f"layers.{k}.bias"] = weights.T, biases
    options: dict[str, Any] = {"loss": "auto", "classes": None, "target": None, "layers": None, **_meaning(network)}
    if affine is not None:
        options |= {"shift": -affine[1] / affine[0], "scale": affine[0]}
    names = getattr(estimator, "feature_names_in_", None)
    activation = network.activation if len(network.coefs_) > 1 else None
    return import_network(to_safetensors(state), activation=activation, inputs=None if names is None else list(names),
                          **options)
