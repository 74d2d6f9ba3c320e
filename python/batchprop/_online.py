"""Training on rows as they come: the optimizer goes on from its state."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Optional

import numpy as np

from ._library import Trainer, create_model, effective_options
from ._model import Model
from ._native import lib
from ._options import Options, is_true
from ._training import Samples

# Rows of a batch where batch_size is auto.
_BATCH = 64
# Schedules are of epochs, whose number nobody knows here.
_NOT_READ: dict[str, Any] = {
    "early_stopping": False, "max_iter": 1, "schedule": "constant", "schedule_epochs": None, "schedule_factor": None,
    "warmup_epochs": None, "class_weight": None,
}
# Parameters that may be others in a later call.
_FREE = ("learning_rate_init", "class_weight", "n_jobs", "random_state", *_NOT_READ)


class Online:
    """A training of one network, a batch of rows at a time.

    What is auto follows from the rows of the first call. Of them the first few are kept, since a training has rows.
    """

    def __init__(self, samples: Samples, values: Mapping[str, Any], seed: int, fixed: Mapping[str, str],
                 start: Optional[Model]) -> None:
        self._asked = _asked(values)
        self._rows = samples._replace(weights=None).take(slice(0, _BATCH))
        self._shuffles = values["shuffle"] is None or is_true("shuffle", values["shuffle"])
        self._seed, self._fixed, self._calls = seed, fixed, 0
        self.is_whole = True  # not within a call
        self._values = {**values, **_NOT_READ}
        options = Options({**self._values, "n_jobs": 1}, seed, fixed)
        if options.several:
            raise ValueError("partial_fit trains one network: members, or preset='ensemble', ask for several")
        train = samples._replace(weights=None).dataset()
        if start is None:
            pointer = create_model(train, options.model)
        else:
            options.check_same(start.c)
            pointer = Model._copy(start.c).c
        every = options.train.optimizer == lib.BP_OPTIMIZER_IRPROP
        self._batch: int = lib.BP_BATCH_FULL if every else options.train.batch_size or _BATCH
        chosen = effective_options(pointer, train, options.train)
        self._values.update(learning_rate_init=chosen.learning_rate, alpha=chosen.weight_decay)
        self._create(pointer)

    def _create(self, pointer: Any) -> None:
        options = Options(self._values, self._seed, self._fixed)
        self._pointer, self._process = pointer, os.getpid()
        self._trainer = Trainer(pointer, self._rows.dataset(), None, options.train)

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in self.__dict__.items() if name not in ("_pointer", "_trainer", "_process")}
        return {**state, "model": Model._take(self._pointer), "training": self._trainer.state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        model, training = state.pop("model"), state.pop("training")
        self.__dict__.update(state)
        self._create(model.c)
        self._trainer.restore(training)

    def suits(self, values: Mapping[str, Any]) -> bool:
        """Whether the parameters are still those that the training began with."""
        return self._asked == _asked(values)

    def learn(self, samples: Samples, values: Mapping[str, Any]) -> float:
        """Trains once on each row, in batches; returns the mean loss of the rows, each before its batch."""
        if self._process != os.getpid():  # a child of fork() has none of the threads
            self.__setstate__(self.__getstate__())
        if samples.weights is not None:
            samples = samples.take(samples.weights > 0)
        rows: int = samples.inputs[0].cells.shape[0]
        if self._shuffles and rows > self._batch:
            order = np.random.RandomState([self._seed % 2**32, self._seed // 2**32, self._calls])
            samples = samples.take(order.permutation(rows))
        if rows == 0:
            raise ValueError("every row has the weight 0: there is nothing to learn from")
        rate = _rate_of(values)
        total = 0.0
        for first in range(0, rows, self._batch):
            batch = samples.take(slice(first, first + self._batch)).dataset()
            # Rows that the network does not take are a ValueError, after which it is as before.
            self.is_whole = first == 0
            loss = self._trainer.update(batch, rate)
            total += loss * min(self._batch, rows - first)
        self._calls, self.is_whole = self._calls + 1, True
        return total / rows

    def model(self) -> Model:
        """A copy of the network as it is now."""
        return Model._copy(self._pointer)


def _asked(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: repr(value) for name, value in values.items() if name not in _FREE}


def _rate_of(values: Mapping[str, Any]) -> float:
    """The learning rate of a call; 0: the one that the training began with."""
    asked = values["learning_rate_init"]
    return 0.0 if asked is None or asked == "auto" else float(asked)
