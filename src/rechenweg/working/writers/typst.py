"""Documents as Typst markup.

The markup is short: it calls a handful of functions that :data:`TYPST_PRELUDE` defines, once per Typst file.
A page maker includes the prelude at the top and puts what :func:`write` returns wherever content may stand;
fonts, language and page are the page maker's. :func:`typst_page` wraps a document as a file that compiles by
itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rechenweg.numbers.notation import Op, to_typst
from rechenweg.text import Language, T
from rechenweg.working import drawing
from rechenweg.working.document import (
    CALLOUT_TITLES,
    Block,
    Callout,
    Cell,
    Code,
    Document,
    Equation,
    Figure,
    Heading,
    Listing,
    PageBreak,
    Prose,
    Table,
    credit_text,
    with_credits,
)
from rechenweg.working.prose import plain
from rechenweg.working.prose.typst import escape, math, prose, string
from rechenweg.working.writers.chains import chain_lines, extent

TYPST_WIDTH = 78
"""Characters of half the type size that fit a line of an A4 page with usual margins."""

HALF_EM = 5.25
"""Half the type size in points: a figure wider than the line is made smaller."""

CREDIT_ROOM = 14
"""Characters that the credit column takes from a step."""

TYPST_PRELUDE = Path(__file__).with_name("prelude.typ").read_text("utf-8")
"""The functions that the markup calls; to be put once at the top of a Typst file."""

_PAGE = """#set document(title: {title})
#set page(paper: "a4", margin: (x: 25mm, y: 22mm), numbering: "1")
#set text(lang: "{language}", size: 10.5pt, font: ("Libertinus Serif", "New Computer Modern"))
#set par(justify: true, leading: 0.62em)
"""


def write(document: Document, language: Language, width: int | None = None) -> str:
    """The document as Typst markup; `width` is the room for equations in characters (half the type size
    each).

    >>> from rechenweg.text import T
    >>> print(write(Document.of(T("**Two** paths & #1", "")), "en"))
    #strong[Two]; paths & \\#1
    """
    return _blocks(document, language, width or TYPST_WIDTH)


def typst_page(title: str, body: str, language: Language) -> str:
    """A Typst file that compiles by itself: the prelude, an A4 page, a title, then `body`."""
    setup = _PAGE.format(title=string(title), language=language)
    heading = f'#text(size: 1.5em, weight: "bold")[{escape(title)}]\n\n' if title else ""
    return setup + TYPST_PRELUDE + "\n" + heading + body + "\n"


def cell(content: Cell, language: Language) -> str:
    """A table's cell, or any label."""
    if isinstance(content, T):
        return prose(content.in_(language), language)
    if isinstance(content, str):
        return escape(content)
    return math(content, language)


# ---- blocks ----


def _blocks(blocks: Iterable[Block], language: Language, width: float) -> str:
    parts: list[str] = []
    for block, credits in with_credits(blocks):
        if not credits:
            parts.append(_block(block, language, width))
            continue
        body = _block(block, language, width - CREDIT_ROOM)
        badges = "".join(f"[{_credit(credit, language)}]" for credit in credits)
        parts.append(f"#rw-step[\n{body}\n]{badges}")
    return "\n\n".join(part for part in parts if part)


def _block(block: Block, language: Language, width: float) -> str:
    match block:
        case Prose(text):
            return prose(text.in_(language), language)
        case Heading(text, level):
            return f"#heading(level: {level})[{prose(text.in_(language), language)}]"
        case Equation():
            return _equation(block, language, width)
        case Table():
            return _table(block, language)
        case Code(source, _):  # not highlighted: exams are printed in black, and highlighting is slow
            return f"#rw-code({string(source.rstrip())})"
        case Figure():
            return _figure(block, language, width)
        case Callout(kind, text, _):
            if kind == "credit":
                return f"#{_credit(block, language)[1:]}"
            name = "rw-warning" if kind == "warning" else "rw-callout"
            title = escape(CALLOUT_TITLES[kind].in_(language))
            return f"#{name}[{title}][{prose(text.in_(language), language)}]"
        case Listing():
            return _listing(block, language, width)
        case PageBreak():
            return "#pagebreak(weak: true)"


def _credit(callout: Callout, language: Language) -> str:
    assert callout.credit is not None
    why = f"[{prose(callout.text.in_(language), language)}]" if callout.text else ""
    return f"#rw-credit[{escape(credit_text(callout.credit))}]{why}"


def _equation(equation: Equation, language: Language, width: float) -> str:
    lines: list[str] = []
    for line in chain_lines(equation, width - 3, extent):
        parts: list[str] = []
        if line.lhs is not None:
            parts.append(to_typst(line.lhs, language).strip())
        if line.links or line.lhs is None:
            parts.append("&")
        for at, (sign, formula) in enumerate(line.links):
            mark = to_typst(Op(sign), language).strip()
            # Typst takes a + with nothing before it for a sign and sets it close to its operand.
            parts.append(f'wide class("binary", {mark})' if line.more and at == 0 else mark)
            parts.append(to_typst(formula, language).strip())
        if line.note:
            fill = "& &" if line.links else "& & &"
            parts.append(f"{fill} wide #note[{prose(line.note.in_(language), language)}]")
        lines.append(" ".join(parts))
    body = "[$ " + " \\\n".join(lines) + " $]"
    return f"#rw-eq-noted(note => {body})" if any(equation.notes) else f"#rw-eq{body}"


def _table(table: Table, language: Language) -> str:
    names = {"l": "left", "c": "center", "r": "right"}
    align = ", ".join(names[letter] for letter in table.alignment)
    head = ""
    if table.header:
        head = ", head: (" + "".join(f"[{cell(content, language)}], " for content in table.header) + ")"
    caption = f", caption: [{prose(table.caption.in_(language), language)}]" if table.caption else ""
    rows = "".join("\n  " + "".join(f"[{cell(content, language)}], " for content in row).rstrip() for row in table.rows)
    return f"#rw-table({table.columns}, ({align},){head}{caption},{rows}\n)"


def _figure(figure: Figure, language: Language, width: float) -> str:
    caption = f", caption: [{prose(figure.caption.in_(language), language)}]" if figure.caption else ""
    alt = string(plain(figure.alt.in_(language), language))
    return f"#rw-figure(alt: {alt}{caption})[{drawing.to_typst(figure.drawing.fitted(width * HALF_EM), language)}]"


def _listing(listing: Listing, language: Language, width: float) -> str:
    name = "enum" if listing.ordered else "list"
    items = "".join(f"[{_blocks(entry, language, width - 4)}]" for entry in listing.entries())
    return f"#{name}{items}" if items else ""
