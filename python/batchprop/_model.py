"""Trained networks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._columns import Block, to_blocks
from ._library import F32, F64, NULL, buffer, check, new_error, own_model, saved, text
from ._native import ffi, lib

if TYPE_CHECKING:
    import torch

_from_buffer = ffi.from_buffer
_FLOATS, _DOUBLES = ffi.typeof("float[]"), ffi.typeof("double[]")
_empty, _ndarray = np.empty, np.ndarray
_predict = lib.bp_predict_rows
_predict_wide = lib.bp_predict_rows_wide


class Layer(NamedTuple):
    """Parameters of a layer; what it computes of outputs `o` is ``activation(weights @ o - thresholds)``.

    Attributes
    ----------
    weights : ndarray of shape (neurons, inputs), float32
    thresholds : ndarray of shape (neurons,), float32
    activation : str
    """

    weights: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    activation: str


class Column(NamedTuple):
    """A column that a model reads or predicts.

    Attributes
    ----------
    name : str
    categories : tuple of str, or None
        None: it is a number.
    first, neurons : int
        Its neurons among the inputs, or outputs.
    shift, scale, origin : float
        Numbers: a neuron is ``((number - origin) - shift) * scale``.
    """

    name: str
    categories: Optional[tuple[str, ...]]
    first: int
    neurons: int
    shift: float
    scale: float
    origin: float


class Model:
    """A trained network, or several as one, with the meaning of its inputs and outputs.

    `Model.load` reads what the command ``batchprop`` and `save` write. Different threads may use one
    model at the same time. It can be pickled and copied.
    """

    def __init__(self) -> None:
        raise TypeError("a model is read by batchprop.Model.load(), or is the model_ of an estimator after fit()")

    @classmethod
    def _take(cls, pointer: Any) -> Model:
        """Of an owned ``bp_model *``."""
        model: Model = cls.__new__(cls)
        model.c = pointer
        model._spare = []
        model._info = lib.bp_model_get_info(pointer)
        model._outputs = model._info.outputs
        several = model._info.members > 1  # whose widths are those of the columns
        model._width = sum(column.neurons for column in model.inputs) if several else model._info.widths[0]
        model._one_row, model._one_answer = (model._width,), (model._outputs,)
        return model

    c: Any
    _spare: list[Any]
    _info: Any
    _width: int
    _one_row: tuple[int, ...]
    _one_answer: tuple[int, ...]
    _outputs: int

    # ---- files ----

    @classmethod
    def load(cls, path: Union[str, os.PathLike[str]]) -> Model:
        """Read a model file.

        Parameters
        ----------
        path : str or path-like
            A file in the safetensors format that `save` or the command has written.

        Returns
        -------
        Model

        Raises
        ------
        OSError
            The file cannot be read.
        ValueError
            It is damaged, or no model.
        """
        out, error = ffi.new("bp_model **"), new_error()
        check(lib.bp_model_load(out, os.fsencode(path), error), error)
        return cls._take(own_model(out[0]))

    @classmethod
    def from_state_dict(
        cls,
        state: Mapping[str, Any],
        *,
        activation: Union[str, Sequence[str], None] = None,
        output_activation: str = "auto",
        loss: str = "auto",
        classes: Union[str, Iterable[Any], None] = None,
        inputs: Union[str, Iterable[Any], None] = None,
        target: Union[str, Iterable[Any], None] = None,
        layers: Union[str, Iterable[Any], None] = None,
        mean: Optional[ArrayLike] = None,
        std: Optional[ArrayLike] = None,
    ) -> Model:
        """Make a model of the parameters of a PyTorch module.

        Parameters
        ----------
        state : mapping of str to tensors or arrays
            As ``module.state_dict()``: of each linear layer ``NAME.weight``, (neurons, inputs), and ``NAME.bias`` or none.
        activation : str or list of str
            Of the hidden layers, which have to be told: one for all of them, or one for each.
        output_activation : str, default="auto"
            "auto": softmax for classes, identity for numbers.
        loss : str, default="auto"
            For further training.
        classes : list, optional
            The classes in the order of the output neurons, or two of one neuron. None: the outputs are numbers.
        inputs : list of str, optional
            Names of the inputs; without them they are known by their order.
        target : str or list of str, optional
            Name of the classes, or names of the outputs.
        layers : list of str, optional
            Names of the layers in their order, where neither the numbers in them nor their shapes say it.
        mean, std : array-like of shape (inputs,), optional
            By which inputs are standardized before they reach the network.

        Returns
        -------
        Model
            Of the parameters bit for bit if they are float32, else the nearest ones.

        Raises
        ------
        ValueError
            A tensor is none of a linear layer, or a parameter is missing or does not fit.
        """
        from ._import import import_network, to_safetensors

        scale = None if std is None else 1 / np.asarray(std, F64)
        return cls._take(import_network(to_safetensors(state), activation=activation, output_activation=output_activation,
                                        loss=loss, classes=classes, inputs=inputs, target=target, layers=layers,
                                        shift=mean, scale=scale))

    @classmethod
    def from_sklearn(cls, estimator: Any) -> Model:
        """Make a model of a fitted network of scikit-learn.

        Parameters
        ----------
        estimator : MLPClassifier, MLPRegressor or Pipeline
            A pipeline may have StandardScaler and MinMaxScaler before the network: they become the scaling of the inputs.

        Returns
        -------
        Model
            Its outputs are those of ``predict_proba``, or of ``predict`` for numbers, in binary32.

        Raises
        ------
        ValueError
            It is another estimator, or the pipeline has another step.
        """
        from ._import_sklearn import from_sklearn

        return cls._take(from_sklearn(estimator))

    def save(self, path: Union[str, os.PathLike[str]]) -> None:
        """Write a model file, as a whole or not at all.

        Parameters
        ----------
        path : str or path-like

        Raises
        ------
        OSError
            The file cannot be written.
        FloatingPointError
            A parameter is not finite.
        """
        error = new_error()
        check(lib.bp_model_save(self.c, os.fsencode(path), error), error)

    def export(self, path: Union[str, os.PathLike[str], None] = None, format: str = "auto", *, name: Optional[str] = None,
               unknown: str = "auto", raw: bool = False, embed: bool = False) -> Optional[bytes]:
        """Write the model for programs that do without batchprop, or give what would be written.

        Parameters
        ----------
        path : str or path-like, optional
            Where it goes, replaced as a whole. Of C a path that ends in .c; its header goes beside it, in .h. None: the
            content is returned, of C the source with the declarations of its header.
        format : {"auto", "onnx", "c", "python", "sql", "javascript"}, default="auto"
            "auto": by the end of `path`, which is .onnx, .c, .py, .sql or .js.
        name : str, optional
            What functions are called, and in SQL the table; by `path`, else "model".
        unknown : {"auto", "error", "ignore", "most-frequent"}, default="auto"
            What it does with a category that the training data did not have; "auto" is an error.
        raw : bool, default=False
            ONNX: the network alone, without scaling, categories and classes.
        embed : bool, default=False
            C: weights as bytes in strings, which compile faster than numbers.

        Returns
        -------
        bytes or None

        Raises
        ------
        ValueError
            There is no such format, or an option is of another one.
        OSError
            The file cannot be written.
        """
        from ._export import export_model

        return export_model(self.c, path, format, name, unknown, raw, embed)

    def __copy__(self) -> Model:
        return self._copy(self.c)

    def __deepcopy__(self, memo: Any) -> Model:
        return self._copy(self.c)

    def __getstate__(self) -> bytes:
        return saved(lib.bp_model_save_memory, self.c)

    def __setstate__(self, state: bytes) -> None:
        out, error = ffi.new("bp_model **"), new_error()
        check(lib.bp_model_load_memory(out, state, len(state), error), error)
        self.__dict__.update(self._take(own_model(out[0])).__dict__)

    # ---- what it is ----

    def __repr__(self) -> str:
        if self.members > 1:
            return f"<batchprop.Model of {self.members} networks, digest {self.weights_digest}>"
        widths = "-".join(str(self._info.widths[k]) for k in range(self._info.layers + 1))
        return f"<batchprop.Model {widths}, digest {self.weights_digest}>"

    @property
    def weights_digest(self) -> str:
        """XXH3-128 of the parameters, as the command prints it: equal for equal bits."""
        return text(self._info.weights_digest)

    @property
    def members(self) -> int:
        """Networks in the model."""
        count: int = self._info.members
        return count

    @property
    def parameters(self) -> int:
        """Weights and thresholds, of all networks."""
        count: int = self._info.parameters
        return count

    @property
    def loss(self) -> str:
        """What it was trained to make small: "cross-entropy", "mse", ..."""
        return text(lib.bp_choice_name(lib.BP_CHOICE_LOSS, self._info.loss))

    @property
    def output_activation(self) -> str:
        """Activation of the output neurons."""
        return _activation(self._info.output_activation)

    @cached_property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that it reads."""
        return tuple(self._column(k) for k in range(self._info.input_columns))

    @cached_property
    def targets(self) -> tuple[Column, ...]:
        """The columns that it predicts."""
        first = self._info.input_columns
        return tuple(self._column(k) for k in range(first, first + self._info.target_columns))

    def _column(self, index: int) -> Column:
        column, error = ffi.new("bp_model_column *"), new_error()
        check(lib.bp_model_get_column(self.c, index, column, error), error)
        names = None
        if column.categories != NULL:
            names = tuple(text(column.categories[k]) for k in range(column.neurons))
        return Column(text(column.name), names, column.first, column.neurons, column.shift, column.scale, column.origin)

    @cached_property
    def classes(self) -> Optional[NDArray[Any]]:
        """Names of the classes in the order of the output neurons; None: it predicts numbers."""
        if self._info.task != lib.BP_TASK_CLASSIFY:
            return None
        return np.array(self.targets[0].categories, dtype=object)

    @cached_property
    def _factors(self) -> Optional[NDArray[np.float64]]:
        if not self._info.has_factors:
            return None
        return np.array([lib.bp_model_get_factor(self.c, k) for k in range(self._outputs)])

    @cached_property
    def layers(self) -> list[Layer]:
        """The layers, from the inputs to the outputs; read-only arrays, copied once.

        Raises
        ------
        ValueError
            The model has several networks: their layers are those of `member`.
        """
        if self.members > 1:
            raise ValueError(f"the model has {self.members} networks: ask for the layers of Model.member(index)")
        layers = []
        for k in range(self._info.layers):
            weights = _empty((self._info.widths[k + 1], self._info.widths[k]), F32)
            thresholds, error = _empty(weights.shape[0], F32), new_error()
            check(lib.bp_model_get_parameters(self.c, k, buffer(weights, "float[]", True),
                                              buffer(thresholds, "float[]", True), error), error)
            weights.flags.writeable = thresholds.flags.writeable = False
            layers.append(Layer(weights, thresholds, _activation(self._info.activations[k])))
        return layers

    @property
    def weights(self) -> list[NDArray[np.float32]]:
        """Weights of each layer, (neurons, inputs), float32, read-only."""
        return [layer.weights for layer in self.layers]

    @property
    def thresholds(self) -> list[NDArray[np.float32]]:
        """Thresholds of each layer, (neurons,), float32, read-only; they are subtracted."""
        return [layer.thresholds for layer in self.layers]

    def member(self, index: int) -> Model:
        """A copy of one of the networks.

        Parameters
        ----------
        index : int
            From 0 to ``members - 1``.
        """
        found = lib.bp_model_get_member(self.c, index) if index >= 0 else NULL
        if found == NULL:
            raise IndexError(f"there is no network {index}: the model has {self.members}")
        return self._copy(found)

    @property
    def member_weights(self) -> NDArray[np.float64]:
        """What each network counts; they add up to 1."""
        return np.array([lib.bp_model_member_weight(self.c, k) for k in range(self.members)])

    @classmethod
    def _copy(cls, pointer: Any) -> Model:
        out, error = ffi.new("bp_model **"), new_error()
        check(lib.bp_model_copy(out, pointer, error), error)
        return cls._take(own_model(out[0]))

    # ---- use ----

    def outputs(self, X: ArrayLike) -> NDArray[Any]:
        """Values of the output neurons: numbers in the user's units, or a value for each class.

        Parameters
        ----------
        X : array-like of shape (inputs,) or (rows, inputs)
            Numbers in the user's units, one-hot where a column is a category. float32 and C-contiguous is the
            fastest; float64 keeps what binary32 would round.

        Returns
        -------
        ndarray of shape (outputs,) or (rows, outputs)
            float64 for float64, else float32.

        Raises
        ------
        ValueError
            X has another number of inputs.
        """
        if not (X.__class__ is _ndarray and (X.dtype is F32 or X.dtype is F64)):
            X = _as_numbers(X)
        shape = X.shape
        if shape == self._one_row:
            rows, given = 1, self._one_answer
        elif shape[-1:] == self._one_row and len(shape) == 2:
            rows, given = shape[0], (shape[0], self._outputs)
        else:
            raise ValueError(f"X has the shape {shape}: the model reads {self._width} inputs a row")
        kind = X.dtype
        outputs = _empty(given, kind)
        try:
            workspace = self._spare.pop()
        except IndexError:
            workspace = self._new_workspace()
        try:
            if kind is F32:
                status = _predict(self.c, workspace, _from_buffer(_FLOATS, X), rows, _from_buffer(_FLOATS, outputs), NULL)
            else:
                status = _predict_wide(self.c, workspace, _from_buffer(_DOUBLES, X), rows,
                                       _from_buffer(_DOUBLES, outputs), NULL)
        except ValueError:  # not C-contiguous
            self._spare.append(workspace)
            return self.outputs(np.ascontiguousarray(X))
        self._spare.append(workspace)
        if status:
            error = new_error()
            wide = X.dtype is F64
            status = (_predict_wide if wide else _predict)(self.c, workspace, buffer(X, "double[]" if wide else "float[]"),
                                                           rows, buffer(outputs, "double[]" if wide else "float[]"), error)
            check(status, error)
        return outputs

    def _new_workspace(self) -> Any:
        out, error = ffi.new("bp_workspace **"), new_error()
        check(lib.bp_workspace_create(out, self.c, error), error)
        return ffi.gc(out[0], lib.bp_workspace_free)

    def spread(self, X: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Outputs, and how far the networks of the model disagree.

        Parameters
        ----------
        X : array-like of shape (rows, columns)
            Numbers in the user's units.

        Returns
        -------
        outputs : ndarray of shape (rows, outputs), float64
        spread : ndarray of shape (rows, outputs), float64
            Standard deviation of each output over the networks, each with its weight; 0 for one network.
        """
        return self._spread_of([Block(_as_numbers(X))])

    def _spread_of(self, blocks: Sequence[Block]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        outputs = _empty((blocks[0].cells.shape[0], self._outputs))
        spread = _empty(outputs.shape)
        self._predict(blocks, 0, None, wide_outputs=outputs, spread=spread)
        return outputs, spread

    def _outputs_of(self, blocks: Sequence[Block], threads: int, unknown: Optional[str]) -> NDArray[Any]:
        """Outputs of columns as they were trained on, by threads where there are many rows."""
        floats = all(block.cells.dtype == F32 for block in blocks)
        outputs = _empty((blocks[0].cells.shape[0], self._outputs), F32 if floats else F64)
        self._predict(blocks, threads, unknown, **{"outputs" if floats else "wide_outputs": outputs})
        return outputs

    def _predict(self, blocks: Sequence[Block], threads: int, unknown: Optional[str], **arrays: NDArray[Any]) -> None:
        table, kept = to_blocks(blocks)
        predictions, options, error = ffi.new("bp_predictions *"), ffi.new("bp_run_options *"), new_error()
        lib.bp_predictions_init(predictions, ffi.sizeof("bp_predictions"))
        lib.bp_run_options_init(options, ffi.sizeof("bp_run_options"))
        options.threads = threads
        if unknown is not None:
            check(lib.bp_run_options_set(options, b"unknown", unknown.encode(), error), error)
        for name, array in arrays.items():
            kept.append(buffer(array, "float[]" if name == "outputs" else "double[]", True))
            setattr(predictions, name, kept[-1])
        check(lib.bp_predict_blocks(self.c, table, options, predictions, error), error)

    def predict(self, X: ArrayLike) -> Any:
        """The name of the class, or the numbers, of each row.

        Parameters
        ----------
        X : array-like of shape (inputs,) or (rows, inputs)
            As for `outputs`.

        Returns
        -------
        str, or ndarray of shape (rows,)
            Of a model of classes.
        ndarray of shape (outputs,) or (rows, outputs)
            Of a model of numbers.
        """
        outputs = self.outputs(X)
        classes = self.classes
        if classes is None:
            return outputs
        if outputs.ndim == 1 and self._factors is None:
            return classes[outputs.argmax()]  # which an axis makes slower
        return classes[self.decide(outputs)]

    def decide(self, outputs: NDArray[Any]) -> Any:
        """The number of the class that follows from outputs, (outputs,) or (rows, outputs)."""
        factors = self._factors
        return (outputs if factors is None else outputs * factors).argmax(-1)

    def to_torch(self) -> torch.nn.Sequential:
        """The network as a module of PyTorch, which takes and gives what `outputs` does.

        Returns
        -------
        torch.nn.Sequential
            In float32: scaling of the inputs, ``Linear`` and activation of each layer, and for numbers the scaling
            of the outputs. Its parameters are copies.

        Raises
        ------
        ValueError
            The model has several networks: `member` gives each.
        ImportError
            PyTorch is not installed.
        """
        from ._torch import to_torch

        return to_torch(self)


def _activation(value: int) -> str:
    return text(lib.bp_choice_name(lib.BP_CHOICE_ACTIVATION, value))


def _as_numbers(X: ArrayLike) -> NDArray[Any]:
    numbers = np.asarray(X)
    return np.ascontiguousarray(numbers, F64 if numbers.dtype == F64 else F32)
