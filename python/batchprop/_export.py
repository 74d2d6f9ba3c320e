"""Models for programs that do without batchprop."""

from __future__ import annotations

import os
from typing import Any, Optional, Union

from ._library import NULL, check, new_error, saved
from ._native import ffi, lib
from ._options import _choice


def export_model(model: Any, path: Union[str, os.PathLike[str], None], format: str, name: Optional[str], unknown: str,
                 raw: bool, embed: bool) -> Optional[bytes]:
    """Of a ``bp_model *``, as `Model.export`."""
    options = ffi.new("bp_export_options *")
    lib.bp_export_options_init(options, ffi.sizeof("bp_export_options"))
    options.format = _choice(lib.BP_CHOICE_EXPORT_FORMAT, format, "format")
    options.unknown = _choice(lib.BP_CHOICE_UNKNOWN, unknown, "unknown")
    options.raw, options.embed = raw, embed
    called = NULL if name is None else ffi.new("char[]", name.encode())
    options.name = called
    if path is None:
        return saved(lambda thing, out, size, error: lib.bp_model_export_save_memory(thing, options, out, size, error), model)
    error = new_error()
    check(lib.bp_model_export(model, os.fsencode(path), options, error), error)
    return None
