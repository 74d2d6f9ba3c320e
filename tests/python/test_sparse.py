"""Sparse matrices: the bits of dense ones, in little memory, and an error where there is none."""

import numpy as np
import pytest
from scipy import sparse

from batchprop import BatchpropClassifier, BatchpropRegressor, _sparse


@pytest.fixture
def numbers():
    random = np.random.default_rng(0)
    X = random.random((300, 6)) * (random.random((300, 6)) < 0.4)
    X[:, 5] = 1.7e9 + random.random(300)  # no 0, and near one another: float32 would not tell them apart
    return X, X[:, 0] + 3 * (X[:, 5] - 1.7e9)


@pytest.mark.parametrize("columns", [5, 6])
def test_sparse_rows_are_those_of_the_dense_array(numbers, columns, monkeypatch):
    X, y = numbers[0][:, :columns], numbers[1]
    dense, spare = (BatchpropRegressor(max_iter=9).fit(one, y) for one in (X, sparse.csr_matrix(X)))
    assert spare.weights_digest_ == dense.weights_digest_
    monkeypatch.setattr(_sparse, "_PART", 50)  # several parts
    for held in (sparse.csc_matrix(X), sparse.coo_array(X)):
        assert np.array_equal(spare.predict(held), dense.predict(X))
        assert np.array_equal(spare.predict(held, return_std=True)[0], dense.predict(X))


def test_cells_that_are_given_twice_are_added(numbers):
    X, y = numbers[0][:, :5], numbers[1]
    once = sparse.csr_matrix(X)
    cells = np.column_stack([0.3 * once.data, 0.45 * once.data]).ravel()
    twice = sparse.csr_matrix((cells, np.repeat(once.indices, 2), 2 * once.indptr), X.shape)
    whole = BatchpropRegressor(max_iter=2).fit(0.3 * X + 0.45 * X, y)
    assert BatchpropRegressor(max_iter=2).fit(twice, y).weights_digest_ == whole.weights_digest_


def test_more_than_there_is_memory_for_is_an_error():
    X = sparse.csr_matrix((3, 2**40))
    with pytest.raises(MemoryError, match="13194.1 GB as a dense array.*partial_fit"):
        BatchpropClassifier().fit(X, [0, 1, 1])


PEAK = """
import numpy as np
from scipy import sparse
from batchprop import BatchpropClassifier
random = np.random.default_rng(0)
columns = np.sort(random.integers(0, 100, (20000, 20)) + 100 * np.arange(20), axis=1)
X = sparse.csr_matrix((random.random(400000), columns.ravel(), np.arange(0, 400001, 20)), (20000, 2000))
y = np.arange(20000) % 2
small = BatchpropClassifier(hidden_layer_sizes=(4,), max_iter=1, n_jobs=1)
small.fit(X[:1000], y[:1000]).predict(X[:1000])
before = peak()
small.{use}
after = peak()
print((after - before) / (4 * X.shape[0] * X.shape[1]))
"""


@pytest.mark.parametrize(("use", "share"), [("fit(X, y)", (0.8, 1.15)), ("predict(X)", (0.1, 0.5))])
def test_memory_is_that_of_one_dense_array_of_float32(measure, use, share):
    assert share[0] < measure(PEAK.format(use=use)) < share[1]
