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
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
