#!/usr/bin/env python3
"""PyTorch as a worker of bench/peers.py: nn.Linear with nn.Sigmoid, the squared error and SGD, or with
nn.ReLU, CrossEntropyLoss (softmax and its loss in one) and Adam; batches are slices of a tensor in memory.
Settings are eager, single (foreach=False), fused (the fused optimizer), compiled (torch.compile of
network and loss) and compiled+fused. With the flag --bfloat16 the network runs under autocast: weights, loss and optimizer
in binary32, products in bfloat16; its loss is not compared then."""

import contextlib
import sys

import torch
from torch import nn

from peer_worker import EPOCHS, Problem, repeat, serve

OPTIMIZER = {"eager": {}, "single": {"foreach": False}, "fused": {"fused": True}, "compiled": {},
             "compiled+fused": {"fused": True}}


class Training:
    """A network, its optimizer, and the batch that comes next."""

    def __init__(self, problem, setting):
        self.problem = problem
        # Clones: in memory of torch's own, aligned as it likes it.
        self.inputs = torch.from_numpy(problem.inputs).clone().split(problem.batch)
        targets = problem.labels.astype("int64") if problem.adam else problem.targets
        self.targets = torch.from_numpy(targets).clone().split(problem.batch)
        self.next = 0
        self.network = self.make_network()
        optimizer = torch.optim.Adam if problem.adam else torch.optim.SGD
        self.optimizer = optimizer(
            self.network.parameters(), lr=problem.rate, **OPTIMIZER[setting])
        self.measure = nn.CrossEntropyLoss() if problem.adam else self.mean_of_squares
        self.bfloat16 = "--bfloat16" in problem.flags
        compiled = setting.startswith("compiled")
        self.compute = torch.compile(self.forward) if compiled else self.forward

    def make_network(self):
        layers = []
        for weights, biases in self.problem.parameters():
            linear = nn.Linear(weights.shape[1], weights.shape[0])
            linear.weight.data = torch.from_numpy(weights).clone()
            linear.bias.data = torch.from_numpy(biases).clone()
            layers += [linear, nn.ReLU() if self.problem.adam else nn.Sigmoid()]
        if self.problem.adam:
            layers.pop()
        return nn.Sequential(*layers)

    @staticmethod
    def mean_of_squares(outputs, targets):
        return nn.functional.mse_loss(outputs, targets, reduction="sum") / len(outputs)

    def forward(self, inputs, targets):
        with torch.autocast("cpu", torch.bfloat16) if self.bfloat16 else contextlib.nullcontext():
            outputs = self.network(inputs)
        return self.measure(outputs.float(), targets)

    def step(self):
        inputs, targets = self.inputs[self.next], self.targets[self.next]
        self.next = (self.next + 1) % len(self.inputs)
        self.optimizer.zero_grad()
        loss = self.compute(inputs, targets)
        loss.backward()
        self.optimizer.step()
        return loss


def main():
    problem = Problem(sys.argv[1:])
    trainings, warm = {}, set()

    def run(threads, seconds, setting):
        if setting not in trainings:
            trainings[setting] = Training(problem, setting)

        def work():
            trainings[setting].step()
            return problem.batch

        torch.set_num_threads(threads)
        if (threads, setting) not in warm:
            warm.add((threads, setting))
            work()  # compiles, where that is the setting
        return repeat(work, seconds), torch.get_num_threads()

    def losses():
        if "--bfloat16" in problem.flags:
            return None
        fresh = Training(problem, "eager")
        steps = len(fresh.inputs)
        return [sum(fresh.step().item() for _ in range(steps)) / steps for _ in range(EPOCHS)]

    serve(f"PyTorch {torch.__version__}", run, losses)


main()
