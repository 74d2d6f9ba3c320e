"""Frames of pandas and polars, column by column."""

from __future__ import annotations

import numbers
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from ._columns import Block, check_missing, check_names


def has_text(X: Any) -> bool:
    """Whether it is a frame with columns that are no numbers."""
    if not (hasattr(X, "columns") and hasattr(X, "dtypes")):
        return False
    if not hasattr(X, "__len__"):
        raise ValueError(f"X is a {type(X).__name__}, which has no rows yet: collect() gives them")
    return not all(_is_number(kind) for kind in X.dtypes)


def read_frame(X: Any, missing: bool) -> list[Block]:
    """A block for each column; texts are categories, and missing ones have the code -1.

    Without `missing` a cell that is missing is an error.
    """
    names = [str(name) for name in X.columns]
    check_names(names)
    return [_read(name, X[column], missing) for name, column in zip(names, X.columns)]


def _is_number(kind: Any) -> bool:
    if hasattr(kind, "is_numeric"):  # of polars
        return kind.is_numeric() or str(kind) == "Boolean"
    return getattr(kind, "kind", "O") in "biuf"


def _read(name: str, series: Any, missing: bool) -> Block:
    empty = np.asarray(series.isna() if hasattr(series, "isna") else series.is_null(), bool)
    found = _numbers(series, empty) if _is_number(series.dtype) else None
    texts = None
    if found is None:
        cells = series.to_list()
        found = _numbers_of(name, cells, empty, str(series.dtype) == "category")
        texts = np.array([str(cell) for cell in cells], object) if found is None else None
    empty = empty if found is None else np.isnan(found)
    check_missing(name, empty, missing)
    if texts is None:
        assert found is not None
        return Block(found[:, None], [name], missing=missing)
    categories, codes = np.unique(texts[~empty], return_inverse=True)
    columns = np.full((len(texts), 1), -1, np.int32)
    columns[~empty, 0] = codes
    return Block(columns, [name], [str(one) for one in categories] or ["0"], missing=missing)


def _numbers(series: Any, empty: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The numbers of a column, NaN where one is missing."""
    if hasattr(series, "isna"):
        return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))
    found = np.array(series.cast(float).to_numpy(), np.float64)
    found[empty] = np.nan
    return found


def _numbers_of(name: str, cells: list[Any], empty: NDArray[np.bool_], categories: bool) -> Optional[NDArray[np.float64]]:
    """The same of cells of any type; None: they are categories."""
    given = [cell for cell, gap in zip(cells, empty) if not gap]
    if categories or not given:
        return None
    strange = next((cell for cell in given if not isinstance(cell, (str, numbers.Number, np.bool_))), None)
    if strange is not None:
        raise ValueError(f"column {name!r} of X has cells of the type {type(strange).__name__}: give numbers, or texts, "
                         "which are categories")
    if any(isinstance(cell, str) for cell in given):
        return None
    return np.array([np.nan if gap else float(cell) for cell, gap in zip(cells, empty)])
