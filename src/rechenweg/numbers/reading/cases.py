r"""Case distinctions: ``{"x>0": "1", "x<0": "\\alpha e^x"}``, ``1 if x > 0 else αe^x``, LaTeX cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from rechenweg.errors import ReadingError
from rechenweg.numbers.exact import Condition, Exact, case, exact, symbol
from rechenweg.numbers.exact import branches as more
from rechenweg.numbers.reading.answers import read_formula
from rechenweg.numbers.reading.mistakes import (
    AmbiguousError,
    IncompleteCasesError,
    MisplacedError,
    TooLargeError,
    UnfinishedError,
    WrongKindError,
    quoted,
)
from rechenweg.numbers.reading.tokens import clean
from rechenweg.numbers.reading.vocabulary import Vocabulary

MOST_CASES = 20
"""Branches of one case distinction."""

_ELSE = ("else", "otherwise", "sonst", "ansonsten", "andernfalls", "default")
_IF = r"(?:if|for|when|where|falls|für|wenn)\b"
_RELATION = re.compile(r"<=|>=|=>|=<|!=|==|[<>≤≥≠=]|\\(?:leqslant|geqslant|leq|geq|neq|le|ge|ne|lt|gt)(?![A-Za-z])")
_RELATIONS = {
    "<=": "≤", "=<": "≤", r"\leqslant": "≤", r"\leq": "≤", r"\le": "≤", ">=": "≥", "=>": "≥", r"\geqslant": "≥",
    r"\geq": "≥", r"\ge": "≥", "!=": "≠", r"\neq": "≠", r"\ne": "≠", "==": "=", r"\lt": "<", r"\gt": ">",
}  # fmt: skip
_MIRRORED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "=": "=", "≠": "≠"}
_BEGIN = re.compile(r"\\begin\s*\{(?:cases|dcases|rcases|array)\*?\}(?:\{[lcr|]*\})?")


class _Bound(NamedTuple):
    """A condition on the variable: variable `relation` threshold."""

    relation: str
    threshold: Exact

    def holds(self, x: Exact) -> bool:
        return bool(_compared(self.relation, x, self.threshold))


class _Branch(NamedTuple):
    bounds: tuple[_Bound, ...]  # all of them must hold; none: otherwise
    value: Exact
    written: str


def read_piecewise(
    raw: Mapping[str, Any] | str, variable: str, vocabulary: Vocabulary, *, decimal_comma: bool = False
) -> Exact:
    r"""A function given by cases, as one :class:`Exact` (an operation "case").

    Args:
        raw: values by condition, or a text: LaTeX cases, ``1 if x > 0 else 0``, ``x > 0: 1; x < 0: 0``; a formula
            without cases is read as such. Conditions compare the variable with a number (``x>0``, ``0 ≤ x < 1``), or
            are ``else``, ``otherwise``, ``sonst``.
        variable: its LaTeX name; free.
        vocabulary: the question's symbols.

    Returns:
        The case distinction. Single points that no condition covers belong to the last case.

    Raises:
        IncompleteCasesError: a whole interval is covered by no case.
        AmbiguousError: an interval is covered by two.
        ReadingError: a part cannot be read; the message names the case.

    >>> from rechenweg.numbers import symbol
    >>> words = Vocabulary({"x": symbol("x"), r"\alpha": symbol(r"\alpha")})
    >>> print(read_piecewise({"x>0": "1", "x<0": r"\alpha e^x"}, "x", words))
    {1 if x > 0; α · eˣ otherwise}
    """
    if variable not in vocabulary.symbols:
        vocabulary = Vocabulary({**vocabulary.symbols, variable: symbol(variable)}, vocabulary.functions)
    x = vocabulary.symbols[variable]
    if not isinstance(x, Exact) or x.op != "symbol":
        raise WrongKindError(f"expected a free variable {variable}, found one with a value", 0)
    pairs, in_order = (list(raw.items()), False) if isinstance(raw, Mapping) else _pairs(raw)
    if not pairs:
        return _scalar(read_formula(str(raw), vocabulary, decimal_comma=decimal_comma))
    if len(pairs) > MOST_CASES:
        raise TooLargeError(f"expected at most {MOST_CASES} cases, found {len(pairs)}", 0)
    branches = []
    for i, (condition, value) in enumerate(pairs, 1):
        try:
            bounds = _bounds(condition, variable, vocabulary)
            number = _scalar(read_formula(value, vocabulary, decimal_comma=decimal_comma))
        except ReadingError as error:
            raise type(error)(f"case {i}: {error}", error.position) from None
        branches.append(_Branch(bounds, number, condition.strip()))
    return _joined(branches, x, in_order)


def _scalar(value: object) -> Exact:
    if not isinstance(value, Exact):
        raise WrongKindError("expected a number, found an array", 0)
    return value


# --- the text ---------------------------------------------------------------------------------------------------------


def _pairs(raw: str) -> tuple[list[tuple[str, str]], bool]:
    """(condition, value) of each case; none for a formula without cases; and whether the first that holds counts."""
    text = _plain_words(clean(raw))
    rows = _rows(text)
    if rows is not None:
        return [_pair(row) for row in rows], False
    text = re.sub(r"\\(?:left|right)(?![a-z])\.?", "", text).strip()
    brace = text.find("{")
    if brace > 0 and text[:brace].rstrip("\\ ").endswith("="):  # f(x) = { … }
        text = text[brace:]
    if text.startswith("{"):
        text = text[1:].removesuffix("}").removesuffix("\\")
    # 1 if x > 1 else 2 if x > 0 else 3, as in Python
    pieces = re.split(rf"\b({_IF}|else\b)", text)
    words = pieces[1::2]
    if words and words == ["if", "else"] * (len(words) // 2) and ";" not in text:
        return [*zip(pieces[2::4], pieces[0::4], strict=False), ("else", pieces[-1])], True
    parts = [part for part in re.split(r"[;\n]", text) if part.strip()]
    if len(parts) == 1 and words:  # 1 for x > 0, 0 for x < 0
        parts = re.split(rf",\s+(?!{_IF})|\b(?:and|und)\b", text)
    several = len(parts) > 1 or bool(words) or (":" in text and bool(_RELATION.search(text.partition(":")[0])))
    return ([_pair(part) for part in parts] if several else []), False


def _plain_words(text: str) -> str:
    r"""Words in \text{…} as plain words."""
    return re.sub(r"\\(?:text|mathrm|textrm|mbox)\s*\{([^{}]*)\}", r" \1 ", text)


def _rows(text: str) -> list[str] | None:
    r"""The rows of \begin{cases} … \end{cases}."""
    begin, end = _BEGIN.search(text), text.rfind(r"\end")
    if begin is None or end < begin.end():
        return None
    return [row for row in text[begin.end() : end].split(r"\\") if row.strip()]


def _pair(part: str) -> tuple[str, str]:
    """(condition, value) of ``1 & x > 0``, ``1 if x > 0``, ``x > 0: 1``, ``1, x > 0``, ``0 otherwise``, ``else 0``."""
    otherwise = rf"\b(?:{'|'.join(_ELSE)})\b"
    for split in ("&", rf"\b{_IF}", r",(?=[^,]*(?:[<>≤≥=]|\\[lg]e))", rf"(?={otherwise})"):
        value, *conditions = re.split(split, part, maxsplit=1)
        if conditions and value.strip():
            return conditions[0], value.strip().removesuffix(",").removesuffix("\\")
    condition, colon, value = part.partition(":")
    if colon:
        return condition, value
    words = re.match(rf"\s*{otherwise}", part)
    if words:
        return "else", part[words.end() :]
    raise UnfinishedError(f'expected a value and its condition, found "{quoted(part.strip())}"', 0)


def _bounds(condition: str, variable: str, vocabulary: Vocabulary) -> tuple[_Bound, ...]:
    text = _plain_words(clean(condition)) if condition.strip() else ""
    text = re.sub(rf"^\W*{_IF}", "", text).strip(" ,.:&$\t\n")
    if not text or text.lower() in _ELSE:
        return ()
    signs = [_RELATIONS.get(sign, sign) for sign in _RELATION.findall(text)]
    if not 1 <= len(signs) <= 2:
        expected = f'a condition such as "{variable} > 0"'
        raise MisplacedError(f'expected {expected}, found "{quoted(condition)}"', 0)
    sides = [_scalar(read_formula(side, vocabulary)) for side in _RELATION.split(text)]
    bounds = []
    for left, sign, right in zip(sides, signs, sides[1:], strict=False):
        if right.op == "symbol" and right.label == variable:
            left, sign, right = right, _MIRRORED[sign], left
        if left.op != "symbol" or left.label != variable or right.rational is None:
            text = f'expected a comparison of {variable} with a fraction, found "{quoted(condition)}"'
            raise MisplacedError(text, 0)
        bounds.append(_Bound(sign, right))
    return tuple(bounds)


# --- the cases together -----------------------------------------------------------------------------------------------


def _joined(branches: list[_Branch], x: Exact, in_order: bool) -> Exact:
    conditional = [branch for branch in branches if branch.bounds]
    others = [branch for branch in branches if not branch.bounds]
    if len(others) > 1:
        raise AmbiguousError("expected one case for all other values, found two", 0)
    if not in_order:
        _check_cover(conditional, x, complete=bool(others))
        # single points first: a case that holds on an interval must be the one that becomes "otherwise"
        conditional.sort(key=lambda branch: all(bound.relation != "=" for bound in branch.bounds))
    rest = others[0].value if others else conditional.pop().value
    for branch in reversed(conditional):
        inner = branch.value
        for bound in reversed(branch.bounds[1:]):
            inner = case([(_condition(bound, x), inner)], rest)
        rest = _case(_condition(branch.bounds[0], x), inner, rest, flat=len(branch.bounds) == 1)
    return rest


def _case(condition: Condition, value: Exact, rest: Exact, flat: bool) -> Exact:
    """One more case before others; a chain of cases is one case distinction."""
    if flat and rest.op == "case":
        return case([(condition, value), *more(rest)], rest.args[-1])
    return case([(condition, value)], rest)


def _condition(bound: _Bound, x: Exact) -> Condition:
    return Condition(bound.relation, x, bound.threshold)


def _check_cover(branches: list[_Branch], x: Exact, complete: bool) -> None:
    """Every interval between thresholds must belong to exactly one case; `complete` if there is one for the rest."""
    thresholds: list[Exact] = []
    for bound in (bound for branch in branches for bound in branch.bounds):
        if not any(bool(bound.threshold == t) for t in thresholds):
            thresholds.append(bound.threshold)
    thresholds = _sorted(thresholds)
    one, half = exact(1), exact("1/2")
    points = [exact(0)]
    if thresholds:
        between = [(a + b) * half for a, b in pairwise(thresholds)]
        points = [thresholds[0] - one, *between, thresholds[-1] + one]
    for i, point in enumerate(points):
        holding = [branch for branch in branches if all(bound.holds(point) for bound in branch.bounds)]
        if not holding and not complete:
            raise IncompleteCasesError(f"expected a case for {_interval(thresholds, i, x)}, found none", 0)
        if len(holding) > 1:
            both = " and ".join(f'"{quoted(branch.written)}"' for branch in holding[:2])
            raise AmbiguousError(f"both {both} hold for {_interval(thresholds, i, x)}", 0)


def _interval(thresholds: list[Exact], i: int, x: Exact) -> str:
    if not thresholds:
        return f"every {x}"
    if i == 0:
        return f"{x} < {thresholds[0]}"
    if i == len(thresholds):
        return f"{x} > {thresholds[-1]}"
    return f"{thresholds[i - 1]} < {x} < {thresholds[i]}"


def _sorted(numbers: list[Exact]) -> list[Exact]:
    found: list[Exact] = []
    for number in numbers:
        place = next((i for i, other in enumerate(found) if bool(number < other)), len(found))
        found.insert(place, number)
    return found


def _compared(relation: str, a: Exact, b: Exact) -> bool:
    outcomes = {"<": a < b, "≤": a <= b, ">": a > b, "≥": a >= b, "=": a == b, "≠": a != b}
    return bool(outcomes[relation])
