"""Models as modules of PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

if TYPE_CHECKING:
    from ._model import Column, Model

_ACTIVATIONS: dict[str, Any] = {
    "logistic": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky-relu": lambda: nn.LeakyReLU(0.01),
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "elu": nn.ELU,
    "softplus": nn.Softplus,
    "softmax": lambda: nn.Softmax(dim=-1),
}


class Affine(nn.Module):
    """``(x - shift) * scale``, or with `inverse` back from it, in each column."""

    def __init__(self, shift: Any, scale: Any, inverse: bool = False) -> None:
        super().__init__()
        self.register_buffer("shift", torch.as_tensor(shift))
        self.register_buffer("scale", torch.as_tensor(scale))
        self.inverse = inverse

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shift, scale = self.get_buffer("shift"), self.get_buffer("scale")
        return x / scale + shift if self.inverse else (x - shift) * scale


class Exponential(nn.Module):
    """The rate, of whose logarithm Poisson regression has the neurons."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.exp(x)


def _affine(columns: tuple[Column, ...], inverse: bool) -> Affine:
    width = sum(column.neurons for column in columns)
    shift, scale = np.zeros(width, np.float32), np.ones(width, np.float32)
    for column in columns:
        if column.categories is None:
            shift[column.first] = column.origin + column.shift
            scale[column.first] = column.scale
    return Affine(shift, scale, inverse)


def to_torch(model: Model) -> nn.Sequential:
    """See `Model.to_torch`."""
    modules: list[nn.Module] = [_affine(model.inputs, False)]
    for layer in model.layers:
        linear = nn.Linear(layer.weights.shape[1], layer.weights.shape[0])
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(layer.weights))
            linear.bias.copy_(torch.tensor(-layer.thresholds))
        modules.append(linear)
        if layer.activation in _ACTIVATIONS:
            modules.append(_ACTIVATIONS[layer.activation]())
    if model.loss == "poisson":
        modules.append(Exponential())
    elif model.classes is None:
        modules.append(_affine(model.targets, True))
    return nn.Sequential(*modules)
