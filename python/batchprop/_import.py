"""Networks of other programs as models."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._library import NULL, check, new_error, own_model
from ._native import ffi, lib
from ._options import _choice, _item, put

# Types of safetensors by those of NumPy.
_TYPES = {"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8", "u8": "U64", "u4": "U32",
          "u2": "U16", "u1": "U8", "b1": "BOOL"}
Names = Union[str, Iterable[Any]]


def _to_array(name: str, tensor: Any) -> NDArray[Any]:
    """A tensor of PyTorch or an array, little-endian."""
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu()
        tensor = (tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor).numpy()  # exactly
    array = np.asarray(tensor)
    if array.dtype.str[1:] not in _TYPES:
        raise ValueError(f"tensor {name!r} holds {array.dtype}, not numbers")
    return np.asarray(array, array.dtype.newbyteorder("<"), order="C")


def to_safetensors(state: Mapping[str, Any]) -> bytes:
    """The bytes of a safetensors file with these tensors."""
    header, data, end = {}, [], 0
    for name, tensor in state.items():
        array = _to_array(name, tensor)
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": _TYPES[array.dtype.str[1:]], "shape": array.shape, "data_offsets": (begin, end)}
        data.append(array.tobytes())
    text = json.dumps(header).encode()
    return b"".join([len(text).to_bytes(8, "little"), text, *data])


def _list(names: Optional[Names]) -> Optional[str]:
    if names is None or isinstance(names, str):
        return names
    return ",".join(_item(str(name)) for name in names)


def _scaling(inputs: Optional[Names], shift: Optional[ArrayLike], scale: Optional[ArrayLike]) -> Optional[str]:
    """``(x - shift) * scale`` of each input."""
    if shift is None and scale is None:
        return None
    shifts, scales = np.broadcast_arrays(0.0 if shift is None else np.asarray(shift, np.float64),
                                         1.0 if scale is None else np.asarray(scale, np.float64))
    names = [f"x{k + 1}" for k in range(shifts.size)] if inputs is None else list(inputs)
    if isinstance(inputs, str) or len(names) != shifts.size:
        raise ValueError(f"mean, std: there are {shifts.size} of them: give one for each of the inputs, which are a list")
    return ",".join(f"{_item(str(name))}={float(a)!r}:{float(b)!r}" for name, a, b in zip(names, shifts.flat, scales.flat))


def import_network(
    source: Union[str, os.PathLike[str], bytes],
    *,
    activation: Union[str, Sequence[str], None],
    output_activation: str,
    loss: str,
    classes: Optional[Names],
    inputs: Optional[Names],
    target: Optional[Names],
    layers: Optional[Names],
    shift: Optional[ArrayLike] = None,
    scale: Optional[ArrayLike] = None,
    format: str = "auto",
) -> Any:
    """A ``bp_model *`` of a file, or of its bytes."""
    options, model = ffi.new("bp_import_options *"), ffi.new("bp_model_options *")
    lib.bp_import_options_init(options, ffi.sizeof("bp_import_options"))
    lib.bp_import_model_options_init(model, ffi.sizeof("bp_model_options"))
    kept = [model]
    texts = {"activations": activation, "classes": classes, "inputs": inputs, "layers": layers}
    for name, names in texts.items():
        if names is not None:
            kept.append(ffi.new("char[]", (_list(names) or "").encode()))
            setattr(options, name, kept[-1])
    chosen = {"output-activation": output_activation, "loss": loss, "target": _list(target),
              "scaling": _scaling(inputs, shift, scale)}
    kept += [put(model, "model", option, value) for option, value in chosen.items() if value is not None]
    options.format = _choice(lib.BP_CHOICE_IMPORT_FORMAT, format, "format")
    options.model = model
    out, error = ffi.new("bp_model **"), new_error()
    if isinstance(source, bytes):
        status = lib.bp_model_import_memory(out, source, len(source), options, NULL, error)
    else:
        status = lib.bp_model_import(out, os.fsencode(source), options, NULL, error)
    check(status, error)
    return own_model(out[0])
