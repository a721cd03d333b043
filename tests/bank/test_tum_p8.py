"""tum-2024, problem 8: sizes, accepted alternatives, the error carried forward, and the orthogonality penalty."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from rechenweg.bank.tum_2024.clouds.rotations import penalty
from rechenweg.bank.tum_2024.p8_pointclouds import problem
from rechenweg.questions.rules import Rules
from rechenweg.working.document import Equation
from rechenweg.working.writers import write
from tests.bank.checks import check_distinct_versions, check_problem

PAPER = problem.version(0)


def earned(number: str, raw: object, version: int = 0) -> Fraction:
    return problem.by_number[number].mark(problem.version(version), raw, Rules()).credit


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["2", "1", "2", "3"]


@pytest.mark.parametrize(
    ("raw", "credit"),
    [
        ("(B, 3N)", 1), ("B × 3N", 1), ("(B, N·3)", 1), (["B", "N*3"], 1), ("(B, -1)", 1), ("(8, 300)", 1),
        ("B·N·3", "1/2"), ("(1, 3BN)", "1/2"), ("(3N, B)", 0), ("B × N × 3", 0), ("(B, N, 3)", 0),
    ],
)  # fmt: skip
def test_shapes_of_the_reshaped_batch(raw: object, credit: int | str) -> None:
    assert earned("8.2", raw) == Fraction(credit)


def test_layer_sizes_of_the_paper() -> None:
    # 100 points of 3 coordinates; 9 entries of R and 3 of t
    assert problem.by_number["8.3"].perfect(PAPER) == {"input": "300", "output": "12"}


@pytest.mark.parametrize(("output", "credit"), [(12, 1), (7, 1), (6, 1), (9, 0), (13, 0)])
def test_other_ways_to_write_a_rotation(output: int, credit: int) -> None:
    assert earned("8.3", {"input": 300, "output": output}) == 1 + credit


def test_an_error_of_8_2_is_carried_forward_and_named() -> None:
    question = problem.by_number["8.3"]
    for version in range(40):
        s = problem.version(version)
        mark = question.mark(s, {"input": s.batch * s.points * 3, "output": 12}, Rules())
        assert mark.credit == 2
        assert "8.2" in mark.marks[0].reason.en and "8.2" in mark.marks[0].reason.de
    assert question.mark(PAPER, {"input": 2400, "output": 12}, Rules()).credit == 2
    assert question.mark(PAPER, {"input": 100, "output": 12}, Rules()).credit == 1


@pytest.mark.parametrize("version", range(30))
def test_only_the_rotation_is_orthogonal(version: int) -> None:
    s = problem.version(version)
    turned, skewed = (np.array([[v.approx() for v in row] for row in m]) for m in (s.rotation, s.skewed))
    assert np.allclose(turned @ turned.T, np.eye(3), atol=1e-12) and np.linalg.det(turned) == pytest.approx(1)
    assert penalty(s.rotation, s.rotation) == 0
    assert penalty(s.skewed, s.skewed) > 0 and penalty(s.skewed, s.rotation) > 0
    for first, second in ((turned, skewed), (skewed, skewed), (skewed, turned), (turned.T, turned)):
        expected = np.linalg.norm(first.T @ second - np.eye(3)) ** 2
        exactly = [m for m in (s.rotation, s.skewed, s.rotation.T)]
        floats = [turned, skewed, turned.T]
        ours = penalty(
            *(exactly[next(i for i, f in enumerate(floats) if f is x or np.array_equal(f, x))] for x in (first, second))
        )
        assert ours.approx() == pytest.approx(expected, abs=1e-12)


def test_penalties_of_the_paper_version_by_hand() -> None:
    # S = [[1, −1/2, 0], [4/5, 3/5, 0], [0, 0, 1]]: SᵀS − I = [[16/25, −1/50], [−1/50, −39/100]] and zeros
    by_hand = Fraction(16, 25) ** 2 + 2 * Fraction(1, 50) ** 2 + Fraction(39, 100) ** 2
    assert penalty(PAPER.skewed, PAPER.skewed).fraction() == by_hand == Fraction(9, 16)
    printed = write(problem.by_number["8.4"].solution(PAPER), "text", "en")
    assert "9/16" in printed and "128/25" in printed


def test_what_one_neuron_sees_is_read_off_the_networks() -> None:
    printed = write(problem.by_number["8.1"].solution(PAPER), "text", "en")
    assert "3 of the 100" in " ".join(printed.split())


def test_the_flatten_layer_says_the_shape() -> None:
    equations = [b for b in problem.by_number["8.2"].solution(PAPER) if isinstance(b, Equation)]
    assert "(B, N · 3)" in write(type(problem.by_number["8.2"].solution(PAPER))((equations[0],)), "text", "en")


def test_torch_agrees_on_the_flattened_input() -> None:
    torch = pytest.importorskip("torch")
    for version in (0, 1, 2, 3):
        s = problem.version(version)
        raw = problem.by_number["8.3"].perfect(s)
        flat = torch.zeros(s.batch, s.points, 3, dtype=torch.float64).flatten(1)
        layer = torch.nn.Linear(flat.shape[1], 9 + 3, dtype=torch.float64)
        assert sorted(int(v) for v in raw.values()) == sorted((flat.shape[1], layer(flat).shape[1]))
