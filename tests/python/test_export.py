"""export(): models for programs that do without batchprop. What the files do is tested in tests/export/."""

import importlib.util

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from batchprop import BatchpropClassifier, BatchpropRegressor


@pytest.fixture(scope="module")
def classifier(iris):
    return BatchpropClassifier(max_iter=20).fit(*iris)


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_exported_module_predicts_as_the_estimator(classifier, iris, tmp_path):
    classifier.export(tmp_path / "flowers.py")
    module = load(tmp_path / "flowers.py")
    assert np.abs(module.outputs(iris[0]) - classifier.predict_proba(iris[0])).max() < 1e-6
    assert np.array_equal(module.predict(iris[0]), classifier.predict(iris[0]).astype(str))


def test_a_regressor_is_exported_in_its_units(iris, tmp_path):
    X, y = iris[0][:, :3], 1.7e9 + iris[0][:, 3]
    regressor = BatchpropRegressor(max_iter=20).fit(X, y)
    regressor.export(tmp_path / "widths.py")
    assert np.abs(load(tmp_path / "widths.py").predict(X) - regressor.predict(X)).max() < 1e-6


def test_a_frame_is_exported_with_its_names_and_what_is_unknown(tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"size": [1.0, 2.0, 3.0, 4.0] * 8, "colour": ["red", "blue"] * 16})
    classifier = BatchpropClassifier(max_iter=5, unknown="ignore").fit(frame, frame["size"] > 2)
    classifier.export(tmp_path / "colours.py")
    module = load(tmp_path / "colours.py")
    frame.loc[3, "colour"] = "green"
    assert np.abs(module.outputs(frame) - classifier.predict_proba(frame)).max() < 1e-6
    classifier.export(tmp_path / "strict.py", unknown="error")
    with pytest.raises(ValueError, match="row 3 of column 'colour'"):
        load(tmp_path / "strict.py").predict(frame)


def test_without_a_path_the_content_is_returned(classifier, tmp_path):
    model = classifier.model_
    assert model.export(tmp_path / "m.sql", name="flowers") is None
    assert model.export(format="sql", name="flowers") == (tmp_path / "m.sql").read_bytes()
    assert b"int flowers_predict(" in model.export(format="c", name="flowers", embed=True)


def test_what_is_wrong_is_said(classifier, tmp_path):
    model = classifier.model_
    with pytest.raises(ValueError, match="format: "):
        model.export(tmp_path / "m.c", "fortran")
    with pytest.raises(ValueError, match="the end of the name says no format"):
        model.export(tmp_path / "m.txt")
    with pytest.raises(ValueError, match="not given"):
        model.export()
    with pytest.raises(ValueError, match="raw is an option of the format onnx"):
        model.export(format="c", raw=True)
    with pytest.raises(OSError, match="none"):
        model.export(tmp_path / "none" / "m.c")
    with pytest.raises(NotFittedError):
        BatchpropClassifier().export(tmp_path / "m.c")
