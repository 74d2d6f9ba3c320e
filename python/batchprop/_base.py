"""What the classifier and the regressor share."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from typing import Any, Optional, Union

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import (
    _check_feature_names,
    _check_n_features,
    _check_sample_weight,
    check_array,
    check_consistent_length,
    check_is_fitted,
    validate_data,
)

from ._arrow import is_table, read_table, to_table
from ._columns import Block
from ._documents import partial_fit as partial_fit_document
from ._frames import has_text, read_frame
from ._library import Callback, Progress, Trained
from ._model import Model
from ._online import Online
from ._options import is_true, usable_threads
from ._parameters import OPTIONS
from ._sentences import HOW_MISSING
from ._sparse import parts, to_dense
from ._training import Fitted, Samples, fit

FLOATS = [np.float64, np.float32]
# Rows that are predicted on the calling thread, with memory from the prediction before.
_FEW = 16
_PARAMETERS = [*OPTIONS, "preset", "early_stopping", "validation_fraction"]


def _print_progress(progress: Progress) -> None:
    of = f" of network {progress.member + 1}" if progress.members > 1 else ""
    valid = "" if np.isnan(progress.valid_loss) else f", validation {progress.valid_loss:.6f}"
    print(f"Epoch {progress.epoch} of {progress.epochs}{of}: loss {progress.loss:.6f}{valid}")


class Base(BaseEstimator):  # type: ignore[misc]
    """What the classifier and the regressor share."""

    model_: Model
    n_features_in_: int
    loss_curve_: list[float]
    early_stopping: bool
    warm_start: bool
    verbose: bool
    random_state: Any
    missing: Optional[str]
    unknown: Optional[str]
    n_jobs: Optional[int]
    _online: Optional[Online]

    # ---- fitting ----

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, callback: Optional[Callback] = None) -> Any:
        """Train a new network, or with `warm_start` the one of the fit before.

        Parameters
        ----------
        X : array-like, frame or sparse matrix of shape (n_samples, n_features)
            float32 is used in place, float64 copied once; others become float64. A sparse one becomes dense, in
            float32 where that gives the same bits. Columns of text in a frame of pandas or polars are categories.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs), or sparse matrix
            Classes, or 0 and 1 for each of several labels; numbers for the regressor.
        sample_weight : array-like of shape (n_samples,), optional
            What each row counts, from 0 on; default 1. Rows of weight 0 are as if they were not there.
        callback : callable, optional
            Called with a `Progress` after each epoch; the fit ends where it returns False.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            A parameter or the data are wrong.
        FloatingPointError
            Training diverged: a loss is not finite.
        """
        reset = not (is_true("warm_start", self.warm_start) and hasattr(self, "model_"))
        samples, fixed = self._samples(X, y, sample_weight, reset)
        start = None if reset else copy.copy(self.model_)
        self._online = None
        fitted = fit(samples, self._values(), self._seed(), fixed, self._listener(callback), start)
        self._keep(fitted)
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        return self._partial_fit(X, y, sample_weight)

    partial_fit.__doc__ = partial_fit_document(classes=False)

    def _partial_fit(self, X: Any, y: Any, sample_weight: Any) -> Any:
        if self.early_stopping:
            raise ValueError("partial_fit does not support early_stopping=True")
        first = not hasattr(self, "model_")
        samples, fixed = self._samples(X, y, sample_weight, first)
        values, online = self._values(), getattr(self, "_online", None)
        if online is None or not online.suits(values):
            online = Online(samples, values, self._seed(), fixed, None if first else self.model_)
        self._online = None
        try:
            loss = online.learn(samples, values)
        except ValueError:
            self._online = online if online.is_whole and not first else None
            raise
        losses = [*([] if first else self.loss_curve_), loss]
        self._keep(Fitted(online.model(), Trained(len(losses), loss, losses, [], 0, 0)))
        self._online = online
        if self.verbose:
            print(f"Call {self.n_iter_} of partial_fit: loss {loss:.6f}")
        return self

    def _values(self) -> dict[str, Any]:
        """The parameters, as get_params() gives them, which looks at the signature each time."""
        own = self.__dict__
        return {name: own.get(name) for name in _PARAMETERS}

    def _samples(self, X: Any, y: Any, weights: Any, reset: bool) -> tuple[Samples, dict[str, str]]:
        raise NotImplementedError

    def _seed(self) -> int:
        state = self.random_state
        if state is None:
            return 1
        if isinstance(state, (int, np.integer)):
            if not 0 <= state < 2**64:
                raise ValueError(f"random_state: {state} is not a whole number from 0 to 2^64 - 1")
            return int(state)
        try:
            return int(check_random_state(state).randint(2**31 - 1))
        except ValueError as error:
            raise ValueError(f"random_state: {error}") from None

    def _listener(self, callback: Optional[Callback]) -> Optional[Callback]:
        if not self.verbose:
            return callback

        def listen(progress: Progress) -> Any:
            _print_progress(progress)
            return callback(progress) if callback is not None else None

        return listen

    def _keep(self, fitted: Fitted) -> None:
        self.model_ = fitted.model
        trained = fitted.trained
        self.n_iter_ = trained.epochs
        self.loss_ = trained.loss
        self.loss_curve_ = trained.losses
        self.validation_scores_ = trained.scores if self.early_stopping else None
        self.best_validation_score_ = max(trained.scores, default=None) if self.early_stopping else None
        self.best_loss_ = None if self.early_stopping else min(trained.losses, default=trained.loss)
        self.n_outputs_ = fitted.model._outputs
        self.out_activation_ = fitted.model.output_activation
        if fitted.oob_metrics is not None:
            self._keep_left_out(fitted)

    def _adopt(self, estimator: Any) -> None:
        """Becomes a fit of a network of scikit-learn, or of a pipeline that ends in one."""
        from ._import_sklearn import network_of

        network = network_of(estimator)
        self.n_features_in_ = estimator.n_features_in_
        if hasattr(estimator, "feature_names_in_"):
            self.feature_names_in_ = estimator.feature_names_in_
        losses = [float(loss) for loss in getattr(network, "loss_curve_", [])]
        self._online = None
        self._keep(Fitted(Model.from_sklearn(estimator), Trained(network.n_iter_, network.loss_, losses, [], 0, 0)))

    def _keep_left_out(self, fitted: Fitted) -> None:
        raise NotImplementedError

    def _validate(self, X: Any, y: Any, weights: Any, reset: bool,
                  numeric: bool) -> tuple[list[Block], NDArray[Any], Optional[NDArray[np.float64]]]:
        if issparse(y):
            y = y.toarray()
        X = to_table(X) if is_table(X) else X
        if is_table(X) or has_text(X):
            self._check_frame(X, reset)
            y = check_array(y, ensure_2d=False, dtype=None, input_name="y")
            check_consistent_length(X, y)
            blocks, given = self._columns_of(X), y
        else:
            given, y = self._checked(X, y, reset=reset, multi_output=True, y_numeric=numeric)
            blocks = [self._block(given if isinstance(given, np.ndarray) else to_dense(given))]
        if weights is not None:
            weights = _check_sample_weight(weights, given, dtype=np.float64, ensure_non_negative=True)
        return blocks, y, weights

    def _checked(self, *arrays: Any, **how: Any) -> Any:
        try:
            return validate_data(self, *arrays, accept_sparse="csr", dtype=FLOATS, order="C",
                                 ensure_all_finite=self._finite(), **how)
        except ValueError as error:
            if str(error).startswith("Input X contains NaN"):
                raise ValueError(f"Input X contains NaN: {HOW_MISSING}") from None
            if str(error).startswith("could not convert string") and hasattr(arrays[0], "dtype"):
                raise ValueError(f"{error}: texts are categories in a frame of pandas or polars alone") from None
            raise

    def _check_frame(self, X: Any, reset: bool) -> None:
        _check_feature_names(self, X, reset=reset)
        _check_n_features(self, X, reset=reset)

    def _columns_of(self, X: Any) -> list[Block]:
        """Of a table or frame that is read column by column."""
        return (read_table if is_table(X) else read_frame)(X, self._finite() is not True)

    def _block(self, X: NDArray[Any]) -> Block:
        names = getattr(self, "feature_names_in_", None)
        return Block(X, None if names is None else list(names), missing=self._finite() is not True)

    def _parts(self, X: Any) -> Iterator[list[Block]]:
        """X of a prediction, in one part unless it is sparse."""
        check_is_fitted(self, "model_")
        X = to_table(X) if is_table(X) else X
        if is_table(X) or has_text(X):
            self._check_frame(X, False)
            yield self._columns_of(X)
            return
        X = self._checked(X, reset=False)
        for part in [X] if isinstance(X, np.ndarray) else parts(X):
            yield [self._block(part)]

    def _finite(self) -> Any:
        return True if self.missing in (None, "error") else "allow-nan"

    # ---- using ----

    def _outputs(self, X: Any) -> NDArray[Any]:
        found = [self._outputs_of(blocks) for blocks in self._parts(X)]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _outputs_of(self, blocks: list[Block]) -> NDArray[Any]:
        few = len(blocks) == 1 and blocks[0].cells.shape[0] <= _FEW and not blocks[0].missing
        if few and blocks[0].cells.shape[1] == self.model_._width:
            return self.model_.outputs(blocks[0].cells)
        return self.model_._outputs_of(blocks, usable_threads(self.n_jobs), self.unknown)

    def export(self, path: Union[str, os.PathLike[str], None] = None, format: str = "auto", **options: Any) -> Optional[bytes]:
        """Write the fitted model for programs that do without batchprop, as `Model.export`.

        Classes are texts there, as those of a file. What it does with unknown categories is the parameter `unknown` of
        this estimator, unless `options` say so.
        """
        check_is_fitted(self, "model_")
        return self.model_.export(path, format, **{"unknown": self.unknown or "auto", **options})

    @property
    def weights_digest_(self) -> str:
        """Of the network, as the command prints it."""
        return self.model_.weights_digest

    @property
    def coefs_(self) -> list[NDArray[np.float32]]:
        """Weights of each layer, (inputs, neurons), of the scaled inputs; read-only."""
        return [weights.T for weights in self.model_.weights]

    @property
    def intercepts_(self) -> list[NDArray[np.float32]]:
        """What is added in each layer, (neurons,): the thresholds, which are subtracted, with the other sign."""
        return [-thresholds for thresholds in self.model_.thresholds]

    @property
    def n_layers_(self) -> int:
        """Layers of neurons, the inputs among them."""
        return len(self.model_.layers) + 1

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = self._finite() is not True
        return tags
