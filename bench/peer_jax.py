#!/usr/bin/env python3
"""JAX as a worker of bench/peers.py: one compiled program (jit) that scans over the batches of an epoch,
which lie in memory as one array; parameters and optimizer state are donated, so that a step writes them in
place. Adam is written out as optax has it, since optax is another package. Weights are neurons x inputs;
the other way round, an unrolled scan and a call for each step were no faster. With the flag --bfloat16
products are of bfloat16, weights, loss and optimizer stay in binary32; its loss is not compared then.

JAX takes all processors that its process may use when it starts; there is no setting for less. peers.py starts
it once for each number of threads, on as many processors."""

import math
import os
import sys

import jax
import jax.numpy as jnp

from peer_worker import EPOCHS, Problem, repeat, serve

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Training:
    """The compiled epoch and what it carries on: parameters, state of the optimizer."""

    def __init__(self, problem):
        self.problem = problem
        self.dtype = jnp.bfloat16 if "--bfloat16" in problem.flags else jnp.float32
        count = problem.samples // problem.batch
        self.batches = tuple(
            jnp.asarray(array.reshape(count, problem.batch, -1))
            for array in (problem.inputs, problem.targets))
        parameters = [(jnp.asarray(w), jnp.asarray(b)) for w, b in problem.parameters()]
        zeros = [jax.tree.map(jnp.zeros_like, parameters) for _ in range(2 * problem.adam)]
        self.carried = parameters, zeros, jnp.float32(0)
        step = self.step_adam if problem.adam else self.step_sgd
        self.program = jax.jit(lambda carried, batches: jax.lax.scan(step, carried, batches),
                               donate_argnums=0)

    def forward(self, parameters, inputs):
        """The outputs, of softmax before it is applied."""
        values = inputs
        for layer, (weights, biases) in enumerate(parameters):
            values = values.astype(self.dtype) @ weights.T.astype(self.dtype) + \
                biases.astype(self.dtype)
            if not self.problem.adam:
                values = jax.nn.sigmoid(values)
            elif layer < len(parameters) - 1:
                values = jax.nn.relu(values)
        return values.astype(jnp.float32)

    def loss(self, parameters, inputs, targets):
        outputs = self.forward(parameters, inputs)
        terms = -targets * jax.nn.log_softmax(outputs) if self.problem.adam else \
            (outputs - targets) ** 2
        return jnp.sum(terms) / len(inputs)

    def step_sgd(self, carried, batch):
        parameters, none, steps = carried
        loss, gradient = jax.value_and_grad(self.loss)(parameters, *batch)
        parameters = jax.tree.map(lambda w, g: w - self.problem.rate * g, parameters, gradient)
        return (parameters, none, steps + 1), loss

    def step_adam(self, carried, batch):
        parameters, (first, second), steps = carried
        loss, gradient = jax.value_and_grad(self.loss)(parameters, *batch)
        steps += 1
        first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradient)
        second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradient)
        # 1 - beta^steps, which binary32 would leave few digits of.
        rest1, rest2 = (-jnp.expm1(steps * math.log(beta)) for beta in (BETA1, BETA2))
        parameters = jax.tree.map(
            lambda w, m, v: w - self.problem.rate / rest1 * m / (jnp.sqrt(v / rest2) + EPSILON),
            parameters, first, second)
        return (parameters, [first, second], steps), loss

    def epoch(self):
        """Returns the mean loss."""
        self.carried, losses = self.program(self.carried, self.batches)
        return jax.block_until_ready(losses).mean()


def main():
    problem = Problem(sys.argv[1:])
    threads_used = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else \
        os.cpu_count()
    trainings = []

    def run(_threads, seconds):
        if not trainings:
            trainings.append(Training(problem))
            trainings[0].epoch()  # compiles

        def work():
            trainings[0].epoch()
            return problem.samples

        return repeat(work, seconds), threads_used

    def losses():
        if "--bfloat16" in problem.flags:
            return None
        fresh = Training(problem)
        return [float(fresh.epoch()) for _ in range(EPOCHS)]

    serve(f"JAX {jax.__version__}", run, losses)


main()
