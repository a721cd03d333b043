"""tum-2024, problem 4: receptive fields, predictions and losses, sizes, and the derivative through skips."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from rechenweg.bank.tum_2024.cnn.receptive import fields_of
from rechenweg.bank.tum_2024.cnn.segment import Segment, active, renamed, run_of, slope_of, slope_without_blocks
from rechenweg.bank.tum_2024.cnn.setting import MODELS
from rechenweg.bank.tum_2024.p4_cnn import problem
from rechenweg.numbers import Verdict, apply, equal, exact, symbol
from rechenweg.questions.kinds.values import put_in
from rechenweg.questions.rules import Rules
from rechenweg.working.writers import write
from tests.bank.checks import check_distinct_versions, check_problem

PAPER = problem.version(0)


def mark(number: str, raw: object, version: int = 0):  # type: ignore[no-untyped-def]
    return problem.by_number[number].mark(problem.version(version), raw, Rules())


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["3", "3", "1", "2", "2", "4"]


# --- 4.1 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("conv1", [5, "5", "5x5", "5 × 5", [5, 5]])
def test_a_field_is_one_number_or_two(conv1: object) -> None:
    result = mark("4.1", {"conv1": conv1, "maxpool1": "6x6", "f1": 32})
    assert (result.credit, result.open) == (2, 0)
    assert mark("4.1", {"conv1": "5x6", "maxpool1": 5, "f1": "28x28"}).credit == 0


def test_fields_of_lenet_by_hand() -> None:
    assert fields_of(PAPER.architecture) == ((5, 5), (6, 6), (32, 32))


@pytest.mark.parametrize("version", range(1, 25))
def test_fields_against_what_a_pixel_depends_on(version: int) -> None:
    torch = pytest.importorskip("torch")
    a = problem.version(version).architecture
    image = torch.zeros(1, 1, a.image, a.image, dtype=torch.float64, requires_grad=True)
    conv = torch.nn.functional.conv2d(image, torch.ones(1, 1, a.first, a.first, dtype=torch.float64), stride=a.stride)
    for output, (height, width) in (
        (conv, fields_of(a)[0]),
        (torch.nn.functional.avg_pool2d(conv, a.pool, a.pool), fields_of(a)[1]),  # averages depend on all they see
    ):
        image.grad = None
        output[0, 0, 0, 0].backward(retain_graph=True)
        rows, columns = np.nonzero(image.grad[0, 0].numpy())
        assert (rows.max() + 1, columns.max() + 1) == (height, width)


@pytest.mark.parametrize("version", range(40))
def test_windows_fit_without_remainder(version: int) -> None:
    a = problem.version(version).architecture
    after_conv1 = (a.image - a.first) / a.stride + 1
    after_conv2 = after_conv1 / a.pool - a.second + 1
    assert after_conv1 % a.pool == 0 and after_conv2 % a.pool == 0 and after_conv2 > 0
    assert a.maps(a.image) == (16, after_conv2 / a.pool, after_conv2 / a.pool)


# --- 4.2 --------------------------------------------------------------------------------------------------------------


def test_the_models_of_the_paper_by_hand() -> None:
    # most probable: 0, 0, 8; p(8) = 0.40, 0.41, 0.35: only C is right, and its loss −ln 0.35 is the largest
    assert PAPER.right == (False, False, True)
    assert MODELS[PAPER.worst] == "C"
    assert PAPER.losses[2] == -exact("0.35").log()
    for raw in ("-ln(0.35)", "-ln 0,35", r"-\ln \frac{7}{20}", "ln(20/7)", "-log(35/100)"):
        assert mark("4.2", {"right": ["c"], "largest": "C", "loss": raw}).credit == 3


@pytest.mark.parametrize(
    ("raw", "credit"),
    [
        ({"right": ["c"], "largest": ["c"], "loss": "ln(0.35)"}, "5/2"),
        ({"right": ["c"], "largest": ["c"], "loss": "1.05"}, "2"),
        ({"right": ["a", "c"], "largest": ["c"], "loss": "-ln(0.35)"}, "2"),
        ({"right": ["c"], "largest": ["a"], "loss": "-ln(0.40)"}, "1"),
        ({"right": ["c"], "largest": ["a", "c"], "loss": "-ln(0.35)"}, "2"),
    ],
)
def test_parts_of_the_credit(raw: object, credit: str) -> None:
    assert mark("4.2", raw).credit == Fraction(credit)


@pytest.mark.parametrize("version", range(60))
def test_predictions_and_losses_of_every_version(version: int) -> None:
    s = problem.version(version)
    for row, right, loss in zip(s.rows, s.right, s.losses, strict=True):
        assert sum(row) == 100 and min(row) >= 0
        assert right == (max(row) == row[s.digit] and row.count(max(row)) == 1)
        assert loss.approx() == pytest.approx(-math.log(row[s.digit] / 100), rel=1e-12)
    assert s.rows[s.worst][s.digit] == min(row[s.digit] for row in s.rows)
    assert any(s.right)


def test_losses_against_torch() -> None:
    torch = pytest.importorskip("torch")
    rows = torch.tensor(PAPER.rows, dtype=torch.float64) / 100
    losses = torch.nn.functional.nll_loss(torch.log(rows), torch.tensor([8, 8, 8]), reduction="none")
    assert [v.approx() for v in PAPER.losses] == pytest.approx(losses.tolist(), rel=1e-12)


# --- 4.3, 4.4 ---------------------------------------------------------------------------------------------------------


def test_one_output_takes_half_the_weights_of_two() -> None:
    printed = write(problem.by_number["4.3"].solution(PAPER), "text", "en")
    assert all(count in printed for count in ("850", "170", "85"))


def test_larger_images_of_the_paper() -> None:
    # (68 − 5)/2 + 1 = 32.5: 32; without a change (68 − 4)/2 = 32, (32 − 4)/2 = 14 and 16·14·14 = 3136
    assert PAPER.large == 68
    assert PAPER.architecture.reaching_f1(68) == 3136 and PAPER.architecture.reaching_f1(32) == 400
    printed = write(problem.by_number["4.4"].solution(PAPER), "text", "en")
    assert "3136 · 120 + 120" in printed and "= 32 " in printed


@pytest.mark.parametrize("version", range(40))
def test_a_convolution_of_stride_2_brings_the_larger_image_down(version: int) -> None:
    s = problem.version(version)
    assert (s.large - 5) // 2 + 1 == s.architecture.image


# --- 4.6 --------------------------------------------------------------------------------------------------------------


def test_the_derivative_of_the_paper_by_hand() -> None:
    w = [symbol(f"w_{i}") for i in range(4)]
    assert equal(slope_of(PAPER.segment), (w[2] * w[3] + 1) * w[1] * symbol("x")) is Verdict.EQUAL
    assert equal(slope_of(PAPER.segment, by_weight=False), w[3] * w[2] + 1) is Verdict.EQUAL


@pytest.mark.parametrize(
    ("raw", "credit"),
    [
        ("(w_3 w_2 + 1) w_1 x", 2), ("x w1 + w1 w2 w3 x", 2), (r"w_1 \cdot x \cdot (1 + w_2 \cdot w_3)", 2),
        (r"\frac{\partial L}{\partial z} (w_3 w_2 + 1) w_1 x", 2),
        ("w_3 w_2 w_1 x", 0), ("w_1 x", 0), ("(w_3 w_2 + 1) w_0 x", 0), ("w_3 w_2 w_1 x + 1", 0),
    ],
)  # fmt: skip
def test_answers_to_the_derivative(raw: str, credit: int) -> None:
    result = mark("4.6", {"derivative": raw})
    assert (result.credit, result.open) == (credit, 0)


def test_words_stay_open() -> None:
    result = mark("4.6", {"words": "gradients pass", "derivative": "(w_3 w_2 + 1) w_1 x", "skip": "the 1"})
    assert (result.credit, result.open) == (2, 2)


def forward(segment: Segment, weights: list[Any], x: Any) -> Any:
    """The segment by hand: ReLU between the weights, a skip around each block."""

    def through(value: Any, part: list[Any]) -> Any:
        for i, w in enumerate(part):
            value = value * w
            if i < len(part) - 1:
                value = value.clamp(min=0)
        return value

    z = through(x, weights[: segment.before])
    for block in range(segment.blocks):
        begin = segment.before + block * segment.inside
        z = through(z, weights[begin : begin + segment.inside]) + z
    return z


@pytest.mark.parametrize("version", range(60))
def test_the_derivative_against_torch(version: int) -> None:
    torch = pytest.importorskip("torch")
    g = problem.version(version).segment
    rng = random.Random(version)
    values = {name: Fraction(rng.randint(1, 40), 20) for name in (*g.weights, g.source)}  # all positive: ReLUs active
    tensors = {name: torch.tensor(float(v), dtype=torch.float64, requires_grad=True) for name, v in values.items()}
    forward(g, [tensors[name] for name in g.weights], tensors[g.source]).backward()
    ours = put_in(slope_of(g), {name: exact(v) for name, v in values.items()})
    assert ours.approx() == pytest.approx(tensors[g.weight].grad.item(), rel=1e-12)


def test_enough_different_derivatives() -> None:
    slopes = {str(slope_of(problem.version(v).segment)) for v in range(1, 400)}
    assert len(slopes) >= 200


@pytest.mark.parametrize("version", range(20))
def test_without_blocks_the_derivative_is_that_of_y(version: int) -> None:
    g = problem.version(version).segment
    others = [symbol(name) for i, name in enumerate(g.weights[: g.before]) if i != g.asked]
    product = symbol(g.source)
    for other in others:
        product = product * other
    assert equal(slope_without_blocks(g), product) is Verdict.EQUAL


def test_active_says_what_a_relu_is_for_positive_input() -> None:
    u = symbol("u", 3)
    assert equal(active(apply("relu", symbol("u"))), symbol("u")) is Verdict.EQUAL
    assert active(apply("relu", u)) == apply("relu", u)  # at 3 the convention changes nothing
    y = run_of(2, 2, 1).closed("y")
    assert "ReLU" in str(y) and "ReLU" not in str(active(y))
    assert "v₁" in str(renamed(y, Segment("v", 1, 2, 2, 1, 0, "s")))
