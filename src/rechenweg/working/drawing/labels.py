"""The words of a drawing: a formula as runs of italic and upright characters, and how wide words are.

SVG has no mathematics, so a formula becomes one line of text with raised and lowered parts; a fraction
becomes a quotient with a slash. Widths are estimates from the metrics of Times, which serif fonts share
within a few per
cent: enough to make a box as wide as its label.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from unicodedata import combining, normalize

from rechenweg.numbers.notation import (
    Accent,
    BigOp,
    Frac,
    Layout,
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
from rechenweg.numbers.notation.layout import PRIME, is_simple, needs_gap, row_items, scripts
from rechenweg.numbers.notation.symbols import GERMAN_WORDS, operator
from rechenweg.text import LANGUAGES, Language, T
from rechenweg.working.prose import Bold, CodeSpan, Inline, Italic, Math, Plain, parse

SCRIPT = 0.7
"""Size of an index against its base."""

_THIN, _MEDIUM = "\u2009", "\u2005"
_COMBINING = {"hat": "\u0302", "vec": "\u20d7", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}


@dataclass(frozen=True, slots=True)
class Run:
    """Characters in one style; `rise` and `back` (left, before it) are in units of the label's size."""

    text: str
    italic: bool = False
    bold: bool = False
    mono: bool = False
    rise: float = 0.0
    scale: float = 1.0
    back: float = 0.0


Runs = tuple[Run, ...]


def lines(content: Layout | str | T, language: Language) -> tuple[Runs, ...]:
    """The lines of a label, each as runs."""
    if isinstance(content, T):
        texts = content.in_(language).split("\n")
        return tuple(tuple(run for part in parse(text) for run in _prose(part, language)) for text in texts)
    if isinstance(content, str):
        return tuple((Run(text),) for text in content.split("\n"))
    return (formula(content, language),)


def _prose(items: tuple[Inline, ...], language: Language) -> Iterator[Run]:
    for item in items:
        match item:
            case Plain(text):
                yield Run(text)
            case CodeSpan(text):
                yield Run(text, mono=True)
            case Math(layout):
                yield from formula(layout, language)
            case Bold(inner):
                yield from (replace(run, bold=True) for run in _prose(inner, language))
            case Italic(inner):
                yield from (replace(run, italic=True) for run in _prose(inner, language))


@lru_cache(maxsize=8192)
def formula(layout: Layout, language: Language = "en") -> Runs:
    """A formula as runs, neighbours of one style joined.

    >>> from rechenweg.numbers.notation import read_latex
    >>> [(run.text, run.italic, run.rise) for run in formula(read_latex("w_1"))]
    [('w', True, 0.0), ('1', False, -0.18)]
    """
    joined: list[Run] = []
    for run in _runs(layout, language):
        if joined and replace(joined[-1], text="", back=0.0) == replace(run, text=""):
            joined[-1] = replace(joined[-1], text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return tuple(replace(run, text=normalize("NFC", run.text)) for run in joined)


def _runs(layout: Layout, language: Language) -> Iterator[Run]:
    match layout:
        case Sym(text):
            italic = len(text) == 1 and text.isalpha() and (text.isascii() or "α" <= text <= "ϵ")
            yield Run(text, italic=italic)
        case Num(text):
            yield Run(text.replace("-", "−").replace(".", "," if language == "de" else "."))
        case Words(text):
            yield Run(GERMAN_WORDS.get(text, text) if language == "de" else text)
        case Op():
            yield Run(operator(layout.text).text)  # alone, as in f(·), it needs no air
        case Row():
            yield from _row(row_items(layout.items), language)
        case Frac(num, den):
            yield from _grouped(num, language)
            yield Run("/")
            yield from _grouped(den, language)
        case Sup() | Sub() | SubSup():
            yield from _scripts(layout, language)
        case Root(x, degree):
            if degree is not None:
                yield from _script(degree, 0.35, language)
            yield Run("√")
            yield from _grouped(x, language)
        case Paren():
            yield Run(layout.open)
            yield from _runs(layout.x, language)
            yield Run(layout.close)
        case Accent(kind, x):
            inner = list(_runs(x, language))
            if inner:
                first = inner[0]
                yield replace(first, text=first.text[:1] + _COMBINING[kind] + first.text[1:])
                yield from inner[1:]
        case BigOp(symbol, sub, sup):
            yield Run(symbol)
            for part, rise in ((sub, -0.22), (sup, 0.4)):
                if part is not None:
                    yield from _script(part, rise, language)
        case _:
            items = row_items((layout,))
            if len(items) == 1 and items[0] is layout:  # cases, matrices: one line is all there is
                yield Run(to_text(layout, language))
            else:
                yield from _row(items, language)


def _row(items: list[Layout], language: Language) -> Iterator[Run]:
    before: Layout | None = None
    for item in items:
        if isinstance(item, Op):
            yield Run(_operator(item))
        else:
            if before is not None and not isinstance(before, Op) and needs_gap(before, item):
                yield Run(_THIN)
            yield from _runs(item, language)
        before = item


def _operator(op: Op) -> str:
    entry = operator(op.text)
    if entry.kind in ("relation", "binary"):
        return entry.text if op.prefix else f"{_MEDIUM}{entry.text}{_MEDIUM}"
    return entry.text + _THIN if entry.kind == "punctuation" else entry.text


def _grouped(layout: Layout, language: Language) -> Iterator[Run]:
    """The part of a quotient or root, in brackets if it is more than one thing."""
    bare = isinstance(layout, (Sup, Sub, SubSup)) or is_simple(layout)
    items = layout.items if isinstance(layout, Row) else ()
    tight = bool(items) and not any(isinstance(item, (Op, Frac)) for item in items)  # ∂L, ∂w₁
    yield from _runs(layout if bare or tight else Paren(layout), language)


def _scripts(layout: Sup | Sub | SubSup, language: Language) -> Iterator[Run]:
    base, sub, sup = scripts(layout)
    yield from _runs(base, language)
    if sup == PRIME:  # the character is raised already
        yield Run("′")
        sup = None
    under = list(_script(sub, -0.18, language)) if sub is not None else []
    yield from under
    if sup is not None:
        over = list(_script(sup, 0.36, language))
        if under and over:
            over[0] = replace(over[0], back=width(tuple(under), 1.0))
        yield from over


def _script(layout: Layout, rise: float, language: Language) -> Iterator[Run]:
    for run in _runs(layout, language):
        text = run.text.replace(_MEDIUM, "")  # operators stand close in an index
        # An index of an index is not made smaller still: it must stay readable in print.
        yield replace(run, text=text, rise=rise + run.rise * SCRIPT, scale=SCRIPT, back=run.back * SCRIPT)


# ---- widths ----

# Advance widths of Times in thousandths of the size; what is missing counts as 500.
_WIDTHS = {
    **dict.fromkeys("ijlt|'ʹ", 278), **dict.fromkeys(" .,", 250), **dict.fromkeys("frsI()[]-:;/!", 330),
    **dict.fromkeys("aczeJ?", 444), **dict.fromkeys("wmMW", 778), **dict.fromkeys("FPSL", 565),
    **dict.fromkeys("ABCDEGHKNORTUVXYZQ&", 690), **dict.fromkeys("+−=×<>≤≥≈±∂", 564),
    "m": 778, "w": 722, "W": 944, "M": 889, "%": 833, "…": 1000, "→": 980, "∑": 713, "∏": 823, "√": 549,
    "\u2009": 170, "\u2005": 250, "·": 250, "\u00a0": 250, "′": 247,
}  # fmt: skip


def width(runs: Runs, size: float) -> float:
    """The estimated width of one line at a type size, in points.

    >>> round(width((Run("Conv1d"),), 10.0))
    32
    """
    total = 0.0
    for run in runs:
        em = sum(_WIDTHS.get(char, 500) for char in normalize("NFC", run.text) if not combining(char)) / 1000
        if run.mono:
            em = 0.6 * len(run.text)
        total += run.scale * em * (1.06 if run.bold else 1.0) - run.back
    return total * size


def label_width(content: Layout | str | T, size: float) -> float:
    """The estimated width of a label, in its wider language and widest line."""
    return max(width(line, size) for language in LANGUAGES for line in lines(content, language))
