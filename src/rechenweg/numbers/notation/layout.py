"""The layout tree: a formula as it is to be looked at, before it is text, LaTeX, Typst or MathML.

A tree says what stands where (a fraction, an index, a bracket), not what it means. The numbers above it
(:mod:`rechenweg.numbers.exact`) build trees, the reader builds them from LaTeX, the four writers only read them.
All nodes are immutable and hashable. The helpers at the end say, once for all writers, how neighbours in a row
see each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rechenweg.numbers.notation.symbols import CONNECTING_WORDS, operator


@dataclass(frozen=True, slots=True)
class Sym:
    """One symbol: a letter (``"x"``, ``"σ"``, ``"∂"``), set in italics, or a name (``"ReLU"``), set upright."""

    text: str


@dataclass(frozen=True, slots=True)
class Num:
    """Digits as they stand, with a decimal *point*, maybe a leading ``-``: ``"3"``, ``"-0.5"``.

    The writers make the point a comma in German.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Op:
    """A binary operator, relation, punctuation or space, named by its Unicode character: ``"−"``, ``"≤"``, ``","``.

    The known ones are the keys of :data:`rechenweg.numbers.notation.symbols.OPERATORS`. A sign at the start of a row
    or after another operator is a prefix by itself; ``prefix=True`` says so where the place does not.
    """

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Running text within a formula: ``"otherwise"``. The few words of :data:`symbols.GERMAN_WORDS` are translated."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Things side by side; a row within a row reads as if its items stood there themselves."""

    items: tuple[Layout, ...]


@dataclass(frozen=True, slots=True)
class Frac:
    """A fraction ``num`` over ``den``."""

    num: Layout
    den: Layout


@dataclass(frozen=True, slots=True)
class Sup:
    """``base`` raised: a power, ``Sym("T")`` for the transpose (set upright), ``Sym("′")`` for a derivative."""

    base: Layout
    exp: Layout


@dataclass(frozen=True, slots=True)
class Sub:
    """``base`` with an index."""

    base: Layout
    sub: Layout


@dataclass(frozen=True, slots=True)
class SubSup:
    """``base`` with an index and something raised, one above the other."""

    base: Layout
    sub: Layout
    sup: Layout


@dataclass(frozen=True, slots=True)
class Root:
    """A root of ``x``; the square root where ``degree`` is left out."""

    x: Layout
    degree: Layout | None = None


@dataclass(frozen=True, slots=True)
class Paren:
    """``x`` within brackets that grow with it; ``""`` leaves one side open.

    Known brackets: ``( ) [ ] { } | ‖ ⌊ ⌋ ⌈ ⌉ ⟨ ⟩``.
    """

    x: Layout
    open: str = "("
    close: str = ")"


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied: ``Call(Sym("σ"), (Sym("o"),))`` is σ(o). Looks like the row of name and bracket."""

    name: Layout
    args: tuple[Layout, ...]


@dataclass(frozen=True, slots=True)
class Accent:
    """``x`` under a hat, an arrow, a bar, a tilde or a dot."""

    kind: Literal["hat", "vec", "bar", "tilde", "dot"]
    x: Layout


@dataclass(frozen=True, slots=True)
class Cases:
    """Case by case: ``(value, condition)`` pairs.

    A condition that does not itself begin with :class:`Words` is written after "if"; ``Row(())`` leaves it out.
    """

    branches: tuple[tuple[Layout, Layout], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cells row by row, within brackets; ``""`` for none."""

    rows: tuple[tuple[Layout, ...], ...]
    open: str = "["
    close: str = "]"


@dataclass(frozen=True, slots=True)
class BigOp:
    """``"∑"``, ``"∏"``, ``"∫"``, ``"max"``, ``"min"`` (or another name) with limits; what it ranges over follows it."""

    symbol: str
    sub: Layout | None = None
    sup: Layout | None = None


Layout: TypeAlias = (
    Sym | Num | Op | Words | Row | Frac | Sup | Sub | SubSup | Root | Paren | Call | Accent | Cases | Matrix | BigOp
)

EMPTY = Row(())
PRIME = Sym("′")
TRANSPOSE = Sym("T")
_SIGNS = frozenset("+-−±")


def row(*items: Layout) -> Layout:
    """The items side by side, rows among them opened up; one item alone is itself.

    >>> row(Sym("a"), Row((Op("+"), Sym("b"))))
    Row(items=(Sym(text='a'), Op(text='+', prefix=False), Sym(text='b')))
    >>> row(Sym("a"))
    Sym(text='a')
    """
    flat: list[Layout] = []
    for item in items:
        if isinstance(item, Row):
            flat.extend(item.items)
        else:
            flat.append(item)
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def prime(x: Layout) -> Layout:
    """x′, the derivative of a function of one variable."""
    return Sup(x, PRIME)


# --- what all writers agree on ---------------------------------------------------------------------------------------


def row_items(items: Iterable[Layout]) -> list[Layout]:
    """The items of a row as the writers see them.

    Rows within it are opened up, calls become name and bracket, and every sign says that it is one
    (``prefix=True``) from the place where it stands.
    """
    flat: list[Layout] = []
    _flatten(items, flat)
    before: Layout | None = None
    for place, item in enumerate(flat):
        if isinstance(item, Op):
            if not item.prefix and item.text in _SIGNS and _leaves_a_sign(before):
                flat[place] = item = Op(item.text, prefix=True)
            if is_space(item):
                continue
        before = item
    return flat


def _flatten(items: Iterable[Layout], flat: list[Layout]) -> None:
    for item in items:
        if isinstance(item, Row):
            _flatten(item.items, flat)
        elif isinstance(item, Call):
            _flatten((item.name,), flat)
            flat.append(Paren(_listed(item.args)))
        elif isinstance(item, Num) and item.text.startswith("-"):
            flat += (Op("−", prefix=True), Num(item.text[1:]))
        else:
            flat.append(item)


def _listed(arguments: tuple[Layout, ...]) -> Layout:
    items: list[Layout] = []
    for argument in arguments:
        items += (Op(","), argument) if items else (argument,)
    return row(*items)


def _leaves_a_sign(before: Layout | None) -> bool:
    """Whether + or − after `before` cannot stand between two operands."""
    if isinstance(before, Op):
        return operator(before.text).kind not in ("postfix", "dots")
    if isinstance(before, Words):
        return before.text.strip() in CONNECTING_WORDS  # "if −x", but "input − kernel"
    return before is None or isinstance(before, BigOp)


def neighbours(items: list[Layout]) -> Iterator[tuple[Layout | None, bool, Layout, Layout | None]]:
    """Each item of a row between its neighbours: what precedes it, whether without a gap, the item, what follows.

    A space is passed as an item but precedes none: the minus in ``x, \\quad -1`` follows the comma.
    """
    before: Layout | None = None
    touching = False
    last = len(items) - 1
    for place, item in enumerate(items):
        yield before, touching, item, items[place + 1] if place < last else None
        touching = not is_space(item)
        if touching:
            before = item


def is_space(item: Layout) -> bool:
    """Whether an item of a row is only a gap."""
    return isinstance(item, Op) and operator(item.text).kind == "space"


def ends_operand(item: Layout | None) -> bool:
    """Whether an operand stands, complete, at this item (so that the next one is multiplied or applied)."""
    if isinstance(item, Op):
        return operator(item.text).kind in ("postfix", "dots")
    return item is not None


def scripts(layout: Sup | Sub | SubSup) -> tuple[Layout, Layout | None, Layout | None]:
    """Base, index and exponent; an index under an exponent counts as one pair, in whichever order it was built."""
    if isinstance(layout, SubSup):
        return layout.base, layout.sub, layout.sup
    base = layout.base
    if isinstance(layout, Sup):
        if isinstance(base, Sub):
            return base.base, base.sub, layout.exp
        return base, None, layout.exp
    if isinstance(base, Sup):
        return base.base, layout.sub, base.exp
    return base, layout.sub, None


def head(layout: Layout) -> Layout:
    """What is left of x₁, x², x̂ … without its indices, exponents and accents."""
    while True:
        if isinstance(layout, (Sup, Sub, SubSup)):
            layout = layout.base
        elif isinstance(layout, Accent):
            layout = layout.x
        else:
            return layout


def is_name(layout: Layout) -> bool:
    """Whether something is an upright name, maybe with an index: ln, ReLU₁, softmax, maxᵢ."""
    base = head(layout)
    if isinstance(base, Sym):
        return len(base.text) > 1
    return isinstance(base, BigOp) and base.symbol not in "∑∏∫"


def is_bracket(layout: Layout) -> bool:
    """Whether something begins with a bracket, so that a name before it is applied to it."""
    base = head(layout)
    return isinstance(base, (Paren, Matrix, Cases))


def is_simple(layout: Layout) -> bool:
    """Whether something can carry an index as it stands, without being grouped first."""
    if isinstance(layout, Num):
        return not layout.text.startswith("-")
    return isinstance(layout, (Sym, Paren, Accent, Matrix))


def needs_gap(before: Layout, after: Layout) -> bool:
    """Whether two neighbours, neither an operator, need a gap: "ln 2" and "2 ∑ᵢ xᵢ", but "2x" and "ln(2)"."""
    before_big, after_big = isinstance(before, BigOp), isinstance(after, BigOp)
    if isinstance(before, Words) or isinstance(after, Words) or after_big or is_name(after):
        return True
    if is_name(before):
        return not is_bracket(after)
    return before_big or (isinstance(before, Num) and isinstance(head(after), Num))


def words_gaps(before: Layout | None, touching: bool, after: Layout | None) -> tuple[bool, bool]:
    """Whether running text within a row needs a space before and after itself."""
    gap_before = touching and (not isinstance(before, Op) or ends_operand(before))
    gap_after = after is not None and (not isinstance(after, Op) or after.prefix)
    return gap_before, gap_after


def condition_items(condition: Layout) -> list[Layout]:
    """The condition of a case with its "if"; empty where there is none."""
    items = row_items((condition,))
    if items and not isinstance(items[0], Words):
        items.insert(0, Words("if"))
    return items


def bare_matrix(paren: Paren) -> Matrix | None:
    """A bracket around nothing but a matrix without brackets *is* that matrix with brackets."""
    x = paren.x
    if isinstance(x, Matrix) and not x.open and not x.close:
        return Matrix(x.rows, paren.open, paren.close)
    return None
