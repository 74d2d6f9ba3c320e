"""The classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from ._base import Base
from ._parameters import CLASSIFIER_PARAMETERS, ClassifierParameters
from ._training import Fitted, Samples


class BatchpropClassifier(ClassifierMixin, ClassifierParameters, Base):  # type: ignore[misc]
    __doc__ = f"""Classifier: a feed-forward network, or several as one.

    The target of each row is a class, of any type, or 0 and 1 for each of several labels.

    Parameters
    ----------
{CLASSIFIER_PARAMETERS}
    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The classes; with several labels their numbers.
    model_ : Model
        The network, which can be saved, and read by the command.
    weights_digest_ : str
        Of its parameters, as the command prints it.
    n_iter_ : int
        Epochs that were trained.
    loss_curve_ : list of float
        Loss of each epoch, of the samples as they were trained on; empty for several networks.
    loss_ : float
        The last of them; of several networks that of the rows left out.
    validation_scores_ : list of float
        With `early_stopping` the accuracy after each epoch, else None.
    best_validation_score_ : float
        The greatest of them, or None.
    oob_score_ : float
        Accuracy on the rows that networks left out (`member_rows`), each predicted by those that did not see it.
    oob_decision_function_ : ndarray of shape (n_samples, n_classes)
        The probabilities of these predictions; NaN for a row that no network left out.
    coefs_, intercepts_ : list of ndarray
        Weights (inputs, neurons) and intercepts (neurons,) of each layer, of the scaled inputs.
    n_features_in_, feature_names_in_, n_outputs_, n_layers_, out_activation_
        As scikit-learn has them.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from batchprop import BatchpropClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> BatchpropClassifier().fit(X, y).score(X, y) > 0.95
    True
    """

    classes_: NDArray[Any]

    def partial_fit(  # type: ignore[override]
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> Any:
        """Train for one more epoch, on these rows.

        Scaling and first weights come from the rows of the first call.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)
        y : array-like of shape (n_samples,) or (n_samples, n_labels)
        classes : array-like of shape (n_classes,), optional
            All classes; needed in the first call unless `y` has them all.
        sample_weight : array-like of shape (n_samples,), optional

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            Other classes than in the first call.
        """
        if classes is not None:
            classes = np.unique(np.asarray(classes))
            if hasattr(self, "model_") and not np.array_equal(classes, self.classes_):
                raise ValueError(f"`classes={classes}` is not the same as on last call to partial_fit, "
                                 f"was: {self.classes_}")
        self._given_classes = classes
        try:
            return self._partial_fit(X, y, sample_weight)
        finally:
            del self._given_classes

    def _samples(self, X: Any, y: Any, weights: Any, reset: bool) -> tuple[Samples, dict[str, str]]:
        blocks, y, weights = self._validate(X, y, weights, reset, False)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        _check_labels(y)
        samples = Samples(blocks, weights=weights)
        return self._multilabel(samples, y, reset) if y.ndim == 2 else self._multiclass(samples, y, reset)

    def _multilabel(self, samples: Samples, y: NDArray[Any], reset: bool) -> tuple[Samples, dict[str, str]]:
        if type_of_target(y) != "multilabel-indicator":
            raise ValueError("y has several columns: they must be 0 and 1, a column for each label")
        self._check_classes(np.arange(y.shape[1]), reset)
        self._multilabel_ = True
        fixed = {"task": "regress", "output-activation": "logistic", "loss": "binary-cross-entropy"}
        return samples._replace(targets=np.ascontiguousarray(y, np.float32)), fixed

    def _multiclass(self, samples: Samples, y: NDArray[Any], reset: bool) -> tuple[Samples, dict[str, str]]:
        given = getattr(self, "_given_classes", None)
        partial = hasattr(self, "_given_classes")
        known = self.classes_ if partial and not reset else given
        found, codes = np.unique(y, return_inverse=True)
        if known is not None:
            strange = np.setdiff1d(found, known)
            if strange.size:
                raise ValueError(f"y has classes that are not in {known}: {strange}")
            codes, found = np.searchsorted(known, y), known
        self._check_classes(found, reset)
        self._multilabel_ = False
        return samples._replace(labels=codes, classes=[str(one) for one in found]), {"task": "classify"}

    def _check_classes(self, classes: NDArray[Any], reset: bool) -> None:
        if reset:
            self.classes_ = classes
        elif not np.array_equal(classes, self.classes_):
            raise ValueError("warm_start can only be used where `y` has the same classes as in the previous call to fit. "
                             f"Previously got {self.classes_}, `y` has {classes}")

    def _keep_left_out(self, fitted: Fitted) -> None:
        self.oob_score_ = fitted.oob_metrics.accuracy
        self.oob_decision_function_ = fitted.oob_outputs

    def predict(self, X: Any) -> NDArray[Any]:
        """The class of each row.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples,), or (n_samples, n_labels) of 0 and 1
        """
        outputs = self._outputs(X)
        if self._multilabel_:
            return (outputs > 0.5).astype(np.int64)
        found: NDArray[Any] = self.classes_[self.model_.decide(outputs)]
        return found

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """The probability of each class, or label.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Outputs of other activations than softmax are divided by their sum.
        """
        outputs = self._outputs(X)
        if self._multilabel_ or self.out_activation_ == "softmax":
            return outputs
        positive = np.maximum(outputs, 0)
        total = positive.sum(1, keepdims=True)
        found: NDArray[Any] = np.where(total > 0, positive / np.where(total > 0, total, 1), 1 / outputs.shape[1])
        return found

    def predict_log_proba(self, X: Any) -> NDArray[Any]:
        """Natural logarithms of `predict_proba`."""
        with np.errstate(divide="ignore"):
            found: NDArray[Any] = np.log(self.predict_proba(X))
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


def _check_labels(y: NDArray[Any]) -> None:
    if y.dtype == object:
        missing = next((k for k, label in enumerate(y.flat) if label is None), None)
        if missing is not None:
            raise ValueError(f"Input y contains None: row {missing * len(y) // y.size} (from 0): leave such rows out")
        if len({isinstance(label, str) for label in y.flat}) > 1:
            raise ValueError("y has texts beside numbers: make all of them texts, or all numbers")
    check_classification_targets(y)
