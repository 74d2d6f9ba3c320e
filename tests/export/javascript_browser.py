#!/usr/bin/env python3
"""javascript_browser.py COMMAND: models as scripts, in Chromium.

Every activation, losses, kinds of columns, missing cells and an ensemble: outputs have the bits of `predict`, and labels
are the same. What a row lacks or a model does not know is an error that names the column. Hostile names stay what they
are. Exit status 77 (skipped) where Chromium is not installed."""

import csv
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import chromium  # noqa: E402

ROWS = 24
FAR = [s * 10.0**k for k in range(1, 6) for s in (1, 3, -1, -3)]  # from what models were trained on
HOSTILE = "</script><script>alert(1)</script>\u2028\"'\\ \U0001f600\u00e9"
SIGHTS = ["sun", "rain", HOSTILE, ""]

# What is trained: a name, the target, and options.
MODELS = [(f"act_{name.replace('-', '_')}", "kind", ["--hidden", "5", "--activation", name])
          for name in ("logistic", "tanh", "relu", "leaky-relu", "gelu", "silu", "elu", "softplus", "identity")] + [
    ("softmax", "kind", ["--loss", "cross-entropy", "--output-activation", "softmax", "--hidden", "7,4"]),
    ("numbers", "size", ["--hidden", "6", "--activation", "tanh", "--epochs", "30"]),
    ("rates", "size", ["--loss", "poisson", "--output-activation", "identity", "--hidden", "4"]),
    ("filled", "size", ["--missing", "indicator", "--hidden", "4"]),
    ("several", "kind", ["--members", "3", "--member-rows", "folds", "--hidden", "4", "--decide", "f1"]),
]


def write_rows(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def make_rows(with_missing):
    generator = random.Random(5)
    rows = []
    for k in range(ROWS):
        near = 1700000000 + generator.random()
        row = {"a": round(generator.gauss(3, 2), 3), "near": f"{near:.6f}",
               "sight": SIGHTS[k % (4 if with_missing else 3)],
               HOSTILE: round(generator.gauss(0, 1e-3), 6), "kind": ["x", HOSTILE, "z"][k % 3], "size": k % 7 + 1}
        if with_missing and k % 5 == 2:
            row["a"] = ""
        rows.append(row)
    return rows


def as_row(row, number_columns):
    def as_number(cell):
        return float(cell) if cell != "" else None

    return {name: as_number(cell) if name in number_columns else cell for name, cell in row.items()}


def digits(numbers):
    """As `predict` writes them: nine digits tell all numbers of 32 bits apart."""
    return [f"{float(number):.9g}" for number in numbers]


def narrow(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def round_once(exact):
    """A fraction as the nearest number of 32 bits, of two the even one."""
    near = narrow(float(exact))
    below, above = (narrow(near - step * 2.0**-23.5 * abs(near)) for step in (1, -1))
    word = {number: struct.unpack("<I", struct.pack("<f", number))[0] for number in (below, near, above)}
    return min(word, key=lambda number: (abs(Fraction(number) - exact), word[number] % 2))


def make_sums():
    """a, b, c whose a b + c is near the middle between two numbers of 32 bits, or anywhere."""
    generator, sums = random.Random(7), []
    for _ in range(400):
        a = 1 + generator.randrange(1 << 12) * 2.0**-12
        b = 1 + (2 * generator.randrange(1 << 11) + 1) * 2.0**-12
        sums.append((a, b, generator.choice((-1, 1)) * 2.0**-generator.randrange(50, 70)))
        sums.append(tuple(narrow(generator.gauss(0, 1)) for _ in range(3)))
    return sums


def check_fma(page, script):
    """The product and sum of the script, against fractions."""
    sums = make_sums()
    text = script[script.index("const f = "):script.index("const larger")]
    found = page.evaluate(f"(() => {{ {text} return {json.dumps(sums)}.map(s => fma(...s)); }})()")
    wanted = [round_once(Fraction(a) * Fraction(b) + Fraction(c)) for a, b, c in sums]
    assert found == wanted, [pair for pair in zip(sums, found, wanted) if pair[1] != pair[2]][:3]
    twice = [narrow(a * b + c) for a, b, c in sums]
    assert twice != wanted, "no sum tells one rounding from two"


def main():
    command = sys.argv[1]
    program = chromium.find()
    if not program:
        print("Chromium is not installed")
        sys.exit(77)
    os.environ["LC_ALL"] = "C"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = {key: make_rows(key == "missing") for key in ("whole", "missing")}
        for key, table in rows.items():
            write_rows(folder / f"{key}.csv", table)
            table += [{**table[k], "a": a} for k, a in enumerate(FAR)]
            write_rows(folder / f"{key}-and-far.csv", table)
        expected, content = {}, "<meta charset=latin1>"

        def run(*arguments):
            done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, (arguments, done.stderr)
            return done.stdout

        for model, target, options in MODELS:
            table = "missing" if model == "filled" else "whole"
            file, script = folder / f"{model}.safetensors", folder / f"{model}.js"
            more = [] if "--epochs" in options else ["--epochs", "3"]
            run("train", folder / f"{table}.csv", "--out", file, "--target", target, "--ignore",
                "size" if target == "kind" else "kind", "--threads", "1", *more, *options)
            run("export", file, "--out", script)
            expected[model] = json.loads(run("predict", file, folder / f"{table}-and-far.csv", "--json"))
            content += f"<script>{script.read_text('ascii')}</script>\n"
        run("export", folder / "act_tanh.safetensors", "--out", folder / "ignore.js", "--unknown", "ignore")
        content += f"<script>{(folder / 'ignore.js').read_text('ascii')}</script>\n"
        page = folder / "page.html"
        page.write_text(content, encoding="latin-1")

        numbers = ("a", "near", HOSTILE)
        with chromium.Chromium(program, folder) as browser:
            shown = browser.open(page)
            assert shown.complaints == [], shown.complaints
            for model, target, _ in MODELS:
                table = rows["missing" if model == "filled" else "whole"]
                text = json.dumps([as_row(row, numbers) for row in table])
                answers = shown.evaluate(f"{text}.map({model}.predict)")
                wanted = expected[model]
                for k, answer in enumerate(answers):
                    outputs = (wanted.get("probabilities") or wanted.get("outputs") or wanted["predictions"])[k]
                    outputs = outputs if isinstance(outputs, list) else [outputs]
                    assert digits(answer["outputs"]) == digits(outputs), (model, k, answer["outputs"], outputs)
                    if target == "kind":
                        assert answer["label"] == wanted["predictions"][k], (model, k, answer)
            names = shown.evaluate("softmax.columns.map(column => column.name)")
            assert names == ["a", "near", "sight", HOSTILE], names
            assert shown.evaluate("softmax.classes") == sorted(["x", HOSTILE, "z"]), "classes"

            def complain(row):
                return shown.evaluate(f"(() => {{ try {{ softmax.predict({json.dumps(row)}) }} "
                                      "catch (error) { return error.message } })()")

            row = as_row(rows["whole"][0], numbers)
            by_order = json.dumps([row[name] for name in names])
            assert shown.evaluate(f"softmax.predict({by_order})") == \
                shown.evaluate(f"softmax.predict({json.dumps(row)})")
            for change, said in (({"a": None}, 'column "a": the model takes no missing values'),
                                 ({"a": "3"}, 'column "a": "3" is no number'),
                                 ({"a": 1e300}, 'column "a": 1e+300 is out of range'),
                                 ({"a": [1, 2]}, 'column "a": [1,2] is no number'),
                                 ({"sight": "snow"}, 'column "sight": "snow" is no category that the training'),
                                 ({"sight": None}, 'column "sight": a missing value, of which')):
                caught = complain({**row, **change})
                assert caught and caught.startswith(said), (change, caught)
            row.pop("a")
            assert complain(row) == 'column "a": the row does not have it'
            row["a"], row["sight"] = 1, "snow"
            assert shown.evaluate(f"ignore.predict({json.dumps(row)}).label"), "an unknown category that counts as none"
            row["sight"] = None
            for call, said in ((f"ignore.predict({json.dumps(row)})", 'column "sight": a missing value, of which'),
                               (f"ignore.predict([...{by_order}, 0])", "the row has 5 cells, and the model 4 columns")):
                caught = shown.evaluate(f"(() => {{ try {{ {call} }} catch (error) {{ return error.message }} }})()")
                assert caught and caught.startswith(said), (call, caught)
            assert shown.complaints == [], shown.complaints
            check_fma(shown, script.read_text("ascii"))
        reserved = subprocess.run([command, "export", folder / "numbers.safetensors", "--out", folder / "new.js"],
                                  capture_output=True, text=True, check=False)
        assert reserved.returncode == 2 and "new is a word of JavaScript" in reserved.stderr, reserved
        print(f"{len(MODELS)} models, {ROWS + len(FAR)} rows each: the same bits")


main()
