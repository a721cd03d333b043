"""Prose and single characters as Typst markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rechenweg.numbers.notation import Layout, to_typst
from rechenweg.text import Language
from rechenweg.working.prose import Bold, CodeSpan, Inline, Italic, Math, Plain, parse

_ALWAYS = re.compile(r"[\\#$*_`<>@~\[\]\"']")
_SOMETIMES = re.compile(
    r"-(?![A-Za-zÀ-ɏ\s])|(?<=-)-"  # dashes, soft hyphens, and the minus that Typst makes before a digit
    r"|/(?=[/*])|\.(?=\.\.)"  # comments, ellipsis
)
# Signs that the fonts which follow TeX join to a dash or a quotation mark, escaped or not.
_JOINING = re.compile(r"-{2,}|,{2,}|<{2,}|>{2,}|`{2,}|'{2,}|[?!]`")
# What makes an item or a heading where a line begins.
_MARKER = re.compile(r"^(\s*)([-+=/])(?=\s|=|$)")
_NUMBERED = re.compile(r"^(\s*\d+)\.(?=\s|$)")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_WHITE = re.compile(r"[^\S\u00a0\u2007\u202f]+")


def escape(text: str) -> str:
    r"""Literal text as Typst markup that prints exactly it (runs of white space become one space).

    >>> escape("a_1 #x 2*3 // [y]"), escape("1. so"), escape("U-Net: 3/4")
    ('a\\_1 \\#x 2\\*3 \\// \\[y\\]', '1\\. so', 'U-Net: 3/4')
    >>> print(escape("a--b"))
    a#text(ligatures: false)[\-\-];b
    """
    text = _CONTROLS.sub("\ufffd", _WHITE.sub(" ", text))
    text = _JOINING.sub("\1\\g<0>\2", text)
    text = _SOMETIMES.sub(lambda match: "\0" + match.group(), text)
    text = _NUMBERED.sub("\\1\0.", _MARKER.sub("\\1\0\\2", text))
    text = _ALWAYS.sub(lambda match: "\\" + match.group(), text).replace("\0", "\\")
    return text.replace("\1", "#text(ligatures: false)[").replace("\2", "];")


def string(text: str) -> str:
    r"""A Typst string literal.

    >>> print(string('say "a\\b"'))
    "say \"a\\b\""
    """
    text = _CONTROLS.sub("\ufffd", text)
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{text}"'


@lru_cache(maxsize=65536)
def math(layout: Layout, language: Language) -> str:
    """A formula inside a line, dollars included."""
    return f"${to_typst(layout, language).strip()}$"


@lru_cache(maxsize=16384)
def prose(text: str, language: Language) -> str:
    """Marked-up prose; paragraphs are separated by a blank line."""
    return "\n\n".join(inline(paragraph, language) for paragraph in parse(text))


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
                parts.append(f"#raw({string(text)});")
            case Bold(inner):
                parts.append(f"#strong[{inline(inner, language)}];")
            case Italic(inner):
                parts.append(f"#emph[{inline(inner, language)}];")
    return "".join(parts)
