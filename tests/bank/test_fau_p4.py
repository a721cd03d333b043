"""fau-2021, problem 4: all formulas against PyTorch, the paper's numbers by hand, what is accepted."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest
from flint import arb

from rechenweg.bank.fau_2021.p4_backpropagation import ASKED, KEYS, problem
from rechenweg.bank.fau_2021.residual import LOSSES, PREDICTION, Structure, general, number
from rechenweg.numbers import exact
from rechenweg.questions.kinds.values import put_in
from rechenweg.questions.rules import Rules
from tests.bank.checks import check_distinct_versions, check_problem
from tests.bank.german import check_languages, plain

RULES = Rules()
PAPER = problem.version(0)
STRUCTURES = [
    Structure(first, second, inside, skip_first, loss)
    for first, second in product(("sigmoid", "tanh"), repeat=2)
    for inside, skip_first in product((True, False), repeat=2)
    for loss in LOSSES
    if loss == "squared" or second == "sigmoid"
]


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_distinct_versions(problem)
    check_languages(problem)


def test_credits_are_those_of_the_paper() -> None:
    assert [str(q.maximum) for q in problem.questions] == ["1", "3/2", "1", "7", "3/2"]
    assert problem.credits == 12


def test_all_structures_are_drawn() -> None:
    assert {problem.version(v).structure for v in range(400)} == set(STRUCTURES)


# --- against PyTorch --------------------------------------------------------------------------------------------------


def torch_run(structure: Structure, values: dict[str, float]) -> tuple[Any, Any, dict[str, Any]]:
    """Prediction, loss and the tensors by name, from the definition."""
    torch = pytest.importorskip("torch")
    t = {name: torch.tensor(value, dtype=torch.float64, requires_grad=True) for name, value in values.items()}
    act = {"sigmoid": torch.sigmoid, "tanh": torch.tanh}
    h = act[structure.first](t["w_1"] * t["x"] + (t["b_1"] if structure.bias_inside else 0))
    o = t["w_2"] * (t["x"] + h) if structure.skip_first else t["x"] + t["w_2"] * h
    o = o if structure.bias_inside else o + t["b_1"]
    prediction = act[structure.second](o)
    t |= {"o": o, PREDICTION: prediction}
    for tensor in (o, prediction):
        tensor.retain_grad()
    if structure.loss == "squared":
        loss = (prediction - t["y"]) ** 2
    else:
        loss = torch.nn.functional.binary_cross_entropy(prediction, t["y"].detach())
    loss.backward()
    return prediction, loss, t


@pytest.mark.parametrize("structure", STRUCTURES, ids=str)
def test_formulas_against_torch(structure: Structure) -> None:
    values = {"x": 0.7, "w_1": -1.3, "w_2": 0.9, "b_1": 0.4, "y": 1.0}
    prediction, loss, tensors = torch_run(structure, values)
    at = {name: arb(value) for name, value in values.items()}
    formulas = general(structure)
    assert formulas.prediction.approx(at) == pytest.approx(prediction.item(), rel=1e-12)
    assert formulas.run["L"].scalar.approx(at) == pytest.approx(loss.item(), rel=1e-12)
    for name in ASKED:
        ours = formulas.derivative(name).approx(at)
        assert ours == pytest.approx(tensors[name].grad.item(), rel=1e-12), name


def test_losses_of_drawn_versions_against_torch() -> None:
    for version in range(60):
        s = problem.version(version)
        numbers = {"x": s.x, "w_1": s.w_1, "w_2": s.w_2, "b_1": s.b_1, "y": str(s.y)}
        _, loss, _ = torch_run(s.structure, {name: number(text).approx() for name, text in numbers.items()})
        assert s.loss.approx() == pytest.approx(loss.item(), rel=1e-12)


# --- the paper by hand ------------------------------------------------------------------------------------------------


def test_the_paper_exactly() -> None:
    # a = ½·1 − ½ = 0, h = σ(0) = ½, o = 1 − 2·½ = 0, ŷ = σ(0) = ½, L = (½ − 1)² = ¼
    assert {name: str(PAPER.run.scalar(name).fraction()) for name in ("a", "h", "m", "o", PREDICTION, "L")} == {
        "a": "0", "h": "1/2", "m": "-1", "o": "0", PREDICTION: "1/2", "L": "1/4",
    }  # fmt: skip
    # ∂L/∂ŷ = 2·(½ − 1) = −1; ∂L/∂o = −1·¼; ∂L/∂w₂ = −¼·½; ∂L/∂b₁ = −¼·(−2)·¼ = ⅛ = ∂L/∂w₁ (x = 1); ∂L/∂x = −¼ + ⅛·½
    at = {"x": exact(1), "w_1": exact("1/2"), "w_2": exact(-2), "b_1": exact("-1/2"), "y": exact(1)}
    found = [str(put_in(PAPER.general.derivative(name), at).fraction()) for name in ASKED]
    assert found == ["-1", "-1/4", "-1/8", "1/8", "1/8", "-3/16"]


def test_drawn_numbers_are_nice() -> None:
    for version in range(1, 251):
        s = problem.version(version)
        assert s.run.scalar("h").rational is not None
        assert s.run.scalar("o").fraction() in {-1, -0.5, 0, 0.5, 1}
        assert "σ₁(ln" not in str(s.run.scalar("L"))


# --- what is accepted -------------------------------------------------------------------------------------------------


def test_formula_of_the_network() -> None:
    question = problem.by_number["4.2"]
    credits = {
        r"\sigma_2(x + w_2\sigma_1(b_1 + w_1x))": "3/2",  # the printed key
        "f(x) = ŷ = σ2(x + w2*σ1(b1 + w1 x))": "3/2",
        "1/(1+e^(-(x + w2/(1+exp(-w1*x-b1)))))": "3/2",
        r"\sigma_2(w_2\sigma_1(b_1 + w_1x))": "1",  # no skip connection
        r"x + w_2\sigma_1(b_1 + w_1x)": "1",  # no last activation
        r"\sigma_2(w_1 x + b_1)": "0",
    }
    for answer, credit in credits.items():
        assert str(question.mark(PAPER, answer, RULES).credit) == credit, answer


# As the key prints it (its last line corrected: ∂L/∂x), and expanded by hand without any intermediate name.
KEY = {
    "dL/dyhat": r"2(\hat{y} - y)",
    "dL/do": r"\frac{\partial L}{\partial \hat{y}} \sigma_2'(x + w_2 \sigma_1(w_1 x + b_1))",
    "dL/dw2": r"\frac{\partial L}{\partial o} \sigma_1(w_1 x + b_1)",
    "dL/db1": r"\frac{\partial L}{\partial o} w_2 \sigma_1'(w_1 x + b_1)",
    "dL/dw1": r"\frac{\partial L}{\partial o} w_2 \sigma_1'(w_1 x + b_1)x",
    "dL/dx": r"\frac{\partial L}{\partial o} + \frac{\partial L}{\partial o} w_2 \sigma_1'(w_1 x + b_1)w_1",
}
EXPANDED = {
    "dL/dyhat": "-2(y-f(x))",
    "dL/do": "2(ŷ-y) ŷ (1-ŷ)",
    "dL/dw2": "2(ŷ-y)ŷ(1-ŷ) σ1(a)",
    "dL/db1": "2(ŷ-y)ŷ(1-ŷ) w2 h (1-h)",
    "dL/dw1": "dL/db1 * x",
    "dL/dx": "2(ŷ-y)ŷ(1-ŷ)(1 + w1 w2 h(1-h))",
}


@pytest.mark.parametrize("answers", [KEY, EXPANDED])
def test_derivatives_of_the_paper(answers: dict[str, str]) -> None:
    mark = problem.by_number["4.4"].mark(PAPER, answers, RULES)
    assert [m.reason.en for m in mark.marks] == ["right"] * 6
    assert mark.credit == 7


def test_wrong_derivatives() -> None:
    question = problem.by_number["4.4"]
    slips = {
        "dL/dyhat": "(ŷ-y)",  # the 2
        "dL/do": "dL/dyhat σ2(o)",  # σ for σ′
        "dL/dw2": "dL/do w2",
        "dL/db1": "dL/do σ1'(a)",  # w₂ forgotten
        "dL/dw1": "dL/do w2 σ1'(a)",  # x forgotten
        "dL/dx": "dL/do",  # one path of two
    }
    credits = [str(m.credit) for m in question.mark(PAPER, slips, RULES).marks]
    assert credits == ["0", "0", "0", "0", "0", "1"]


def test_adversarial_loss() -> None:
    question = problem.by_number["4.5"]

    def loss_mark(answer: str) -> str:
        return str(question.mark(PAPER, {"loss": answer}, RULES).marks[0].credit)

    right = (
        r"\lVert f(x) - y \rVert_2^2", "f(x)^2", "ŷ^2", "1/2 (f(x)-0)^2", "f(x)^2 + λ R(x)", "(f(x)-y)^2 + λ ||x||",
        "-ln(1 - f(x))",
    )  # fmt: skip
    assert [loss_mark(a) for a in right] == ["1"] * len(right)
    assert [loss_mark(a) for a in ("(f(x)-1)^2", "-f(x)^2")] == ["0", "0"]
    assert loss_mark("|f(x)|") == "None"
    variables = {"x": "1/2", "the input x": "1/2", "die Eingabe": "1/2", "w": "0", "weights": "0", "f(x)": "0"}
    for answer, credit in variables.items():
        assert str(question.mark(PAPER, {"variable": answer}, RULES).marks[1].credit) == credit, answer


def test_the_solution_names_every_derivative() -> None:
    for version in range(30):
        text = plain(problem.by_number["4.4"].solution(problem.version(version)))
        for name in ("∂L/∂ŷ", "∂L/∂o", "∂L/∂w₂", "∂L/∂b₁", "∂L/∂w₁", "∂L/∂x"):
            assert f"  {name} = " in text
        for line in text.splitlines():  # no link of a chain repeats the one before
            links = [link.strip() for link in line.split(" = ")]
            assert all(a != b for a, b in pairwise(links)), line


def test_keys_are_the_natural_ones() -> None:
    assert list(KEYS.values()) == list(KEY)


def test_no_derivative_is_answered_by_naming_itself() -> None:
    question = problem.by_number["4.4"]
    for version in (0, 7, 12, 40):
        s = problem.version(version)
        for field in question.fields(s):
            for name in (field.key, field.key.replace("d", r"\partial ", 1)):
                assert field.mark(name, Rules()).credit in (None, 0), (version, field.key)
