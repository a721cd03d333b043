"""tum-2024, problem 5: convolution and gradients by hand and against PyTorch; the accepted mistake."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from rechenweg.bank.tum_2024.p5_kernel import EFFECTS, problem
from rechenweg.questions.rules import Rules
from tests.bank.checks import check_distinct_versions, check_problem

PAPER = problem.version(0)


def floats(matrix: Any) -> list[list[float]]:
    return [[v.approx() for v in row] for row in matrix]


def mark(number: str, raw: object):  # type: ignore[no-untyped-def]
    return problem.by_number[number].mark(PAPER, raw, Rules())


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["2", "1", "4"]


def test_the_forward_pass_of_the_paper_by_hand() -> None:
    # upper left: −2 + 1 + 15 − 0 − 1 = 13; then 1 − 3 + 0 − 2 − 1, −3 − 1 + 5 − 1 − 2, 0 − 1 + 5 + 2 − 0
    assert problem.by_number["5.1"].perfect(PAPER) == [["13", "-5"], ["-2", "6"]]


def test_the_gradients_of_the_paper_by_hand() -> None:
    # each of 3, −1, 1, 2 times the kernel, laid over the 4 × 4 image and added
    image = np.zeros((4, 4))
    kernel = np.array(PAPER.kernel)
    for (r, c), g in np.ndenumerate(np.array(PAPER.upstream)):
        image[r : r + 3, c : c + 3] += g * kernel
    assert floats(PAPER.run.plain("dL/dX")) == image.tolist()
    assert problem.by_number["5.3"].perfect(PAPER)[0] == ["0", "-3", "1", "0"]


def test_each_wrong_entry_costs_half_a_credit() -> None:
    assert mark("5.1", [[13, -5], [-2, 7]]).credit == Fraction(3, 2)
    assert mark("5.1", [[13, 5], [2, 6]]).credit == 1
    assert mark("5.1", "13 -5; -2 6").credit == 2
    right = problem.by_number["5.3"].perfect(PAPER)
    wrong = [list(row) for row in right]
    wrong[0][0], wrong[3][3] = "9", "9"
    assert mark("5.3", wrong).credit == 3
    assert mark("5.3", [["9"] * 4] * 4).credit == 0


def test_the_gradient_of_the_kernel_is_accepted_as_well() -> None:
    kernel_gradient = [[str(v) for v in row] for row in PAPER.run.plain("dL/dK")]
    full = mark("5.3", [[v.replace("−", "-") for v in row] for row in kernel_gradient])
    assert full.credit == 4 and "accepted" in full.marks[0].reason.en and "akzeptiert" in full.marks[0].reason.de
    slipped = [[v.replace("−", "-") for v in row] for row in kernel_gradient]
    slipped[1][1] = "99"
    assert mark("5.3", slipped).credit == Fraction(7, 2)


@pytest.mark.parametrize("version", range(60))
def test_every_version_against_torch(version: int) -> None:
    torch = pytest.importorskip("torch")
    s = problem.version(version)
    x = torch.tensor([[s.image]], dtype=torch.float64, requires_grad=True)
    k = torch.tensor([[s.kernel]], dtype=torch.float64, requires_grad=True)
    y = torch.nn.functional.conv2d(x, k)
    y.backward(torch.tensor([[s.upstream]], dtype=torch.float64))
    assert np.allclose(floats(s.run.plain("Y")), y[0, 0].detach().numpy(), atol=1e-12)
    assert np.allclose(floats(s.run.plain("dL/dX")), x.grad[0, 0].numpy(), atol=1e-12)
    assert np.allclose(floats(s.run.plain("dL/dK")), k.grad[0, 0].numpy(), atol=1e-12)


@pytest.mark.parametrize("kernel", EFFECTS)
def test_what_is_said_of_the_kernels_can_be_seen(kernel: Any) -> None:
    effect, reason = EFFECTS[kernel]
    flat, slope = np.full((3, 3), 7), np.array([[0, 1, 2]] * 3)
    k = np.array(kernel)
    if "add up to 1" in reason.en:
        assert (k * flat).sum() == 7
    elif "add up to 0" in reason.en or "edges" in effect.en:
        assert (k * flat).sum() == 0
    if "vertical edges" in effect.en:
        assert (k * slope).sum() != 0 and (k * slope.T).sum() == 0
    if "horizontal edges" in effect.en:
        assert (k * slope).sum() == 0 and (k * slope.T).sum() != 0
    if "relief" in effect.en:
        assert (k * flat).sum() == 7 and (k * (slope + slope.T)).sum() > (slope + slope.T)[1, 1]
