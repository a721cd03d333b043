"""fau-2021, problem 2: the matching as printed, and the calculating versions against scikit-style counting."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from rechenweg.bank.fau_2021.p2_short_answers import METRICS, SharedWeights, confusion, metric, problem
from rechenweg.numbers import unnamed
from rechenweg.questions.kinds.written import Text
from tests.bank.checks import check_distinct_versions, check_problem


def test_the_matching_of_the_paper() -> None:
    # the printed key: 1: C, 2: D, 3: A, 4: B
    assert problem.by_number["2.4"].perfect(problem.version(0)) == {"1": "C", "2": "D", "3": "A", "4": "B"}


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)


def by_counting(name: str, truth: Any, predicted: Any, classes: int) -> float:
    """The metrics from their definitions on pixels, without a confusion matrix."""
    if name == "pixel":
        return float((truth == predicted).mean())
    accuracy = [(predicted[truth == c] == c).mean() for c in range(classes)]
    iou = [((truth == c) & (predicted == c)).sum() / ((truth == c) | (predicted == c)).sum() for c in range(classes)]
    share = [(truth == c).mean() for c in range(classes)]
    return float({"mean-accuracy": np.mean(accuracy), "mean-iou": np.mean(iou), "frequency": np.dot(share, iou)}[name])


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("classes", [2, 3])
def test_metrics_against_counting(name: str, classes: int) -> None:
    rng = np.random.default_rng(classes)
    for _ in range(10):
        truth, predicted = rng.integers(0, classes, (2, 6, 7))
        exact_value = metric(name, confusion(truth, predicted, classes))
        assert unnamed(exact_value).approx() == pytest.approx(by_counting(name, truth, predicted, classes), rel=1e-12)


def test_subsampling_backwards_puts_zeros_where_rows_and_columns_were_thrown_away() -> None:
    question = problem.by_number["2.5"]
    for version in range(1, 60):
        s = problem.version(version)
        if not s.computing:
            assert isinstance(question.fields(s)[0], Text)
            continue
        expected = np.zeros((s.size, s.size), dtype=int)
        expected[:: s.stride, :: s.stride] = s.error
        assert [[int(v) for v in row] for row in question.upsampled(s)] == expected.tolist()  # type: ignore[attr-defined]


def test_torch_agrees_on_the_strided_backward_pass() -> None:
    torch = pytest.importorskip("torch")
    s = next(problem.version(v) for v in range(1, 30) if problem.version(v).computing)
    x = torch.zeros(1, 1, s.size, s.size, dtype=torch.float64, requires_grad=True)
    x[:, :, :: s.stride, :: s.stride].backward(torch.tensor([[s.error]], dtype=torch.float64))
    ours = problem.by_number["2.5"].upsampled(s)  # type: ignore[attr-defined]
    assert np.allclose(x.grad[0, 0].numpy(), [[v.approx() for v in row] for row in ours], atol=1e-12)


def test_shared_weights_experiment_by_hand() -> None:
    # L = (w·w·x)², w = 2, x = 1: dL/dw = 4w³ = 32; with w = 1 for the earlier step 16 + 8·1 = 24
    (block,) = SharedWeights.experiment().blocks
    assert "$32$" in block.text.en and "$24$" in block.text.en  # type: ignore[union-attr]


def test_computed_metrics_are_between_zero_and_one() -> None:
    for version in range(1, 80):
        s = problem.version(version)
        for name in METRICS:
            assert 0 <= metric(name, s.p).fraction() <= Fraction(1)
