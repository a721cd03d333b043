"""Documents as text for the terminal: wrapped to a width, equations aligned, tables with rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rechenweg.numbers.notation import Op, to_text
from rechenweg.text import Language, T
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
from rechenweg.working.prose.text import GLUE, literal, phrase, prose
from rechenweg.working.writers.chains import INDENT, ChainLine, cells, chain_lines, text_measure

TEXT_WIDTH = 96
_INDENT = "  "
_SPACE = re.compile(r"[^\S\u00a0\u2007\u202f]+")


def write(document: Document, language: Language, width: int | None = None) -> str:
    """The document as plain text, lines at most `width` characters where words allow it.

    >>> from rechenweg.text import T
    >>> print(write(Document.of(T("The **slope** is $x^2$.", "")), "en"))
    The slope is x².
    """
    lines = _blocks(document, language, width or TEXT_WIDTH)
    return "\n".join(line.replace(GLUE, " ").rstrip() for line in lines)


def cell(content: Cell, language: Language) -> str:
    """A table's cell."""
    if isinstance(content, T):
        return prose(content.in_(language), language)
    if isinstance(content, str):
        return literal(content)
    return to_text(content, language)


def wrap(text: str, width: int) -> list[str]:
    """Words filled into lines of at most `width` cells; a longer word gets a line of its own.

    >>> wrap("one two three", 7)
    ['one two', 'three']
    """
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        if lines:
            lines.append("")
        line, used = "", 0
        for word in _SPACE.split(paragraph.strip()):
            size = cells(word)
            if line and used + 1 + size > width:
                lines.append(line)
                line, used = word, size
            else:
                line, used = (f"{line} {word}", used + 1 + size) if line else (word, size)
        lines.append(line)
    return lines


# ---- blocks ----


def _blocks(blocks: Iterable[Block], language: Language, width: int) -> list[str]:
    lines: list[str] = []
    for block, credits in with_credits(blocks):
        if lines:
            lines.append("")
        badges = [_badge(credit, language) for credit in credits]
        room = width - max(map(cells, badges), default=0) - (2 if badges else 0)
        body = _block(block, language, room if room > width // 2 else width)
        lines.extend(_beside(body, badges, width))
    return lines


def _beside(body: list[str], badges: list[str], width: int) -> list[str]:
    """The credit badges at the right margin, the last one on the body's last line if there is room."""
    if not badges:
        return body
    start = max(0, len(body) - len(badges))
    lines = list(body)
    for offset, badge in enumerate(badges):
        at = start + offset
        if at < len(lines) and cells(lines[at]) + cells(badge) + 2 <= width:
            lines[at] += " " * (width - cells(lines[at]) - cells(badge)) + badge
        else:
            lines.insert(at, " " * max(0, width - cells(badge)) + badge)
            start += at < len(lines) - 1
    return lines


def _badge(callout: Callout, language: Language) -> str:
    assert callout.credit is not None
    why = phrase(callout.text, language)
    return f"{why} [{credit_text(callout.credit)}]" if why else f"[{credit_text(callout.credit)}]"


def _block(block: Block, language: Language, width: int) -> list[str]:
    match block:
        case Prose(text):
            return wrap(prose(text.in_(language), language), width)
        case Heading(text, level):
            lines = wrap(phrase(text, language), width)
            rule = {1: "═", 2: "─"}.get(level)
            return [*lines, rule * max(map(cells, lines))] if rule else lines
        case Equation():
            return _equation(block, language, width)
        case Table():
            return _table(block, language, width)
        case Code(source, _):
            return [_INDENT * 2 + literal(line.expandtabs(4)) for line in source.rstrip().split("\n")]
        case Figure(_, caption, alt):
            name = {"en": "Figure", "de": "Abbildung"}[language]
            lines = _prefixed(f"[{name}: {phrase(alt, language)}]", _INDENT, width)
            return lines + (_prefixed(phrase(caption, language), _INDENT, width) if caption else [])
        case Callout(kind, text, _):
            if kind == "credit":
                badge = _badge(block, language)
                return [" " * max(0, width - cells(badge)) + badge]
            title = CALLOUT_TITLES[kind].in_(language)
            return _prefixed(f"{title}: {prose(text.in_(language), language)}", "│ ", width)
        case Listing():
            return _listing(block, language, width)
        case PageBreak():
            return ["─" * width]


def _prefixed(text: str, prefix: str, width: int) -> list[str]:
    return [prefix + line for line in wrap(text, width - cells(prefix))]


def _listing(listing: Listing, language: Language, width: int) -> list[str]:
    lines: list[str] = []
    digits = len(str(len(listing.items)))
    for number, entry in enumerate(listing.entries(), start=1):
        mark = f"{number:>{digits}}. " if listing.ordered else "• "
        body = [line for block in entry for line in _block(block, language, width - len(mark))]
        lines.extend((mark if i == 0 else " " * len(mark)) + line for i, line in enumerate(body))
    return lines


def _equation(equation: Equation, language: Language, width: int) -> list[str]:
    printed = chain_lines(equation, width - len(_INDENT), text_measure(language))
    rows = [
        (to_text(line.lhs, language) if line.lhs is not None else "", _links(line, language), line.note)
        for line in printed
    ]
    # A formula without a relation does not push the others' signs to the right.
    column = max((cells(lhs) for lhs, links, _ in rows if links), default=0)
    lines: list[str] = []
    for lhs, links, note in rows:
        line = _INDENT + (" " * max(0, column - cells(lhs)) + lhs + " " + links if links else lhs)
        if note:
            words = f"({phrase(note, language)})"
            if cells(line) + 3 + cells(words) <= width:
                line += "   " + words
            else:
                lines.append(line)
                line = _INDENT + " " * (column + 3) + words
        lines.append(line)
    return lines


def _links(line: ChainLine, language: Language) -> str:
    words = " ".join(f"{to_text(Op(sign), language)} {to_text(formula, language)}" for sign, formula in line.links)
    return " " * round(INDENT) + words if line.more else words


# ---- tables ----


def _table(table: Table, language: Language, width: int) -> list[str]:
    header = [cell(content, language) for content in table.header]
    rows = [[cell(content, language) for content in row] for row in table.rows]
    if not table.columns:
        return []
    every = [header, *rows] if header else rows
    columns = list(zip(*every, strict=True))
    widths = _column_widths(columns, width - 2 * len(columns) - (len(columns) - 1))
    rule = "─".join("─" * (w + 2) for w in widths)
    lines = wrap(phrase(table.caption, language), width) if table.caption else []
    lines.append(rule)
    if header:
        lines += [*_table_row(header, widths, table.alignment), rule]
    wrapped = any(cells(text) > w for row in rows for text, w in zip(row, widths, strict=True))
    for number, row in enumerate(rows):
        if wrapped and number:  # rows of several lines need something between them
            lines.append("┄".join("┄" * (w + 2) for w in widths))
        lines += _table_row(row, widths, table.alignment)
    return [*lines, rule]


def _column_widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """Natural widths, the widest columns narrowed (not below their longest word) until all fit."""
    widths = [max(map(cells, column)) for column in columns]
    least = [max(cells(word) for text in column for word in _SPACE.split(text)) for column in columns]
    while sum(widths) > room:
        at = max(range(len(widths)), key=lambda i: (widths[i] > least[i], widths[i]))
        if widths[at] <= least[at]:
            break
        widths[at] -= 1
    return widths


def _table_row(row: Sequence[str], widths: Sequence[int], alignment: str) -> list[str]:
    wrapped = [wrap(text, width) for text, width in zip(row, widths, strict=True)]
    lines: list[str] = []
    for at in range(max(map(len, wrapped))):
        parts: list[str] = []
        for column, width, align in zip(wrapped, widths, alignment, strict=True):
            text = column[at] if at < len(column) else ""
            space = width - cells(text)
            left = 0 if align == "l" else space if align == "r" else space // 2
            parts.append(" " * (left + 1) + text + " " * (space - left + 1))
        lines.append(" ".join(parts))
    return lines
