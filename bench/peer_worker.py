"""What the workers in Python share: arguments, files, the conversation (see peer_worker.h)."""

import pathlib
import sys
import time

import numpy

EPOCHS = 3


class Problem:
    """[FLAG ...] FOLDER LAYERS SAMPLES BATCH RATE RECIPE, the arguments of a worker, and the files.
    peer_worker.h says what RECIPE is."""

    def __init__(self, arguments):
        *self.flags, folder, layers, samples, batch, rate, recipe = arguments
        self.folder = pathlib.Path(folder)
        self.widths = [int(width) for width in layers.split("-")]
        self.samples, self.batch, self.rate = int(samples), int(batch), float(rate)
        self.adam = {"sgd": False, "adam": True}[recipe]
        self.inputs = self.read("inputs.f32", "float32").reshape(self.samples, self.widths[0])
        self.labels = self.read("labels.u32", "uint32")
        self.targets = numpy.zeros((self.samples, self.widths[-1]), "float32")
        self.targets[numpy.arange(self.samples), self.labels] = 1.0

    def read(self, name, dtype):
        return numpy.fromfile(self.folder / name, dtype=dtype)

    def parameters(self):
        """Pairs of weights (neurons x inputs) and biases, as batchprop begins."""
        values = self.read("weights.f32", "float32")
        for inputs, neurons in zip(self.widths, self.widths[1:]):
            weights, biases, values = numpy.split(values, [inputs * neurons, (inputs + 1) * neurons])
            yield weights.reshape(neurons, inputs).copy(), biases.copy()


def repeat(work, seconds):
    """Calls work(), which returns how many samples it trained on, until `seconds` have passed.
    Returns samples/s."""
    samples, start = 0, time.perf_counter()
    while True:
        samples += work()
        passed = time.perf_counter() - start
        if passed >= seconds:
            return samples / passed


def serve(name, run, losses):
    """run(threads, seconds, ...) returns samples/s and the threads used; losses() the mean loss of each
    epoch, or None."""
    print("ready", name, flush=True)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "run":
            threads, seconds, *setting = arguments
            print(*run(int(threads), float(seconds), *setting), flush=True)
        elif command == "loss":
            print(*(losses() or ["none"]), flush=True)
        else:
            sys.exit("unknown command")
