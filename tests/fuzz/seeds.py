#!/usr/bin/env python3
"""Makes small inputs of every target in tests/fuzz.

    seeds.py BATCHPROP SOURCE_ROOT FOLDER [TARGET]

Files of one target or of all go to FOLDER/TARGET. What batchprop writes itself (models, checkpoints, logs, journals,
configurations) comes from trainings of a few epochs on the data sets that the project ships."""

import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

BATCHPROP, SOURCE, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
XOR = SOURCE / "datasets" / "xor.csv"
IRIS = (SOURCE / "datasets" / "iris.csv").read_text().splitlines()


def put(target, name, *parts):
    """Writes one input; texts are UTF-8."""
    folder = FOLDER / target
    folder.mkdir(parents=True, exist_ok=True)
    data = b"".join(part.encode() if isinstance(part, str) else bytes(part) for part in parts)
    (folder / name).write_bytes(data)


def run(*arguments, stdin=None):
    """What a command prints; it has to succeed."""
    done = subprocess.run([BATCHPROP, *map(str, arguments)], capture_output=True, text=True, input=stdin,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"batchprop {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


# ---- data ----

def csv():
    """Four bytes choose header, signs, lists and parts (fuzz_csv.c)."""
    numbers = "1,2,3\n4,5.5,-6e-3\n7,8,9\n"
    texts = 'a,b,c\n1,red,"x, y"\n2,blue,"say ""no"""\n3,red,\n4,green,"two\nlines"\n'
    put("csv", "numbers", b"\0\0\0\0", numbers)
    put("csv", "header", b"\1\0\0\x05", "a,b,c\n", numbers)
    put("csv", "texts", b"\0\0\0\x0d", texts)
    put("csv", "crlf", b"\0\0\0\x09", texts.replace("\n", "\r\n"))
    put("csv", "cr", b"\0\0\0\x09", texts.replace("\n", "\r"))
    put("csv", "semicolons", b"\0\x2b\0\x11", numbers.replace(".", ";").replace(",", ";").replace(";5", ",5"))
    put("csv", "blanks", b"\2\5\0\x0e", " 1  2\t3 \n4 5 6\n\n  7 8   9")
    put("csv", "missing", b"\1\0\6\x0e", 'a,b,c\nNA,1000,"a,b"\n,2,z\n3,,\n')
    put("csv", "lists", b"\x41\0\x20\x0e", "a,b,c\n1,2,3\n2,3,4\n1,4,5\n")
    put("csv", "id", b"\x81\x40\0\x0e", "a,b,c\nrow 1,2,3\nrow 2,3,4\n")
    put("csv", "mark", b"\0\0\0\x0e", b"\xef\xbb\xbf", texts)
    put("csv", "far", b"\0\0\0\xff", "t,v\n", "".join(f"{1600000000 + k}.25,{k}\n" for k in range(9)))
    put("csv", "integers", b"\0\0\0\x21", "k,v\n16777217,1\n9007199254740993,2\n-9223372036854775808,3\n")
    put("csv", "iris", b"\0\0\0\xff", "\n".join(IRIS[:1] + IRIS[49:53] + IRIS[99:103]) + "\n")
    put("csv", "gzip", b"\0\0\0\xff", gzip.compress(numbers.encode(), mtime=0))


def fann():
    put("fann", "small", "3 2 2\n1 2\n0 1\n3.5 -4e2\n1 0\n5 6\n0 1\n")
    put("fann", "crlf", "1 1 1\r\n 7 \r\n8")


def idx_header(kind, *sizes):
    return bytes([0, 0, kind, len(sizes)]) + b"".join(struct.pack(">I", size) for size in sizes)


def idx():
    """A byte says how many of the next ones are a file of labels (fuzz_idx.c)."""
    labels = idx_header(8, 3) + bytes([7, 3, 7])
    for kind, form in {8: "B", 9: "b", 11: "h", 12: "i", 13: "f", 14: "d"}.items():
        cells = b"".join(struct.pack(">" + form, k) for k in range(12))
        put("idx", f"type{kind}", b"\0", idx_header(kind, 3, 2, 2), cells)
    images = idx_header(8, 3, 2, 2) + bytes(range(12))
    put("idx", "labels", [len(labels)], labels, images)
    targets = idx_header(13, 3, 2) + struct.pack(">6f", *range(6))
    put("idx", "targets", [len(targets)], targets, images)
    put("idx", "table", b"\0", idx_header(14, 2, 5), struct.pack(">10d", *range(10)))


def npy_file(kind, shape, cells, order="False", major=1):
    text = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}"
    size = 2 if major == 1 else 4
    length = -(8 + size + len(text) + 1) % 16
    header = text + " " * length + "\n"
    return (b"\x93NUMPY" + bytes([major, 0]) + len(header).to_bytes(size, "little") + header.encode() +
            cells)


def npy():
    """A byte as for IDX; 255: a file that is mapped (fuzz_npy.c)."""
    floats = struct.pack("<6f", *range(6))
    labels = npy_file("<i4", "(2,)", struct.pack("<2i", 4, -1))
    put("npy", "f4", b"\0", npy_file("<f4", "(2, 3)", floats))
    put("npy", "mapped", b"\xff", npy_file("<f4", "(2, 3)", floats))
    put("npy", "mapped_bytes", b"\xff", npy_file("|u1", "(2, 3)", bytes(range(6))))
    put("npy", "fortran", b"\0", npy_file("<f4", "(2, 3)", floats, order="True"))
    put("npy", "version2", b"\0", npy_file("<f4", "(3, 2)", floats, major=2))
    put("npy", "labels", [len(labels)], labels, npy_file("<f4", "(2, 3)", floats))
    put("npy", "images", b"\0", npy_file("|u1", "(2, 2, 2)", bytes(range(8))))
    for kind, form in {"|b1": "?", "|i1": "b", "<u2": "H", ">i2": "h", "<u4": "I", "<i8": "q", ">f8": "d"}.items():
        order = ">" if kind[0] == ">" else "<"
        put("npy", f"type_{kind[1:]}", b"\0", npy_file(kind, "(4,)", struct.pack(order + "4" + form, 0, 1, 1, 0)))
    put("npy", "half", b"\0", npy_file("<f2", "(4,)", struct.pack("<4e", 0, 1, 2, 3)))


def source():
    """A byte chooses the size of the pieces that are read (fuzz_source.c)."""
    text = b"1,2,3\n" * 20
    packed = gzip.compress(text, mtime=0)
    put("source", "plain", b"\0", text)
    put("source", "gzip", b"\0", packed)
    put("source", "two", b"\3", packed, gzip.compress(b"4,5,6\n", mtime=0))
    put("source", "more", b"\1", packed, b"other")
    put("source", "cut", b"\2", packed[:-5])
    put("source", "stored", b"\1", gzip.compress(text, compresslevel=0, mtime=0))
    # A frame of zstd by hand: magic, no size, one raw block and one of a repeated byte.
    raw = (len(text) << 3 | 0).to_bytes(3, "little") + text
    last = (40 << 3 | 2 | 1).to_bytes(3, "little") + b"9"
    put("source", "zstd", b"\1", b"\x28\xb5\x2f\xfd\0\x58", raw, last)


def fann_network():
    """A byte chooses what outputs are (fuzz_fann_network.c)."""
    def text(sizes, neurons, connections, more="scale_included=0\n", first="FANN_FLO_2.1"):
        return (f"{first}\nnum_layers={len(sizes)}\nconnection_rate=1.0\nnetwork_type=0\n"
                f"cascade_activation_functions=3 5 \nlayer_sizes={' '.join(map(str, sizes))} \n{more}"
                "neurons (num_inputs, activation_function, activation_steepness)="
                f"{' '.join(neurons)} \nconnections (connected_to_neuron, weight)={' '.join(connections)} \n")

    inputs = ["(0, 0, 0.0e+00)"] * 3
    scale = "".join(f"scale_{what}_{where}={' '.join(['0.5'] * count)} \n" for where, count in (("in", 2), ("out", 1))
                    for what in ("mean", "deviation", "new_min", "factor"))
    one = [*inputs, "(3, 3, 5.0e-01)", "(0, 3, 0.0)"], ["(0, 1.5e+00)", "(1, -2)", "(2, .3)"]
    two = [*inputs, "(3, 5, 0.5)", "(3, 5, 0.7)", "(0, 5, 0)", "(3, 0, 1)", "(0, 0, 0)"], [
        *(f"({k % 3}, {k / 7})" for k in range(6)), "(3, 1)", "(4, 2)", "(5, -3e-2)"]
    put("fann_network", "one", b"\1", text([3, 2], *one))
    put("fann_network", "scaled", b"\0", text([3, 2], *one, more="scale_included=1\n" + scale))
    put("fann_network", "classes", b"\2", text([3, 2], *one))
    put("fann_network", "two", b"\0", text([3, 3, 2], *two))
    put("fann_network", "old", b"\0", text([3, 3, 2], *two, more="", first="FANN_FLO_2.0"))
    put("fann_network", "gzip", b"\0", gzip.compress(text([3, 3, 2], *two).encode(), mtime=0))


def state_dict():
    """The size of a file chooses options (fuzz_state_dict.c)."""
    forms = {"F64": "d", "F32": "f", "F16": "e"}

    def tensors(name, *layers, kind="F32", bias=True):
        header, data = {}, b""
        for layer, neurons, width in layers:
            for tensor, shape in ((".weight", [neurons, width]), (".bias", [neurons]))[:2 if bias else 1]:
                count = neurons * (width if len(shape) == 2 else 1)
                numbers = struct.pack(f"<{count}{forms.get(kind, 'H')}", *range(1, count + 1))
                header[layer + tensor] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(numbers)]}
                data += numbers
        text = json.dumps(header).encode()
        for more in range(4):  # other options
            put("state_dict", f"{name}{more}", struct.pack("<Q", len(text) + more), text, b" " * more, data)

    tensors("one", ("fc", 2, 3))
    tensors("logit", ("0", 1, 2), kind="F64")
    tensors("numbered", ("net.0", 3, 2), ("net.2", 2, 3), ("net.10", 2, 2), kind="F16")
    tensors("words", ("a", 2, 2), ("b", 2, 2), kind="BF16", bias=False)
    tensors("shapes", ("hidden", 3, 2), ("out", 1, 3))


# ---- what batchprop writes ----

def read(path):
    return path.read_bytes()


def tables(scratch):
    (scratch / "few.csv").write_text("\n".join(IRIS[:1] + IRIS[45:55] + IRIS[98:104]) + "\n")
    (scratch / "mixed.csv").write_text("size,kind,t,price\n" + "".join(
        f"{k % 5},{'abc'[k % 3] if k % 4 else ''},{1600000000 + k}.5,{k * k % 7}.25\n" for k in range(12)))


def models(scratch):
    few, mixed = scratch / "few.csv", scratch / "mixed.csv"
    trainings = {
        "xor": [XOR, "--hidden", "2"],
        "iris": [few, "--hidden", "3", "--preset", "modern"],
        "number": [mixed, "--hidden", "2", "--target", "price", "--missing", "indicator", "--scale", "standard"],
        "none": [mixed, "--hidden", "none", "--target", "price", "--categorical", "size", "--missing", "mean"],
        "members": [few, "--hidden", "2", "--members", "2"],
        "factors": [few, "--hidden", "2", "--class-weight", "balanced", "--members", "3", "--decide", "f1",
                    "--member-rows", "folds"],
    }
    for name, arguments in trainings.items():
        out = scratch / f"{name}.safetensors"
        run("train", *arguments, "--epochs", "2", "--threads", "1", "--out", out)
        put("model", name, read(out))


def checkpoints(scratch):
    """Of the run in fuzz_checkpoint.c."""
    folder = scratch / "checkpoints"
    run("train", XOR, "--hidden", "2", "--optimizer", "adam", "--epochs", "3", "--threads", "1", "--backend", "serial",
        "--checkpoint", folder, "--checkpoint-every", "1", "--out", scratch / "c.safetensors")
    for number, path in enumerate(sorted(folder.iterdir())):
        put("checkpoint", f"epoch{number}", read(path))


def logs(scratch):
    few = scratch / "few.csv"
    logged = {
        "plain": [XOR, "--hidden", "2"],
        "valid": [few, "--hidden", "2", "--valid-fraction", "0.2"],
        "number": [scratch / "mixed.csv", "--hidden", "2", "--target", "price", "--missing", "mean", "--valid-fraction", "0.2"],
        "members": [few, "--hidden", "2", "--members", "2"],
    }
    for name, arguments in logged.items():
        log = scratch / f"{name}.jsonl"
        run("train", *arguments, "--epochs", "3", "--threads", "1", "--log", log, "--out", scratch / "l.safetensors")
        put("log", name, read(log))
        put("log", f"{name}_torn", read(log)[:-30])


def journals(scratch):
    """Of the trials in fuzz_journal.c."""
    folder = scratch / "cv"
    run("cv", SOURCE / "datasets" / "iris.csv", "--hidden", "2", "--epochs", "1", "--folds", "3", "--threads", "1",
        "--checkpoint", folder)
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size:
            text = read(path)
            put("journal", "whole", text)
            put("journal", "cut", text[:-40])
            put("journal", "head", text.splitlines(keepends=True)[0])


def configurations():
    """A byte chooses train or cv (fuzz_config.c)."""
    for name, arguments in {"plain": [], "modern": ["--preset", "modern"], "kinds": ["--preset", "ensemble"]}.items():
        put("config", f"train_{name}", b"\0", run("train", "x.csv", "--out", "x", *arguments, "--print-config"))
    put("config", "cv", b"\1", run("cv", "x.csv", "--hidden", "3,2", "--folds", "3", "--print-config"))
    put("config", "small", b"\0", '{"hidden": [8, 4], "epochs": 5, "no-shuffle": true, "target": "x"}')
    put("config", "alternatives", b"\0", '{"kinds": [{"hidden": 8, "activation": "relu"}, {"hidden": [4, 2], '
        '"activation": "tanh"}], "members": 4}')


def jsons():
    put("json", "values", '[null, true, false, 0, -1.5e3, "a\\u00e9\\n", {"key": []}]')
    put("json", "nested", '{"a": {"b": [[[1], 2], {"c": "\u00e9"}]}, "d": 1e-7}')
    put("json", "number", "12")
    put("json", "metadata", run("train", XOR, "--hidden", "2", "--epochs", "1", "--out", "/dev/null", "--json"))


def lists():
    """A byte chooses the option, or a form (fuzz_lists.c)."""
    for number in range(120):
        put("lists", f"option{number}", [number], ["0.5", "128,64", "relu,tanh", "7", "auto", "true", "on"][number % 7])
    for number, text in enumerate(["1.5e-3", 'a,"b,c",d', "-123456789.125", "setosa=2,virginica=0.5", "1=0:1,2=3:0.5",
                                   "16777217", ".5e+38", "balanced"]):
        for form in (252, 253, 254):
            put("lists", f"text{number}_{form}", [form], text)


def arguments():
    put("arguments", "train", b"\0", "iris.csv\n--hidden=8,4\n--epochs=3\n--out=m\n--preset\nmodern\n--json")
    put("arguments", "kinds", b"\0", "iris.csv\n--out=m\n--hidden=8;4,2\n--activation=relu;tanh\n--members=4")
    for number, text in enumerate(["784-128-10", "1,2,auto", "100,2", "strong", "weak", "both"]):
        put("arguments", f"bench{number}", b"\1", text)
    put("arguments", "sweep", b"\2", "learning-rate=0.1,0.01\nhidden=64;128,64\nseed=1,2")


def kernels():
    """All of it is drawn by the target (fuzz_kernels.c): its choices, then samples and parameters."""
    for number in range(24):
        choices = bytes((number * 37 + k * k * 11 + k) % 251 for k in range(400))
        put("kernels", f"net{number}", bytes([number % 3, number % 8]), choices)


def make(wanted):
    plain = {"arguments": arguments, "config": configurations, "csv": csv, "fann": fann, "fann_network": fann_network, "idx": idx, "json": jsons,
             "kernels": kernels, "lists": lists, "npy": npy, "source": source,
             "state_dict": state_dict}
    trained = {"checkpoint": checkpoints, "journal": journals, "log": logs, "model": models}
    if wanted and wanted not in plain | trained:
        sys.exit(f"there are no seeds for {wanted}")
    for target, function in plain.items():
        if wanted in (None, target):
            function()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        tables(scratch)
        for target, function in trained.items():
            if wanted in (None, target):
                function(scratch)


make(sys.argv[4] if len(sys.argv) > 4 else None)
