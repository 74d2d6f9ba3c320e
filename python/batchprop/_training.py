"""From arrays and parameters to a model."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from ._columns import Block
from ._library import Callback, Dataset, Ensemble, Trained, Trainer, create_model
from ._model import Model
from ._native import lib
from ._options import Options, fraction_of


class Samples(NamedTuple):
    """What is trained on: `targets` (rows, outputs), or `labels` (rows,) of `classes`, by their names."""

    inputs: list[Block]
    targets: Optional[NDArray[Any]] = None
    labels: Optional[NDArray[Any]] = None
    classes: Sequence[str] = ()
    weights: Optional[NDArray[np.float64]] = None

    def take(self, rows: Any) -> Samples:
        """Some of the rows: of a slice where they are, else copies."""
        def of(part: Optional[NDArray[Any]]) -> Optional[NDArray[Any]]:
            return None if part is None else part[rows]

        return self._replace(inputs=[block._replace(cells=block.cells[rows]) for block in self.inputs],
                             targets=of(self.targets), labels=of(self.labels), weights=of(self.weights))

    def dataset(self) -> Dataset:
        blocks = list(self.inputs)
        if self.weights is not None:
            blocks.append(Block(self.weights[:, None], role=lib.BP_ROLE_WEIGHT))
        if self.targets is not None:
            blocks.append(Block(self.targets, role=lib.BP_ROLE_TARGET))
        elif self.labels is not None:
            names = self.classes if len(set(self.classes) - {""}) == len(self.classes) else None
            names = names or [str(k) for k in range(len(self.classes))]
            blocks.append(Block(self.labels.astype(np.int32)[:, None], None, names, True, role=lib.BP_ROLE_TARGET))
        return Dataset(blocks)


class Fitted(NamedTuple):
    """What a fit gives an estimator."""

    model: Model
    trained: Trained
    oob_metrics: Any = None
    oob_outputs: Optional[NDArray[np.float64]] = None


def fit(samples: Samples, values: Mapping[str, Any], seed: int, fixed: Mapping[str, str],
        callback: Optional[Callback], start: Optional[Model]) -> Fitted:
    """Trains as the command does: with rows held out the model follows from the others, but for a refit."""
    options = Options(values, seed, fixed)
    train, valid = samples.dataset(), None
    pointer = None
    if start is None and not options.several and options.train.refit:
        pointer = create_model(train, options.model)
    if values["early_stopping"]:
        train, valid = train.hold_out(fraction_of(values), seed)
    if options.several:
        return _fit_several(train, valid, options, callback, start)
    if start is not None:
        options.check_same(start.c)
        pointer = start.c
    elif pointer is None:
        pointer = create_model(train, options.model)
    trainer = Trainer(pointer, train, valid, options.train)
    trained = trainer.run(callback)
    if trainer.is_constant(trained):
        warnings.warn("the outputs are the same for all training rows, so the inputs have no effect: try a smaller "
                      "learning_rate_init, or more epochs with a larger one where it was very small", ConvergenceWarning,
                      stacklevel=3)
    return Fitted(Model._take(pointer), trained)


def _fit_several(train: Dataset, valid: Optional[Dataset], options: Options, callback: Optional[Callback],
                 start: Optional[Model]) -> Fitted:
    if start is None:
        ensemble = Ensemble(train, valid, options.kinds, options.ensemble, callback)
    else:
        ensemble = Ensemble(train, valid, options.kinds, options.going_on(start.c), callback, start.c)
    model = Model._take(ensemble.take_model())
    metrics = ensemble.quality()
    outputs = None if metrics is None else ensemble.left_out(train.rows, model._outputs)
    loss = float("nan") if metrics is None else metrics.loss
    trained = Trained(ensemble.epochs(), loss, [], [], 0, ensemble.info.threads)
    return Fitted(model, trained, metrics, outputs)
