"""PyTorch computes the same network, every quantity by name."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from rechenweg.nn import Layer, Loss, Network
from rechenweg.working.run import Working


def _tensor(values: Any) -> torch.Tensor:
    array = np.asarray(values, dtype=object)
    floats = np.array([v.approx() for v in array.reshape(-1)]).reshape(array.shape)
    return torch.tensor(floats, dtype=torch.float64)


def _layer(layer: Layer, parameters: dict[str, torch.Tensor], inputs: list[torch.Tensor]) -> torch.Tensor:
    (x, *others), kind = inputs, type(layer).__name__
    weights, bias = parameters.get("weights"), parameters.get("bias")
    if kind == "Linear":
        return F.linear(x, weights if layer.layout == "out,in" else weights.T, bias)  # type: ignore[attr-defined]
    if kind in ("Conv1d", "Conv2d", "MaxPool1d", "MaxPool2d", "AvgPool1d", "AvgPool2d"):
        kernel, stride, padding = layer.window  # type: ignore[misc]
        sides = [side for axis in reversed(padding) for side in axis]
        if kind.startswith("Conv"):
            return getattr(F, kind.lower())(F.pad(x, sides), weights, bias, stride)
        operation = {"M": "max_pool", "A": "avg_pool"}[kind[0]] + kind[-2:]
        return getattr(F, operation)(x, kernel, stride, [before for before, _ in padding])
    if kind == "LeakyReLU":
        return F.leaky_relu(x, float(layer.alpha))  # type: ignore[attr-defined]
    if kind == "ELU":
        return F.elu(x, float(Fraction(layer.alpha)))  # type: ignore[attr-defined]
    simple = {
        "Sigmoid": torch.sigmoid,
        "Tanh": torch.tanh,
        "ReLU": torch.relu,
        "Softmax": lambda x: torch.softmax(x, -1),
        "Flatten": lambda x: x.flatten(1),
        "Add": lambda x: sum(others, x),
    }
    return simple[kind](x)


def _loss(loss: Loss, prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    kind = type(loss).__name__
    if kind in ("L2Loss", "MSELoss"):
        return F.mse_loss(prediction, target, reduction=loss.reduction)
    if kind == "BinaryCrossEntropy":
        return F.binary_cross_entropy(prediction, target, reduction=loss.reduction)
    samples = F.nll_loss(prediction.log(), target.argmax(-1), reduction=loss.reduction)
    assert kind == "CrossEntropy"
    return samples


def torch_run(run: Working, upstream: dict[str, Any] | None = None) -> dict[str, torch.Tensor]:
    """Every quantity of a run by the name that :class:`Working` has for it, computed by autograd.

    upstream: start the backward pass from this derivative (name of the quantity, values) instead of the loss.
    """
    network: Network = run.network
    found = {name: _tensor(run[name].values).requires_grad_() for name in network.inputs}
    names = network.parameter_names()
    for node in network.nodes:
        own = names[node.name]
        parameters = {key: _tensor(node.layer.parameters[key]).requires_grad_() for key in own}
        found |= {own[key]: tensor for key, tensor in parameters.items()}
        found[node.name] = _layer(node.layer, parameters, [found[name] for name in node.inputs])
    for tensor in found.values():
        if not tensor.is_leaf:
            tensor.retain_grad()
    prediction = found[network.output]
    if upstream is not None:
        ((name, values),) = upstream.items()
        found[name].backward(torch.tensor(values, dtype=torch.float64).reshape(found[name].shape))
    else:
        assert network.loss is not None
        target = _tensor(run[network.target_name].values)
        loss = _loss(network.loss, prediction, target)
        loss.backward()
        found |= {network.target_name: target, network.loss_name: loss}
    reached = {name: tensor for name, tensor in found.items() if tensor.is_leaf or tensor.retains_grad}
    gradients = {f"dL/d{name}": tensor.grad for name, tensor in reached.items() if tensor.grad is not None}
    return {name: tensor.detach() for name, tensor in (found | gradients).items()}
