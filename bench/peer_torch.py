#!/usr/bin/env python3
"""PyTorch as a worker of bench/peers.py: nn.Linear and nn.Sigmoid, the squared error, SGD; batches are
slices of a tensor in memory. Settings are eager, single (foreach=False), fused (the fused optimizer),
compiled (torch.compile of network and loss) and compiled+fused."""

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
        self.targets = torch.from_numpy(problem.targets).clone().split(problem.batch)
        self.next = 0
        layers = []
        for weights, biases in problem.parameters():
            linear = nn.Linear(weights.shape[1], weights.shape[0])
            linear.weight.data = torch.from_numpy(weights).clone()
            linear.bias.data = torch.from_numpy(biases).clone()
            layers += [linear, nn.Sigmoid()]
        self.network = nn.Sequential(*layers)
        self.optimizer = torch.optim.SGD(
            self.network.parameters(), lr=problem.rate, **OPTIMIZER[setting])
        self.square = nn.MSELoss(reduction="sum")
        compiled = setting.startswith("compiled")
        self.compute = torch.compile(self.forward) if compiled else self.forward

    def forward(self, inputs, targets):
        return self.square(self.network(inputs), targets) / len(inputs)

    def step(self):
        inputs, targets = self.inputs[self.next], self.targets[self.next]
        self.next = (self.next + 1) % len(self.inputs)
        self.optimizer.zero_grad()
        loss = self.compute(inputs, targets)
        loss.backward()
        self.optimizer.step()
        return loss


def main():
    problem = Problem(sys.argv[1:6])
    trainings = {}

    def run(threads, seconds, setting):
        if setting not in trainings:
            trainings[setting] = Training(problem, setting)

        def work():
            trainings[setting].step()
            return problem.batch

        torch.set_num_threads(threads)
        work()  # compiles, where that is the setting
        return repeat(work, seconds), torch.get_num_threads()

    def loss():
        fresh = Training(problem, "eager")
        steps = len(fresh.inputs)
        for _ in range(EPOCHS):
            mean = sum(fresh.step().item() for _ in range(steps)) / steps
        return mean

    serve(f"PyTorch {torch.__version__}", run, loss)


main()
