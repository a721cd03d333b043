"""tum-2024, problem 3: the paper by hand, drawn versions against PyTorch, and what parts of an answer earn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from rechenweg.bank.tum_2024.p3_backpropagation import problem
from rechenweg.questions.rules import Rules
from rechenweg.working.document import Equation, Figure
from rechenweg.working.writers import write
from tests.bank.checks import check_distinct_versions, check_problem

PAPER = problem.version(0)
DOCUMENTED = Rules(documented=True)


def earned(number: str, raw: object, rules: Rules = DOCUMENTED) -> Fraction:
    return problem.by_number[number].mark(PAPER, raw, rules).credit


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["1", "3", "2", "1", "1", "2", "1"]


def test_the_introduction_shows_the_network() -> None:
    figures = [block for block in problem.introduction(PAPER) if isinstance(block, Figure)]
    assert len(figures) == 1 and figures[0].drawing.shapes


def test_the_answers_of_the_paper_by_hand() -> None:
    # z = [1 + 4.5 + 0.5, 1.5 + 1.5 + 1, 0.5 + 3 − 0.5], m = [max(6, 4), max(4, 3)], y = −6 + 12, L = (6 − 2)²
    assert problem.by_number["3.1"].perfect(PAPER) == {"conv": [5], "pool": [4], "n": [4]}
    assert problem.by_number["3.2"].perfect(PAPER) == {"z": ["6", "4", "3"], "m": ["6", "4"], "y": "6", "loss": "16"}
    # dL/dy = 2 (6 − 2); given 2: dL/dm = 2·[−1, 3]; given [2, 1]: to z_1 and z_2; given [1, 2, 3]: 3 + 2·1 + 3·2
    values = [problem.by_number[n].perfect(PAPER)["value"] for n in ("3.4", "3.5", "3.6", "3.7")]
    assert values == ["8", ["-2", "6"], ["2", "1", "0"], "11"]


def test_the_matrix_of_the_paper_by_hand() -> None:
    matrix = problem.by_number["3.3"].perfect(PAPER)
    rows = [
        [Fraction(1, 2), Fraction(3, 2), Fraction(1, 2), 0, 0],
        [0, Fraction(1, 2), Fraction(3, 2), Fraction(1, 2), 0],
    ]
    assert [[v.fraction() for v in row] for row in problem.by_number["3.3"].matrix(PAPER)[:2]] == rows  # type: ignore[attr-defined]
    transposed = [list(column) for column in zip(*matrix, strict=True)]
    assert earned("3.3", matrix) == earned("3.3", transposed) == 2


@pytest.mark.parametrize(
    ("raw", "credit"),
    [
        ("0.5 1.5 0.5 0 0; 0 0.5 1.5 0.5 0; 0 0 0.5 1.5 0.5", 2),
        ([["0,5", "1,5", "0,5", "", ""], ["", "0,5", "1,5", "0,5", ""], ["", "", "0,5", "1,5", "0,5"]], "3/2"),
        ("1 0 0 0 0; 0 1 0 0 0; 0 0 1 0 0", 1),
        ("0.5 1.5 0.5; 0.5 1.5 0.5; 0.5 1.5 0.5", 0),
    ],
)
def test_parts_of_the_credit_of_the_matrix(raw: object, credit: int | str) -> None:
    assert earned("3.3", raw) == Fraction(credit)


@pytest.mark.parametrize(
    ("raw", "credit"), [({"conv": 5, "pool": 4, "n": 4}, 1), ({"conv": 5, "pool": 3, "n": 3}, "1/2"), ({"conv": 7}, 0)]
)
def test_sizes_all_three_or_at_least_one(raw: object, credit: int | str) -> None:
    assert earned("3.1", raw) == Fraction(credit)


def test_a_value_without_steps_loses_the_credit_of_its_path() -> None:
    assert earned("3.4", {"value": "8"}) == Fraction(1, 2)
    assert earned("3.4", {"value": "8", "steps": "2 (y - y^*)"}) == 1
    assert earned("3.4", {"value": "8"}, Rules(documented=False)) == 1
    assert (
        earned("3.7", {"value": "11", "steps": r"\frac{dL}{dz_1} x_2 + \frac{dL}{dz_2} x_3 + \frac{dL}{dz_3} x_4"}) == 1
    )
    assert earned("3.5", {"value": "[-2, 6]"}) == Fraction(1, 2)


def test_a_wrong_forward_pass_does_not_spoil_what_is_restarted() -> None:
    # 3.5 to 3.7 hand out their gradients, so they do not hang on 3.2
    assert earned("3.2", {"z": [6, 4, 2], "m": [6, 4], "y": 6, "loss": 16}) == 2
    assert earned("3.6", {"value": [2, 1, 0]}) == 1


@pytest.mark.parametrize("version", range(80))
def test_every_version_against_torch(version: int) -> None:
    torch = pytest.importorskip("torch")
    s = problem.version(version)
    kernel = [float(Fraction(v)) for v in s.c]
    x = torch.tensor([[s.x]], dtype=torch.float64)
    c = torch.tensor([[kernel]], dtype=torch.float64, requires_grad=True)
    w = torch.tensor(s.w, dtype=torch.float64)
    z = torch.nn.functional.conv1d(x, c)
    m = torch.nn.functional.max_pool1d(z, 2, 1)
    for tensor in (z, m):
        tensor.retain_grad()
    y = (m[0, 0] * w).sum()
    loss = (y - s.target) ** 2
    field = {f"{q.number}{f.key}": f for q in problem.questions for f in q.fields(s)}

    def ours(name: str) -> list[float]:
        value: Any = field[name].value  # type: ignore[attr-defined]
        return [v.approx() for v in (value if isinstance(value, np.ndarray) else [value])]

    assert ours("3.2z") == pytest.approx(z[0, 0].tolist(), abs=1e-12)
    assert ours("3.2m") == pytest.approx(m[0, 0].tolist(), abs=1e-12)
    assert ours("3.2y") + ours("3.2loss") == pytest.approx([y.item(), loss.item()], abs=1e-12)
    assert ours("3.4value") == pytest.approx([2 * (y.item() - s.target)], abs=1e-12)
    (by_m,) = torch.autograd.grad(y, m, torch.tensor(float(s.given_y), dtype=torch.float64), retain_graph=True)
    assert ours("3.5value") == pytest.approx(by_m[0, 0].tolist(), abs=1e-12)
    (by_z,) = torch.autograd.grad(m, z, torch.tensor([[s.given_m]], dtype=torch.float64), retain_graph=True)
    assert ours("3.6value") == pytest.approx(by_z[0, 0].tolist(), abs=1e-12)
    (by_c,) = torch.autograd.grad(z, c, torch.tensor([[s.given_z]], dtype=torch.float64))
    assert ours("3.7value") == pytest.approx([by_c[0, 0, s.asked - 1].item()], abs=1e-12)
    matrix = np.array([[v.approx() for v in row] for row in problem.by_number["3.3"].matrix(s)])  # type: ignore[attr-defined]
    assert matrix @ np.array(s.x) == pytest.approx(z[0, 0].detach().numpy(), abs=1e-12)


@pytest.mark.parametrize("version", range(60))
def test_what_is_rejected_does_not_appear(version: int) -> None:
    s = problem.version(version)
    z = [v.fraction() for v in s.run.plain("z")]
    assert z[0] != z[1] != z[2] and 0 not in z
    assert s.run.scalar("L") != 0 and abs(s.run.scalar("y").fraction()) <= 20


def test_solutions_restart_from_what_is_given_and_print_no_other_gradient() -> None:
    printed = write(problem.by_number["3.5"].solution(PAPER), "text", "en")
    assert "(given)" in printed and "= 2 · (−1) = −2" in printed
    only = problem.by_number["3.7"].solution(PAPER)
    assert [len(b.rows) for b in only if isinstance(b, Equation)] == [1]
    assert "1 · 3 + 2 · 1 + 3 · 2 = 11" in write(only, "text", "en")
