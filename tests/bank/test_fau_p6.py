"""fau-2021, problem 6: the program that is printed runs, and does what the library and PyTorch do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import arb

from rechenweg import nn
from rechenweg.bank.fau_2021.p6_coding import LAYERS, METHODS, Layer, problem
from rechenweg.questions.kinds.written import CodeAnswer
from rechenweg.questions.rules import Rules
from rechenweg.working.document import Code
from tests.bank.checks import check_problem
from tests.bank.german import check_languages

EACH = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
INPUT = np.array([[-800.0, -2.5, -1e-3, 0.0], [1e-3, 0.7, 3.0, 900.0]])
ERROR = np.array([[0.5, -1.0, 2.0, 3.0], [-4.0, 5.0, 0.25, 1.0]])


def printed(layer: Layer, alpha: float) -> Any:
    """The class of the printed solution, made by running it."""
    version = next(v for v in range(100) if problem.version(v).layer == layer.name)
    s = problem.version(version)
    source = "\n\n".join(block.source for block in problem.by_number["6.1"].solution(s) if isinstance(block, Code))
    assert source == layer.code
    names: dict[str, Any] = {}
    exec(source, names)
    return names[layer.name](alpha)


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_languages(problem)
    assert {problem.version(v).layer for v in range(50)} == {layer.name for layer in LAYERS}


def test_the_paper_asks_for_an_elu() -> None:
    assert problem.version(0).layer == "ELU"
    assert problem.credits == 6
    assert [[str(step.credit) for step in steps] for steps in METHODS] == [["1/2"], ["1", "1", "1"], ["1/2", "1", "1"]]


@EACH
@pytest.mark.parametrize("alpha", [0.3, 1.0, 2.0])
def test_against_torch(layer: Layer, alpha: float) -> None:
    torch = pytest.importorskip("torch")
    theirs = {"ELU": torch.nn.ELU, "CELU": torch.nn.CELU, "LeakyReLU": torch.nn.LeakyReLU}[layer.name](alpha)
    ours = printed(layer, alpha)
    x = torch.tensor(INPUT, requires_grad=True)
    y = theirs(x)
    if layer.name == "CELU":  # PyTorch's own keeps 1/alpha in single precision
        own, y = y, torch.where(x > 0, x, alpha * torch.expm1(torch.clamp(x, max=0) / alpha))
        assert torch.allclose(own, y, rtol=1e-6)
    y.backward(torch.tensor(ERROR))
    with np.errstate(all="raise", under="ignore"):  # no overflow on the way, however large the input
        assert ours.forward(INPUT) == pytest.approx(y.detach().numpy(), rel=1e-12)
        assert ours.backward(ERROR) == pytest.approx(x.grad.numpy(), rel=1e-12)


@pytest.mark.parametrize("kind", [nn.ELU, nn.LeakyReLU])
def test_against_the_library(kind: type[Any]) -> None:
    layer = next(layer for layer in LAYERS if layer.name == kind.__name__)
    ours, theirs = printed(layer, 0.7), kind(0.7)
    assert ours.forward(INPUT) == pytest.approx(theirs.forward(INPUT), rel=1e-12)
    assert ours.backward(ERROR) == pytest.approx(theirs.backward(ERROR), rel=1e-12)


@EACH
def test_the_formulas_printed_are_those_of_the_program(layer: Layer) -> None:
    alpha = 0.7
    ours = printed(layer, alpha)
    points = np.array([-3.0, -0.4, 0.2, 2.0])
    values, slopes = ours.forward(points), ours.backward(np.ones(4))
    for point, value, slope in zip(points, values, slopes, strict=True):
        at = {"x": arb(point), r"\alpha": arb(alpha)}
        assert layer.function().approx(at) == pytest.approx(value, rel=1e-12)
        assert layer.derivative().approx(at) == pytest.approx(slope, rel=1e-12)


@EACH
def test_the_derivative_against_difference_quotients(layer: Layer) -> None:
    ours, h = printed(layer, 0.7), 1e-6
    points = np.array([-3.0, -0.4, 0.2, 2.0])
    quotient = (ours.forward(points + h) - ours.forward(points - h)) / (2 * h)
    ours.forward(points)
    assert ours.backward(np.ones(4)) == pytest.approx(quotient, rel=1e-6)


@EACH
def test_whole_numbers_and_small_floats_pass_through(layer: Layer) -> None:
    ours = printed(layer, 0.5)
    assert ours.forward(np.array([-1.0, 2.0], np.float32)).dtype == np.float32
    assert ours.forward(np.array([3, -1]))[0] == 3


def test_code_is_for_people_to_mark_and_the_skeleton_is_no_solution() -> None:
    s = problem.version(0)
    (field,) = problem.by_number["6.1"].fields(s)
    assert isinstance(field, CodeAnswer)
    assert "class ELU:" in field.source
    assert "np." not in field.source
    mark = problem.by_number["6.1"].mark(s, "class ELU: pass", Rules())
    assert (mark.credit, mark.open) == (0, 6)
