"""Sparse matrices, which the library takes dense: all rows to train on, a part at a time to predict."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Cells of a part that is predicted: of 32 MB at most.
_PART = 2**22


def _memory() -> int:
    """Bytes that this process may have."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as file:
            limit = file.read().strip()
    except OSError:
        return found
    return min(found, int(limit)) if limit.isdigit() else found


def _is_rounded(X: Any) -> bool:
    """Whether binary32 takes something from it that training reads: of columns without a 0, as the library knows."""
    if X.dtype != np.float64 or X.nnz == 0:
        return False
    beyond = max(X.data.max(), -X.data.min()) > np.finfo(np.float32).max
    return bool(beyond or np.bincount(X.indices).max() == X.shape[0])


def to_dense(X: Any) -> NDArray[Any]:
    """All rows, in float32, which stays where it is, wherever that gives the same bits as float64."""
    if not X.has_canonical_format:
        X = X.copy()
        X.sum_duplicates()
    kind = X.dtype if _is_rounded(X) else np.dtype(np.float32)
    size, limit = X.shape[0] * X.shape[1] * kind.itemsize, _memory()
    if size > limit:
        raise MemoryError(f"X is sparse, and its {X.shape[0]} rows of {X.shape[1]} columns take {size / 1e9:.1f} GB as a "
                          f"dense array, of {limit / 1e9:.1f} GB of memory: leave columns out, put several into one "
                          "(TruncatedSVD), or give the rows to partial_fit a part at a time")
    return np.asarray(X.astype(kind, copy=False).toarray(order="C"))


def parts(X: Any) -> Iterator[NDArray[Any]]:
    """The rows, a part at a time."""
    rows = max(1, _PART // X.shape[1])
    for first in range(0, X.shape[0], rows):
        yield X[first : first + rows].toarray(order="C")
