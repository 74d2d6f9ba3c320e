#!/usr/bin/env python3
"""torch_optimizers.py HEADER [--write]: the recorded values that test_step_torch follows are PyTorch's.

Trains a small network with optimizers of torch.optim for 100 steps, in binary64 and in binary32,
and compares with what HEADER (support/torch_values.h) records, or writes that file again. Exit status 77
(skipped) where PyTorch is not installed."""

import pathlib
import re
import struct
import sys

try:
    import torch
except ImportError:
    print("PyTorch is not installed")
    sys.exit(77)

INPUTS, HIDDEN, OUTPUTS, SAMPLES, BATCH = 4, 5, 3, 40, 8
STEPS, IRPROP_STEPS = 100, 20  # iRPROP-: before a slope is so near 0 that rounding makes its sign

# Name, optimizer of batchprop, learning rate and other options; `clip` is the largest norm.
RUNS = [
    ("sgd", "BP_OPTIMIZER_SGD", 1.0, {}),
    ("sgd, weight decay", "BP_OPTIMIZER_SGD", 1.0, {"weight_decay": 0.01}),
    ("sgd, clipped", "BP_OPTIMIZER_SGD", 1.0, {"clip_norm": 0.05}),
    ("momentum", "BP_OPTIMIZER_MOMENTUM", 0.125, {"momentum": 0.9}),
    ("momentum, weight decay", "BP_OPTIMIZER_MOMENTUM", 0.125, {"momentum": 0.5, "weight_decay": 0.01}),
    ("nesterov", "BP_OPTIMIZER_NESTEROV", 0.125, {"momentum": 0.9}),
    ("nesterov, weight decay", "BP_OPTIMIZER_NESTEROV", 0.125, {"momentum": 0.9, "weight_decay": 0.01}),
    ("rmsprop", "BP_OPTIMIZER_RMSPROP", 0.01, {"rho": 0.99}),
    ("rmsprop, weight decay", "BP_OPTIMIZER_RMSPROP", 0.01, {"rho": 0.9, "weight_decay": 0.01}),
    ("adam", "BP_OPTIMIZER_ADAM", 0.01, {"beta1": 0.9, "beta2": 0.999}),
    ("adam, weight decay", "BP_OPTIMIZER_ADAM", 0.01, {"beta1": 0.8, "beta2": 0.99, "weight_decay": 0.01}),
    ("adam, clipped", "BP_OPTIMIZER_ADAM", 0.01, {"beta1": 0.9, "beta2": 0.999, "clip_norm": 0.05}),
    ("adamw", "BP_OPTIMIZER_ADAMW", 0.01, {"beta1": 0.9, "beta2": 0.999, "weight_decay": 0.1}),
    ("adamw, clipped", "BP_OPTIMIZER_ADAMW", 0.01,
     {"beta1": 0.9, "beta2": 0.999, "weight_decay": 0.1, "clip_norm": 0.05}),
    ("adagrad", "BP_OPTIMIZER_ADAGRAD", 0.125, {}),
    ("adagrad, weight decay", "BP_OPTIMIZER_ADAGRAD", 0.125, {"weight_decay": 0.01}),
    ("irprop, full batches", "BP_OPTIMIZER_IRPROP", 0.0125, {}),
]
EPSILON = 1e-8
EPSILONS = {"BP_OPTIMIZER_ADAGRAD": 1e-10}  # where it is another one
FLOATS = {"momentum", "weight_decay", "clip_norm"}  # what bp_train_options holds in binary32


def rounded(number):
    """As binary32 holds it."""
    return struct.unpack("f", struct.pack("f", number))[0]


def make_network(dtype):
    """Weights and added biases of both layers, of whole sixteenths."""
    tensors = []
    for layer, (neurons, inputs) in enumerate([(HIDDEN, INPUTS), (OUTPUTS, HIDDEN)]):
        numbers = [((k * 29 + layer * 13) % 31 - 15) / 16 for k in range(neurons * (inputs + 1))]
        weight = torch.tensor(numbers[: neurons * inputs], dtype=dtype).reshape(neurons, inputs)
        bias = torch.tensor(numbers[neurons * inputs :], dtype=dtype)
        tensors += [weight.requires_grad_(), bias.requires_grad_()]
    return tensors


def make_samples(dtype):
    """Inputs of whole 32nds, one of three outputs 1."""
    rows = [[(x * 37 + i * 17) % 64 / 32 - 1 for i in range(INPUTS)] for x in range(SAMPLES)]
    targets = [[float((x * 7 + x // 5) % 3 == j) for j in range(OUTPUTS)] for x in range(SAMPLES)]
    return torch.tensor(rows, dtype=dtype), torch.tensor(targets, dtype=dtype)


def make_optimizer(kind, rate, options, tensors):
    decay = rounded(options.get("weight_decay", 0.0))
    groups = [
        {"params": tensors[0::2], "weight_decay": decay},
        {"params": tensors[1::2], "weight_decay": 0.0},
    ]
    momentum = rounded(options.get("momentum", 0.0))
    if kind == "BP_OPTIMIZER_RMSPROP":
        return torch.optim.RMSprop(groups, lr=rate, alpha=options["rho"], eps=rounded(EPSILON))
    if kind == "BP_OPTIMIZER_ADAGRAD":
        return torch.optim.Adagrad(groups, lr=rate, eps=rounded(EPSILONS[kind]))
    if kind in ("BP_OPTIMIZER_ADAM", "BP_OPTIMIZER_ADAMW"):
        choose = torch.optim.Adam if kind == "BP_OPTIMIZER_ADAM" else torch.optim.AdamW
        betas = (options["beta1"], options["beta2"])
        return choose(groups, lr=rate, betas=betas, eps=rounded(EPSILON))
    if kind == "BP_OPTIMIZER_IRPROP":
        return torch.optim.Rprop(tensors, lr=rate, etas=(0.5, 1.2), step_sizes=(0.0, 50.0))
    return torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=kind == "BP_OPTIMIZER_NESTEROV")


def train(kind, rate, options, dtype):
    """All parameters after the steps, those of a layer its weights first."""
    tensors = make_network(dtype)
    inputs, targets = make_samples(dtype)
    optimizer = make_optimizer(kind, rounded(rate), options, tensors)
    batch = SAMPLES if kind == "BP_OPTIMIZER_IRPROP" else BATCH
    for step in range(IRPROP_STEPS if kind == "BP_OPTIMIZER_IRPROP" else STEPS):
        first = step * batch % SAMPLES
        hidden = torch.sigmoid(inputs[first : first + batch] @ tensors[0].T + tensors[1])
        outputs = torch.sigmoid(hidden @ tensors[2].T + tensors[3])
        optimizer.zero_grad()
        ((outputs - targets[first : first + batch]) ** 2).sum(dim=1).mean().backward()
        if "clip_norm" in options:
            # As torch.nn.utils.clip_grad_norm_(), which adds 1e-6 to the norm.
            norm = torch.sqrt(sum((tensor.grad**2).sum() for tensor in tensors))
            clip = rounded(options["clip_norm"])
            for tensor in tensors:
                tensor.grad *= min(1.0, clip / norm.item())
        optimizer.step()
    return [number for tensor in tensors for number in tensor.detach().double().flatten().tolist()]


def compute():
    """Of each run: the parameters in binary64, and how far those in binary32 are from them."""
    results = []
    for name, kind, rate, options in RUNS:
        exact = train(kind, rate, options, torch.float64)
        single = train(kind, rate, options, torch.float32)
        results.append((exact, max(abs(a - b) for a, b in zip(exact, single))))
    return results


def render(results):
    """The header as a text."""
    lines = [
        "/* Written by tests/peers/torch_optimizers.py --write: not to be edited. */",
        "#ifndef BP_TESTS_TORCH_VALUES_H",
        "#define BP_TESTS_TORCH_VALUES_H",
        "",
        '#include "batchprop/batchprop.h"',
        "",
        "/* clang-format off */",
        "enum { TORCH_INPUTS = %d, TORCH_HIDDEN = %d, TORCH_OUTPUTS = %d, TORCH_SAMPLES = %d,"
        % (INPUTS, HIDDEN, OUTPUTS, SAMPLES),
        "       TORCH_BATCH = %d, TORCH_STEPS = %d, TORCH_IRPROP_STEPS = %d, TORCH_PARAMETERS = %d };"
        % (BATCH, STEPS, IRPROP_STEPS, len(results[0][0])),
        "",
        "static const struct torch_run {",
        "    const char *name;",
        "    bp_train_options options;",
        "    double error; /* the largest of PyTorch's own run in binary32 */",
        "    double parameters[TORCH_PARAMETERS]; /* of its run in binary64 */",
        "} torch_runs[] = {",
    ]
    for (name, kind, rate, options), (exact, error) in zip(RUNS, results):
        fields = [f".optimizer = {kind}", f".learning_rate = {rate}f", f".epsilon = {EPSILONS.get(kind, EPSILON)}f"]
        fields += [f".{key} = {value}{'f' if key in FLOATS else ''}" for key, value in options.items()]
        lines += [f'    {{"{name}",', "     {" + ", ".join(fields[:2]) + ","]
        lines += ["      " + ", ".join(fields[2:]) + "},", f"     {error!r},", "     {"]
        for k in range(0, len(exact), 4):
            lines.append("      " + " ".join(f"{number!r}," for number in exact[k : k + 4]))
        lines.append("     }},")
    lines += ["};", "/* clang-format on */", "", "#endif", ""]
    return "\n".join(lines)


def numbers_of(text):
    """Those on lines that begin with a number: of each run the error, then the parameters."""
    lines = re.findall(r"^ +(-?\d.*),$", text, re.MULTILINE)
    return [float(number) for line in lines for number in line.split(",")]


def main():
    header = pathlib.Path(sys.argv[1])
    text = render(compute())
    if sys.argv[2:] == ["--write"]:
        header.write_text(text)
        return 0
    fresh, recorded = numbers_of(text), numbers_of(header.read_text())
    if len(fresh) != len(recorded):
        print(f"{len(recorded)} numbers are recorded, {len(fresh)} come out")
        return 1
    # Versions of PyTorch sum in different orders: their errors in binary32 are different ones.
    a_run = len(fresh) // len(RUNS)
    worst = max(abs(a - b) for k, (a, b) in enumerate(zip(fresh, recorded)) if k % a_run)
    errors = [(a, b) for k, (a, b) in enumerate(zip(fresh, recorded)) if k % a_run == 0]
    print(f"PyTorch {torch.__version__}: within {worst:.3g} of what is recorded, {len(fresh)} numbers")
    print("errors in binary32:", " ".join(f"{a:.1e}" for a, _ in errors))
    return 0 if worst < 1e-10 and all(a < 4 * b for a, b in errors) else 1


sys.exit(main())
