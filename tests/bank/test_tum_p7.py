"""tum-2024, problem 7: the small calculations in the worked solutions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from rechenweg.bank.tum_2024.p7_sparsity import compressed_rows, problem
from rechenweg.questions.kinds.written import Text
from rechenweg.working.writers import write
from tests.bank.checks import check_distinct_versions, check_problem

PAPER = problem.version(0)


def printed(number: str, version: int = 0, language: str = "en") -> str:
    solution = problem.by_number[number].solution(problem.version(version))
    return " ".join(write(solution, "text", language).split())  # type: ignore[arg-type]


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)


def test_credits_are_those_of_the_paper_and_everything_is_for_people() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["1", "1", "2", "3"]
    assert all(isinstance(f, Text) for q in problem.questions for f in q.fields(PAPER))


def test_the_classifier_of_the_paper() -> None:
    text = problem.by_number["7.3"].text(PAPER).en
    assert all(number in text for number in ("100 classes", "95 %", "90 %", "32 %"))
    # (1 − 0.32)/100 = 0.0068
    assert "17/2500 = 0.68%" in printed("7.3")


def test_the_pull_of_l1_does_not_fade() -> None:
    # |w|′ = 1 and (w²)′ = 2w at w = 0.01
    assert "0.01 1 0.02" in printed("7.1")


@pytest.mark.parametrize("version", range(25))
def test_pruning_keeps_what_is_large(version: int) -> None:
    s = problem.version(version)
    dense = np.array([[float(Fraction(v)) for v in row] for row in s.weights])
    kept = np.where(np.abs(dense) >= float(Fraction(s.threshold)), dense, 0)
    assert np.allclose([[v.approx() for v in row] for row in s.pruned], kept, atol=1e-12)
    entries, columns, begins = compressed_rows(s.pruned)
    rebuilt = np.zeros_like(dense)
    for row, (begin, end) in enumerate(pairwise(begins)):
        for place in range(begin, end):
            rebuilt[row, columns[place]] = entries[place].approx()
    assert np.array_equal(rebuilt, kept)
    needed = len(entries) + len(columns) + len(begins)
    assert needed < dense.size
    assert f"{needed} stored numbers" in printed("7.4", version)
    assert f"{needed} gespeicherte Zahlen" in printed("7.4", version, "de")


def test_the_share_that_pruning_loses_in_the_paper_version() -> None:
    small = [v for row in PAPER.weights for v in map(Fraction, row) if abs(v) < Fraction(1, 10)]
    everything = [v for row in PAPER.weights for v in map(Fraction, row)]
    share = sum(v * v for v in small) / sum(v * v for v in everything)
    assert str(share) in printed("7.4")
