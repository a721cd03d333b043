"""tum-2024, problem 2: facts by hand and against PyTorch, the credit schemes, the merged layers of 2.6."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
import torch
from flint import arb

from rechenweg.bank.tum_2024.p2_short_questions import problem
from rechenweg.bank.tum_2024.short_questions import functions, inception, layers
from rechenweg.bank.tum_2024.short_questions.classifiers import Useful, flipped
from rechenweg.bank.tum_2024.short_questions.layers import Layers
from rechenweg.numbers import Array, Verdict, equal, exact
from rechenweg.numbers.notation import Layout, to_text
from rechenweg.numbers.reading import read_formula
from rechenweg.questions.kinds.values import compare_formulas
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.rules import Rules
from rechenweg.working.document import Table
from tests.bank.checks import RULES, check_distinct_versions, check_problem
from tests.bank.german import check_languages

PAPER = problem.version(0)
TWO = Layers((("W_1", "b_1"), ("W_2", "b_2")), "x", True, (2, 3, 2))


def test_every_version_is_sound() -> None:
    check_problem(problem)
    check_languages(problem, versions=tuple(range(12)))
    check_distinct_versions(problem)


def test_credits_of_the_paper() -> None:
    credits = {q.number: int(q.maximum) for q in problem.questions}
    assert credits == {"2.1": 2, "2.2": 3, "2.3": 3, "2.4": 3, "2.5": 2, "2.6": 3, "2.7": 2, "2.8": 2}
    assert problem.credits == 20


def test_credit_of_each_step() -> None:
    """As the credit scheme has it."""
    steps = {q.number: [str(step.credit) for step in q.scheme(PAPER)] for q in problem.questions}
    assert steps == {
        "2.1": ["1", "1"],
        "2.2": ["1", "1", "1"],
        "2.3": ["1", "1", "1"],
        "2.4": ["1", "1", "1"],
        "2.5": ["1", "1"],
        "2.6": ["1", "1", "1"],
        "2.7": ["1/2", "1/2", "1/2", "1/2"],
        "2.8": ["1/2", "3/2"],
    }


def test_texts_stay_open_and_show_their_rubric() -> None:
    for question in problem.questions:
        for field in question.fields(PAPER):
            if isinstance(field, Text):
                mark = field.mark("some words", RULES)
                assert mark.is_open and mark.maximum == question.maximum
                assert all(step.text.en in mark.reason.en and step.text.de in mark.reason.de for step in field.rubric)
                assert field.mark("", RULES).credit == 0


# --- 2.1 ------------------------------------------------------------------------------------------------------------


def test_the_classifier_that_is_almost_always_wrong() -> None:
    question = problem.by_number["2.1"]
    assert PAPER.accuracies == (50, 5) and flipped(5) == Fraction(95, 100)
    (field,) = question.fields(PAPER)
    assert isinstance(field, Text) and "95 %" in field.sample.en and field.sample.de.startswith("Mit B ")


def test_flipping_by_counting() -> None:
    """Of 100 answers turned over, those become right that were wrong."""
    for version in range(1, 120):
        s = problem.version(version)
        labels = [i % 2 for i in range(100)]
        best = []
        for percent in s.accuracies:
            answers = [label if i < percent else 1 - label for i, label in enumerate(labels)]
            right = sum((1 - a) == label for a, label in zip(answers, labels, strict=True))
            assert flipped(percent) == Fraction(right, 100)
            best.append(max(right, percent))
        assert Useful.choice(s)[0] == "AB"[best.index(max(best))] and best[0] != best[1]


# --- 2.3 ------------------------------------------------------------------------------------------------------------


def test_functions_of_the_paper() -> None:
    cosine, half_sign = (functions.BY_KEY[key] for key in PAPER.functions)
    assert functions.suits(cosine) and not functions.suits(half_sign) and functions.is_flat(half_sign)
    assert [half_sign.of(exact(v)).fraction() for v in (-3, 0, 3)] == [Fraction(-1, 2), 0, Fraction(1, 2)]


def test_every_function_is_in_the_right_list() -> None:
    assert all(functions.suits(f) for f in functions.SUITED) and not any(functions.suits(f) for f in functions.UNSUITED)
    straight = {f.key for f in functions.UNSUITED if functions.is_straight(f)}
    assert straight == {"2x", "line", "falling line"}


@pytest.mark.parametrize("f", [f for f in functions.SUITED if f.slope is not None], ids=lambda f: f.key)
def test_derivatives_are_those_of_pytorch(f: functions.Function) -> None:
    names: dict[str, Any] = {
        "cos": torch.cos, "sin": torch.sin, "sin of 2x": lambda x: torch.sin(2 * x),
        "bell": lambda x: torch.exp(-x * x),
        "softplus": torch.nn.functional.softplus, "square": torch.square, "abs": torch.abs,
        "softsign": torch.nn.functional.softsign, "SiLU": torch.nn.functional.silu,
    }  # fmt: skip
    for point in functions.POINTS:
        x = torch.tensor(point.approx(), dtype=torch.float64, requires_grad=True)
        y = names[f.key](x)
        y.backward()
        assert f.slope is not None and x.grad is not None
        assert f.of(point).approx() == pytest.approx(y.item(), rel=1e-12, abs=1e-12)
        assert f.slope(point).approx() == pytest.approx(x.grad.item(), rel=1e-12, abs=1e-12)


def test_one_function_suits_and_one_does_not() -> None:
    kinds = set()
    for version in range(1, 150):
        s = problem.version(version)
        verdicts = [functions.suits(functions.BY_KEY[key]) for key in s.functions]
        assert sorted(verdicts) == [False, True]
        rubric = problem.by_number["2.3"].scheme(s)
        assert [step.credit for step in rubric] == [1, 1, 1]
        kinds.add((verdicts[0], any("linear: layers" in step.text.en for step in rubric)))
    assert len(kinds) == 4  # both orders, both reasons


# --- 2.4, 2.5, 2.7, 2.8 ---------------------------------------------------------------------------------------------


def test_two_reasons_are_asked_for() -> None:
    (field,) = problem.by_number["2.5"].fields(PAPER)
    assert isinstance(field, Text) and field.asked_for == 2
    assert field.mark(["dropout", "an easier set"], RULES).is_open
    assert field.mark(["dropout", "an easier set", "a bug"], Rules(surplus_void=True)).credit == 0


def test_losses_of_the_epoch_by_hand() -> None:
    """w ← w + (4 − w)/4: the error shrinks by 3/4, the loss by 9/16 a step, from 16."""
    (table,) = (b for b in problem.by_number["2.5"].solution(PAPER) if isinstance(b, Table))
    losses = [16 * (9 / 16) ** n for n in range(5)]
    expected = [*losses[:4], sum(losses[:4]) / 4, losses[4]]
    shown = [to_text(c) for c in table.rows[0] if isinstance(c, Layout)]
    assert shown == [f"{value:.2f}" for value in expected]
    assert expected[5] < expected[4]  # the validation loss is below the training loss


def test_branches_of_the_inception_layer_are_those_of_pytorch() -> None:
    x = torch.zeros(inception.INPUT)
    nn = torch.nn
    theirs = [
        nn.Conv2d(192, 64, 1)(x),
        nn.Conv2d(96, 128, 3, padding="same")(nn.Conv2d(192, 96, 1)(x)),
        nn.Conv2d(16, 32, 5, padding="same")(nn.Conv2d(192, 16, 1)(x)),
        nn.Conv2d(192, 32, 1)(nn.MaxPool2d(3, stride=1, padding=1)(x)),
    ]
    ours = [inception.branch_shape(part) for _, part in inception.BRANCHES]
    assert ours == [tuple(t.shape) for t in theirs]
    assert torch.cat(theirs, dim=1).shape == (1, 256, 28, 28)


# --- 2.6 ------------------------------------------------------------------------------------------------------------


def values_for(array: Array, rng: random.Random, at: dict[str, float]) -> torch.Tensor:
    """Random values for the symbols of an array; they are noted in `at`."""
    for s in array.reshape(-1):
        at.setdefault(s.label, rng.uniform(-2, 2))
    return torch.tensor([at[s.label] for s in array.reshape(-1)], dtype=torch.float64).reshape(array.shape)


def evaluated(array: Array, at: dict[str, float]) -> torch.Tensor:
    points = {name: arb(value) for name, value in at.items()}
    return torch.tensor([e.approx(points) for e in array.reshape(-1)], dtype=torch.float64).reshape(array.shape)


@pytest.mark.parametrize("version", range(0, 60, 3))
def test_merged_layers_against_pytorch(version: int) -> None:
    of = problem.version(version).layers
    rng, at = random.Random(version), dict[str, float]()
    x = values_for(layers.vocabulary(of).symbols[of.x], rng, at)
    y = x
    for node in layers.network(of).nodes:
        weights, bias = (values_for(node.layer.parameters[key], rng, at) for key in ("weights", "bias"))
        y = torch.nn.functional.linear(y, weights if of.column else weights.T, bias)
    weight, bias = (evaluated(array, at) for array in layers.merged(of))
    assert torch.allclose((weight @ x if of.column else x @ weight) + bias, y, rtol=1e-12, atol=1e-12)
    assert torch.allclose(evaluated(layers.output(of), at), y, rtol=1e-12, atol=1e-12)


def test_answers_of_the_paper() -> None:
    """W₂(W₁x + b₁) + b₂ = W₂W₁x + W₂b₁ + b₂."""
    of = PAPER.layers
    assert (of.weight, of.bias) == ("W_2 W_1", "W_2 b_1 + b_2") and of.column
    weight, _ = layers.merged(of)
    w1, w2 = (layers.vocabulary(of).symbols[name] for name in ("W_1", "W_2"))
    assert all(
        equal(weight[i, j], sum((w2[i, k] * w1[k, j] for k in range(1, 3)), w2[i, 0] * w1[0, j])) is Verdict.EQUAL
        for i in range(2)
        for j in range(2)
    )


def test_written_answers_are_the_computed_ones() -> None:
    for version in range(100):
        of = problem.version(version).layers
        words, (weight, bias) = layers.vocabulary(of), layers.merged(of)
        assert compare_formulas(read_formula(of.weight, words), weight) is Verdict.EQUAL
        assert compare_formulas(read_formula(of.bias, words), bias) is Verdict.EQUAL
        for form in (of.nested, of.apart, of.grouped):
            assert compare_formulas(read_formula(form, words), layers.output(of)) is Verdict.EQUAL


@pytest.mark.parametrize(
    ("answer", "credit"),
    [
        ("W_2 W_1", 1),
        ("W2W1", 1),
        ("W_{2} \\cdot W_{1}", 1),
        ("W' = W₂·W₁", 1),
        ("(W_1^T W_2^T)^T", 1),
        ("W_1 W_2", 0),
        ("W_1 + W_2", 0),
        ("W_2", 0),
        ("W_2^T W_1", 0),
        ("what?", None),
    ],
)
def test_ways_to_write_the_weight(answer: str, credit: int) -> None:
    assert layers.weight_field(TWO, Fraction(1)).mark(answer, RULES).credit == credit


@pytest.mark.parametrize(
    ("answer", "credit"),
    [
        ("W_2 b_1 + b_2", 1),
        ("b_2 + W2 b1", 1),
        ("b_1 W_2 + b_2", 0),
        ("b_1 + b_2", 0),
        ("W_2(b_1 + b_2)", 0),
        ("b_2", 0),
    ],
)
def test_ways_to_write_the_bias(answer: str, credit: int) -> None:
    assert layers.bias_field(TWO, Fraction(1)).mark(answer, RULES).credit == credit


@pytest.mark.parametrize(
    ("answer", "credit"),
    [
        ("W_2(W_1 x + b_1) + b_2 = W_2 W_1 x + W_2 b_1 + b_2", 1),
        ("y = W2 h + b2 = W2(W1x + b1) + b2 = W2W1x + W2b1 + b2 = Wx + b", 1),
        (["h = W_1x + b_1", "y = W_2(W_1x + b_1) + b_2", "= (W_2W_1)x + (W_2b_1 + b_2)"], 1),
        ("W_2 W_1 x + W_2 b_1 + b_2", None),  # the result without the way to it
        ("W_2(W_1 x + b_1) + b_2", None),  # not multiplied out
        ("W_2(W_1 x + b_1) + b_2 = b_2 + W_2(b_1 + W_1 x)", None),  # only turned round
        ("W_2(W_1 x + b_1) + b_2 = W_2 W_1 x + b_1 + b_2", None),  # multiplied out wrongly
        ("x W_1 W_2 + b_1 W_2 + b_2 = (x W_1 + b_1) W_2 + b_2", None),  # the other convention: a person decides
        ("two linear maps are a linear map", None),
        ("", 0),
        (7, None),
    ],
)
def test_a_calculation_is_proved_or_left_to_a_person(answer: Any, credit: int | None) -> None:
    mark = layers.Merging("proof", Fraction(1), TWO).mark(answer, RULES)
    assert mark.credit == credit
    assert credit is not None or mark.given is not None  # people see what was written


def test_the_calculation_counts_whatever_the_rules_say_of_documented_paths() -> None:
    field = layers.Merging("proof", Fraction(1), TWO)
    assert field.mark(None, Rules(documented=False)).credit == 0


def test_wrong_formulas_are_wrong_in_every_version() -> None:
    for version in range(60):
        of = problem.version(version).layers
        for field in (layers.weight_field(of, Fraction(1)), layers.bias_field(of, Fraction(1))):
            for wrong in field.wrong:
                assert field.mark(wrong, RULES).credit == 0, (version, field.key, wrong)


def test_versions_of_the_layers() -> None:
    drawn = [problem.version(v).layers for v in range(1, 251)]
    assert len(set(drawn)) >= 200
    assert {of.column for of in drawn} == {True, False} and {len(of.names) for of in drawn} == {2, 3}
    for of in drawn:
        names = [of.x, *(name for pair in of.names for name in pair)]
        assert len(set(names)) == len(names)


def test_a_free_symbol_is_not_an_answer() -> None:
    """A name that the question does not have is left to a person, not guessed."""
    mark = layers.weight_field(TWO, Fraction(1)).mark("W_2 W_1 + c", RULES)
    assert mark.credit is None and mark.reason.en.startswith("to be read by a person") and '"c"' in mark.reason.en
