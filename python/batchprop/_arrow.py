"""Tables of Apache Arrow: whatever has Arrow's stream of C, as those of PyArrow and DuckDB have, column by column."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ._columns import Block, check_missing, check_names


def is_table(X: Any) -> bool:
    """Whether it is one that is no frame of pandas or polars, which have the stream, too."""
    return hasattr(X, "__arrow_c_stream__") and not (hasattr(X, "iloc") or hasattr(X, "get_columns"))


def to_table(X: Any) -> Any:
    """As a table of PyArrow."""
    try:
        import pyarrow
    except ImportError:
        raise ImportError("tables of Arrow are read by PyArrow, which is not there: install pyarrow") from None
    table = pyarrow.table(X)
    check_names(table.column_names)
    return table


def read_table(table: Any, missing: bool) -> list[Block]:
    """A block for each column; texts are categories, and missing ones have the code -1.

    Without `missing` a cell that is missing is an error.
    """
    return [_read(name, column, missing) for name, column in zip(table.column_names, table.columns)]


def is_number(kind: Any) -> bool:
    """Whether cells of this type of Arrow are numbers; true and false are 1 and 0."""
    from pyarrow import types

    tests = (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal, types.is_null)
    return any(test(kind) for test in tests)


def is_text(kind: Any) -> bool:
    """Whether they are texts, which are categories."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return is_text(kind.value_type)
    view = getattr(types, "is_string_view", lambda kind: False)
    return bool(types.is_string(kind) or types.is_large_string(kind) or view(kind))


def refuse(where: str, kind: Any) -> NoReturn:
    """For a column of another type."""
    raise ValueError(f"{where} holds {kind}: give numbers, such as seconds for times, or texts, which are categories")


def to_numbers(column: Any) -> Any:
    """A column of numbers as doubles of Arrow; a NaN is a missing cell, too."""
    import pyarrow
    import pyarrow.compute as compute

    kind = column.type
    if pyarrow.types.is_boolean(kind):
        column = column.cast(pyarrow.int8())
    elif pyarrow.types.is_float16(kind):
        column = column.cast(pyarrow.float32())
    # Integers beyond 2^53 are rounded, as those of NumPy are.
    doubles = column.cast(pyarrow.float64(), safe=False)
    return compute.if_else(compute.is_nan(doubles), pyarrow.scalar(None, pyarrow.float64()), doubles)


def _read(name: str, column: Any, missing: bool) -> Block:
    kind = column.type
    if is_number(kind):
        found = np.asarray(to_numbers(column), np.float64)
        check_missing(name, np.isnan(found), missing)
        return Block(found[:, None], [name], missing=missing)
    if not is_text(kind):
        refuse(f"column {name!r} of X", kind)
    words, codes = _encode(column)
    check_missing(name, codes < 0, missing)
    return Block(codes[:, None], [name], words or ["0"], missing=missing)


def _encode(column: Any) -> tuple[list[str], NDArray[np.int32]]:
    """The texts that there are, and of each cell the number of its text, or -1; "" is missing, too."""
    import pyarrow
    import pyarrow.compute as compute

    one = column.cast(pyarrow.large_string())
    one = compute.if_else(compute.equal(one, ""), pyarrow.scalar(None, pyarrow.large_string()), one)
    whole = one.dictionary_encode().combine_chunks()
    if isinstance(whole, pyarrow.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pyarrow.array([], pyarrow.large_string()).dictionary_encode()
    codes = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return whole.dictionary.to_pylist(), codes
