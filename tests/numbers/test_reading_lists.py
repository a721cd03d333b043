"""Reading vectors, matrices, shapes and case distinctions: what parts the entries, and when it is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flint import arb

from rechenweg.errors import ReadingError
from rechenweg.numbers import Exact, Verdict, equal, exact, symbol
from rechenweg.numbers.reading import (
    AmbiguousError,
    ArgumentsError,
    DivisionByZeroError,
    EmptyAnswerError,
    IncompleteCasesError,
    MisplacedError,
    NotANumberError,
    TooLargeError,
    UnbalancedError,
    UnexpectedCharacterError,
    UnfinishedError,
    UnfittingShapesError,
    UnknownSymbolError,
    Vocabulary,
    WrongKindError,
    read_matrix,
    read_piecewise,
    read_shape,
    read_vector,
)

X = symbol("x")
ALPHA = symbol(r"\alpha")
WORDS = Vocabulary({"x": X, r"\alpha": ALPHA, "v": exact([1, 2]), "M": exact([[1, 2], [3, 4]])})

VECTORS = [
    ("[6,4,3]", "6 4 3"),
    ("(6; 4; 3)", "6 4 3"),
    ("(6, 4, 3)", "6 4 3"),
    ("{6, 4, 3}", "6 4 3"),
    ("6 4 3", "6 4 3"),
    ("6, 4, 3", "6 4 3"),
    ("6;4;3", "6 4 3"),
    ("6,4,3", "6 4 3"),
    ("[6, 4, 3,]", "6 4 3"),
    ("[6. 4. 3.]", "6 4 3"),
    ("z = (6, 4, 3)", "6 4 3"),
    ("(6, 4, 3)^T", "6 4 3"),
    (r"(6, 4, 3)^{\top}", "6 4 3"),
    ("[6 4 3]'", "6 4 3"),
    ("[6 4 3]ᵀ", "6 4 3"),
    ("[[6],[4],[3]]", "6 4 3"),
    ("[[6,4,3]]", "6 4 3"),
    ("np.array([6, 4, 3])", "6 4 3"),
    ("tensor([6., 4., 3.])", "6 4 3"),
    (r"\begin{pmatrix}6\\4\\3\end{pmatrix}", "6 4 3"),
    (r"\begin{pmatrix}6\\4\\3\\\end{pmatrix}", "6 4 3"),
    (r"\begin{bmatrix} 6 & 4 & 3 \end{bmatrix}^T", "6 4 3"),
    (r"\left(6, 4, 3\right)", "6 4 3"),
    (r"\left( 6; 4; 3 \right)^T", "6 4 3"),
    ("$[6, 4, 3]$", "6 4 3"),
    ("(0,5; 1,5)", "1/2 3/2"),
    ("0,5; 1,5", "1/2 3/2"),
    ("[0,5, 1,5]", "1/2 3/2"),
    ("[0.5, 1.5]", "1/2 3/2"),
    ("[0.5,1.5]", "1/2 3/2"),
    ("[0,5]", "0 5"),
    ("-1 -2 3", "-1 -2 3"),
    ("1 1/2 3", "1 1/2 3"),
    ("(1/2, 3/4)", "1/2 3/4"),
    ("[2+1, 2·3]", "3 6"),
    ("[(1+1)/2, 3]", "1 3"),
    ("[max(1, 2), 3]", "2 3"),
    ("6", "6"),
    ("(98 %; 2 %)", "49/50 1/50"),
    ([6, 4, 3], "6 4 3"),
    (["6", "1/2", Decimal("0.5"), Fraction(1, 3)], "6 1/2 1/2 1/3"),
    ([[6], [4], [3]], "6 4 3"),
    ((6, 4), "6 4"),
]


@pytest.mark.parametrize(("raw", "values"), VECTORS)
def test_vectors(raw: Any, values: str) -> None:
    assert [n.fraction() for n in read_vector(raw)] == [Fraction(v) for v in values.split()]


MATRICES = [
    ("[[1,2],[3,4]]", "1 2 | 3 4"),
    ("[[1, 2], [3, 4]]", "1 2 | 3 4"),
    ("((1,2),(3,4))", "1 2 | 3 4"),
    ("1 2; 3 4", "1 2 | 3 4"),
    ("[1 2; 3 4]", "1 2 | 3 4"),
    ("1 2\n3 4", "1 2 | 3 4"),
    ("1, 2\n3, 4\n", "1 2 | 3 4"),
    ("W = [[1,2],[3,4]]", "1 2 | 3 4"),
    ("np.array([[1,2],[3,4]])", "1 2 | 3 4"),
    ("[[1. 2.]\n [3. 4.]]", "1 2 | 3 4"),
    (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "1 2 | 3 4"),
    (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \\ \end{bmatrix}", "1 2 | 3 4"),
    (r"\begin{pmatrix}1&3\\2&4\end{pmatrix}^T", "1 2 | 3 4"),
    (r"\begin{pmatrix}0,5&\frac12\end{pmatrix}", "1/2 1/2"),
    (r"\begin{pmatrix}1\\2\end{pmatrix}", "1 | 2"),
    ("[1,2,3; 4,5,6]", "1 2 3 | 4 5 6"),
    ("0,5, 1; 2, 3", "1/2 1 | 2 3"),
    ("[1, 2]", "1 2"),
    ("1; 2", "1 | 2"),
    ([[1, 2], ["3", "8/2"]], "1 2 | 3 4"),
]


@pytest.mark.parametrize(("raw", "values"), MATRICES)
def test_matrices(raw: Any, values: str) -> None:
    expected = [[Fraction(v) for v in row.split()] for row in values.split("|")]
    assert [[n.fraction() for n in row] for row in read_matrix(raw)] == expected


def test_entries_may_be_formulas() -> None:
    found = read_vector("(αx; 2x)", WORDS)
    assert equal(found[0], ALPHA * X) is Verdict.EQUAL
    assert equal(found[1], 2 * X) is Verdict.EQUAL
    assert [n.fraction() for n in read_vector("M v", WORDS)] == [5, 11]
    assert [[n.fraction() for n in row] for row in read_matrix("M M", WORDS)] == [[7, 10], [15, 22]]


SHAPES = [
    ("(10,4,30,30)", (10, 4, 30, 30)),
    ("10x4x30x30", (10, 4, 30, 30)),
    ("10×4×30×30", (10, 4, 30, 30)),
    ("10 X 4 x 30 × 30", (10, 4, 30, 30)),
    (r"10\times4\times30\times 30", (10, 4, 30, 30)),
    ("10, 4, 30, 30", (10, 4, 30, 30)),
    ("10 4 30 30", (10, 4, 30, 30)),
    ("[10,4,30,30]", (10, 4, 30, 30)),
    ("(10; 4; 30; 30)", (10, 4, 30, 30)),
    (r"\left(10, 4\right)", (10, 4)),
    ("torch.Size([10, 4, 30, 30])", (10, 4, 30, 30)),
    ("$(10, 4)$", (10, 4)),
    ("(800,)", (800,)),
    ("800", (800,)),
    ([10, 4, 30, 30], (10, 4, 30, 30)),
    (["10", 4], (10, 4)),
    (800, (800,)),
]


@pytest.mark.parametrize(("raw", "shape"), SHAPES)
def test_shapes(raw: Any, shape: tuple[int, ...]) -> None:
    assert read_shape(raw) == shape


REFUSED: list[tuple[Any, Any, type[ReadingError], str]] = [
    (
        read_vector,
        "0,5",
        AmbiguousError,
        'character 2 of "0,5": which commas part entries? write ";" between the entries',
    ),
    (read_vector, "[0,5 1,5]", AmbiguousError, 'character 3 of "[0,5 1,5]": which commas part entries?'),
    (read_vector, "(1,2)·2", AmbiguousError, 'character 3 of "(1,2)·2": does this comma part entries?'),
    (read_matrix, "1,2; 3,4", AmbiguousError, 'character 2 of "1,2; 3,4": which commas part entries?'),
    (read_vector, "", EmptyAnswerError, "expected an answer, found nothing"),
    (read_vector, "[]", EmptyAnswerError, 'character 2 of "[]": expected an entry, found nothing'),
    (read_vector, "[1,,2]", EmptyAnswerError, 'character 4 of "[1,,2]": expected an entry, found nothing'),
    (read_vector, [], EmptyAnswerError, "expected a list of numbers, found an empty one"),
    (read_vector, [1.5], NotANumberError, "entry 1: expected a number or a text, found 1.5 (float); read JSON with"),
    (read_vector, [1, True], NotANumberError, "entry 2: expected a number or a text, found True (bool)"),
    (read_vector, [None], NotANumberError, "entry 1: expected a number or a text, found None (NoneType)"),
    (read_vector, ["1", "1/0"], DivisionByZeroError, 'entry 2: character 2 of "1/0": a division by 0 has no value'),
    (read_vector, "(1; 1/0)", DivisionByZeroError, 'character 6 of "(1; 1/0)": a division by 0 has no value'),
    (read_vector, "(1; 2 +)", UnfinishedError, 'character 8 of "(1; 2 +)": expected a number, a symbol or "(", found'),
    (read_vector, "(1, 2", UnbalancedError, 'character 1 of "(1, 2": "(" is never closed'),
    (read_vector, {"a": 1}, WrongKindError, "expected a list of numbers, found a dict of 1"),
    (read_vector, "[[1,2],[3,4]]", WrongKindError, "expected a vector, found a matrix of shape (2, 2)"),
    (read_vector, [1] * 2001, TooLargeError, "expected at most 2,000 entries, found 2,001"),
    (read_vector, ["1" * 999] * 20, TooLargeError, "expected at most 10,000 characters, found 19,980"),
    (read_matrix, [[1, 2], [3]], UnfittingShapesError, "row 2: expected 2 entries as in row 1, found 1"),
    (read_matrix, "[[1,2],[3]]", UnfittingShapesError, "row 2: expected 2 entries as in row 1, found 1"),
    (
        read_matrix,
        r"\begin{pmatrix}1&2\\3\end{pmatrix}",
        UnfittingShapesError,
        r'character 1 of "\begin{pmatrix}1&2\\3\end{pmatrix}": expected 2 entries in row 2 as in row 1, found 1',
    ),
    (read_matrix, [[1, 2], 3], WrongKindError, "row 2: expected a list of numbers, found 3"),
    (read_matrix, [[1, [2]]], NotANumberError, "row 1, entry 2: expected a number or a text, found a list of 1"),
    (read_matrix, [1, 2], WrongKindError, "expected a matrix, found a vector of shape (2,)"),
    (read_matrix, "5", WrongKindError, "expected a matrix, found a number"),
    (read_shape, "(10, 0)", MisplacedError, 'entry 2 of the shape: expected a positive whole number, found "0"'),
    (read_shape, "-1x3", MisplacedError, 'entry 1 of the shape: expected a positive whole number, found "-1"'),
    (read_shape, "10.0, 3", MisplacedError, 'entry 1 of the shape: expected a positive whole number, found "10.0"'),
    (read_shape, "10*4", MisplacedError, 'entry 1 of the shape: expected a positive whole number, found "10*4"'),
    (read_shape, "10xx4", MisplacedError, "entry 2 of the shape: expected a positive whole number, found nothing"),
    (read_shape, [2.0], MisplacedError, "entry 1 of the shape: expected a positive whole number, found 2.0 (float)"),
    (read_shape, [True], MisplacedError, "entry 1 of the shape: expected a positive whole number, found True (bool)"),
    (read_shape, "", EmptyAnswerError, "expected an answer, found nothing"),
    (read_shape, "()", EmptyAnswerError, "expected a shape such as (10, 4, 30, 30), found nothing"),
    (read_shape, [], EmptyAnswerError, "expected a shape such as (10, 4, 30, 30), found nothing"),
    (read_shape, None, WrongKindError, "expected a shape such as (10, 4, 30, 30), found None (NoneType)"),
    (read_shape, "1," * 17, TooLargeError, "expected at most 16 entries of a shape, found 17"),
]


@pytest.mark.parametrize(("read", "raw", "kind", "message"), REFUSED)
def test_what_is_refused_and_with_which_words(read: Any, raw: Any, kind: type[ReadingError], message: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read(raw)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(message)


def test_lists_in_lists_however_deep_are_refused_and_never_printed() -> None:
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(NotANumberError, match=r"^row 1, entry 1: expected a number or a text, found a list of 1$"):
        read_matrix(nested)


# --- cases ------------------------------------------------------------------------------------------------------------

ELU_SLOPE = [
    {"x>0": "1", "x<0": r"\alpha e^x"},
    {"x > 0": 1, "x <= 0": "α·e^x"},
    {"x>0": "1", "else": "αe^x"},
    {"x>0": "1", "sonst": "αe^x"},
    {"x > 0": "1", "otherwise": "αe^x"},
    {"0 < x": "1", "0 > x": "αe^x"},
    {"if x > 0": "1", "falls x ≤ 0": "αe^x"},
    {r"x \gt 0": "1", r"x \leq 0": "αe^x"},
    {"x ≤ 0": "αe^x", "x > 0": "1"},
    {"x = 0": "α", "x < 0": "αe^x", "x > 0": "1"},
    {"x < -1": "αe^x", "-1 <= x < 0": "αe^x", "0 <= x": "1"},
    r"\begin{cases} 1 & x>0 \\ \alpha e^x & x<0 \end{cases}",
    r"f'(x) = \begin{cases} 1, & \text{if } x > 0 \\ \alpha e^x, & \text{otherwise} \end{cases}",
    r"\begin{cases} 1 & \text{für } x \geq 0 \\ \alpha e^x & \text{sonst} \end{cases}",
    r"\left\{\begin{array}{ll} 1 & x > 0 \\ \alpha e^x & x \le 0 \end{array}\right.",
    r"f'(x) = \left\{ 1 \text{ if } x > 0; \alpha e^x \text{ if } x < 0 \right.",
    "1 if x>0 else alpha*e^x",
    "1 if x > 0; alpha e^x if x < 0",
    "1 if x > 0, alpha e^x if x < 0",
    "1 für x > 0 und α·e^x für x ≤ 0",
    "{1 if x > 0; αe^x otherwise}",
    "x > 0: 1; x < 0: α e^x",
    "x > 0: 1\nelse: α e^x",
    "1, x > 0; αe^x, x ≤ 0",
    "1 if x > 0, sonst αe^x",
    "1 if x > 1 else 1 if x > 0 else αe^x",
]


@pytest.mark.parametrize("raw", ELU_SLOPE)
def test_the_slope_of_elu_in_many_hands(raw: Any) -> None:
    found = read_piecewise(raw, "x", WORDS)
    assert _at(found, "3") == 1
    assert _at(found, "-1/2") == pytest.approx(0.7 * 0.6065306597126334)
    assert _at(found, "-5") == pytest.approx(0.7 * 0.006737946999085467)


def test_a_formula_without_cases_is_read_as_one() -> None:
    assert _at(read_piecewise("max(0, x)", "x", WORDS), "-3") == 0
    assert _at(read_piecewise("x²", "x", WORDS), "-3") == 9


def test_the_variable_need_not_be_in_the_vocabulary() -> None:
    assert _at(read_piecewise({"t > 1/2": "t", "t < 1/2": "-t"}, "t", Vocabulary()), "-3", "t") == 3


def test_three_cases_meet_at_their_thresholds() -> None:
    found = read_piecewise({"x < -1": "-1", "-1 ≤ x ≤ 1": "x", "x > 1": "1"}, "x", WORDS)
    assert [_at(found, at) for at in ("-2", "-1/2", "1/3", "7")] == pytest.approx([-1, -0.5, 1 / 3, 1])


def _at(found: Exact, value: str, name: str = "x") -> float:
    return float(found.interval(128, {name: arb(exact(value).rational), r"\alpha": arb("0.7")}))


REFUSED_CASES: list[tuple[Any, type[ReadingError], str]] = [
    ({"x>0": "1"}, IncompleteCasesError, "expected a case for x < 0, found none"),
    ("x > 0: 1", IncompleteCasesError, "expected a case for x < 0, found none"),
    ({"x<0": "1", "x>1": "0"}, IncompleteCasesError, "expected a case for 0 < x < 1, found none"),
    ({"x<0": "1", "x>-1/2": "0"}, AmbiguousError, 'both "x<0" and "x>-1/2" hold for −1/2 < x < 0'),
    ({"else": "1", "sonst": "0"}, AmbiguousError, "expected one case for all other values, found two"),
    ({"y>0": "1"}, UnknownSymbolError, 'case 1: character 1 of "y": "y" is not known here; known: x, α, v, M'),
    ({"x>α": "1"}, MisplacedError, 'case 1: expected a comparison of x with a fraction, found "x>α"'),
    ({"foo": "1"}, MisplacedError, 'case 1: expected a condition such as "x > 0", found "foo"'),
    ({"x>0": "1", "x<0": "1/0"}, DivisionByZeroError, 'case 2: character 2 of "1/0": a division by 0 has no value'),
    ({"x>0": "", "x<0": "1"}, EmptyAnswerError, "case 1: expected an answer, found nothing"),
    ({"x>0": "v", "x<0": "1"}, WrongKindError, "case 1: expected a number, found an array"),
    ({"x>0": "ELU(", "x<0": "1"}, UnbalancedError, 'case 1: character 4 of "ELU(": "(" is never closed'),
    (
        {"x>0": "ln(1,x)", "x<0": "1"},
        ArgumentsError,
        'case 1: character 1 of "ln(1,x)": "ln" takes one argument, found 2',
    ),
    ({"x>0": "a!", "x<0": "1"}, UnexpectedCharacterError, 'case 1: character 2 of "a!": "!" belongs to no formula'),
    ("1; 2", UnfinishedError, 'expected a value and its condition, found "1"'),
    (r"\begin{cases}1\\2\end{cases}", UnfinishedError, 'expected a value and its condition, found "1"'),
    ({f"x={i}": "1" for i in range(30)}, TooLargeError, "expected at most 20 cases, found 30"),
]


@pytest.mark.parametrize(("raw", "kind", "message"), REFUSED_CASES)
def test_refused_cases(raw: Any, kind: type[ReadingError], message: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read_piecewise(raw, "x", WORDS)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(message)
