#!/usr/bin/env python3
"""python_module.py COMMAND PREDICT_BITS: models exported as Python predict what `batchprop predict` does, for tables
by name and in 2-D arrays, and say what they cannot take. Exit status 77 (skipped) without NumPy."""

import importlib.util
import pathlib
import sys
import tempfile

import closeness
import models

try:
    import numpy as np
except ImportError:
    print("NumPy is not installed")
    sys.exit(77)


def load(command, model, unknown):
    path = model.path.with_suffix(".py")
    models.run(command, "export", model.path, "--out", path, "--unknown", unknown)
    spec = importlib.util.spec_from_file_location(model.case.name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_table(model):
    """Columns by name: numbers of one cell in 1-D arrays, others in 2-D ones; texts."""
    table, numbers, texts = {}, 0, 0
    for column in model.columns:
        if column["kind"] == "category":
            table[column["name"]] = np.array([row[1][texts] or None for row in model.rows], dtype=object)
            texts += 1
        else:
            cells = column["neurons"] - ("indicator" in column and bool(column["indicator"]))
            values = np.array([row[0][numbers:numbers + cells] for row in model.rows])
            table[column["name"]] = values[:, 0] if cells == 1 else values
            numbers += cells
    return table


def answer(module, model, table):
    found = module.outputs(table)
    said = module.predict(table)
    if not model.classes:
        assert np.array_equal(said, found[:, 0] if found.shape[1] == 1 else found)
    return closeness.compare(model, found.tolist(), said.tolist() if model.classes else [None] * len(said))


def expect_error(module, table, message):
    try:
        module.predict(table)
    except ValueError as error:
        assert message in str(error), error
        return
    raise AssertionError(f"no error: {message}")


def check_errors(command, model):
    """Of the model `mixed`: numbers and texts, none of them missing."""
    module, table = load(command, model, "error"), make_table(model)
    for name, row, value, message in [("x", 3, np.nan, "row 3 of column 'x' has no value"),
                                      ("z", 4, 1e300, "row 4 of column 'z' is too large"),
                                      ("a word", 5, "?", "row 5 of column 'a word' is a category that")]:
        changed = {**table, name: table[name].copy()}
        changed[name][row] = value
        expect_error(module, changed, message)
    flat = np.hstack([column.reshape(len(model.rows), -1).astype(object) for column in table.values()])
    expect_error(module, np.hstack([flat, flat[:, :1]]), "(90, 5), and the model wants 4 columns")
    module = load(command, model, "ignore")
    for missing in (None, float("nan"), np.float64("nan"), NAType(), ""):
        changed = {**table, "kind": table["kind"].copy()}
        changed["kind"][2] = missing
        expect_error(module, changed, "row 2 of column 'kind' has no value")


class NAType:
    """As of pandas: neither equal to itself nor not."""

    def __ne__(self, other):
        return self

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")


def check_numerals(command, folder):
    """Categories of digits, given as numbers or as texts."""
    data = models.put_csv(folder / "digits.csv", ["x", "code", "y"],
                          [[k % 5, f"{k % 3}", k % 7] for k in range(30)])
    path = folder / "digits.safetensors"
    models.run(command, "train", data, "--out", path, "--categorical", "code", *models.SMALL)
    case = models.Case("digits", [data], [])
    module = load(command, models.Model(case, path, [], [], [], [], [], [], None), "error")
    x, codes = [0.0, 1.0, 2.0], ["2", "0", "1"]
    wanted = module.outputs({"x": x, "code": codes})
    assert not np.array_equal(wanted[0], wanted[1])
    for given in ([2.0, 0.0, 1.0], [2, 0, 1], np.array([2, 0, 1], np.float32)):
        assert np.array_equal(module.outputs({"x": x, "code": given}), wanted), given
    assert np.array_equal(module.outputs(np.array([x, [2.0, 0.0, 1.0]]).T), wanted)
    assert np.array_equal(module.outputs([list(row) for row in zip(x, codes)]), wanted)


def main(command, program):
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for case in models.cases(pathlib.Path(name)):
            model = models.make(command, program, case, pathlib.Path(name))
            module, table = load(command, model, case.unknown), make_table(model)
            wrong += not answer(module, model, table)
            flat = [column.reshape(len(model.rows), -1).astype(object) for column in table.values()]
            wrong += not answer(module, model, np.hstack(flat))
            if case.name == "mixed":
                check_errors(command, model)
        check_numerals(command, pathlib.Path(name))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
