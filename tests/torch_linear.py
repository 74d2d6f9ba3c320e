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
    """nn.Linear layers with the tensors as they are, each behind it its activation."""
    modules = []
    for k, activation in enumerate(activations):
        neurons, inputs = tensors[f"layers.{k}.weight"].shape
        linear = torch.nn.Linear(inputs, neurons)
        linear.load_state_dict(
            {"weight": tensors[f"layers.{k}.weight"], "bias": tensors[f"layers.{k}.bias"]}
        )
        modules += [linear, ACTIVATIONS[activation]()]
    return torch.nn.Sequential(*modules)
