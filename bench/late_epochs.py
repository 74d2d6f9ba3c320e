#!/usr/bin/env python3
"""Whether training gets slower as it converges: samples/s of each epoch, and the last against the first.

    late_epochs.py [--epochs N] [--samples N] [--turns N] [--json FILE] COMMAND [COMMAND ...] [-- OPTION ...]

Each COMMAND is a built batchprop; several, such as that of an older commit, are run in turns. The network is
784-512-512-10 with ReLU, softmax and Adam, in batches of 64, on the training images of MNIST in the folder
BATCHPROP_MNIST, or on as many synthetic images. OPTIONs are those of `train`, after these.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

from figures import table

RECIPE = ["--preset", "modern", "--hidden", "512,512", "--activation", "relu", "--optimizer", "adam",
          "--batch-size", "64", "--valid-fraction", "none"]
ROWS, PIXELS, CLASSES = 60000, 28 * 28, 10


def idx(path, dimensions, data):
    """A file of unsigned bytes, as MNIST has them."""
    head = bytes([0, 0, 8, len(dimensions)])
    path.write_bytes(head + b"".join(size.to_bytes(4, "big") for size in dimensions) + data)


def synthetic(folder, rows):
    """Images with noise around a pattern of their class, and no ink at the edge: pixels that are always 0."""
    draw = random.Random(1)
    edge = [k for k in range(PIXELS) if not (3 <= k // 28 < 25 and 3 <= k % 28 < 25)]
    patterns = [bytearray(draw.choice((0, 0, 0, 255)) for _ in range(PIXELS)) for _ in range(CLASSES)]
    images, labels = bytearray(), bytearray()
    for row in range(rows):
        image = bytearray(a ^ (b & 63) for a, b in zip(patterns[row % CLASSES], draw.randbytes(PIXELS)))
        for pixel in edge:
            image[pixel] = 0
        images += image
        labels.append(row % CLASSES)
    idx(folder / "images", (rows, 28, 28), images)
    idx(folder / "labels", (rows,), labels)


def mnist(folder, rows):
    """The first `rows` training images, or synthetic ones; says which."""
    source = os.environ.get("BATCHPROP_MNIST")
    if not source:
        synthetic(folder, rows)
        return "synthetic"
    import gzip
    for name, file, head in (("images", "train-images-idx3-ubyte.gz", 16),
                             ("labels", "train-labels-idx1-ubyte.gz", 8)):
        with gzip.open(pathlib.Path(source) / file) as packed:
            data = packed.read()[head:]
        size = PIXELS if name == "images" else 1
        idx(folder / name, (rows, 28, 28) if size > 1 else (rows,), data[:rows * size])
    return "MNIST"


def run(command, folder, epochs, options):
    """Samples/s of each epoch, the last loss and the digest."""
    log = folder / "run.jsonl"
    done = subprocess.run([command, "train", folder / "images", "--labels", folder / "labels", *RECIPE,
                           "--epochs", str(epochs), *options, "--out", folder / "model", "--log", log, "--json"],
                          stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit(f"{command} ended with {done.returncode}")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    log.unlink()
    begin, = (line for line in lines if line["event"] == "start")
    ends = [0.0] + [line["seconds"] for line in lines if line["event"] == "epoch"]
    result = json.loads(done.stdout)
    return {"speeds": [begin["samples"] / (end - start) for start, end in zip(ends, ends[1:])],
            "loss": result["train_loss"], "digest": result["weights_digest"]}


def main():
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--samples", type=int, default=ROWS)
    parser.add_argument("--turns", type=int, default=1)
    parser.add_argument("--json")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args(words[:cut])
    runs = {command: [] for command in given.command}
    with tempfile.TemporaryDirectory() as name:
        data = mnist(pathlib.Path(name), given.samples)
        for _ in range(given.turns):
            for command in given.command:
                runs[command].append(run(command, pathlib.Path(name), given.epochs, words[cut + 1:]))
    rows = [["command", "first epoch, samples/s", "slowest", "last", "last / first", "loss"]]
    for command, turns in runs.items():
        ratios = [turn["speeds"][-1] / turn["speeds"][0] for turn in turns]
        middle = [statistics.median(column) for column in zip(*(turn["speeds"] for turn in turns))]
        rows.append([command, f"{middle[0]:,.0f}", f"{min(middle):,.0f}", f"{middle[-1]:,.0f}",
                     f"{statistics.median(ratios):.3f}", f"{turns[-1]['loss']:.3g}"])
    print(f"{data}, {given.samples} images, {given.epochs} epochs, {given.turns} turns")
    print("\n".join(table(rows, "lrrrrr")))
    if given.json:
        pathlib.Path(given.json).write_text(json.dumps({"data": data, "runs": runs}) + "\n")


if __name__ == "__main__":
    main()
