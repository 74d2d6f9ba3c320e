#!/usr/bin/env python3
"""torch_linear.py COMMAND CSV: the tensors of a model are those of PyTorch's nn.Linear.

Trains a model of classes and one of numbers on the table, loads each file into nn.Linear layers with
nothing but the names and shapes in it, and compares the outputs with `batchprop predict`. Exit status 77
(skipped) where PyTorch is not installed."""

import csv
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

try:
    import torch
except ImportError:
    print("PyTorch is not installed")
    sys.exit(77)

TOLERANCE = 1e-5
ACTIVATIONS = {"logistic": torch.nn.Sigmoid, "identity": torch.nn.Identity}


def read_safetensors(path):
    """The tensors by name, and what the metadata says of the model."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    data = bytearray(content[8 + length :])
    model = json.loads(header.pop("__metadata__")["batchprop"])
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        assert entry["dtype"] == "F32"
        tensor = torch.frombuffer(data, dtype=torch.float32, count=(end - begin) // 4, offset=begin)
        tensors[name] = tensor.reshape(entry["shape"])
    return tensors, model


def build_network(tensors, activations):
    """nn.Linear layers with the tensors as they are, each followed by its activation."""
    modules = []
    for k, activation in enumerate(activations):
        neurons, inputs = tensors[f"layers.{k}.weight"].shape
        biased = f"layers.{k}.bias" in tensors
        linear = torch.nn.Linear(inputs, neurons, bias=biased)
        names = ["weight", "bias"] if biased else ["weight"]
        linear.load_state_dict({name: tensors[f"layers.{k}.{name}"] for name in names})
        modules += [linear, ACTIVATIONS[activation]()]
    return torch.nn.Sequential(*modules)


def encode(cells, column):
    """The input neurons of one column: scaled numbers, or one neuron for each category."""
    if column["kind"] == "category":
        wanted = [[float(cell == name) for name in column["categories"]] for cell in cells]
        return torch.tensor(wanted)
    numbers = torch.tensor([[float(cell)] for cell in cells], dtype=torch.float32)
    return (numbers - column["shift"]) * column["scale"]


def read_table(path):
    """The cells of each column, by name."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def read_outputs(path, target):
    """What the output neurons gave, from the predictions of the command."""
    table = read_table(path)
    if target["kind"] == "category":
        names = [f"output_{name}" for name in target["categories"]]
        return torch.tensor([[float(cell) for cell in table[name]] for name in names]).T
    return encode(table[target["name"]], target)


def compare(command, table, options):
    """The largest difference between the outputs of the command and of PyTorch."""
    with tempfile.TemporaryDirectory() as folder:
        model, answers = f"{folder}/model.safetensors", f"{folder}/answers.csv"
        subprocess.run([command, "train", table, *options, "--out", model], check=True)
        subprocess.run([command, "predict", model, table, "--out", answers], check=True)
        tensors, meaning = read_safetensors(model)
        columns = meaning["columns"]["columns"]
        cells = read_table(table)
        inputs = [encode(cells[c["name"]], c) for c in columns if c["role"] == "input"]
        target = next(c for c in columns if c["role"] == "target")
        with torch.no_grad():
            network = build_network(tensors, meaning["network"]["activations"])
            expected = network(torch.cat(inputs, dim=1))
        return (expected - read_outputs(answers, target)).abs().max().item()


def main():
    command, table = sys.argv[1:]
    worst = 0.0
    for options in (
        ["--hidden", "7,5", "--epochs", "20"],
        ["--hidden", "7,5", "--epochs", "20", "--thresholds", "off"],
        ["--target", "sepal_width", "--task", "regress", "--hidden", "16", "--epochs", "20"],
        ["--hidden", "none", "--output-activation", "identity", "--learning-rate", "0.01"],
    ):
        difference = compare(command, table, options)
        print(f"{' '.join(options)}: largest difference {difference:.2g}")
        worst = max(worst, difference)
    sys.exit(0 if worst <= TOLERANCE else 1)


main()
