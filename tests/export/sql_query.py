#!/usr/bin/env python3
"""sql_query.py COMMAND PREDICT_BITS: models exported as SQL give in SQLite what `batchprop predict` says. Exit status 77
(skipped) where this SQLite has no exp()."""

import pathlib
import sqlite3
import subprocess
import sys
import tempfile

import closeness
import models


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def make_table(database, model):
    """Numbers and texts, NULL where one is missing, in a table that is called as the model."""
    columns = [(c["name"], "REAL" if c["kind"] == "number" else "TEXT") for c in model.columns]
    database.execute(f"CREATE TABLE {model.case.name} ({', '.join(quote(n) + ' ' + t for n, t in columns)})")
    for numbers, texts in model.rows:
        left = [list(numbers), list(texts)]
        cells = [left[kind == "TEXT"].pop(0) for _, kind in columns]
        cells = [None if cell == "" or cell != cell else cell for cell in cells]
        database.execute(f"INSERT INTO {model.case.name} VALUES ({', '.join('?' * len(cells))})", cells)


def query(command, database, model, *options):
    path = model.path.with_suffix(".sql")
    models.run(command, "export", model.path, "--out", path, *options)
    cursor = database.execute(path.read_text())
    return [word[0] for word in cursor.description], cursor.fetchall()


def check(command, model):
    database = sqlite3.connect(":memory:")
    make_table(database, model)
    names, rows = query(command, database, model, "--unknown", model.case.unknown)
    first = len(model.columns) + bool(model.classes)
    assert names[:len(model.columns)] == [column["name"] for column in model.columns], names
    assert names[first:] == model.names, (names[first:], model.names)
    return closeness.compare(model, [row[first:] for row in rows], [row[first - 1] for row in rows])


def check_unknown(command, model):
    """Of what the model cannot take the answer is NULL."""
    database = sqlite3.connect(":memory:")
    make_table(database, model)
    database.execute("UPDATE mixed SET kind = 'never seen' WHERE rowid = 3")
    database.execute("UPDATE mixed SET x = NULL WHERE rowid = 5")
    _, rows = query(command, database, model, "--unknown", "error")
    last = len(model.outputs[0]) + 1
    assert [k for k, row in enumerate(rows, 1) if row[-last:] == (None,) * last] == [3, 5], rows[2:5]
    assert None not in rows[0][-last:]


def check_missing(command, model):
    """An empty text is missing, and so it is where unknown categories are none; "" in `gaps` is a category."""
    database = sqlite3.connect(":memory:")
    make_table(database, model)
    database.execute("UPDATE mixed SET kind = NULL WHERE rowid = 3")
    database.execute("UPDATE mixed SET kind = '' WHERE rowid = 4")
    database.execute("UPDATE mixed SET x = '' WHERE rowid = 6")
    _, rows = query(command, database, model, "--unknown", "ignore")
    assert [k for k, row in enumerate(rows, 1) if row[-1] is None] == [3, 4, 6], rows[2:6]


def check_columns(command, model):
    """A column that the table does not have is an error, and no text."""
    database = sqlite3.connect(":memory:")
    make_table(database, model)
    database.execute("ALTER TABLE mixed RENAME COLUMN z TO other")
    try:
        query(command, database, model)
    except sqlite3.OperationalError as error:
        assert "mixed.z" in str(error), error
    else:
        raise AssertionError("no error of the column")


def check_id(command, folder):
    """What tells rows apart stands for the input columns, also where it was given by its number."""
    data, path = folder / "named.csv", folder / "named.safetensors"
    rows = [(f"row {k}", k, k % 3 / 7) for k in range(30)]
    models.put_csv(data, ["key", "x", "y"], rows)
    for option in "key", "1":
        models.run(command, "train", data, "--id", option, "--out", path, "--epochs", "1", "--hidden", "2")
        models.run(command, "export", path, "--out", folder / "named.sql")
        database = sqlite3.connect(":memory:")
        database.execute("CREATE TABLE named (y REAL, key TEXT, x INTEGER)")
        database.executemany("INSERT INTO named (key, x, y) VALUES (?, ?, ?)", rows)
        cursor = database.execute((folder / "named.sql").read_text())
        assert [word[0] for word in cursor.description] == ["key", "y"], cursor.description
        assert cursor.fetchall()[7][0] == "row 7"


def check_names(command, folder):
    """Outputs that are called as other columns have a number."""
    data = models.put_csv(folder / "names.csv", ["output_b", "x", "output_a"],
                          [[k % 5, k, "ab"[k % 2]] for k in range(30)])
    path = folder / "names.safetensors"
    models.run(command, "train", data, "--out", path, *models.SMALL)
    models.run(command, "export", path, "--out", path.with_suffix(".sql"))
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE names (output_b, x)")
    cursor = database.execute(path.with_suffix(".sql").read_text())
    names = [word[0] for word in cursor.description]
    assert names == ["output_b", "x", "output_a", "output_a1", "output_b1"], names


def check_refusal(command, model):
    done = subprocess.run([command, "export", model.path, "--out", model.path.with_suffix(".sql")],
                          capture_output=True, text=True)
    assert done.returncode != 0 and "12 numbers in a row" in done.stderr, done


def main(command, program):
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for case in models.cases(pathlib.Path(name)):
            model = models.make(command, program, case, pathlib.Path(name))
            if case.name == "image":
                check_refusal(command, model)
                continue
            wrong += not check(command, model)
            if case.name == "mixed":
                check_unknown(command, model)
                check_missing(command, model)
                check_columns(command, model)
        check_id(command, pathlib.Path(name))
        check_names(command, pathlib.Path(name))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sqlite3.connect(":memory:").execute("SELECT exp(1.0), tanh(1.0), ln(2.0)")
    except sqlite3.OperationalError:
        print(f"SQLite {sqlite3.sqlite_version} has no exp()")
        sys.exit(77)
    sys.exit(main(*sys.argv[1:3]))
