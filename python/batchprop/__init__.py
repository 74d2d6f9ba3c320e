"""Feed-forward networks trained by batch backpropagation on every core.

`BatchpropClassifier` and `BatchpropRegressor` have scikit-learn's interface. `Model` is a trained
network, as the command ``batchprop`` saves it. The same data, options and seed give the same bits
from here, the command and the C library, with any number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Union

from ._library import Progress, version as __version__
from ._model import Model

if TYPE_CHECKING:
    from ._classifier import BatchpropClassifier
    from ._regressor import BatchpropRegressor

__all__ = ["BatchpropClassifier", "BatchpropRegressor", "Model", "Progress", "__version__", "import_model"]


def import_model(
    path: Union[str, os.PathLike[str]],
    *,
    activation: Union[str, Sequence[str], None] = None,
    output_activation: str = "auto",
    loss: str = "auto",
    classes: Union[str, Iterable[Any], None] = None,
    inputs: Union[str, Iterable[Any], None] = None,
    target: Union[str, Iterable[Any], None] = None,
    layers: Union[str, Iterable[Any], None] = None,
    format: str = "auto",
) -> Model:
    """Make a model of a network that another program has saved.

    Parameters
    ----------
    path : str or path-like
        A safetensors file with the state dict of a module of PyTorch, or a network file of FANN.
    activation, output_activation, loss, classes, inputs, target, layers
        As for `Model.from_state_dict`; files of FANN say their activations and have no names of layers.
    format : {"auto", "safetensors", "fann"}, default="auto"
        "auto": by content.

    Returns
    -------
    Model

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        A tensor or layer is none that there is here, or a parameter is missing or does not fit.
    """
    from ._import import import_network

    return Model._take(import_network(path, activation=activation, output_activation=output_activation, loss=loss,
                                      classes=classes, inputs=inputs, target=target, layers=layers, format=format))


def __getattr__(name: str) -> Any:
    """The estimators, for which scikit-learn is imported when somebody asks for them."""
    if name == "BatchpropClassifier":
        from ._classifier import BatchpropClassifier

        return BatchpropClassifier
    if name == "BatchpropRegressor":
        from ._regressor import BatchpropRegressor

        return BatchpropRegressor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
