"""Tables of Arrow, and files of Parquet and Arrow for the command."""

import os
import subprocess
import sys

import numpy as np
import pytest

from batchprop import BatchpropClassifier, BatchpropRegressor

pyarrow = pytest.importorskip("pyarrow")
csv = pytest.importorskip("pyarrow.csv")
parquet = pytest.importorskip("pyarrow.parquet")

COLORS = ["red", "green", "blue"]


def make(rows=200):
    random = np.random.default_rng(0)
    size, color = random.random(rows), random.choice(COLORS, rows)
    return pyarrow.table({"size": size, "count": random.integers(0, 9, rows), "color": color,
                          "old": random.random(rows) < 0.5, "y": 10 * size + np.where(color == "red", 5, 0)})


def write(table, path):
    if path.suffix == ".parquet":
        parquet.write_table(table, path, row_group_size=64)
    else:
        with pyarrow.OSFile(str(path), "wb") as file:
            stream = pyarrow.ipc.new_file if path.suffix == ".arrow" else pyarrow.ipc.new_stream
            with stream(file, table.schema) as writer:
                writer.write_table(table, max_chunksize=64)
    return path


def run(*words, status=0):
    done = subprocess.run([sys.executable, "-m", "batchprop", *map(str, words)], capture_output=True, text=True, cwd="/")
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


def test_a_table_trains_as_a_frame_of_pandas():
    pandas = pytest.importorskip("pandas")
    table = make()
    frame = pandas.DataFrame({name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names})
    X, y = table.drop_columns(["y"]), table["y"]
    model = BatchpropRegressor(max_iter=10).fit(X, y)
    assert model.weights_digest_ == BatchpropRegressor(max_iter=10).fit(frame.drop(columns="y"), frame["y"]).weights_digest_
    assert list(model.feature_names_in_) == ["size", "count", "color", "old"]
    assert np.array_equal(model.predict(X), model.predict(frame.drop(columns="y")))
    assert model.score(X, y) == model.score(frame.drop(columns="y"), frame["y"])


def test_cells_without_a_value_are_missing_ones():
    X = pyarrow.table({"size": pyarrow.array([1.0, None, float("nan"), 4.0] * 20),
                       "color": pyarrow.array(["red", None, "", "blue"] * 20).dictionary_encode()})
    y = np.arange(80.0)
    with pytest.raises(ValueError, match="'size', row 1 "):
        BatchpropRegressor(max_iter=2).fit(X, y)
    model = BatchpropRegressor(max_iter=2, missing="indicator").fit(X, y)
    assert model.model_.layers[0].weights.shape[1] == 2 + 3  # a number, whether it is missing, three categories
    assert set(model.model_.inputs[1].categories) == {"", "red", "blue"}


def test_columns_of_other_types_are_refused_by_name():
    X = pyarrow.table({"when": pyarrow.array([0, 1], pyarrow.timestamp("s")), "size": [1.0, 2.0]})
    with pytest.raises(ValueError, match=r"'when' of X holds timestamp\[s\]"):
        BatchpropRegressor().fit(X, [1.0, 2.0])
    with pytest.raises(ValueError, match="two columns 'a'"):
        BatchpropRegressor().fit(pyarrow.table([[1.0, 2.0], [3.0, 4.0]], names=["a", "a"]), [1.0, 2.0])


def test_classes_of_arrow_are_classes():
    table = make()
    model = BatchpropClassifier(max_iter=5).fit(table.select(["size", "y"]), table["color"])
    assert list(model.classes_) == sorted(COLORS)


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".ipc"])
def test_the_command_trains_on_a_file_as_on_csv(tmp_path, suffix, command):
    table = make()
    path = write(table, tmp_path / f"data{suffix}")
    plain = table.set_column(3, "old", table["old"].cast(pyarrow.int8()))
    csv.write_csv(plain, tmp_path / "data.csv")
    how = ["--epochs", 5, "--target", "y", "--task", "regress", "--json"]
    expected = command("train", tmp_path / "data.csv", *how[:-1], "--out", tmp_path / "a")
    printed = run("train", path, *how, "--out", tmp_path / "b")
    assert f'"{expected["weights_digest"]}"' in printed
    assert run("eval", tmp_path / "b", path, "--json") == run("eval", tmp_path / "a", tmp_path / "data.csv", "--json")
    out = tmp_path / f"out{suffix}"
    run("predict", tmp_path / "b", path, "--out", out)
    found = parquet.read_table(out) if suffix == ".parquet" else pyarrow.ipc.open_file(out).read_all()
    lines = run("predict", tmp_path / "a", tmp_path / "data.csv").splitlines()
    assert found.column_names == ["y"] and found["y"].to_pylist() == [float(line) for line in lines[1:]]
    assert sorted(os.listdir(tmp_path)) == sorted(["a", "b", "data.csv", path.name, out.name])


def test_texts_of_digits_stay_categories(tmp_path):
    table = pyarrow.table({"code": ["007", "7", "07", "7"] * 30, "id": [f"{k}" for k in range(120)], "y": ["0", "1"] * 60})
    path = write(table, tmp_path / "data.parquet")
    run("train", path, f"--target=y", "--id", "id", "--epochs", 2, "--out", tmp_path / "model")
    run("predict", tmp_path / "model", path, f"--out={tmp_path / 'p.arrow'}")
    found = pyarrow.ipc.open_file(tmp_path / "p.arrow").read_all()
    assert found.column_names[:2] == ["id", "y"] and found["id"].to_pylist()[:2] == ["0", "1"]
    assert found.schema.field("y").type == pyarrow.string() and found.schema.types[2] == pyarrow.float64()


def test_what_is_wrong_with_a_file_is_said(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    assert "bad.parquet" in run("train", tmp_path / "bad.parquet", "--out", tmp_path / "m", status=3)
    assert str(tmp_path / "good.parquet") in run("train", write(make(), tmp_path / "good.parquet"), "--target", "y", "--epochs", 1,
                                                 "--out", tmp_path / "n")  # where it says what comes next
    assert "No such file" in run("train", tmp_path / "none.arrow", "--out", tmp_path / "m", status=4)
    when = write(pyarrow.table({"when": pyarrow.array([0], pyarrow.timestamp("s"))}), tmp_path / "when.parquet")
    assert 'column "when"' in run("check", when, status=3)
    good = write(make(), tmp_path / "good.parquet")
    assert "only predict" in run("train", good, "--out", tmp_path / "m.parquet", status=2)
    assert not (tmp_path / "m").exists() and not (tmp_path / "m.parquet").exists()


def test_a_damaged_part_ends_the_command(tmp_path):
    path = write(make(20000), tmp_path / "data.parquet")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle:middle + 4000] = bytes(4000)
    path.write_bytes(data)
    said = run("train", path, "--target", "y", "--epochs", 1, "--out", tmp_path / "m", status=3)
    assert "data.parquet" in said and not (tmp_path / "m").exists()


def test_whatever_ends_the_reading_ends_the_command(tmp_path, monkeypatch, capfd):
    from batchprop import _arrow_command, _arrow_files

    def write_part(file, stream):
        stream.write(b"size,y\n" + b"1,2\n" * 1000)
        stream.flush()
        raise MemoryError("no memory")

    path = write(make(), tmp_path / "data.parquet")
    monkeypatch.setattr(_arrow_files.Input, "write_csv", write_part)
    command = os.path.join(os.path.dirname(_arrow_command.__file__), "_command")
    assert _arrow_command.run(command, ["train", str(path), "--target", "y", "--epochs", "1", "--out", str(tmp_path / "m")]) == 6
    assert f"{path}: no memory" in capfd.readouterr().err and not (tmp_path / "m").exists()


def test_other_options_name_data_too_and_messages_the_file(tmp_path):
    path = write(make(), tmp_path / "data.parquet")
    how = ["--target", "y", "--task", "regress", "--epochs", 2]
    run("train", path, *how, "--valid", path, "--out", tmp_path / "m")
    run("report", "--model", tmp_path / "m", "--data", path, "--out", tmp_path / "page.html")
    bad = write(pyarrow.table({"size": [1.0, float("inf")], "y": [1.0, 2.0]}), tmp_path / "bad.arrow")
    assert f"{bad}:3" in run("train", bad, *how, "--out", tmp_path / "n", status=3)
