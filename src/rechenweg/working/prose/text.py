"""Prose as plain text for the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rechenweg.numbers.notation import to_text
from rechenweg.text import Language, T
from rechenweg.working.prose import Bold, CodeSpan, Inline, Italic, Math, Plain, parse

GLUE = "\u00a0"
_KEEP_TOGETHER = 28
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def prose(text: str, language: Language) -> str:
    """Marked-up prose without markers; short formulas are glued so that they do not break."""
    return "\n\n".join(inline(paragraph, language) for paragraph in parse(text))


def inline(items: Iterable[Inline], language: Language) -> str:
    """Items of one paragraph."""
    parts: list[str] = []
    for item in items:
        match item:
            case Plain(text):
                parts.append(literal(text))
            case Math(layout):
                formula = to_text(layout, language)
                parts.append(formula.replace(" ", GLUE) if len(formula) <= _KEEP_TOGETHER else formula)
            case CodeSpan(text):
                parts.append(literal(text))
            case Bold(inner) | Italic(inner):
                parts.append(inline(inner, language))
    return "".join(parts)


def literal(text: str) -> str:
    """Text that cannot move the terminal's cursor."""
    return _CONTROLS.sub("\ufffd", text)


def phrase(text: T, language: Language) -> str:
    """Marked-up prose on one line."""
    return prose(text.in_(language), language).replace("\n\n", " ")
