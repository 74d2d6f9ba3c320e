"""Models of every activation, loss and kind of column, their rows, and what batchprop predicts for these."""

import csv
import dataclasses
import json
import pathlib
import struct
import subprocess

SMALL = ["--threads", "1", "--epochs", "3", "--hidden", "6"]
TRICKY = ['plain', 'two "words"', "what??/\\", "line\nend", "comma, */", "Größe\t1", "'quoted'"]


@dataclasses.dataclass
class Case:
    name: str
    data: list  # paths, the last one perhaps after --labels
    options: list  # of train
    unknown: str = "error"
    wide: bool = False  # values of all sizes: other formats compute them less exactly
    far: bool = False  # the table has columns x and way: predicted are numbers of further sizes


@dataclasses.dataclass
class Model:
    case: Case
    path: pathlib.Path
    columns: list  # inputs as `info --json` says them
    rows: list  # [(numbers, texts)], NAN and None where one is missing
    outputs: list  # of each row, floats, as of bp_predict()
    printed: list  # the same as `batchprop predict` writes them, nine digits of a double
    names: list  # of the outputs, as predict calls them
    answers: list  # the class of each row, or None
    classes: list  # or None


def put_csv(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def put_npy(path, dtype, shape, data):
    head = str({"descr": dtype, "fortran_order": False, "shape": shape})
    head += " " * (63 - (len(head) + 10) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + bytes(data))
    return path


def as_float(number):
    return struct.unpack("f", struct.pack("f", number))[0]


def wide_rows(classes, most=-2):
    """Numbers of all sizes from 1e-30 to 10^most, and a target."""
    for k in range(240):
        size = 10.0 ** (-30 + (30 + most) * (k // 2) / 89) if k < 180 else (k - 209.5) / 7
        x = as_float(size if k % 2 else -size)
        y = k % 7 / 7 if not classes else "abc"[k % 3]
        yield [repr(x), repr(as_float(-x / (1 + abs(x)))), y]


def mixed_rows(missing):
    """Numbers, texts and, with `missing`, cells that are empty."""
    for k in range(90):
        x, z = (k * 37 % 90) / 8 - 3, 100 + k * k % 11
        word, kind = TRICKY[k * k % 7], "ab"[k // 45]
        gap = k % 9 if missing else 9
        kind = "" if gap == 7 else kind
        yield ["" if gap == 2 else x, word, "" if gap == 5 else z, kind, TRICKY[k * k % 3]]


def image_bytes(count):
    return [k * k % 251 for k in range(count * 12)]


def by_time(count):
    for k in range(count):
        yield [1700000000 + 3600 * k, 100000 + k / 1024, 1800000000.5 + k % 24 / 4, k / 64]


def cases(folder):
    """All of them; their data are in `folder`."""
    numbers = put_csv(folder / "numbers.csv", ["x", "way", "y"], wide_rows(False))
    letters = put_csv(folder / "letters.csv", ["x", "way", "y"], wide_rows(True))
    mixed = put_csv(folder / "mixed.csv", ["x", "a word", "z", "kind", "the class"], mixed_rows(False))
    gaps = put_csv(folder / "gaps.csv", ["x", "a word", "z", "kind", "the class"], mixed_rows(True))
    times = put_csv(folder / "times.csv", ["time", "x", "next", "y"], by_time(80))
    # Without thresholds small numbers are not lost in sums.
    unscaled = ["--scale", "none", "--target-scale", "none", "--thresholds", "off", *SMALL]
    for name, output, loss in [
            ("logistic", "logistic", "binary-cross-entropy"), ("identity", "identity", "mae"),
            ("tanh", "tanh", "mse"), ("relu", "relu", "huber"), ("leaky-relu", "leaky-relu", "mse"),
            ("gelu", "gelu", "quantile"), ("silu", "silu", "mse"), ("elu", "elu", "mse"),
            ("softplus", "identity", "poisson")]:
        data = letters if loss == "binary-cross-entropy" else numbers
        yield Case(name.replace("-", "_"), [data],
                   [*unscaled, "--activation", name, "--output-activation", output, "--loss", loss],
                   wide=True, far=loss != "poisson")
    yield Case("softmax", [letters], [*unscaled, "--preset", "modern"], wide=True, far=True)
    yield Case("mixed", [mixed], [*SMALL, "--preset", "modern"])
    for missing, unknown in [("mean", "ignore"), ("median", "most-frequent"), ("indicator", "ignore")]:
        yield Case(missing, [gaps], [*SMALL, "--missing", missing], unknown)
    yield Case("times", [times], [*SMALL, "--preset", "modern", "--target", "next"])
    image = put_npy(folder / "image.npy", "|u1", (40, 3, 4), image_bytes(40))
    labels = put_npy(folder / "labels.npy", "|u1", (40,), [k % 4 for k in range(40)])
    yield Case("image", [image, "--labels", labels], [*SMALL, "--scale", "minmax"])
    yield Case("ensemble", [mixed],
               ["--threads", "1", "--epochs", "3", "--preset", "ensemble", "--hidden", "6;none;5,4",
                "--activation", "gelu;gelu;silu", "--dropout", "0;0;0", "--weight-decay", "0;0;0",
                "--member-folds", "2", "--decide", "balanced"])


def put_rows(case, folder):
    """Rows that are predicted: those of training; or with larger numbers, on which activations reach their ends but
    training does not; or with categories that the model does not know."""
    if case.far:
        return [put_csv(folder / "far.csv", ["x", "way", "y"], wide_rows(case.data[0].stem == "letters", 3))]
    if case.unknown == "error":
        return case.data
    with open(case.data[0], newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    for k in range(0, len(rows), 4):
        rows[k][1] = "never seen"
    return [put_csv(folder / f"{case.name}-unknown.csv", header, rows)]


def read_csv(path, columns):
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            numbers = [float(row[c["name"]] or "nan") for c in columns if c["kind"] == "number"]
            yield numbers, [row[c["name"]] for c in columns if c["kind"] == "category"]


def read_npy(path, columns):
    cells = sum(c["neurons"] for c in columns)
    data = path.read_bytes()
    data = data[10 + struct.unpack("<H", data[8:10])[0]:]
    for k in range(0, len(data), cells):
        yield [float(byte) for byte in data[k:k + cells]], []


def run(*words, **how):
    done = subprocess.run([str(word) for word in words], capture_output=True, **{"text": True, **how})
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}: {done.stderr}")
    return done.stdout


def predict_floats(program, path, data, case, width):
    """By predict_bits.c."""
    floats = struct.iter_unpack(f"{width}f", run(program, path, data, case.unknown, text=False))
    return [list(row) for row in floats]


def make(command, program, case, folder):
    """Trains the model of a case, and predicts rows by the command and by predict_bits, `program` (or
    None)."""
    path = folder / f"{case.name}.safetensors"
    run(command, "train", *case.data, "--out", path, *case.options)
    data = put_rows(case, folder)
    info = json.loads(run(command, "info", path, "--json"))
    columns = [column for column in info["columns"] if column["role"] == "input"]
    text = run(command, "predict", path, data[0], "--unknown", case.unknown)
    header, *lines = csv.reader(text.splitlines())
    classifies = info["task"] == "classify"
    rows = list((read_npy if data[0].suffix == ".npy" else read_csv)(data[0], columns))
    outputs = program and predict_floats(program, path, data[0], case, len(header) - classifies)
    assert len(rows) == len(lines) and len(outputs or lines) == len(lines), (case.name, len(rows), len(lines))
    return Model(case, path, columns, rows, outputs,
                 [[float(cell) for cell in line[classifies:]] for line in lines],
                 header[classifies:],
                 [line[0] if classifies else None for line in lines],
                 info["columns"][-1]["categories"] if classifies else None)
