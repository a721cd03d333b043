"""Answers that are refused: one class per kind of mistake, one line that points at the character, and little memory."""

from __future__ import annotations

import contextlib
import tracemalloc
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rechenweg.errors import ReadingError
from rechenweg.numbers import Exact, exact, symbol
from rechenweg.numbers.reading import (
    AmbiguousError,
    ArgumentsError,
    DivisionByZeroError,
    EmptyAnswerError,
    MisplacedError,
    NotANumberError,
    TooLargeError,
    UnbalancedError,
    UndefinedValueError,
    UnexpectedCharacterError,
    UnfinishedError,
    UnfittingShapesError,
    UnknownSymbolError,
    Vocabulary,
    WrongKindError,
    pointing,
    read_chain,
    read_formula,
    read_matrix,
    read_number,
    read_piecewise,
    read_shape,
    read_vector,
)

WORDS = Vocabulary(
    {
        **{name: symbol(name) for name in ("x", "y", "y^*", "w_2", r"\hat y", r"\frac{\partial L}{\partial y}")},
        "W": exact([[1, 2, 3], [4, 5, 6]]),
        "v": exact([1, 2, 3]),
        "u": exact([1, 2]),
    },
    {r"\sigma_1": "sigmoid", "g": lambda x: x * x},
)

# source, kind, position (counted from 0), the message after the quoted source
NUMBERS: list[tuple[str, type[ReadingError], int, str]] = [
    ("2+(3", UnbalancedError, 2, '"(" is never closed'),
    ("2+3)", UnbalancedError, 3, '")" was never opened'),
    ("(2+3]", UnbalancedError, 4, 'expected ")" for the "(" of character 1, found "]"'),
    (r"\frac{1}{2", UnbalancedError, 8, '"{" is never closed'),
    (r"\begin{pmatrix}1", UnbalancedError, 0, r'"\begin{pmatrix}" is never closed'),
    (r"1\end{pmatrix}", UnbalancedError, 1, r'"\end{pmatrix}" was never opened'),
    ("|2", UnfinishedError, 2, 'expected an operator or the closing "|", found the end'),
    ("2 +", UnfinishedError, 3, 'expected a number, a symbol or "(", found the end'),
    ("ln", UnfinishedError, 2, 'expected a number, a symbol or "(", found the end'),
    (r"\frac{1}", UnfinishedError, 8, 'expected a number, a symbol or "(", found the end'),
    ("2^", UnfinishedError, 2, 'expected a number, a symbol or "(", found the end'),
    ("x =", UnfinishedError, 3, 'expected a number, a symbol or "(", found the end'),
    ("2 + * 3", MisplacedError, 4, 'expected a number, a symbol or "(", found "*"'),
    ("* 3", MisplacedError, 0, 'expected a number, a symbol or "(", found "*"'),
    ("()", MisplacedError, 1, 'expected a number, a symbol or "(", found ")"'),
    ("2, 3", MisplacedError, 1, 'expected an operator or the end, found ","'),
    ("2 < 3", MisplacedError, 2, 'expected an operator or the end, found "<"'),
    ("2 ± 3", MisplacedError, 2, 'expected an operator or the end, found "±"'),
    ("e[0]", MisplacedError, 1, 'expected an operator or the end, found "["'),
    ("ln -2", MisplacedError, 3, 'expected "(" after "ln", found "-"'),
    ("3'", MisplacedError, 1, "expected a function or an array before the prime, found a number"),
    ("σ''(0)", MisplacedError, 2, "expected at most one prime: second derivatives are not read"),
    ("5!", UnexpectedCharacterError, 1, '"!" belongs to no formula'),
    ("1..2", UnexpectedCharacterError, 1, '"." belongs to no formula'),
    ("3 €", UnexpectedCharacterError, 2, '"€" U+20AC (EURO SIGN) belongs to no formula'),
    ("2 + а", UnexpectedCharacterError, 4, '"а" U+0430 (CYRILLIC SMALL LETTER A) belongs to no formula'),
    ("2\u200b3", UnexpectedCharacterError, 1, "an invisible one, U+200B (ZERO WIDTH SPACE) belongs to no formula"),
    ("\u202e3", UnexpectedCharacterError, 0, "an invisible one, U+202E (RIGHT-TO-LEFT OVERRIDE) belongs to no formula"),
    ("3\u0338", UnexpectedCharacterError, 1, "an invisible one, U+0338 (COMBINING LONG SOLIDUS OVERLAY) belongs to no"),
    ("3\0", UnexpectedCharacterError, 1, "an invisible one, U+0000 (a control character) belongs to no formula"),
    ("2 + \\", UnexpectedCharacterError, 4, 'a lone "\\" belongs to no formula'),
    ("foo + 1", UnknownSymbolError, 0, '"foo" is not known here; known: numbers, e and the functions ln, exp'),
    (r"2\pi", UnknownSymbolError, 1, r'"\pi" is not known here'),
    (r"2 + \foo", UnknownSymbolError, 4, r'"\foo" is no command that is read here'),
    ("w_{17}", UnknownSymbolError, 0, '"w_{17}" is not known here'),
    ("σ₁(0)", UnknownSymbolError, 0, '"σ₁" is not known here'),
    (r"\hat y", UnknownSymbolError, 0, r'"\hat y" is not known here'),
    ("eex", UnknownSymbolError, 2, '"x" is not known here'),
    ("max'(1, 2)", UnknownSymbolError, 0, 'the derivative of "max" is not known here'),
    ("1 1/2", AmbiguousError, 2, 'two numbers side by side: expected an operator before "1"'),
    ("(2)3", AmbiguousError, 3, 'two numbers side by side: expected an operator before "3"'),
    ("1/2e", AmbiguousError, 3, 'is "e" below the fraction bar? write a/(b·c) or (a/b)·c'),
    ("1/2(3)", AmbiguousError, 3, 'is "(" below the fraction bar?'),
    ("1/e ln(2)", AmbiguousError, 4, 'is "ln" below the fraction bar?'),
    ("ln 1/2", AmbiguousError, 4, 'where does the argument of "ln" end? write it in brackets'),
    ("ln e(2+1)", AmbiguousError, 4, 'where does the argument of "ln" end?'),
    ("e^2e", AmbiguousError, 3, "where does the exponent end? write it in brackets, or · before what follows"),
    ("2^1/2", AmbiguousError, 3, "where does the exponent end? write x^(a/b), or (x^a)/b"),
    ("√2e", AmbiguousError, 2, "where does the root end? write it in brackets, or · before what follows"),
    ("sqrt2e", AmbiguousError, 5, "where does the root end?"),
    ("ln^{-1}(2)", AmbiguousError, 2, "the inverse function or one over it?"),
    ("2e-1", AmbiguousError, 0, "2·10^{-1} or 2·e - 1? write one of the two"),
    ("1,234", AmbiguousError, 0, "1234 or 1.234? write one of the two"),
    ("1,2,3", AmbiguousError, 0, 'expected one number, found "1,2,3"; write ";" between numbers'),
    ("1.2.3", AmbiguousError, 0, 'expected one number, found "1.2.3"'),
    ("max(0,5,e)", AmbiguousError, 4, 'which commas part numbers? write ";" between the numbers'),
    ("NaN", NotANumberError, 0, '"NaN" is no number'),
    ("-inf", NotANumberError, 1, '"inf" is no number'),
    ("∞", NotANumberError, 0, '"∞" is no number'),
    (r"\infty", NotANumberError, 0, r'"\infty" is no number'),
    ("1/0", DivisionByZeroError, 1, "a division by 0 has no value"),
    ("1/(2-2)", DivisionByZeroError, 1, "a division by 0 has no value"),
    (r"\frac{1}{0}", DivisionByZeroError, 0, "a division by 0 has no value"),
    ("0^-1", DivisionByZeroError, 1, "0 to a negative power has no value"),
    ("(-8)^(1/3)", UndefinedValueError, 4, "a negative number has no power with a fraction as exponent"),
    ("ln(0)", UndefinedValueError, 0, ""),
    ("ln(-1)", UndefinedValueError, 0, ""),
    ("√(-1)", UndefinedValueError, 0, ""),
    ("sqrt(-2)", UndefinedValueError, 0, ""),
    ("ln(1, 2)", ArgumentsError, 0, '"ln" takes one argument, found 2'),
    ("max(1)", ArgumentsError, 0, '"max" takes two or more arguments, found one'),
    ("ELU(-1)", ArgumentsError, 0, '"ELU" needs its α: write it as second argument'),
    ("ELU(1, 2, 3)", ArgumentsError, 0, '"ELU" takes 2 arguments, found 3'),
    (r"\sqrt[0]{2}", ArgumentsError, 0, "expected a positive whole number as the degree of a root"),
    ("(1; 2)", WrongKindError, 0, "expected one number in the bracket, found 2"),
    ("9**9**9", TooLargeError, 1, "expected exponents of at most 4,096"),
    ("9^9^9", TooLargeError, 1, "expected exponents of at most 4,096"),
    ("2^5000", TooLargeError, 1, "expected exponents of at most 4,096"),
    ("99^4000", TooLargeError, 2, "the power is too large to be written out"),
    ("2^(1/5000)", TooLargeError, 1, "expected exponents of at most 4,096"),
    ("e^(10^9)", TooLargeError, 1, "expected exponents of at most 1,000,000"),
    ("exp(10^9)", TooLargeError, 0, "expected exponents of at most 1,000,000"),
    ("1e999999999", TooLargeError, 0, "expected a decimal exponent of at most 1,000"),
    ("1e-999999999", TooLargeError, 0, "expected a decimal exponent of at most 1,000"),
]


@pytest.mark.parametrize(("source", "kind", "position", "message"), NUMBERS)
def test_what_is_refused_and_with_which_words(
    source: str, kind: type[ReadingError], position: int, message: str
) -> None:
    with pytest.raises(ReadingError) as caught:
        read_number(source)
    assert type(caught.value) is kind
    assert caught.value.position == position
    shown = source.replace("\0", "\\u0000").replace("\u200b", "\\u200b").replace("\u202e", "\\u202e")
    assert str(caught.value).startswith(f'character {position + 1} of "{shown}": {message}')


FORMULAS: list[tuple[str, type[ReadingError], str]] = [
    ("z + 1", UnknownSymbolError, '"z" is not known here; known: x, y, y*, w₂, ŷ, ∂L/∂y, W, v, u, σ₁(…), g(…)'),
    ("xz", UnknownSymbolError, '"z" is not known here'),
    ("w 2", UnknownSymbolError, '"w" is not known here'),
    ("w_3", UnknownSymbolError, '"w_3" is not known here'),
    ("x2", AmbiguousError, 'two numbers side by side: expected an operator before "2"'),
    ("g'(x)", UnknownSymbolError, 'the derivative of "g" is not known here'),
    ("y*-x", AmbiguousError, "whose is the star? write y^* for the symbol, y·x for a product"),
    ("y* x", AmbiguousError, "whose is the star?"),
    ("1/2x", AmbiguousError, 'is "x" below the fraction bar?'),
    ("x/y w_2", AmbiguousError, 'is "w" below the fraction bar?'),
    ("e^xy", AmbiguousError, "where does the exponent end?"),
    ("x^1/2", AmbiguousError, "where does the exponent end?"),
    ("x(", UnbalancedError, '"(" is never closed'),
    ("W u", UnfittingShapesError, "cannot multiply (2, 3) and (2,)"),
    ("u^T W^T", UnfittingShapesError, "cannot multiply (1, 2) and (3, 2)"),
    ("W W", UnfittingShapesError, "cannot multiply (2, 3) and (2, 3)"),
    ("v v^T v^T", UnfittingShapesError, "cannot multiply (3, 3) and (1, 3)"),
    ("u + v", UnfittingShapesError, "cannot add (2,) and (3,)"),
    ("u - u^T", UnfittingShapesError, "cannot subtract (2,) and (1, 2)"),
    ("u ⊙ v", UnfittingShapesError, "cannot multiply (2,) and (3,)"),
    ("max(u, v)", UnfittingShapesError, "cannot compare (2,) and (3,)"),
    ("x/v", WrongKindError, "cannot divide by an array of shape (3,)"),
    ("v^2", WrongKindError, "an array of shape (3,) has no power; write a product, or |x|^2"),
    ("2^v", WrongKindError, "expected a number as exponent, found an array (3,)"),
]


@pytest.mark.parametrize(("source", "kind", "message"), FORMULAS)
def test_what_is_refused_among_symbols(source: str, kind: type[ReadingError], message: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read_formula(source, WORDS)
    assert type(caught.value) is kind
    assert str(caught.value).partition('": ')[2].startswith(message)


def test_two_names_with_a_common_variant_may_not_use_it() -> None:
    words = Vocabulary({"m_{1,12}": symbol("m_{1,12}"), "m_{11,2}": symbol("m_{11,2}")})
    with pytest.raises(AmbiguousError, match=r'"m" may be m_\{1,12\} or m_\{11,2\}$'):
        read_formula("m112", words)


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        (0.5, NotANumberError, "expected a number or a text, found 0.5 (float); read JSON with parse_float=Decimal"),
        (True, NotANumberError, "expected a number or a text, found True (bool)"),
        (None, NotANumberError, "expected a number or a text, found None (NoneType)"),
        ([1], NotANumberError, "expected a number or a text, found a list of 1"),
        (Decimal("NaN"), NotANumberError, "expected a number, found NaN"),
        (Decimal("-Infinity"), NotANumberError, "expected a number, found -Infinity"),
        (Decimal("1e999999"), TooLargeError, "expected a number of at most 1,000 digits"),
        (10**5000, TooLargeError, "expected a number of at most 1,000 digits"),
        (Fraction(1, 10**5000), TooLargeError, "expected a number of at most 1,000 digits"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_numbers_that_are_no_text(value: Any, kind: type[ReadingError], message: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read_number(value)
    assert type(caught.value) is kind
    assert str(caught.value) == message


def test_nothing_is_an_answer_of_its_own_kind() -> None:
    for source in ("", "  ", "\n\t", "\u00a0"):
        with pytest.raises(EmptyAnswerError, match=r"^expected an answer, found nothing$"):
            read_number(source)


@pytest.mark.parametrize("value", [1.5, 1, "x", [1, 2]])
def test_a_vocabulary_takes_exact_numbers_only(value: Any) -> None:
    with pytest.raises(WrongKindError, match=r"^the symbol x: expected an exact number, or a vector or matrix of them"):
        Vocabulary({"x": value})


def test_a_vocabulary_takes_functions_of_the_table_only() -> None:
    with pytest.raises(WrongKindError, match=r"^the function f: expected one of exp, log, .*, found 'softplus'$"):
        Vocabulary({}, {"f": "softplus"})


# --- what a reader sees -----------------------------------------------------------------------------------------------


def _error(source: str) -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        read_number(source)
    return caught.value


def test_the_caret_stands_under_the_character() -> None:
    assert pointing("2+(3", _error("2+(3")) == "2+(3\n  ^"
    assert pointing("ŷ + 2 + * 3", ReadingError("", 8)) == "ŷ + 2 + * 3\n        ^"
    assert pointing("2 +", _error("2 +")) == "2 +\n   ^"
    assert pointing("y\u0302+!", ReadingError("", 3)) == "y\u0302+!\n  ^"  # the accent takes no column
    assert pointing("＋＋!", ReadingError("", 2)) == "＋＋!\n    ^"  # full-width signs take two
    assert pointing("a\nb!", ReadingError("", 3)) == "a\ufffdb!\n   ^"


def test_long_answers_are_quoted_around_the_character() -> None:
    source = "1+" * 1500 + "*" + "+1" * 100
    error = _error(source)
    assert error.position == 3000
    assert str(error) == (
        'character 3001 of "…1+1+1+1+1+1+1+1+1+1+*+1+1+1+1+1+1+1+1+1+…": expected a number, a symbol or "(", found "*"'
    )
    first, second = pointing(source, ReadingError("", 3000)).split("\n")
    assert first[len(second) - 1] == "*"
    assert len(first) == 74


# --- hostile answers --------------------------------------------------------------------------------------------------

READERS: dict[str, Callable[[str], Any]] = {
    "number": read_number,
    "formula": lambda s: read_formula(s, WORDS),
    "chain": lambda s: read_chain(s, WORDS),
    "vector": lambda s: read_vector(s, WORDS),
    "matrix": lambda s: read_matrix(s, WORDS),
    "shape": read_shape,
    "piecewise": lambda s: read_piecewise(s, "x", WORDS),
    "condition": lambda s: read_piecewise({s: "1", "else": "0"}, "x", WORDS),
}

HOSTILE = {
    "10 MB of digits": "1" * 10_000_000,
    "10 MB of brackets": "(" * 10_000_000,
    "100,000 brackets": "(" * 100_000 + "1" + ")" * 100_000,
    "many brackets": "(" * 4_900 + "1" + ")" * 4_900,
    "never closed": "(" * 9_999,
    "61 brackets": "(" * 61 + "1" + ")" * 61,
    "tower of powers": "9**9**9",
    "longer tower": "^".join("9" * 50),
    "tower of e": "exp(" * 59 + "9" + ")" * 59,
    "huge exponent": "1e999999999",
    "many digits": "1" * 9_999,
    "many signs": "-" * 9_000 + "1",
    "many roots": "√" * 9_000 + "2",
    "long sum": "1+" * 4_999 + "1",
    "long product": "e*" * 1_900 + "e",
    "long difference": "e-" * 1_900 + "e",
    "long quotient": "x/" * 1_900 + "x",
    "silent product": "e" * 9_999,
    "powers multiplied": "9^4000*" * 1_400 + "1",
    "smaller powers multiplied": "9^999*" * 600 + "1",
    "powers of x": "x^" * 3_000 + "2",
    "matrix products": "(W W^T)" * 1_000,
    "outer products": "v v^T" * 1_500,
    "fractions": r"\frac" * 1_900,
    "fractions in fractions": r"\frac{1}{1+" * 800 + "1" + "}" * 800,
    "logarithms": "ln " * 3_000 + "2",
    "maxima": "max(1;" * 1_500 + "1" + ")" * 1_500,
    "subscripts": "x_" * 4_900,
    "raised characters": "2" + "²" * 9_000,
    "raised brackets": "2" + "⁽" * 9_000,
    "primes": "x" + "'" * 9_000,
    "bars": "|" * 9_000,
    "equals": "=" * 9_000,
    "commas": "1," * 4_999,
    "semicolons": "1;" * 4_999,
    "rows": "[1]," * 2_400,
    "spaces": " " * 9_998 + "1",
    "spaces inside": "[" + " " * 9_990 + "1",
    "commands with spaces": r"\left " * 1_600,
    "words": r"\text{a " * 1_200,
    "cases": r"\begin{cases}" * 760,
    "ifs": "1 if x>0 " * 1_100,
    "elses": "1 if x>0 else " * 700,
    "relations": "x<" * 4_900,
    "null bytes": "\0" * 9_999,
    "zero width": "1\u200b" * 4_900,
    "bidi": "\u202e1\u202c" * 3_000,
    "accents": "y" + "\u0302" * 9_000,
    "not a number": "NaN",
    "one over zero": "1/0",
    "python": "__import__('os').system('true')",
    "format": "{0.__class__}",
    "lone surrogate": "\ud800",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_take_little_memory_and_fail_as_reading_errors(name: str) -> None:
    source = HOSTILE[name]
    for kind, read in READERS.items():
        tracemalloc.start()
        try:
            read(source)
        except ReadingError as error:
            assert len(str(error)) < 400, kind
        finally:
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert peak < 16 * 2**20, f"{kind}: {peak / 2**20:.0f} MiB"


def test_hostile_answers_are_refused_before_much_is_computed() -> None:
    """Counted in numbers made, since a time would hang on the machine: each made number costs about a microsecond."""
    made = 0
    original = Exact.__init__

    def counting(self: Exact, *args: Any) -> None:
        nonlocal made
        made += 1
        original(self, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Exact, "__init__", counting)
        for source in HOSTILE.values():
            made = 0
            with contextlib.suppress(ReadingError):
                read_formula(source, WORDS)
            assert made < 25_000, source[:40]


def test_what_is_accepted_does_not_nest_too_deep_for_later() -> None:
    assert read_number("(" * 60 + "1" + ")" * 60).fraction() == 1
    deep = read_number("+".join(["e"] * 1_900))
    assert deep.approx() == pytest.approx(1_900 * 2.718281828459045)
    with pytest.raises(TooLargeError, match="more than 150 operations inside one another"):
        read_number("-".join(["e"] * 200))


_COMMON = r"""
1 2 0 0,5 1.5 10 1e3 x w_2 w2 ŷ y y* y^* W v u e ln exp max min | || ( ) [ ] { } + - * / ^ _ ' % = ≈ , ;
\hat \alpha \ln \| \frac \sqrt \begin{pmatrix} \end{pmatrix} \\ \sigma_1 \cdot \text{ \partial \left(
√ ² ₂ ⁻¹ ½ & σ ReLU ELU T ^T ᵀ ⊙ > < ≤ if else sonst d ∂ dL/dy NaN inf − – ∞ ! ß а ３ 𝑥 . : ** log_ g(
\begin{cases} \end{cases} np.array( torch.Size(
"""
_PIECES = (*_COMMON.split(), " ", "\n", "\0", "\u200b", "\u0302", "\\")


@given(st.one_of(st.lists(st.sampled_from(_PIECES), max_size=9).map("".join), st.text(max_size=12)))
@example("|x")
@example("x^{")
@example(r"\begin{cases}")
@example("_")
@example("^T")
def test_whatever_is_written_is_read_or_refused_with_a_place(source: str) -> None:
    for read in READERS.values():
        try:
            read(source)
        except ReadingError as error:
            message = str(error)
            assert "\n" not in message
            assert len(message) < 400
            assert error.position is not None
            assert 0 <= error.position <= len(source)
            first, second = pointing(source, error).split("\n")
            assert second.strip() == "^"
            assert len(second) <= 2 * len(first) + 1
