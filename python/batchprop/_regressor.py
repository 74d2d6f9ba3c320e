"""The regressor."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import column_or_1d

from ._base import FLOATS, Base
from ._documents import attributes
from ._parameters import REGRESSOR_PARAMETERS, RegressorParameters
from ._training import Fitted, Samples

_LEFT_OUT = """\
    oob_prediction_ : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        These predictions; NaN for a row that no network left out.
"""


class BatchpropRegressor(RegressorMixin, RegressorParameters, Base):  # type: ignore[misc]
    __doc__ = f"""Regressor: a feed-forward network, or several as one.

    The target of each row is a number, or several. Inputs and targets are scaled by the rows of the fit.

    Parameters
    ----------
{REGRESSOR_PARAMETERS}
    Attributes
    ----------
{attributes("R2", _LEFT_OUT, "of the scaled targets, ")}
    Examples
    --------
    >>> from sklearn.datasets import make_regression
    >>> from batchprop import BatchpropRegressor
    >>> X, y = make_regression(500, 4, random_state=0)
    >>> BatchpropRegressor().fit(X, y).score(X, y) > 0.9
    True
    """

    @classmethod
    def from_sklearn(cls, estimator: Any, **parameters: Any) -> BatchpropRegressor:
        """Make a fitted regressor of one of scikit-learn, to predict with it or to train it further.

        Parameters
        ----------
        estimator : MLPRegressor or Pipeline
            As for `Model.from_sklearn`.
        **parameters
            Of the new regressor, for further training by `partial_fit`, or by `fit` with `warm_start=True`. Those of the
            network are its own.

        Returns
        -------
        BatchpropRegressor
        """
        from ._import_sklearn import network_of

        network = network_of(estimator)
        if hasattr(network, "classes_"):
            raise ValueError(f"{type(network).__name__} predicts classes: BatchpropClassifier.from_sklearn takes it")
        made = cls(**parameters)
        made._flat = network.n_outputs_ == 1
        made._adopt(estimator)
        return made

    def _samples(self, X: Any, y: Any, weights: Any, reset: bool) -> tuple[Samples, dict[str, str]]:
        blocks, y, weights = self._validate(X, y, weights, reset, True)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        self._flat = y.ndim == 1
        if y.dtype not in FLOATS:
            y = y.astype(np.float64)
        return Samples(blocks, y.reshape(len(y), -1), weights=weights), {"task": "regress"}

    def _keep_left_out(self, fitted: Fitted) -> None:
        self.oob_score_ = fitted.oob_metrics.r2
        assert fitted.oob_outputs is not None
        self.oob_prediction_ = self._shape(fitted.oob_outputs)

    def _shape(self, outputs: NDArray[Any]) -> NDArray[Any]:
        return outputs[:, 0] if self._flat else outputs

    def predict(self, X: Any, return_std: bool = False) -> Any:
        """The numbers of each row.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
        return_std : bool, default=False
            Also give how far the networks of the model disagree.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        std : ndarray of the same shape
            Standard deviation over the networks, 0 for one; it is no confidence interval.
        """
        if not return_std:
            return self._shape(self._outputs(X))
        found = [self.model_._spread_of(blocks) for blocks in self._parts(X)]
        outputs, spread = (np.concatenate(one) for one in zip(*found))
        return self._shape(outputs), self._shape(spread)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = True
        return tags
