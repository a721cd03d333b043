"""What people read, as data: prose, formulas, tables, code, drawings.

A worked solution, a question's text, a marked page: each is a :class:`Document`, a plain sequence of blocks
that says nothing about fonts or pages. The four writers of :mod:`rechenweg.working.writers` turn it into text
for the terminal, HTML with MathML, LaTeX and Typst; every block can be written in every form and in both
languages, so that the four cannot disagree.

>>> from rechenweg.text import T
>>> from rechenweg.numbers.notation import read_latex
>>> chain = Equation.of(read_latex(r"\\hat y"), read_latex("w x"), read_latex(r"2 \\cdot 3"), read_latex("6"))
>>> document = Document((Prose(T("Forward:", "Vorwärts:")), chain)) + Document((Callout.of_credit("1/2"),))
>>> [type(block).__name__ for block in document.blocks]
['Prose', 'Equation', 'Callout']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rechenweg.errors import ShapeError
from rechenweg.numbers.notation import Layout
from rechenweg.text import T
from rechenweg.working.drawing import Drawing

Cell = T | Layout | str
"""A cell of a table: prose with its markup, a formula, or a plain string taken literally."""

CalloutKind = Literal["given", "convention", "note", "credit", "warning"]

CALLOUT_TITLES: dict[str, T] = {
    "given": T("Given", "Gegeben"),
    "convention": T("Convention", "Konvention"),
    "note": T("Note", "Hinweis"),
    "credit": T("Credit", "Punkte"),
    "warning": T("Warning", "Achtung"),
}

EMPTY = T("", "")


@dataclass(frozen=True, slots=True)
class Prose:
    """One or more paragraphs in the mini-markup of :mod:`rechenweg.working.prose`."""

    text: T


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the largest, 4 the smallest."""

    text: T
    level: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.level <= 4:
            raise ShapeError(f"Heading: expected a level from 1 to 4, found {self.level}")


@dataclass(frozen=True, slots=True)
class Rel:
    """A link of a chain whose relation is not plain equality: ``Rel("≈", value)``, ``Rel("∈", set)``."""

    sign: str
    value: Layout


@dataclass(frozen=True, slots=True)
class Equation:
    r"""Chains of equalities, aligned at their first relation sign.

    rows: each row is ``(lhs, rhs1, rhs2, …)``, read *lhs = rhs1 = rhs2 …* (general form, values put in,
    result);
        a link with another sign is given as :class:`Rel`. A row of one cell is a formula without a relation.
        The writers keep a chain on one line while it fits and otherwise give each link its own line.
    notes: one per row or none at all; written small beside the row ("padding left out").

    >>> from rechenweg.numbers.notation import read_latex
    >>> row = (read_latex("L"), read_latex("(y - t)^2"), Rel("≈", read_latex("0.25")))
    >>> Equation((row,)).notes
    (None,)
    """

    rows: tuple[tuple[Layout | Rel, ...], ...]
    notes: tuple[T | None, ...] = ()

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if not row or isinstance(row[0], Rel):
                came = "an empty row" if not row else "a relation sign without a left-hand side"
                raise ShapeError(f"Equation: row {number}: expected a formula first, found {came}")
        if not self.notes:
            object.__setattr__(self, "notes", (None,) * len(self.rows))
        if len(self.notes) != len(self.rows):
            raise ShapeError(f"Equation: expected one note per row ({len(self.rows)}), found {len(self.notes)} notes")

    @classmethod
    def of(cls, lhs: Layout, *links: Layout | Rel, note: T | None = None) -> Equation:
        """One chain *lhs = link = link …* with an optional note."""
        return cls(((lhs, *links),), (note,))


@dataclass(frozen=True, slots=True)
class Table:
    """A table with an optional header row (``()`` for none).

    align: one letter per column out of ``l c r``; the last letter counts for all columns after it.
    Raises ShapeError if rows differ in length or `align` holds another letter.
    """

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: str = "l"
    caption: T | None = None

    def __post_init__(self) -> None:
        columns = self.columns
        for number, row in enumerate(self.rows, start=1):
            if len(row) != columns:
                raise ShapeError(f"Table: row {number}: expected {columns} cells, found {len(row)}")
        if not self.align or set(self.align) - set("lcr"):
            raise ShapeError(f"Table: expected align out of the letters l, c, r, found {self.align!r}")

    @property
    def columns(self) -> int:
        """How many columns the table has."""
        return len(self.header) if self.header else len(self.rows[0]) if self.rows else 0

    @property
    def alignment(self) -> str:
        """One letter for every column."""
        return (self.align + self.align[-1] * self.columns)[: self.columns]


@dataclass(frozen=True, slots=True)
class Code:
    """Source code, printed as it stands."""

    source: str
    language: str = "python"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing. `alt` says in words what it shows: for the terminal, for screen readers, for LaTeX."""

    drawing: Drawing
    caption: T | None
    alt: T


@dataclass(frozen=True, slots=True)
class Callout:
    """A short text set apart: what is given, the convention in force, a note, a warning, the credit of a
    step.

    A callout of kind ``"credit"`` belongs to the block before it: paged forms print its credit as a small box
    at the right margin beside that block, with the text (the reason) in small print. Only it carries a
    `credit`.
    """

    kind: CalloutKind
    text: T = EMPTY
    credit: Fraction | None = None

    def __post_init__(self) -> None:
        if (self.kind == "credit") != (self.credit is not None):
            expected = "a credit" if self.kind == "credit" else "no credit"
            raise ShapeError(f"Callout: expected {expected} for kind {self.kind!r}, found {self.credit}")

    @classmethod
    def of_credit(cls, credit: Fraction | int | str, text: T = EMPTY) -> Callout:
        """The credit of the block before it: ``Callout.of_credit("1/2", T("chain rule", "Kettenregel"))``."""
        return cls("credit", text, Fraction(credit))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, bulleted or numbered; an item is prose or a whole block.

    A Listing among the items is nested: it belongs to the item before it and has no mark of its own.
    """

    items: tuple[Block | T, ...]
    ordered: bool = False

    def entries(self) -> list[tuple[Block, ...]]:
        """The marked entries: each item as a block, with the lists nested under it.

        >>> nested = Listing((T.same("inner"),))
        >>> [len(entry) for entry in Listing((T.same("outer"), nested, T.same("next"))).entries()]
        [2, 1]
        """
        found: list[tuple[Block, ...]] = []
        for item in self.items:
            block = Prose(item) if isinstance(item, T) else item
            if isinstance(block, Listing) and found:
                found[-1] = (*found[-1], block)
            else:
                found.append((block,))
        return found


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Forms with pages begin a new one; the others draw a rule."""


Block = Prose | Heading | Equation | Table | Code | Figure | Callout | Listing | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A sequence of blocks; documents are joined with ``+``."""

    blocks: tuple[Block, ...] = ()

    @classmethod
    def of(cls, *blocks: Block | T) -> Document:
        """A document from blocks; a bare text becomes prose."""
        return cls(tuple(Prose(block) if isinstance(block, T) else block for block in blocks))

    def __add__(self, other: Document) -> Document:
        return Document(self.blocks + other.blocks)

    def __bool__(self) -> bool:
        return bool(self.blocks)

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)


def join(documents: Iterable[Document]) -> Document:
    """All documents, one after the other.

    >>> join([Document.of(PageBreak()), Document.of(PageBreak())]) == Document((PageBreak(), PageBreak()))
    True
    """
    return Document(tuple(block for document in documents for block in document.blocks))


_FRACTION_SIGNS = {Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}


def credit_text(credit: Fraction | int) -> str:
    """A credit as it stands on paper, the same in both languages.

    >>> [credit_text(Fraction(n, 2)) for n in (0, 1, 2, 3, -1)], credit_text(Fraction(2, 3))
    (['0', '½', '1', '1½', '−½'], '2/3')
    """
    credit = Fraction(credit)
    sign, size = ("−" if credit < 0 else ""), abs(credit)
    whole, rest = divmod(size, 1)
    if not rest:
        return f"{sign}{whole}"
    if rest not in _FRACTION_SIGNS:
        return f"{sign}{size}"
    return f"{sign}{whole or ''}{_FRACTION_SIGNS[rest]}"


Step = tuple[Block, tuple[Callout, ...]]


def with_credits(blocks: Iterable[Block]) -> Iterator[Step]:
    """Each block together with the credit callouts that follow it, which belong beside it.

    A credit that follows no block, a heading or a page break stands for itself.

    >>> half = Callout.of_credit("1/2")
    >>> blocks = (half, Prose(T.same("z")), half, half, PageBreak())
    >>> [(type(block).__name__, len(credits)) for block, credits in with_credits(blocks)]
    [('Callout', 0), ('Prose', 2), ('PageBreak', 0)]
    """
    block: Block | None = None
    credits: list[Callout] = []
    for next_block in blocks:
        beside = isinstance(next_block, Callout) and next_block.kind == "credit"
        if beside and isinstance(block, (Prose, Equation, Table, Code, Figure, Listing)):
            assert isinstance(next_block, Callout)
            credits.append(next_block)
            continue
        if block is not None:
            yield block, tuple(credits)
        block, credits = next_block, []
    if block is not None:
        yield block, tuple(credits)
