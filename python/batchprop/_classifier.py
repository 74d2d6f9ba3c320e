"""The classifier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from ._base import Base
from ._documents import attributes, partial_fit as partial_fit_document
from ._model import Model
from ._parameters import CLASSIFIER_PARAMETERS, ClassifierParameters
from ._training import Fitted, Samples

_LEFT_OUT = """\
    oob_decision_function_ : ndarray of shape (n_samples, n_classes)
        The probabilities of these predictions; NaN for a row that no network left out.
"""


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
{attributes("the accuracy", _LEFT_OUT)}
    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from batchprop import BatchpropClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> BatchpropClassifier().fit(X, y).score(X, y) > 0.95
    True
    """

    classes_: NDArray[Any]
    _multilabel_: bool
    _order: Optional[NDArray[np.intp]]

    @classmethod
    def from_sklearn(cls, estimator: Any, **parameters: Any) -> BatchpropClassifier:
        """Make a fitted classifier of one of scikit-learn, to predict with it or to train it further.

        Parameters
        ----------
        estimator : MLPClassifier or Pipeline
            As for `Model.from_sklearn`.
        **parameters
            Of the new classifier, for further training by `partial_fit`, or by `fit` with `warm_start=True`. Those of the
            network are its own.

        Returns
        -------
        BatchpropClassifier
        """
        from ._import_sklearn import is_of_labels, network_of

        network = network_of(estimator)
        if not hasattr(network, "classes_"):
            raise ValueError(f"{type(network).__name__} predicts numbers: BatchpropRegressor.from_sklearn takes it")
        made = cls(**parameters)
        made.classes_ = np.asarray(network.classes_)
        made._multilabel_ = is_of_labels(network)
        made._adopt(estimator)
        return made

    def partial_fit(  # type: ignore[override]
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> Any:
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

    partial_fit.__doc__ = partial_fit_document(classes=True)

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
        if partial and self.class_weight is not None:
            samples = samples._replace(weights=self._weigh(codes, found, samples.weights))
        return samples._replace(labels=codes, classes=[str(one) for one in found]), {"task": "classify"}

    def _weigh(self, codes: NDArray[Any], classes: NDArray[Any], weights: Any) -> NDArray[np.float64]:
        """Weights of the rows of a call of partial_fit, with those of their classes."""
        if not isinstance(self.class_weight, Mapping):
            raise ValueError(f"class_weight: partial_fit takes numbers for classes, not {self.class_weight!r}, which "
                             "follows from all rows")
        names, given = [str(one) for one in classes], {str(one): weight for one, weight in self.class_weight.items()}
        strange = next((name for name in given if name not in names), None)
        if strange is not None:
            raise ValueError(f"class_weight: there is no class {strange!r} ({', '.join(names)})")
        factors = np.array([given.get(name, 1) for name in names], np.float64)
        if not (np.isfinite(factors) & (factors >= 0)).all():
            raise ValueError(f"class_weight: the weight of a class is a number from 0 on: {self.class_weight}")
        weighed: NDArray[np.float64] = factors[codes] * (1.0 if weights is None else weights)
        return weighed

    def _check_classes(self, classes: NDArray[Any], reset: bool) -> None:
        if reset:
            self.classes_ = classes
        elif not np.array_equal(classes, self.classes_):
            raise ValueError("warm_start can only be used where `y` has the same classes as in the previous call to fit. "
                             f"Previously got {self.classes_}, `y` has {classes}")

    def _keep(self, fitted: Fitted) -> None:
        self._order = None if self._multilabel_ else _order_of(self.classes_, fitted.model)
        super()._keep(fitted)

    def _keep_left_out(self, fitted: Fitted) -> None:
        assert fitted.oob_outputs is not None
        self.oob_score_ = fitted.oob_metrics.accuracy
        self.oob_decision_function_ = self._in_order(fitted.oob_outputs)

    def _in_order(self, outputs: NDArray[Any]) -> NDArray[Any]:
        """Columns of the output neurons as those of the classes."""
        order = getattr(self, "_order", None)
        if order is None:
            return outputs
        found = np.empty_like(outputs)
        found[:, order] = outputs
        return found

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
        decided, order = self.model_.decide(outputs), getattr(self, "_order", None)
        found: NDArray[Any] = self.classes_[decided if order is None else order[decided]]
        return found

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """The probability of each class, or label.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            The outputs over their sum, since those of softmax add up to 1 in binary32 alone; labels have a probability
            each.
        """
        outputs = self._outputs(X)
        if self._multilabel_:
            return outputs
        positive = self._in_order(np.maximum(outputs, 0))
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


def _order_of(classes: NDArray[Any], model: Model) -> Optional[NDArray[np.intp]]:
    """Which class each output neuron is of. None: the neurons are in the order of the classes, as those of integers are;
    by name "9" comes before "10", and "10.0" before "9.0"."""
    if classes.dtype.kind in "iub" or model.classes is None:
        return None
    names = {str(one): k for k, one in enumerate(classes)}
    order = np.array([names.get(name, -1) for name in model.classes])
    return None if (order == np.arange(len(order))).all() or (order < 0).any() else order


def _check_labels(y: NDArray[Any]) -> None:
    if y.dtype == object:
        missing = next((k for k, label in enumerate(y.flat) if label is None), None)
        if missing is not None:
            raise ValueError(f"Input y contains None: row {missing * len(y) // y.size} (from 0): leave such rows out")
        if len({isinstance(label, str) for label in y.flat}) > 1:
            raise ValueError("y has texts beside numbers: make all of them texts, or all numbers")
    check_classification_targets(y)
