"""The regressor."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import column_or_1d

from ._base import FLOATS, Base
from ._parameters import REGRESSOR_PARAMETERS, RegressorParameters
from ._training import Fitted, Samples


class BatchpropRegressor(RegressorMixin, RegressorParameters, Base):  # type: ignore[misc]
    __doc__ = f"""Regressor: a feed-forward network, or several as one.

    The target of each row is a number, or several. Inputs and targets are scaled by the rows of the fit.

    Parameters
    ----------
{REGRESSOR_PARAMETERS}
    Attributes
    ----------
    model_ : Model
        The network, which can be saved, and read by the command.
    weights_digest_ : str
        Of its parameters, as the command prints it.
    n_iter_ : int
        Epochs that were trained.
    loss_curve_ : list of float
        Loss of each epoch, of the scaled targets, of the samples as they were trained on; empty for several networks.
    loss_ : float
        The last of them; of several networks that of the rows left out.
    validation_scores_ : list of float
        With `early_stopping` R2 after each epoch, else None.
    best_validation_score_ : float
        The greatest of them, or None.
    oob_score_ : float
        R2 on the rows that networks left out (`member_rows`), each predicted by those that did not see it.
    oob_prediction_ : ndarray of shape (n_samples,) or (n_samples, n_outputs)
        These predictions; NaN for a row that no network left out.
    coefs_, intercepts_ : list of ndarray
        Weights (inputs, neurons) and intercepts (neurons,) of each layer, of the scaled inputs.
    n_features_in_, feature_names_in_, n_outputs_, n_layers_, out_activation_
        As scikit-learn has them.

    Examples
    --------
    >>> from sklearn.datasets import make_regression
    >>> from batchprop import BatchpropRegressor
    >>> X, y = make_regression(500, 4, random_state=0)
    >>> BatchpropRegressor().fit(X, y).score(X, y) > 0.9
    True
    """

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
        blocks = self._blocks(X)
        outputs, spread = self.model_._spread_of(blocks)
        return self._shape(outputs), self._shape(spread)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = True
        return tags
