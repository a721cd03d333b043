"""The gradient check: what `backward` returns against central difference quotients, in float64.

At a kink (ReLU at 0, two equal maxima) the derivative is a convention and the difference quotient something
else; such an entry is reported as standing at a kink, not as wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rechenweg.errors import NetworkError
from rechenweg.nn.kinds import as_array, as_floats
from rechenweg.nn.layer import Layer
from rechenweg.nn.network import Network
from rechenweg.numbers import Array, total


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one array in the check.

    Attributes:
        name: LaTeX name of the parameter or the input.
        index: which entry of it.
        backward: the derivative that `backward` gives.
        quotient: the central difference quotient.
        kink: which layer changes sides within the step, and where; empty where none does.
    """

    name: str
    index: tuple[int, ...]
    backward: float
    quotient: float
    kink: str = ""

    def __str__(self) -> str:
        place = f"{self.name}{list(self.index) if self.index else ''}"
        if self.kink:
            return f"{place}: at a kink of {self.kink} (backward {self.backward:.6g}, quotient {self.quotient:.6g})"
        ratio = f" (ratio {self.backward / self.quotient:.6g})" if self.quotient else ""
        return f"{place}: backward gives {self.backward:.10g}, the difference quotient {self.quotient:.10g}{ratio}"


@dataclass(frozen=True, slots=True)
class GradientReport:
    """Outcome of a gradient check.

    Attributes:
        agreed: how many entries agree.
        errors: the entries that do not.
        kinks: the entries that cannot be compared, because the step crosses a kink.
    """

    agreed: int
    errors: tuple[Entry, ...]
    kinks: tuple[Entry, ...]

    @property
    def ok(self) -> bool:
        """Whether no entry is wrong."""
        return not self.errors

    def __str__(self) -> str:
        summary = f"{self.agreed} entries agree, {len(self.errors)} wrong, {len(self.kinks)} at a kink"
        return "\n".join((summary, *map(str, self.errors), *map(str, self.kinks)))


def gradient_check(
    subject: Network | Layer,
    *inputs: Any,
    target: Any = None,
    step: float = 1e-5,
    tolerance: float = 1e-6,
    sample: int | None = None,
    seed: int = 0,
) -> GradientReport:
    """Compare every derivative of a layer or a network with its central difference quotient.

    Args:
        subject: layer or network; it is copied, and exact parameters are rounded to floats.
        inputs: the point to check at, one array per input.
        target: target of the network's loss. Without one, and for a layer, the outputs are weighted at random
            and summed.
        step: h in (f(x + h) − f(x − h))/2h.
        tolerance: largest difference that counts as agreement, relative to the larger of the two values and
            1.
        sample: check at most so many entries of each array, drawn at random; all by default.
        seed: of the random weights and the sample.

    Returns:
        A report; ``report.ok`` says whether nothing is wrong, ``print(report)`` says what is.

    >>> from rechenweg.nn import ReLU
    >>> print(gradient_check(ReLU(), np.array([[1.0, 0.0, -2.0]])))
    2 entries agree, 0 wrong, 1 at a kink
    x[0, 1]: at a kink of layer "h" (ReLU) at [0, 1] (backward 0, quotient 0.38...)
    """
    network = _as_network(subject, len(inputs)).floats()
    rng = np.random.default_rng(seed)
    points = [as_floats(as_array(x)) for x in inputs]
    if target is not None and network.loss is None:
        raise NetworkError("gradient check: a target, but no loss function; set network.loss")
    if target is not None and network.loss is not None and network.loss.reduction == "none":
        raise NetworkError('gradient check: expected a loss that is one number, found reduction "none"')
    goal = None if target is None else as_floats(as_array(target))
    weights = rng.uniform(0.5, 1.5, network.forward(*points).shape)

    def objective() -> tuple[float, list[Array | None]]:
        output = network.forward(*points)
        value = total(output * weights) if goal is None else network.loss_of(output, goal)
        return float(value), [None if (b := node.layer.branches()) is None else b.copy() for node in network.nodes]

    _, here = objective()
    network.backward(weights if goal is None else None)
    arrays = dict(zip(network.inputs, points, strict=True)) | network.parameters()
    derivatives = {name: network.error_tensors[name] for name in network.inputs} | network.gradients()

    agreed = 0
    errors: list[Entry] = []
    kinks: list[Entry] = []
    for name, array in arrays.items():
        if name not in derivatives:
            continue  # the output does not depend on it
        indices = list(np.ndindex(*array.shape))
        if sample is not None and sample < len(indices):
            indices = [indices[i] for i in sorted(rng.choice(len(indices), sample, replace=False))]
        for index in indices:
            quotient, sides = _quotient(objective, array, index, step)
            given = float(derivatives[name][index])
            kink = _kink(network, here, sides)
            if abs(given - quotient) <= tolerance * max(1.0, abs(given), abs(quotient)):
                agreed += 1
            else:
                (kinks if kink else errors).append(Entry(name, index, given, quotient, kink))
    return GradientReport(agreed, tuple(errors), tuple(kinks))


def _as_network(subject: Network | Layer, inputs: int) -> Network:
    if isinstance(subject, Network):
        return subject
    names = ["x"] if inputs == 1 else [f"x_{i}" for i in range(1, inputs + 1)]
    network = Network(*names)
    network.add("h", subject.copy(), *names)
    return network


def _quotient(
    objective: Callable[[], tuple[float, list[Array | None]]],
    array: Array,
    index: tuple[int, ...],
    step: float,
) -> tuple[float, list[list[Array | None]]]:
    """The central difference quotient of one entry, and the branches on both sides."""
    kept = array[index]
    array[index] = kept + step
    above, right = objective()
    array[index] = kept - step
    below, left = objective()
    array[index] = kept
    return (above - below) / (2 * step), [left, right]


def _kink(network: Network, here: list[Array | None], sides: list[list[Array | None]]) -> str:
    """The first layer that is on another side of a kink on either side of the point, and where; empty if none."""
    for i, node in enumerate(network.nodes):
        for side in sides:
            before, after = here[i], side[i]
            if before is not None and after is not None and not np.array_equal(before, after):
                place = np.argwhere(before != after)[0].tolist()
                return f"{node.layer.where} at {place}"
    return ""
