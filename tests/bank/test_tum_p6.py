"""tum-2024, problem 6: ELU and its relatives against hand calculation, PyTorch and numerical derivatives."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from rechenweg.bank.tum_2024.p6_activation import mean_outputs, problem
from rechenweg.numbers import Verdict, equal, exact, symbol
from rechenweg.questions.kinds.values import put_in
from rechenweg.questions.rules import Rules
from tests.bank.checks import check_distinct_versions, check_problem

PAPER = problem.version(0)
ALPHA, X = symbol(r"\alpha"), symbol("x")


def credit(raw: object, version: int = 0) -> Fraction:
    return problem.by_number["6.2"].mark(problem.version(version), raw, Rules()).credit


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["3", "3", "3"]


def test_the_derivative_of_elu_by_hand() -> None:
    assert PAPER.upper_slope == 1
    assert equal(PAPER.lower_slope, ALPHA * X.exp()) is Verdict.EQUAL
    assert equal(PAPER.through_itself, symbol(r"\operatorname{ELU}(x)") + ALPHA) is Verdict.EQUAL


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"x>0": "1", "x<0": r"\alpha e^x", "itself": "ELU(x) + α"}, 3),
        ({"x>0": "1", "x<0": "α·exp(x)", "itself": r"\operatorname{ELU}(x) + \alpha"}, 3),
        ({"x>0": "1", "x<0": "α(e^x − 1) + α", "itself": "α + ELU(x)"}, 3),
        ({"x>0": "1", "x<0": r"\alpha e^x"}, 2),  # as in the design's answer file
        ({"x>0": "1", "x<0": "e^x", "itself": "ELU(x)"}, 1),
        ({"x>0": "x", "x<0": "α e^x", "itself": "α e^x"}, 1),  # the last one avoids the function itself
    ],
)
def test_answers_to_the_derivative(raw: object, expected: int) -> None:
    assert credit(raw) == expected


@pytest.mark.parametrize("version", range(60))
def test_the_three_forms_agree_in_every_version(version: int) -> None:
    s = problem.version(version)
    put = put_in(s.through_itself, {s.called: s.lower})
    assert equal(put, s.lower_slope) is Verdict.EQUAL
    # central differences of the branches
    at = {s.letter: exact("7/5")}
    value = [put_in(s.lower, {**at, "x": exact(v)}).approx() for v in ("-1.0001", "-0.9999")]
    assert put_in(s.lower_slope, {**at, "x": exact(-1)}).approx() == pytest.approx(
        (value[1] - value[0]) / 2e-4, rel=1e-6
    )
    assert put_in(s.upper, {"x": exact(3)}).fraction() == 3 * s.upper_slope.fraction()


@pytest.mark.parametrize("version", range(12))
def test_against_torch(version: int) -> None:
    torch = pytest.importorskip("torch")
    s = problem.version(version)
    rate, slope, alpha = float(Fraction(s.rate)), float(Fraction(s.slope)), 1.4
    x = torch.tensor([-2.0, -0.5, -0.01, 0.5, 2.0], dtype=torch.float64, requires_grad=True)
    y = torch.where(x >= 0, slope * x, torch.nn.functional.elu(rate * x, alpha))
    y.sum().backward()
    for place, (value, gradient) in enumerate(zip(y.tolist(), x.grad.tolist(), strict=True)):
        at = {"x": exact(str(Fraction(x[place].item()))), s.letter: exact("7/5")}
        branch, its_slope = (s.upper, s.upper_slope) if x[place] >= 0 else (s.lower, s.lower_slope)
        assert put_in(branch, at).approx() == pytest.approx(value, rel=1e-12)
        assert put_in(its_slope, at).approx() == pytest.approx(gradient, rel=1e-12)


@pytest.mark.parametrize("version", range(20))
def test_the_plotted_curve_is_the_function(version: int) -> None:
    s = problem.version(version)
    points = s.curve(2.0, -4, 3)
    assert points[0][0] == -4 and points[-1] == (3, 3 * float(Fraction(s.slope)))
    for x, y in points[:-1:7]:
        expected = 2.0 * np.expm1(float(Fraction(s.rate)) * x)
        assert y == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("version", range(40))
def test_negative_outputs_bring_the_mean_closer_to_zero(version: int) -> None:
    ours, relu = mean_outputs(problem.version(version))
    assert abs(ours.approx()) < relu.approx()


def test_means_of_the_paper_version_by_hand() -> None:
    # (e⁻² − 1 + e⁻¹ − 1 + 0 + 1 + 2)/5 and (1 + 2)/5
    ours, relu = mean_outputs(PAPER)
    assert ours == (exact(-2).exp() + exact(-1).exp() + 1) / 5
    assert relu.fraction() == Fraction(3, 5)


def test_regions_name_slope_and_level() -> None:
    texts = {key: text.en for key, _, text in PAPER.regions}
    assert "slope $1$" in texts["positive"] and r"$-\alpha$" in texts["large negative"]
