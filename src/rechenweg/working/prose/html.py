"""Prose and single characters as HTML with MathML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape as _html_escape

from rechenweg.numbers.notation import Layout, to_mathml
from rechenweg.text import Language, T
from rechenweg.working.prose import Bold, CodeSpan, Inline, Italic, Math, Plain, parse

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def escape(text: str) -> str:
    """Literal text as HTML, in content or in a quoted attribute."""
    return _html_escape(_CONTROLS.sub("\ufffd", text), quote=True)


@lru_cache(maxsize=65536)
def math(layout: Layout, language: Language) -> str:
    """A formula inside a line."""
    return to_mathml(layout, language)


@lru_cache(maxsize=16384)
def paragraphs(text: str, language: Language) -> tuple[str, ...]:
    """Marked-up prose, paragraph by paragraph, without the <p>."""
    return tuple(inline(paragraph, language) for paragraph in parse(text))


def prose(text: T, language: Language) -> str:
    """Marked-up prose as <p> elements."""
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(text.in_(language), language))


def phrase(text: T, language: Language) -> str:
    """Marked-up prose for where only phrasing content may stand (headings, cells, captions)."""
    return "<br>".join(paragraphs(text.in_(language), language))


def inline(items: Iterable[Inline], language: Language) -> str:
    """Items of one paragraph."""
    parts: list[str] = []
    for item in items:
        match item:
            case Plain(text):
                parts.append(escape(text))
            case Math(layout):
                parts.append(math(layout, language))
            case CodeSpan(text):
                parts.append(f"<code>{escape(text)}</code>")
            case Bold(inner):
                parts.append(f"<strong>{inline(inner, language)}</strong>")
            case Italic(inner):
                parts.append(f"<em>{inline(inner, language)}</em>")
    return "".join(parts)
