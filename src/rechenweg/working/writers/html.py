"""Documents as HTML: semantic fragments with MathML Core, no script, nothing fetched from elsewhere.

A fragment has no fonts or colours of its own; :data:`STYLESHEET` dresses it (light and dark, screen and
print), and :func:`html_page` makes a page of it that stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rechenweg.numbers.notation import Layout, to_mathml
from rechenweg.numbers.notation.symbols import operator
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
from rechenweg.working.prose.html import escape, math, paragraphs, phrase, prose
from rechenweg.working.writers.chains import chain_lines, extent

HTML_WIDTH = 70
"""Characters of half the type size that fit the measure of the stylesheet, beside a left-hand side."""

STYLESHEET = Path(__file__).with_name("style.css").read_text("utf-8")


def write(document: Document, language: Language, width: int | None = None) -> str:
    """The document as an HTML fragment; `width` is the room for equations in characters.

    >>> from rechenweg.text import T
    >>> write(Document.of(T("x < y & **z**", "")), "en")
    '<p>x &lt; y &amp; <strong>z</strong></p>'
    """
    return _blocks(document, language, width or HTML_WIDTH)


def html_page(title: str, body: str, language: Language) -> str:
    """A page that stands alone; `title` is plain text, `body` is HTML."""
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLESHEET}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def cell(content: Cell, language: Language) -> str:
    """A table's cell."""
    if isinstance(content, T):
        return phrase(content, language)
    if isinstance(content, str):
        return escape(content)
    return math(content, language)


# ---- blocks ----


def _blocks(blocks: Iterable[Block], language: Language, width: int) -> str:
    parts: list[str] = []
    for block, credits in with_credits(blocks):
        if not credits:
            parts.append(_block(block, language, width))
            continue
        badges = "".join(_credit(credit, language) for credit in credits)
        body = _block(block, language, width - 14)
        parts.append(f'<div class="rw-step">\n<div>\n{body}\n</div>\n<div class="rw-credits">{badges}</div>\n</div>')
    return "\n".join(part for part in parts if part)


def _block(block: Block, language: Language, width: int) -> str:
    match block:
        case Prose(text):
            return prose(text, language)
        case Heading(text, level):  # the page's title is the h1
            return f"<h{level + 1}>{phrase(text, language)}</h{level + 1}>"
        case Equation():
            return _equation(block, language, width)
        case Table():
            return _table(block, language)
        case Code(source, code_language):
            return f'<pre><code class="language-{escape(code_language)}">{escape(source.rstrip())}</code></pre>'
        case Figure(sketch, caption, alt):
            svg = drawing.to_svg(sketch, language, title=plain(alt.in_(language), language), scale=1.2)
            below = f"\n<figcaption>{phrase(caption, language)}</figcaption>" if caption else ""
            return f"<figure>\n{svg}{below}\n</figure>"
        case Callout(kind, text, _):
            if kind == "credit":
                return _credit(block, language)
            title = escape(CALLOUT_TITLES[kind].in_(language))
            inner = f"<strong>{title}</strong>{prose(text, language)}"
            return f'<div class="rw-callout rw-{kind}" role="note">{inner}</div>'
        case Listing():
            tag = "ol" if block.ordered else "ul"
            inner = "\n".join(f"<li>{_entry(entry, language, width - 4)}</li>" for entry in block.entries())
            return f"<{tag}>\n{inner}\n</{tag}>"
        case PageBreak():
            return '<hr class="rw-page">'


def _entry(blocks: tuple[Block, ...], language: Language, width: int) -> str:
    first = blocks[0]
    if not isinstance(first, Prose) or len(paragraphs(first.text.in_(language), language)) > 1:
        return _blocks(blocks, language, width)
    rest = _blocks(blocks[1:], language, width)
    return phrase(first.text, language) + (f"\n{rest}" if rest else "")


def _credit(callout: Callout, language: Language) -> str:
    credit = callout.credit
    assert credit is not None
    why = f"<small>{phrase(callout.text, language)}</small>" if callout.text else ""
    title = escape(CALLOUT_TITLES["credit"].in_(language))
    value = f'<data value="{float(credit):g}" title="{title}">{credit_text(credit)}</data>'
    return f'<div class="rw-credit">{why}{value}</div>'


@lru_cache(maxsize=65536)
def _link(sign: str, formula: Layout, language: Language) -> str:
    """One link with its sign, a formula of its own, so that a narrow window can break before it."""
    mark = f'<mo form="infix">{escape(operator(sign).text)}</mo>'
    return display(to_mathml(formula, language)).replace(">", f">{mark}", 1)


def display(mathml: str) -> str:
    """The same formula with fractions and sums at full size."""
    return mathml.replace("<math", '<math displaystyle="true"', 1)


def _equation(equation: Equation, language: Language, width: int) -> str:
    parts: list[str] = []
    for line in chain_lines(equation, width, extent):
        lhs = display(math(line.lhs, language)) if line.lhs is not None else ""
        links = "".join(_link(sign, formula, language) for sign, formula in line.links)
        note = f'<small class="rw-aside">{phrase(line.note, language)}</small>' if line.note else ""
        if line.lhs is not None and not line.links:
            parts.append(f'<div class="rw-one">{lhs}{note}</div>\n')
        else:
            more = " rw-more" if line.more else ""
            parts.append(f'<div class="rw-lhs">{lhs}</div><div class="rw-rhs{more}">{links}{note}</div>\n')
    return f'<div class="rw-eq">\n{"".join(parts)}</div>'


def _table(table: Table, language: Language) -> str:
    def row(cells: tuple[Cell, ...], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        return "".join(
            f'<{tag}{scope} class="rw-{align}">{cell(content, language)}</{tag}>'
            for content, align in zip(cells, table.alignment, strict=True)
        )

    caption = f"<caption>{phrase(table.caption, language)}</caption>\n" if table.caption else ""
    head = f"<thead><tr>{row(table.header, 'th')}</tr></thead>\n" if table.header else ""
    body = "\n".join(f"<tr>{row(cells, 'td')}</tr>" for cells in table.rows)
    return f'<div class="rw-table"><table>\n{caption}{head}<tbody>\n{body}\n</tbody>\n</table></div>'
