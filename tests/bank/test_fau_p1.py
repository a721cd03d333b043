"""fau-2021, problem 1: the printed key, the two lost keys, and the experiments behind the statements."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from rechenweg.bank.fau_2021.p1_multiple_choice import STEPS, problem
from rechenweg.learning.tabular import Decisions, learn, optimal_values, values_of
from rechenweg.questions.kinds.choice import ChoiceQuestion, found
from rechenweg.text import LANGUAGES
from rechenweg.working.writers import write
from tests.bank.checks import check_pool, check_problem

# the key as printed (1.1 to 1.8); 1.5 and 1.7 were lost and are what the evidence says
KEY = {
    "1.1": ["b"], "1.2": ["a", "e"], "1.3": ["c"], "1.4": ["b", "c"], "1.5": ["d"], "1.6": ["b", "c", "d"],
    "1.7": ["c"], "1.8": ["b", "c"],
}  # fmt: skip


@pytest.mark.parametrize("question", problem.questions, ids=lambda q: q.number)
def test_the_paper_has_the_printed_key(question: ChoiceQuestion) -> None:
    assert question.perfect(problem.version(0)) == KEY[question.number]


def test_every_version_is_sound() -> None:
    check_problem(problem)


@pytest.mark.parametrize("question", [q for q in problem.questions if q.pool], ids=lambda q: q.number)
def test_pools_are_sound(question: ChoiceQuestion) -> None:
    truths = {
        i: (chr(97 + n) in KEY[question.number]) == question.tick_if for n, i in enumerate(question.paper_statements)
    }
    check_pool(question, truths)
    if not question.single:
        assert len(question.pool) >= 2 * len(question.paper_statements) - 1


def test_at_least_one_option_is_right_in_every_version() -> None:
    for version in range(1, 200):
        s = problem.version(version)
        for question in problem.questions:
            right = question.perfect(s)
            assert len(right) == 1 if question.single else len(right) >= 1


def test_statements_are_shuffled_and_drawn() -> None:
    for question in problem.questions:
        orders = {tuple(st.id for st in question.statements(problem.version(v))) for v in range(1, 40)}
        assert len(orders) > 20 or question.number == "1.3"


def test_orders_on_offer_differ_and_begin_alike() -> None:
    for version in range(1, 50):
        s = problem.version(version)
        assert len(set(s.offered)) == 5 and len({order[0] for order in s.offered}) == 1
        assert [dict(zip("ABCDE", s.letters, strict=True))[letter] for letter in s.right] == list(STEPS)


EXPERIMENTS = [st for q in problem.questions for st in q.pool if st.evidence is not None]


@pytest.mark.parametrize("statement", EXPERIMENTS, ids=lambda st: st.id)
def test_findings_are_written_in_both_languages(statement: object) -> None:
    evidence = found(statement.evidence)  # type: ignore[attr-defined]
    texts = [write(evidence.finding, "text", language) for language in LANGUAGES]
    assert all(texts) and texts[0] != texts[1]


# --- the experiments' own ground: tabular reinforcement learning ------------------------------------------------------

GRID = Decisions(
    {
        ("s", "left"): ("end", Fraction(2)),
        ("s", "right"): ("t", Fraction(-1)),
        ("t", "left"): ("s", Fraction(0)),
        ("t", "right"): ("end", Fraction(5)),
    },
    Fraction(1, 2),
)


def test_values_solve_the_bellman_equations_as_numpy_does() -> None:
    policy = {s: {"left": Fraction(1, 3), "right": Fraction(2, 3)} for s in "st"}
    # by hand: v_s = 1/3·2 + 2/3·(−1 + v_t/2), v_t = 1/3·(v_s/2) + 2/3·5
    a = np.array([[1, -1 / 3], [-1 / 6, 1]])
    b = np.array([2 / 3 - 2 / 3, 10 / 3])
    assert np.allclose([float(v) for v in values_of(GRID, policy).values()], np.linalg.solve(a, b), atol=1e-14)


def test_no_policy_beats_the_optimal_values() -> None:
    best = optimal_values(GRID)
    for choice in itertools.product(("left", "right"), repeat=2):
        values = values_of(GRID, {s: {a: Fraction(1)} for s, a in zip("st", choice, strict=True)})
        assert all(values[s] <= best[s] for s in "st")
    assert best == {"s": Fraction(2), "t": Fraction(5)}


def test_q_learning_finds_the_optimal_values_and_greed_may_not() -> None:
    learned = learn(GRID, "s", epsilon=0.4, episodes=4000, seed=3)
    for s, value in optimal_values(GRID).items():
        assert max(learned.values[s, a] for a in GRID.actions(s)) == pytest.approx(float(value), abs=1e-6)
    assert learn(GRID, "s", epsilon=0.0, episodes=100).tries["s", "right"] <= 1
