"""Feed-forward networks trained by batch backpropagation on every core.

`BatchpropClassifier` and `BatchpropRegressor` have scikit-learn's interface. `Model` is a trained
network, as the command ``batchprop`` saves it. The same data, options and seed give the same bits
from here, the command and the C library, with any number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._library import Progress, version as __version__
from ._model import Model

if TYPE_CHECKING:
    from ._classifier import BatchpropClassifier
    from ._regressor import BatchpropRegressor

__all__ = ["BatchpropClassifier", "BatchpropRegressor", "Model", "Progress", "__version__"]


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
