#!/usr/bin/env python3
"""How long one row takes, and how large the code is: models exported as C, beside ONNX Runtime from Python.

    export_speed.py [--turns N] [--seconds S] COMMAND [CC]

COMMAND is a built batchprop, CC a compiler with its options ("cc -O3 -march=native"). Models are 4-8-3 of
datasets/iris.csv with logistic neurons, and 784-128-10 of synthetic images with GELU and softmax. Both get one row at a
time, scaled already for ONNX Runtime (`--raw`), which has one thread. Medians over turns, in which all are measured one
after the other. Needs onnxruntime; without it C is measured alone.
"""

import argparse
import pathlib
import re
import shlex
import statistics
import subprocess
import tempfile
import time

from figures import table
from late_epochs import synthetic

IRIS = pathlib.Path(__file__).resolve().parent.parent / "datasets" / "iris.csv"

DRIVER = """
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "NAME.h"

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char **argv)
{
    static double numbers[NUMBERS];
    float out[OUTPUTS];
    const double begin = now(), seconds = argc > 1 ? atof(argv[1]) : 1.0;
    double rows = 0.0, end = begin;
    int k, classes = 0;
    while (end - begin < seconds) {
        for (k = 0; k < 64; k++) {
            numbers[k % NUMBERS] = k;
            classes += NAME_predict(numbers, NULL, out);
        }
        rows += 64.0;
        end = now();
    }
    printf("%.9g %d\\n", (end - begin) / rows, classes);
    return 0;
}
"""


def make_models(command, folder):
    """Names, how many numbers a row has, and outputs."""
    synthetic(folder, 200)
    small = ["--epochs", "1", "--threads", "1"]
    runs = {"iris": [IRIS, "--hidden", "8", *small],
            "digits": [folder / "images", "--labels", folder / "labels", "--preset", "modern", "--hidden", "128", *small]}
    for name, words in runs.items():
        model = folder / f"{name}.safetensors"
        subprocess.run([command, "train", *words, "--out", model], check=True, capture_output=True)
        subprocess.run([command, "export", model, "--out", folder / f"{name}.c"], check=True, capture_output=True)
        subprocess.run([command, "export", model, "--raw", "--out", folder / f"{name}.onnx"], check=False,
                       capture_output=True)
    return [("iris", "4-8-3", 4, 3), ("digits", "784-128-10", 784, 10)]


def compile_driver(compiler, folder, name, numbers, outputs):
    text = DRIVER.replace("NAME", name).replace("NUMBERS", str(numbers)).replace("OUTPUTS", str(outputs))
    (folder / f"{name}_driver.c").write_text(text)
    model = folder / f"{name}.o"
    subprocess.run([*compiler, "-c", folder / f"{name}.c", "-o", model], check=True)
    subprocess.run([*compiler, folder / f"{name}_driver.c", model, "-o", folder / name, "-lm"], check=True)
    sizes = subprocess.run(["size", model], check=True, capture_output=True, text=True).stdout
    text, data = map(int, sizes.splitlines()[1].split()[:2])
    return text + data


def time_c(program, seconds):
    return float(subprocess.run([program, str(seconds)], check=True, capture_output=True, text=True).stdout.split()[0])


def open_onnx(path, numbers):
    """A function that predicts one row; None without ONNX Runtime."""
    try:
        import numpy
        import onnxruntime
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name, row = session.get_inputs()[0].name, numpy.ones((1, numbers), numpy.float32)
    return lambda: session.run(None, {name: row})


def time_onnx(predict, seconds):
    begin, rows = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        for _ in range(64):
            predict()
        rows += 64
    return (time.perf_counter() - begin) / rows


def library_size():
    """Of ONNX Runtime."""
    try:
        import onnxruntime
    except ImportError:
        return 0
    return sum(path.stat().st_size for path in pathlib.Path(onnxruntime.__file__).parent.rglob("*.so*"))


def measure(compiler, folder, model, turns, seconds):
    name, shape, numbers, outputs = model
    code = compile_driver(compiler, folder, name, numbers, outputs)
    predict = open_onnx(folder / f"{name}.onnx", numbers)
    times = {"c": [], "onnx": []}
    for _ in range(turns):
        times["c"].append(time_c(folder / name, seconds))
        if predict:
            times["onnx"].append(time_onnx(predict, seconds))
    c = statistics.median(times["c"])
    onnx = statistics.median(times["onnx"]) if predict else None
    return [shape, f"{1e6 * c:.3g}", f"{1e6 * onnx:.3g}" if onnx else "", f"{onnx / c:.3g}" if onnx else "",
            f"{code:,}", f"{(folder / (name + '.onnx')).stat().st_size:,}" if predict else ""]


def processor():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.*)$", cpuinfo.read_text() if cpuinfo.exists() else "", re.MULTILINE)
    return found.group(1) if found else "unknown processor"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5, help="of one measurement")
    parser.add_argument("command")
    parser.add_argument("compiler", nargs="?", default="cc -O3 -march=native")
    options = parser.parse_args()
    compiler = shlex.split(options.compiler)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = [measure(compiler, folder, model, options.turns, options.seconds)
                for model in make_models(options.command, folder)]
    print(f"{processor()}, {options.compiler}\n")
    head = ["network", "C, µs a row", "ONNX Runtime, µs a row", "ratio", "C, bytes", "ONNX, bytes"]
    print("\n".join(table([head, *rows], "lrrrrr")))
    if library_size():
        print(f"\nONNX Runtime itself: {library_size():,} bytes of shared libraries")


if __name__ == "__main__":
    main()
