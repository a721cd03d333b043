"""Where a chain of equalities breaks into lines, decided once for all writers.

A chain stays on one line while it fits. When it does not, its links wrap onto lines of their own, each
beginning with its relation sign; a link that is still too long is split before a + or − (or a product sign)
of its outermost sum. The terminal measures in character cells; the other forms by :func:`extent`, an estimate
in the same unit (about half the type size), since neither HTML nor Typst tells us a formula's width before it
is set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import combining, east_asian_width

from rechenweg.numbers.notation import (
    Accent,
    BigOp,
    Call,
    Cases,
    Frac,
    Layout,
    Matrix,
    Num,
    Op,
    Paren,
    Root,
    Row,
    Sub,
    SubSup,
    Sup,
    Sym,
    Words,
    to_text,
)
from rechenweg.numbers.notation.symbols import operator
from rechenweg.text import Language, T
from rechenweg.working.document import Equation, Rel

Measure = Callable[[Layout], float]

GAP = 2.0
"""Room that a relation sign takes beside its own width, in characters."""

# What the kinds of signs keep free on both sides together.
_SPACE_AROUND = {"binary": 1.0, "relation": 1.3, "punctuation": 0.4}

INDENT = 4.0
"""How far a line that carries on a formula is set in."""

SUMS = frozenset({"+", "−", "-", "±"})
PRODUCTS = frozenset({"·", "×", "⋅"})


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One printed line: the left-hand side (on a chain's first line only), then (sign, formula) links.

    With `more` the line carries on the formula of the line above, and its first sign is a + or a product sign.
    """

    lhs: Layout | None
    links: tuple[tuple[str, Layout], ...]
    note: T | None = None
    more: bool = False


def cells(text: str) -> int:
    """How many columns of a terminal the text takes.

    >>> cells("ŷ"), cells("x\u0302"), cells("層")
    (1, 1, 2)
    """
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) or c == "\u200b" else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def text_measure(language: Language) -> Measure:
    """Measure by the formula's text form."""
    return lambda layout: cells(to_text(layout, language))


@lru_cache(maxsize=65536)
def extent(layout: Layout) -> float:
    """The estimated width of a typeset formula, in characters of half the type size."""
    match layout:
        case Sym(text) | Num(text) | Words(text):
            return float(cells(text))
        case Op(text):
            return cells(text) + _SPACE_AROUND.get(operator(text).kind, 0.0)
        case Row(items):
            return sum(map(extent, items))
        case Frac(num, den):
            return max(extent(num), extent(den)) + 0.5
        case Sup(base, exp) | Sub(base, exp):
            return extent(base) + 0.7 * extent(exp)
        case SubSup(base, sub, sup):
            return extent(base) + 0.7 * max(extent(sub), extent(sup))
        case Root():
            return extent(layout.x) + 1.8
        case Paren():
            return extent(layout.x) + 1.6
        case Call(name, args):
            return extent(name) + 1.6 + sum(map(extent, args)) + max(0, len(args) - 1)
        case Accent():
            return extent(layout.x)
        case Cases(branches):
            return 4.0 + max((extent(a) + extent(b) for a, b in branches), default=0.0)
        case Matrix(rows):
            columns = zip(*rows, strict=False)
            return 2.0 + sum(2.0 + max(map(extent, column)) for column in columns)
        case BigOp():
            return 3.0


def chain_lines(equation: Equation, width: float, measure: Measure) -> list[ChainLine]:
    """The printed lines of an equation that has `width` characters of room."""
    lhs_width = max((measure(_lhs(row)) for row in equation.rows if len(row) > 1), default=0.0)
    room = max(width - lhs_width, 12.0)
    lines: list[ChainLine] = []
    for row, note in zip(equation.rows, equation.notes, strict=True):
        lines.extend(_row_lines(row, note, room, measure))
    return lines


def _lhs(row: tuple[Layout | Rel, ...]) -> Layout:
    first = row[0]
    assert not isinstance(first, Rel)  # an Equation checks that
    return first


def _row_lines(row: tuple[Layout | Rel, ...], note: T | None, room: float, measure: Measure) -> list[ChainLine]:
    first = _lhs(row)
    if len(row) == 1:
        pieces = split_sum(first, room, measure)
        lines = [ChainLine(pieces[0][1], ()), *(ChainLine(None, (piece,), more=True) for piece in pieces[1:])]
    else:
        lines = _chain(first, row[1:], room, measure)
    if note:
        lines[-1] = replace(lines[-1], note=note)
    return lines


def _chain(lhs: Layout, links: tuple[Layout | Rel, ...], room: float, measure: Measure) -> list[ChainLine]:
    """The links filled into lines; `used` is how far the last line is filled."""
    lines: list[ChainLine] = []
    used = 0.0
    for link in links:
        sign, formula = (link.sign, link.value) if isinstance(link, Rel) else ("=", link)
        needs = GAP + cells(sign) + measure(formula)
        if lines and used + needs <= room:
            lines[-1] = replace(lines[-1], links=(*lines[-1].links, (sign, formula)))
            used += needs
            continue
        pieces = split_sum(formula, room - GAP - cells(sign), measure)
        lines.append(ChainLine(None, ((sign, pieces[0][1]),)))
        lines.extend(ChainLine(None, (piece,), more=True) for piece in pieces[1:])
        last_sign, last = pieces[-1]
        used = GAP + cells(last_sign or sign) + measure(last) + (INDENT if len(pieces) > 1 else 0.0)
    lines[0] = replace(lines[0], lhs=lhs)
    return lines


Piece = tuple[str, Layout]
"""A sign and what it stands before; the sign of a formula's first piece is ``""``."""


def split_sum(formula: Layout, room: float, measure: Measure) -> list[Piece]:
    """The formula in pieces that fit, cut before the signs of its outermost sum or product."""
    if not isinstance(formula, Row) or measure(formula) <= room:
        return [("", formula)]
    for signs in (SUMS, PRODUCTS):
        terms = _terms(formula.items, signs)
        if len(terms) > 1:
            return _packed(terms, room, measure)
    return [("", formula)]


def _terms(items: tuple[Layout, ...], signs: frozenset[str]) -> list[tuple[str, tuple[Layout, ...]]]:
    """The items cut at every sign that stands between two operands, each part with its sign."""
    terms: list[tuple[str, list[Layout]]] = [("", [])]
    for item in items:
        before = terms[-1][1]
        # A sign right after another operator (a · −b) belongs to its operand.
        if isinstance(item, Op) and item.text in signs and before and not isinstance(before[-1], Op):
            terms.append((item.text, []))
        else:
            before.append(item)
    return [(sign, tuple(term)) for sign, term in terms]


def _packed(terms: list[tuple[str, tuple[Layout, ...]]], room: float, measure: Measure) -> list[Piece]:
    """As many whole terms on each line as fit."""
    lines: list[tuple[str, list[Layout]]] = []
    used = 0.0
    for sign, term in terms:
        needs = measure(Row(term)) + GAP + cells(sign)
        if lines and used + needs <= room:
            lines[-1][1].extend((Op(sign), *term))
            used += needs
        else:
            used = needs + (INDENT if lines else 0.0)
            lines.append((sign, list(term)))
    return [(sign, Row(tuple(line))) for sign, line in lines]
