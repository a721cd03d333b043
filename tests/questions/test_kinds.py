"""Every kind of answer: what it reads, what it earns, and the reason it gives."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rechenweg.nn import L2Loss, Linear, Network
from rechenweg.numbers import exact, symbol
from rechenweg.numbers.reading import Vocabulary
from rechenweg.questions.asking import Axes, CodeSpace, Option, Slots, Space, Ticks
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.assigning import Matching, Order
from rechenweg.questions.kinds.choice import Choice
from rechenweg.questions.kinds.steps import Steps
from rechenweg.questions.kinds.values import Formula, MatrixValue, Number, Shape, Vector
from rechenweg.questions.kinds.written import CodeAnswer, Sketch, Text
from rechenweg.questions.question import Step
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.document import Code
from rechenweg.working.run import work

RULES = Rules(documented=True)
TWO = Fraction(2)


def options(*right: bool) -> tuple[Option, ...]:
    return tuple(
        Option(letter, T.same(letter), r, T.same("because"), letter * 2)
        for letter, r in zip("abcdef", right, strict=False)
    )


def loss_run() -> Any:
    net = Network("x", loss=L2Loss())
    net.add("z", Linear(weights=exact([[3], [1]]), names={"weights": "w"}), "x")
    return work(net, [[1, 2]], [[4]])


X, ALPHA = symbol("x"), symbol(r"\alpha")
FIELDS: dict[str, Field] = {
    "choice": Choice("", TWO, options(True, False, True, False), "1.1"),
    "single choice": Choice("", TWO, options(False, True, False), "1.1", single=True),
    "number": Number("", TWO, exact("981/1000")),
    "closed form": Number("", TWO, -exact("0.4").log()),
    "vector": Vector("", TWO, exact([6, 4, 3])),
    "matrix": MatrixValue("", TWO, exact([[1, 2], [0, 4]])),
    "shape": Shape("", TWO, (10, 4, 30, 30)),
    "formula": Formula("", TWO, 2 * (X - ALPHA), vocabulary=Vocabulary({"x": X, r"\alpha": ALPHA})),
    "matching": Matching("", TWO, {"1": "C", "2": "D", "3": "A", "4": "B"}, tuple("ABCD")),
    "order": Order("", TWO, tuple("DCAEB")),
    "steps": Steps("", TWO, loss_run, ("dL/dz",)),
    "text": Text("", TWO, T("words", "Worte"), (Step.of(2, "words", "Worte"),)),
    "sketch": Sketch("", TWO, T("a line", "eine Linie"), ()),
    "code": CodeAnswer("", TWO, T.same("return x"), (), source="def f(x):"),
}
MARKED = [k for k in FIELDS if k not in ("text", "sketch", "code")]


@pytest.mark.parametrize("kind", FIELDS)
def test_perfect_answers_and_slips(kind: str) -> None:
    field = FIELDS[kind]
    mark = field.mark(field.perfect(), RULES)
    assert mark.credit == TWO if kind in MARKED else mark.credit is None
    for seed in range(30):
        slipped = field.mark(field.slip(random.Random(seed)), RULES)
        assert slipped.credit is None or slipped.credit < TWO


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("nothing", [None, "", "   ", {}])
def test_nothing_is_no_answer(kind: str, nothing: Any) -> None:
    mark = FIELDS[kind].mark(nothing, RULES)
    assert mark.credit == 0 and mark.reason.en in ("no answer", "a value without its steps")
    assert mark.reason.de in ("keine Antwort", "Wert ohne Rechenweg")


@pytest.mark.parametrize("kind", FIELDS)
@given(
    raw=st.recursive(
        st.none() | st.integers() | st.booleans() | st.text(max_size=30),
        lambda i: st.lists(i, max_size=4) | st.dictionaries(st.text(max_size=3), i, max_size=3),
        max_leaves=6,
    )
)
@settings(max_examples=40, deadline=None)
def test_marking_never_raises_and_stays_between_zero_and_the_maximum(kind: str, raw: Any) -> None:
    mark = FIELDS[kind].mark(raw, RULES)
    assert mark.credit is None or 0 <= mark.credit <= mark.maximum
    assert mark.reason.en and mark.reason.de


@pytest.mark.parametrize(
    ("kind", "raw", "credit", "reason"),
    [
        ("choice", "a, C", 2, "right"),
        ("choice", ["a"], 0, "1 of 4 boxes wrong: c"),
        ("choice", "none", 0, "2 of 4 boxes wrong: a, c"),
        ("choice", "z", None, 'to be read by a person (expected letters from "a" to "d", found "z")'),
        ("single choice", ["a", "b"], 0, "more answers than asked for: a, b"),
        ("number", "0,981", 2, "right"),
        ("number", "98.1 %", 2, "right"),
        ("number", "-981/1000", 0, "the sign is wrong"),
        ("number", ["981/1000"], 2, "right"),
        ("number", ["1", "2"], 0, "more answers than asked for: 1, 2"),
        ("number", "1; 2", 0, "more answers than asked for: 1, 2"),
        ("number", "981/1000, 98/100", 0, "more answers than asked for: 981/1000, 98/100"),
        ("number", "7 = 981/1000", 0, "more answers than asked for: 7 = 981/1000"),
        ("number", "(980 + 1)/1000 = 0.981", 2, "right"),
        ("closed form", "ln(5/2)", 2, "right"),
        ("closed form", r"\ln 5 - \ln 2", 2, "right"),
        ("closed form", "0.9163", 0, "rounded: the exact form is asked for"),
        ("vector", "(6; 4; 3)", 2, "right"),
        ("vector", [6, 4], 0, "shape 2 instead of 3"),
        ("vector", [6, 5, 3], 0, "entry 2 is wrong"),
        ("vector", [6, 5, 4], 0, "2 entries are wrong: 2, 3"),
        ("matrix", "1 2; 0 4", 2, "right"),
        ("matrix", [[1, 2]], 0, "shape 1 × 2 instead of 2 × 2"),
        ("matrix", [[0, 1], [2, 3]], 0, "every entry is wrong"),
        ("shape", "10x4x30x30", 2, "right"),
        ("shape", "(10, 4, 30)", 0, "3 dimensions instead of 4"),
        ("shape", [10, 4, 32, 32], 0, "wrong in dimension 3, 4"),
        ("formula", r"2x - 2\alpha", 2, "right"),
        ("formula", "-2(alpha - x)", 2, "right"),
        ("formula", "x - alpha", 0, "wrong value"),
        ("matching", "1: C, 2: D, 3: A, 4: B", 2, "right"),
        ("matching", {"1": "C", "2": "D", "3": "B", "4": "A"}, 1, "wrong: 3, 4"),
        ("matching", {"1": "C"}, Fraction(1, 2), "wrong: 2, 3, 4"),
        ("matching", {"9": "C"}, None, 'to be read by a person ("9" is none of 1, 2, 3, 4)'),
        ("matching", "1: A, 1: C", 0, "more answers than asked for: 1: A, 1: C"),
        ("matching", {"1": "A", "2": "A"}, 0, "more answers than asked for: (1) A, (2) A"),
        ("order", ["D", "C", "A", "E", "B"], 2, "right"),
        ("order", "DCABE", 0, "wrong order"),
        ("order", "DCA", None, "to be read by a person (expected each of A, B, C, D, E once)"),
        ("steps", "dL/dz = 2(z - y)", 2, "the path is documented"),
        ("steps", r"\frac{\partial L}{\partial z} = 2z - 2y = 2(5-4) = 2", 2, "the path is documented"),
    ],
)
def test_marks_with_their_reasons(kind: str, raw: Any, credit: Any, reason: str) -> None:
    mark = FIELDS[kind].mark(raw, RULES)
    assert mark.credit == credit
    assert mark.reason.en == reason


def test_a_path_in_words_goes_to_a_person_and_a_wrong_formula_too() -> None:
    for raw in ("by the chain rule", "dL/dz = z - y"):
        mark = FIELDS["steps"].mark(raw, RULES)
        assert mark.credit is None and mark.reason.en == "the path is to be read by a person"


def test_steps_cost_nothing_where_they_are_not_asked_for() -> None:
    assert FIELDS["steps"].mark(None, Rules()).credit == TWO


def test_per_slip_takes_half_a_point_for_every_wrong_entry_down_to_zero() -> None:
    field = MatrixValue("", TWO, exact(np.ones((3, 3), dtype=int)), per_slip=Fraction(1, 2))
    for wrong in range(10):
        answer = [[1 if 3 * i + j >= wrong else 7 for j in range(3)] for i in range(3)]
        assert field.mark(answer, RULES).credit == max(Fraction(0), 2 - Fraction(wrong, 2))


def test_transposes_blanks_and_shape_credit() -> None:
    value = exact([["1/2", 0, 3], [0, 1, 0]])
    field = MatrixValue("", TWO, value, transpose_accepted=True, shape_credit=Fraction(1), blanks_cost=Fraction(1, 2))
    assert field.mark([["1/2", 0], [0, 1], [3, 0]], RULES).credit == 2
    assert field.mark([["0.5", "", 3], ["", 1, ""]], RULES).credit == Fraction(3, 2)
    assert field.mark([[1, 1, 1], [1, 1, 1]], RULES).credit == 1
    strict = MatrixValue("", TWO, value)
    assert strict.mark([["1/2", 0], [0, 1], [3, 0]], RULES).credit == 0


def test_withdrawn_options_count_for_nobody() -> None:
    rules = Rules(withdrawn=frozenset({("1.1", "cc")}))
    field = FIELDS["choice"]
    assert field.mark(["a"], rules).credit == field.mark(["a", "c"], rules).credit == 2
    assert field.mark(["a"], rules).reason.en == "right (c withdrawn)"
    assert field.mark(["a"], Rules(withdrawn=frozenset({("1.2", "cc")}))).credit == 0


def test_more_texts_than_asked_for_are_not_marked_or_left_to_a_person() -> None:
    field = Text("", TWO, T("two", "zwei"), (), asked_for=2)
    assert field.mark(["a", "b", "c"], Rules(surplus_void=True)).credit == 0
    assert field.mark(["a", "b", "c"], Rules(surplus_void=False)).credit is None
    assert field.mark(["a", "b"], RULES).credit is None


def test_code_is_shown_as_code() -> None:
    assert FIELDS["code"].mark("def f(x):\n    return x", RULES).given == Code("def f(x):\n    return x")


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        ("choice", Ticks),
        ("number", Slots),
        ("matrix", Slots),
        ("matching", Slots),
        ("order", Slots),
        ("text", Space),
        ("steps", Space),
        ("sketch", Axes),
        ("code", CodeSpace),
    ],
)
def test_what_a_candidate_is_given_to_answer_in(kind: str, ask: type) -> None:
    assert isinstance(FIELDS[kind].ask(), ask)


def test_rules_are_stated_in_both_languages() -> None:
    for rules in (Rules(), Rules(choice="per option", documented=True, surplus_void=False)):
        assert all(t.en and t.de and t.en != t.de for t in rules.stated())
    assert len(Rules(documented=True).stated()) == 3


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize(
    "long", ["x" * 100_000, "1" + " " * 100_000 + "1", "a, " * 50_000, ["1"] * 20_000, {"1": "x" * 20_000}]
)
def test_what_is_too_long_goes_to_a_person(kind: str, long: Any) -> None:
    mark = FIELDS[kind].mark(long, RULES)
    assert mark.credit is None and mark.reason.en == "too long for a machine; a person decides"


def test_words_and_the_bare_values_are_no_path() -> None:
    for raw in ("I guess", "2", "dL/dz", "dL/dz = 2"):
        assert FIELDS["steps"].mark(raw, RULES).credit is None
