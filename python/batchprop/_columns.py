"""What a caller gives as X, as blocks of columns that the library reads where they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from ._native import ffi, lib
from ._sentences import HOW_MISSING

_BLOCK, _BLOCKS = ffi.sizeof("bp_column_block"), ffi.sizeof("bp_blocks")
_TYPES = {"f4": lib.BP_CELL_FLOAT, "f8": lib.BP_CELL_DOUBLE, "u1": lib.BP_CELL_BYTE, "i4": lib.BP_CELL_CODE}


class Block(NamedTuple):
    """Columns of one type: `cells` (rows, columns) of float32, float64, uint8, or int32 for `categories`."""

    cells: NDArray[Any]
    names: Optional[Sequence[str]] = None
    categories: Optional[Sequence[str]] = None
    all_categories: bool = False
    missing: bool = False
    role: int = lib.BP_ROLE_INPUT


def check_names(names: Sequence[str]) -> None:
    """Each column of a frame or table has a name of its own."""
    twice = next((name for k, name in enumerate(names) if name in names[:k]), None)
    if twice is not None:
        raise ValueError(f"X has two columns {twice!r}: give them names of their own")


def check_missing(name: str, empty: NDArray[np.bool_], missing: bool) -> None:
    """Without `missing` no cell of a column may be one of those that are `empty`."""
    if empty.any() and not missing:
        raise ValueError(f"Input X contains NaN: column {name!r}, row {empty.argmax()} (from 0): {HOW_MISSING}")


def _texts(texts: Sequence[str]) -> list[Any]:
    """An array of ``const char *``, and what must live as long."""
    chars = [ffi.new("char[]", text.encode()) for text in texts]
    return [ffi.new("const char *[]", chars), chars]


def _address(cells: NDArray[Any]) -> Any:
    """Where an array is; faster of one that is contiguous."""
    if cells.flags.c_contiguous and cells.size:
        return ffi.from_buffer(cells)
    return ffi.cast("void *", cells.__array_interface__["data"][0])


def to_blocks(blocks: Sequence[Block], keep: bool = False) -> tuple[Any, list[Any]]:
    """A ``bp_blocks *``, and what must live as long as its cells are used."""
    rows, kept = ffi.new("bp_column_block[]", len(blocks)), list[Any]()
    for row, block in zip(rows, blocks):
        lib.bp_column_block_init(ffi.addressof(row), _BLOCK)
        cells = block.cells
        row.role, row.type, row.columns = block.role, _TYPES[cells.dtype.str[1:]], cells.shape[1]
        row.data = _address(cells)
        row.row_stride, row.column_stride = cells.strides
        row.missing, row.all_categories = block.missing, block.all_categories
        kept.append(cells)
        if block.names is not None:
            kept += _texts(block.names)
            row.names = kept[-2]
        if block.categories is not None:
            kept += _texts(block.categories)
            row.categories, row.category_count = kept[-2], len(block.categories)
    table = ffi.new("bp_blocks *")
    lib.bp_blocks_init(table, _BLOCKS)
    table.rows, table.block, table.count, table.keep = blocks[0].cells.shape[0], rows, len(blocks), keep
    return table, [*kept, rows]
