"""Frames with columns of text and missing cells; weights of rows; many rows at once."""

import numpy as np
import pytest

from batchprop import BatchpropClassifier, BatchpropRegressor


def columns():
    random = np.random.default_rng(0)
    size, color = random.random(300), random.choice(["red", "green", "blue"], 300)
    return size, color, 10 * size + np.where(color == "red", 5, 0)


@pytest.fixture(params=["pandas", "polars"])
def frames(request):
    library = pytest.importorskip(request.param)
    size, color, y = columns()
    return library.DataFrame({"size": size, "color": color}), y, library


def test_columns_of_text_are_categories(frames):
    X, y, _ = frames
    model = BatchpropRegressor(max_iter=50).fit(X, y)
    assert model.score(X, y) > 0.99
    assert [column.categories for column in model.model_.inputs] == [None, ("blue", "green", "red")]
    assert list(model.feature_names_in_) == ["size", "color"]


def test_the_digest_of_a_frame_is_that_of_a_file(frames, command, tmp_path):
    X, y, _ = frames
    with open(tmp_path / "data.csv", "w") as file:
        file.write("size,color,y\n")
        file.writelines(f"{float(size)!r},{color},{float(target)!r}\n"
                        for (size, color), target in zip(np.asarray(X), y))
    # Categories of a file are in the order of their first rows.
    printed = command("train", tmp_path / "data.csv", "--preset", "quick", "--task", "regress", "--epochs", "5",
                      "--out", tmp_path / "model")
    model = BatchpropRegressor(max_iter=5).fit(X, y)
    assert model.weights_digest_ == printed["weights_digest"]


def test_a_category_that_training_did_not_have_is_an_error_unless_it_is_ignored(frames):
    X, y, library = frames
    strange = library.DataFrame({"size": [0.5], "color": ["pink"]})
    with pytest.raises(ValueError, match="pink"):
        BatchpropRegressor(max_iter=5).fit(X, y).predict(strange)
    assert np.isfinite(BatchpropRegressor(max_iter=5, unknown="ignore").fit(X, y).predict(strange)).all()


def test_missing_cells_are_filled_where_asked(frames):
    _, y, library = frames
    size, color, _ = columns()
    X = library.DataFrame({"size": [None, *size[1:].tolist()], "color": [*color[:-1].tolist(), None]})
    with pytest.raises(ValueError):
        BatchpropRegressor(max_iter=5).fit(X, y)
    model = BatchpropRegressor(max_iter=50, missing="indicator").fit(X, y)
    assert model.model_.inputs[1].categories == ("", "blue", "green", "red") or "" in model.model_.inputs[1].categories
    assert np.isfinite(model.predict(X)).all() and model.score(X, y) > 0.95


@pytest.mark.parametrize(("cells", "categories"), [
    ([1, 2.5, True], None),
    ([1, "a", 2.5], ("1", "2.5", "a")),
    (["a", "b", "a"], ("a", "b")),
])
def test_objects_are_numbers_unless_one_is_a_text(cells, categories):
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame({"cells": pandas.Series(cells, dtype=object)})
    assert BatchpropRegressor(max_iter=1).fit(X, [1, 2, 3]).model_.inputs[0].categories == categories


def test_a_categorical_column_of_numbers_has_categories():
    pandas = pytest.importorskip("pandas")
    X = pandas.DataFrame({"month": pandas.Series([3, 1, 3], dtype="category")})
    assert BatchpropRegressor(max_iter=1).fit(X, [1, 2, 3]).model_.inputs[0].categories == ("1", "3")


def test_missing_booleans_are_numbers(frames):
    _, y, library = frames
    X = library.DataFrame({"flag": [True, None, False] * 100, "color": ["red"] * 300})
    if library.__name__ == "pandas":
        X["flag"] = X["flag"].astype("boolean")
    assert BatchpropRegressor(max_iter=1, missing="mean").fit(X, y).model_.inputs[0].categories is None


def test_missing_numbers_of_an_array():
    size, _, _ = columns()
    X = np.column_stack([size, size])
    X[::3, 1] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        BatchpropRegressor(max_iter=5).fit(X, size)
    model = BatchpropRegressor(max_iter=50, missing="mean").fit(X, size)
    assert model.score(X, size) > 0.95
    assert np.allclose(model.predict(X[:3]), model.predict(X)[:3])


@pytest.mark.parametrize("values", [{}, {"early_stopping": True}, {"members": 3, "member_rows": "bootstrap"}])
def test_a_weight_of_zero_leaves_a_row_out(iris, values):
    X, y = iris
    weights = np.arange(len(y)) % 3 != 0
    weighted, without = (BatchpropClassifier(max_iter=5, **values) for _ in range(2))
    weighted.fit(X, y, sample_weight=weights)
    without.fit(X[weights], y[weights])
    assert weighted.weights_digest_ == without.weights_digest_


def test_weights_are_those_of_the_command(iris, command, tmp_path):
    X, y = iris
    weights = 0.5 + np.arange(len(y)) % 4
    with open(tmp_path / "data.csv", "w") as file:
        file.write("a,b,c,d,w,y\n")
        file.writelines(",".join(map(repr, [*row.tolist(), float(weight)])) + f",{target}\n"
                        for row, weight, target in zip(X, weights, y))
    printed = command("train", tmp_path / "data.csv", "--preset", "quick", "--weight", "w", "--epochs", "5",
                      "--out", tmp_path / "model")
    assert BatchpropClassifier(max_iter=5).fit(X, y, weights).weights_digest_ == printed["weights_digest"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_many_rows_are_predicted_as_few_are(digits, dtype):
    X, y, _, _ = digits
    X = X.astype(dtype)
    model = BatchpropClassifier(max_iter=3).fit(X, y)
    many = model.predict_proba(X)
    assert many.dtype == dtype
    assert np.array_equal(np.concatenate([model.predict_proba(X[k : k + 7]) for k in range(0, len(X), 7)]), many)
