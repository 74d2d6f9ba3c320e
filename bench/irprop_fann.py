#!/usr/bin/env python3
"""iRPROP- beside FANN's own RPROP: epochs that each needs for the same mean squared error.

    bench/irprop_fann.py COMMAND [FOLDER] [--epochs N] [--seeds N]

COMMAND is the built batchprop; FOLDER (default: BATCHPROP_FANN) holds building.train and mushroom.train of
FANN's data sets. FANN trains a net of the same layers (logistic
neurons, its default steps) for N epochs; batchprop trains on the same file, and the epoch is shown in
which its error, in the units of the file, first is no greater than FANN's in the end. Both errors are
measured on the training file after the epoch. Nets differ in their first weights: each system draws its
own, so that several seeds are compared by their medians. An error below 2^-48 counts as 2^-48: the
outputs then are the targets to the rounding of binary32. Exit status: 0 if batchprop needs no more
epochs on any file and its error falls, 1 if not, 77 if FANN or the data are not there.
"""
import argparse
import ctypes
import ctypes.util
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

FANN_SIGMOID = 3
FANN_TRAIN_RPROP = 2
HIDDEN = {"building": 16, "mushroom": 32}
# Half a unit in the last place of 1, squared: a smaller mean square says that the outputs are the targets.
EXACT = 2.0**-48


def load_fann():
    name = ctypes.util.find_library("floatfann")
    if not name:
        return None
    fann = ctypes.CDLL(name)
    fann.fann_create_standard_array.restype = ctypes.c_void_p
    fann.fann_read_train_from_file.restype = ctypes.c_void_p
    fann.fann_train_epoch.restype = ctypes.c_float
    fann.fann_test_data.restype = ctypes.c_float
    return fann


def train_fann(fann, path, widths, epochs, seed):
    """The error after the last epoch. FANN draws other weights in every process: they are drawn anew."""
    net = ctypes.c_void_p(
        fann.fann_create_standard_array(len(widths), (ctypes.c_uint * len(widths))(*widths)))
    ctypes.CDLL(None).srand(seed)
    fann.fann_randomize_weights(net, ctypes.c_float(-0.1), ctypes.c_float(0.1))
    data = ctypes.c_void_p(fann.fann_read_train_from_file(str(path).encode()))
    fann.fann_set_training_algorithm(net, FANN_TRAIN_RPROP)
    fann.fann_set_activation_function_hidden(net, FANN_SIGMOID)
    fann.fann_set_activation_function_output(net, FANN_SIGMOID)
    for _ in range(epochs):
        fann.fann_train_epoch(net, data)
    error = fann.fann_test_data(net, data)
    fann.fann_destroy_train(data)
    fann.fann_destroy(net)
    return error


def mean_square(line, outputs):
    """FANN's error: a mean over the outputs too, in the units of the file."""
    rmse = line["metrics"].get("rmse")
    return line["valid_loss"] / outputs if rmse is None else rmse**2


def train_batchprop(command, path, widths, epochs, seed):
    """The error after each epoch."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder, "run.jsonl")
        subprocess.run([command, "train", path, "--optimizer", "irprop", "--hidden",
                        str(widths[1]), "--epochs", str(epochs), "--seed", str(seed), "--valid", path,
                        "--log", log, "--out", pathlib.Path(folder, "m.safetensors")],
                       check=True, stdout=subprocess.DEVNULL)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [mean_square(line, widths[2]) for line in lines if line["event"] == "epoch"]


def first_epoch(errors, goal):
    return next((epoch for epoch, error in enumerate(errors, 1) if error <= goal), float("inf"))


def compare(fann, command, path, options):
    rows, inputs, outputs = map(int, path.read_text(encoding="ascii").split(maxsplit=3)[:3])
    widths = [inputs, HIDDEN[path.stem], outputs]
    seeds = range(1, options.seeds + 1)
    theirs = statistics.median(train_fann(fann, path, widths, options.epochs, seed)
                               for seed in seeds)
    runs = [train_batchprop(command, path, widths, options.epochs, seed) for seed in seeds]
    needed = statistics.median(first_epoch(errors, max(theirs, EXACT)) for errors in runs)
    ours = statistics.median(errors[-1] for errors in runs)
    decreases = all(errors[-1] < errors[0] / 2 for errors in runs)
    print(f"{path.stem:10} {rows:6} rows  {inputs}-{widths[1]}-{outputs}  FANN {theirs:.3g} after "
          f"{options.epochs} epochs  batchprop {ours:.3g}, there after {needed} epochs")
    return needed <= options.epochs and decreases


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command")
    parser.add_argument("folder", type=pathlib.Path, nargs="?",
                        default=os.environ.get("BATCHPROP_FANN", ""))
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    fann = load_fann()
    paths = [options.folder / f"{name}.train" for name in HIDDEN]
    if not fann or not all(path.exists() for path in paths):
        print("skipped: FANN's library or its data are not here")
        return 77
    good = [compare(fann, options.command, path, options) for path in paths]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
