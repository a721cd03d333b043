"""What a formula field can be told: values that symbols are limited to, free factors, other right forms."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rechenweg.errors import NotDefined
from rechenweg.numbers import case, exact, symbol
from rechenweg.numbers.reading import Vocabulary
from rechenweg.questions.kinds.values import Formula, put_in
from rechenweg.questions.rules import Rules
from rechenweg.text import T

X, Y = symbol("x"), symbol("y")
WORDS = Vocabulary({"x": X, "y": Y})


def credit(field: Formula, answer: str) -> str:
    return str(field.mark(answer, Rules()).credit)


def test_only_the_values_that_a_symbol_takes_count() -> None:
    plain = Formula("", Fraction(1), X * Y, vocabulary=WORDS)
    limited = Formula("", Fraction(1), X * Y, vocabulary=WORDS, only={"y": (exact(0), exact(1))})
    assert credit(plain, "x y^3") == "0"
    assert credit(limited, "x y^3") == "1"
    assert credit(limited, "x y + y") == "0"
    assert credit(limited, "x ln y") == "0"  # has no value at y = 0


def test_a_positive_factor_may_be_free() -> None:
    field = Formula("", Fraction(1), X * X + 1, vocabulary=WORDS, up_to_factor=True)
    assert [credit(field, answer) for answer in ("3(x^2+1)", "x^2+1", "-(x^2+1)", "x^2+2", "y(x^2+1)")] == [
        "1", "1", "0", "0", "0",
    ]  # fmt: skip


def test_other_forms() -> None:
    field = Formula(
        "", Fraction(2), X + Y, vocabulary=WORDS, also=(X * Y,), others_open=True, wrong=("x - y",),
        partly=((X, Fraction(1), T("y is missing", "y fehlt")),),
    )  # fmt: skip
    assert [credit(field, answer) for answer in ("y + x", "y x", "x", "x - y", "x/y")] == ["2", "2", "1", "0", "None"]
    assert field.mark("x", Rules()).reason.en == "y is missing"


def test_putting_values_in() -> None:
    assert put_in((X + 1) ** 2, {"x": exact(2)}).fraction() == 9
    bent = case([(X > 0, X)], -X)
    assert [put_in(bent, {"x": exact(n)}).fraction() for n in (3, -3)] == [3, 3]
    assert put_in(bent, {"y": exact(1)}).free_symbols() == {"x"}
    with pytest.raises(NotDefined):
        put_in(1 / X, {"x": exact(0)})
