#!/usr/bin/env python3
"""Training over processes beside DistributedDataParallel with gloo: the same net, batch, recipe and ranks, of a thread each.

    peer_ddp.py [--layers 784-512-512-10] [--batch 256] [--ranks 2] [--turns 3] [--seconds 1] [--launcher mpirun] COMMAND

COMMAND is the built batchprop, which takes turns with PyTorch; this Python has torch. DistributedDataParallel starts from the weights of one process without it,
and its losses of the first epochs must be those."""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys

import figures

SAMPLES, EPOCHS, RATE = 4096, 2, 0.001
RECIPE = ["--activation", "relu", "--output-activation", "softmax", "--loss", "cross-entropy", "--optimizer", "adam"]
AGREE = [1e-4, 1e-2]  # of the losses of epochs: as peers.py says of Adam


class Data:
    """Seeded, on every rank the same."""

    def __init__(self, torch, layers, batch):
        torch.manual_seed(1)
        widths = [int(width) for width in layers.split("-")]
        self.widths, self.batch = widths, batch
        self.inputs = torch.randn(SAMPLES, widths[0]).split(batch)
        self.labels = (torch.arange(SAMPLES) % widths[-1]).split(batch)

    def network(self, torch):
        torch.manual_seed(2)
        layers = []
        for inputs, outputs in zip(self.widths, self.widths[1:]):
            layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
        return torch.nn.Sequential(*layers[:-1])


def train(torch, network, data, part, share):
    """A function that does the next step with `part` of the batch and returns its mean loss."""
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, foreach=True)
    measure, place = torch.nn.CrossEntropyLoss(), [0]

    def step():
        k = place[0]
        place[0] = (k + 1) % len(data.inputs)
        optimizer.zero_grad()
        loss = measure(network(data.inputs[k][part::share]), data.labels[k][part::share])
        loss.backward()
        optimizer.step()
        return loss

    return step


def epochs(step, count):
    return [sum(step().item() for _ in range(count)) / count for _ in range(EPOCHS)]


def work(options):
    """One rank: rank 0 prints the losses of the epochs, those of a process alone, and samples/s."""
    import time
    import torch
    import torch.distributed as ranks
    torch.set_num_threads(1)
    ranks.init_process_group("gloo")
    rank = ranks.get_rank()
    data = Data(torch, options.layers, options.batch)
    steps = len(data.inputs)
    alone = epochs(train(torch, data.network(torch), data, 0, 1), steps) if rank == 0 else None
    network = torch.nn.parallel.DistributedDataParallel(data.network(torch))
    step = train(torch, network, data, rank, ranks.get_world_size())
    losses = torch.tensor(epochs(step, steps), dtype=torch.float64)
    ranks.all_reduce(losses)  # batches are divided
    count, start, go_on = 0, time.perf_counter(), torch.ones(1)
    while go_on.item():
        for _ in range(steps):
            step()
        count += steps
        passed = time.perf_counter() - start
        go_on[0] = passed < options.seconds
        ranks.broadcast(go_on, 0)
    if rank == 0:
        print(json.dumps({"alone": alone, "losses": (losses / ranks.get_world_size()).tolist(),
                          "speed": count * options.batch / passed, "version": torch.__version__}), flush=True)
    ranks.barrier()
    os._exit(0)  # threads of gloo that are still there would make the ordinary end abort, now and then


def has_torch(python):
    try:
        return subprocess.run([python, "-c", "import torch"], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def run_torch(options, python=sys.executable, hosts=None):
    """The ranks are processes of `python`: here, or one on each of `hosts` (tests/support/namespaces.py)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = dict(os.environ, WORLD_SIZE=str(options.ranks), MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port),
                       OMP_NUM_THREADS="1")
    if hosts:
        environment.update(MASTER_ADDR=hosts.addresses[0], GLOO_SOCKET_IFNAME="eth0")
    words = [python, __file__, "--worker", "--layers", options.layers, "--batch", options.batch, "--seconds", options.seconds,
             "--ranks", options.ranks, options.command]
    group = [subprocess.Popen(hosts.on(rank, words) if hosts else [*map(str, words)],
                              env=dict(environment, RANK=str(rank)), stdout=subprocess.PIPE, text=True)
             for rank in range(options.ranks)]
    outputs = [process.communicate()[0] for process in group]
    if any(process.returncode for process in group):
        sys.exit("DistributedDataParallel failed")
    found = json.loads(outputs[0].strip().splitlines()[-1])
    for epoch, (loss, alone, tolerance) in enumerate(zip(found["losses"], found["alone"], AGREE), 1):
        if not abs(loss - alone) <= tolerance * alone:
            sys.exit(f"DistributedDataParallel does not train the same: loss {loss:.9g} in epoch {epoch}, alone {alone:.9g}")
    return found


def run_batchprop(options):
    if not shutil.which(options.launcher):
        sys.exit(f"--launcher: {options.launcher} was not found")
    done = subprocess.run([options.launcher, "--bind-to", "none", "-n", str(options.ranks), options.command, "bench",
                           "--layers", options.layers, "--batch-size", str(options.batch), *RECIPE, "--threads", "1",
                           "--repetitions", "1", "--seconds", str(options.seconds), "--json"],
                          stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{' '.join(done.args)} failed")
    found = json.loads(done.stdout)
    return found["results"][-1]["samples_per_second"]["median"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layers", default="784-512-512-10", metavar="WIDTHS", help="of the net (784-512-512-10)")
    parser.add_argument("--batch", type=int, default=256, metavar="N", help="samples of a step of all ranks (256)")
    parser.add_argument("--ranks", type=int, default=2, metavar="N", help="processes of each (2)")
    parser.add_argument("--turns", type=int, default=3, metavar="N", help="of both (3)")
    parser.add_argument("--seconds", type=float, default=1.0, metavar="S", help="of a figure (1)")
    parser.add_argument("--launcher", default="mpirun", metavar="PROGRAM", help="of Open MPI (mpirun)")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("command", help="the built batchprop")
    options = parser.parse_args()
    if options.worker:
        work(options)
        return
    if options.turns < 1 or options.ranks < 1:
        parser.error("--turns and --ranks: from 1 on")
    if not has_torch(sys.executable):
        sys.exit(f"{sys.executable} cannot import torch")
    ours, theirs, version = [], [], ""
    for _ in range(options.turns):
        ours.append(run_batchprop(options))
        found = run_torch(options)
        theirs.append(found["speed"])
        version = found["version"]
    ratio = figures.ratio(ours, theirs)
    head = ["network, batch, Adam", "batchprop, samples/s", f"PyTorch {version}, DistributedDataParallel", "ratio", "min",
            "max"]
    row = [f"{options.layers}, {options.batch}", figures.number(figures.spread(ours)["median"]),
           figures.number(figures.spread(theirs)["median"]), *(f"{ratio[key]:.2f}" for key in ("median", "min", "max"))]
    print("\n".join(figures.table([head, row], "lrrrrr")))


if __name__ == "__main__":
    main()
