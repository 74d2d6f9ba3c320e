"""The C library: errors, datasets of arrays, and trainings. Its header says what each call does."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple, NoReturn, Optional

import numpy as np
from numpy.typing import NDArray

from ._columns import Block, to_blocks
from ._native import ffi, lib
from ._sentences import in_python

NULL = ffi.NULL
F32 = np.dtype(np.float32)
F64 = np.dtype(np.float64)

version: str = ffi.string(lib.bp_version()).decode()

_EXCEPTIONS: dict[int, type[Exception]] = {
    lib.BP_ERROR_ARGUMENT: ValueError,
    lib.BP_ERROR_INPUT: ValueError,
    lib.BP_ERROR_IO: OSError,
    lib.BP_ERROR_NOT_FINITE: FloatingPointError,
    lib.BP_ERROR_MEMORY: MemoryError,
}


def text(chars: Any) -> str:
    """The text of a ``const char *`` that is not NULL."""
    found: str = ffi.string(chars).decode()
    return found


def new_error() -> Any:
    return ffi.new("bp_error *")


def fail(status: int, error: Any) -> NoReturn:
    """Raises what a status stands for, with the sentence of the library."""
    raise _EXCEPTIONS.get(status, RuntimeError)(in_python(text(error.message)))


def check(status: int, error: Any) -> None:
    if status > lib.BP_STOPPED:
        fail(status, error)


def buffer(array: NDArray[Any], kind: str, writable: bool = False) -> Any:
    """The numbers of a C-contiguous array, which lives on as long as what is returned."""
    return ffi.from_buffer(kind, array, require_writable=writable)


def saved(save: Callable[..., int], thing: Any) -> bytes:
    """What a function of the library whose name ends in _save_memory makes of a model, or a training."""
    out, size, error = ffi.new("void **"), ffi.new("size_t *"), new_error()
    check(save(thing, out, size, error), error)
    return bytes(ffi.buffer(ffi.gc(out[0], lib.bp_memory_free), size[0]))


# ---- datasets ----


class Dataset:
    """Rows of blocks. float32 and uint8 inputs stay where they are, others are copied."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        table, self._kept = to_blocks(blocks, True)
        out, error = ffi.new("bp_dataset **"), new_error()
        check(lib.bp_dataset_from_blocks(out, table, error), error)
        self.c = ffi.gc(out[0], lib.bp_dataset_free)
        self.rows: int = table.rows

    def hold_out(self, fraction: float, seed: int) -> tuple[Dataset, Dataset]:
        """The rows to train on and those held out; classes keep their shares."""
        holdout, error = ffi.new("bp_holdout *"), new_error()
        lib.bp_holdout_init(holdout, ffi.sizeof("bp_holdout"))
        holdout.fraction, holdout.seed = fraction, seed
        train, held_out = ffi.new("bp_dataset **"), ffi.new("bp_dataset **")
        check(lib.bp_dataset_hold_out(self.c, holdout, train, held_out, error), error)
        return self._part(train[0]), self._part(held_out[0])

    def _part(self, pointer: Any) -> Dataset:
        part = Dataset.__new__(Dataset)
        part._kept = self._kept
        part.c = ffi.gc(pointer, lib.bp_dataset_free)
        part.rows = lib.bp_dataset_get_info(pointer).rows
        return part


# ---- trainings ----


class Progress(NamedTuple):
    """Where a fit is, for the callback; a callback that returns False ends the fit.

    Attributes
    ----------
    epoch, epochs : int
        Epochs done, and those of the fit; of the network `member`.
    loss : float
        Mean over the samples of the epoch, each with its weight.
    valid_loss : float
        Of the validation rows; NaN without any.
    score : float
        Accuracy or R2 of the validation rows; NaN without any.
    seconds : float
        Since the start.
    member, members : int
        Which network it is, from 0, and how many there are.
    """

    epoch: int
    epochs: int
    loss: float
    valid_loss: float
    score: float
    seconds: float
    member: int
    members: int


Callback = Callable[[Progress], Any]


class Watch:
    """Follows a training. `error` is what the callback raised."""

    def __init__(self, callback: Optional[Callback]) -> None:
        self.callback = callback
        self.error: Optional[BaseException] = None
        self.c = ffi.gc(ffi.new("bpy_watch *"), lib.bpy_watch_release)
        if callback is not None:
            self._handle = ffi.new_handle(self)
            self.c.tells = self._handle
        self._main = threading.current_thread() is threading.main_thread()

    def run(self, call: Callable[[], int], error: Any) -> None:
        """Calls until the training has ended: a signal may have stopped it, whose handler has run since."""
        while True:
            self.c.interruptible = self._main
            status = call()
            if self.error is not None:
                raise self.error
            if self.c.no_memory:
                raise MemoryError("out of memory for the losses of the epochs")
            if status != lib.BP_STOPPED or self.c.stopped:
                check(status, error)
                return

    def tell(self, progress: Any, member: int, members: int) -> bool:
        assert self.callback is not None
        valid = progress.valid
        score = float("nan")
        if valid != NULL:
            score = valid.accuracy if valid.accuracy == valid.accuracy else valid.r2
        return self.callback(Progress(progress.epoch, progress.epochs, progress.train_loss, progress.valid_loss, score,
                                      progress.seconds, member, members)) is not False

    def curve(self, name: str) -> list[float]:
        """The numbers of each epoch under a name of bpy_watch."""
        numbers: list[float] = ffi.unpack(getattr(self.c, name), self.c.epochs) if self.c.epochs else []
        return numbers


def _keep_error(kind: Any, error: BaseException, trace: Any) -> None:
    watch = ffi.from_handle(trace.tb_frame.f_locals["user"])
    watch.error = error


@ffi.def_extern(error=False, onerror=_keep_error)  # type: ignore[untyped-decorator]
def bpy_tell(progress: Any, user: Any) -> bool:
    # Within an epoch only so that a fit can be ended.
    watch: Watch = ffi.from_handle(user)
    return watch.tell(progress, 0, 1) if progress.epoch_done else True


@ffi.def_extern(error=False, onerror=_keep_error)  # type: ignore[untyped-decorator]
def bpy_tell_member(progress: Any, user: Any) -> bool:
    watch: Watch = ffi.from_handle(user)
    if progress.run == NULL or not progress.run.epoch_done or progress.stopping:
        return True
    return watch.tell(progress.run, progress.member, progress.members)


class Trained(NamedTuple):
    """What came of a training."""

    epochs: int
    loss: float
    losses: list[float]
    scores: list[float]
    best_epoch: int
    threads: int


class Trainer:
    """Trains the network of `model` (a ``bp_model *``, which it changes) on rows, which it keeps."""

    def __init__(self, model: Any, train: Dataset, valid: Optional[Dataset], options: Any) -> None:
        out, error = ffi.new("bp_trainer **"), new_error()
        check(lib.bp_trainer_create(out, model, train.c, valid.c if valid else NULL, options, error), error)
        self.c = ffi.gc(out[0], lib.bp_trainer_free)
        self._kept = (model, train, valid)
        self._validates = valid is not None

    def run(self, callback: Optional[Callback] = None) -> Trained:
        watch, result, error = Watch(callback), ffi.new("bp_train_result *"), new_error()
        watch.run(lambda: lib.bpy_trainer_run(self.c, watch.c, result, error), error)
        scores = watch.curve("score") if self._validates else []
        return Trained(result.epochs, result.train_loss, watch.curve("train_loss"), scores, result.best_epoch,
                       result.threads)

    def is_constant(self, trained: Trained) -> bool:
        """Whether the inputs have no effect: the outputs of all training rows are the same, and the targets are not.
        That takes a pass over the rows, and is looked at only where the loss has not fallen or does not move any more."""
        losses = trained.losses
        stays = len(losses) > 1 and abs(losses[-1] - losses[-2]) <= 1e-4 * abs(losses[-1])
        if len(losses) > 1 and losses[-1] < 0.98 * losses[0] and not stays:
            return False
        quality, error = ffi.new("bp_quality *"), new_error()
        check(lib.bp_trainer_measure(self.c, False, quality, error), error)
        baseline = quality.baseline
        varies = baseline.accuracy < 1 if quality.classes else baseline.rmse > 0
        return bool(quality.constant) and bool(varies)

    def update(self, batch: Dataset, learning_rate: float) -> float:
        """A step on all rows of a batch; the loss before it. 0 stands for the learning rate of the options."""
        loss, error = ffi.new("double *"), new_error()
        check(lib.bp_trainer_update(self.c, batch.c, learning_rate, loss, error), error)
        found: float = loss[0]
        return found

    def state(self) -> bytes:
        """Weights and state of the optimizer, for `restore` of a trainer of the same rows and options."""
        return saved(lib.bp_trainer_save_memory, self.c)

    def restore(self, state: bytes) -> None:
        error = new_error()
        check(lib.bp_trainer_restore_memory(self.c, state, len(state), error), error)


def effective_options(model: Any, train: Dataset, options: Any) -> Any:
    """A ``bp_train_options *`` with what each auto stands for on these rows."""
    trainer, chosen = Trainer(model, train, None, options), ffi.new("bp_train_options *")
    lib.bp_trainer_options_init(chosen, ffi.sizeof("bp_train_options"), trainer.c)
    return chosen


class Ensemble:
    """Several networks, trained to be one model: new ones, or those of `start` (a ``bp_model *``) further."""

    def __init__(self, train: Dataset, valid: Optional[Dataset], kinds: list[tuple[Any, Any]], options: Any,
                 callback: Optional[Callback] = None, start: Any = None) -> None:
        rows = ffi.new("bp_member_kind[]", len(kinds)) if start is None else ffi.new("bp_train_options[]", len(kinds))
        for k, (model, how) in enumerate(kinds):
            if start is None:
                rows[k].size, rows[k].model, rows[k].train = ffi.sizeof("bp_member_kind"), model, how
            else:
                rows[k] = how[0]
        out, error, watch = ffi.new("bp_ensemble **"), new_error(), Watch(callback)
        held_out = valid.c if valid else NULL

        def train_members() -> int:
            # A stopped training begins again: members that ended are in what it left, and dropped.
            lib.bp_ensemble_free(out[0])
            out[0] = NULL
            if start is None:
                status: int = lib.bpy_ensemble_train(out, train.c, held_out, rows, len(kinds), options, watch.c, error)
            else:
                status = lib.bpy_ensemble_continue(out, start, train.c, held_out, rows, options, watch.c, error)
            return status

        try:
            watch.run(train_members, error)
        finally:
            self.c = ffi.gc(out[0], lib.bp_ensemble_free) if out[0] != NULL else NULL
        self.info = lib.bp_ensemble_get_info(self.c)

    def take_model(self) -> Any:
        """The ``bp_model *``."""
        out, error = ffi.new("bp_model **"), new_error()
        check(lib.bp_ensemble_take_model(self.c, out, error), error)
        return own_model(out[0])

    def quality(self) -> Any:
        """The ``bp_metrics`` of the rows that members left out; None: there are none."""
        quality = ffi.new("bp_quality *")
        if lib.bp_ensemble_get_quality(self.c, quality, NULL, NULL) != lib.BP_OK:
            return None
        self._quality = quality
        return quality.metrics

    def left_out(self, rows: int, outputs: int) -> NDArray[np.float64]:
        """Predictions of the rows by the members that left them out, (rows, outputs); NaN where there is none."""
        numbers, error = np.empty((rows, outputs)), new_error()
        check(lib.bp_ensemble_get_left_out(self.c, buffer(numbers, "double[]", True), error), error)
        return numbers

    def epochs(self) -> int:
        """Of the members, at most."""
        member, most = ffi.new("bp_ensemble_member *"), 0
        for index in range(self.info.members):
            check(lib.bp_ensemble_get_member(self.c, index, member, NULL), NULL)
            most = max(most, member.train.epochs)
        return most


def own_model(pointer: Any) -> Any:
    """The same ``bp_model *``, freed when nobody has it any more."""
    return ffi.gc(pointer, lib.bp_model_free)


def create_model(dataset: Dataset, options: Any) -> Any:
    """A ``bp_model *`` with first weights."""
    out, error = ffi.new("bp_model **"), new_error()
    check(lib.bp_model_create(out, dataset.c, options, error), error)
    return own_model(out[0])
