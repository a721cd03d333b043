r"""The small markup of all prose: ``$…$`` mathematics, ``**bold**``, ``*italic*``, backquotes for code.

A blank line begins a new paragraph; other line breaks and indentation count as one space, so that texts can
be written as indented triple-quoted strings. A backslash before ``\ $ *`` or a backquote takes the character
literally, and so does a star with a space on both sides. An apostrophe between letters is set as ’
(``don't``). What is left open is an error that quotes the text: prose is written by the makers of questions,
and a formula that silently prints as dollars would reach a candidate. Text from outside goes through
:func:`escape` first.

>>> parse("the *slope* of $x^2$")[0]
(Plain(text='the '), Italic(items=(Plain(text='slope'),)), Plain(text=' of '), Math(layout=...))
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rechenweg.errors import NotationError
from rechenweg.numbers.notation import Layout, read_latex, to_text
from rechenweg.text import Language


@dataclass(frozen=True, slots=True)
class Plain:
    """Characters as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Strong emphasis."""

    items: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Italic:
    """Emphasis, or a term at its first use."""

    items: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """Code inside a sentence, spaces kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula inside a sentence."""

    layout: Layout


Inline = Plain | Bold | Italic | CodeSpan | Math
Paragraph = tuple[Inline, ...]

_SPECIAL = re.compile(r"[\\$*`]|(?<=[^\W\d_])'(?=[^\W\d_])")
_ESCAPABLE = frozenset("\\$*`'")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_SPACES = re.compile(r"[^\S\u00a0\u2007\u202f]+")  # every space but those that must not break
_MAX_QUOTED = 60


def escape(text: str) -> str:
    r"""Text from outside as markup that prints exactly its words.

    >>> escape("2*3 costs $5")
    '2\\*3 costs \\$5'
    >>> parse(escape("a*b*c `"))
    ((Plain(text='a*b*c `'),),)
    """
    return re.sub(r"[\\$*`']", lambda match: "\\" + match.group(), text)


@lru_cache(maxsize=16384)
def parse(text: str) -> tuple[Paragraph, ...]:
    """Read marked-up prose into paragraphs of inline items.

    Raises NotationError, quoting the text, if a marker is left open or a formula cannot be read.

    >>> parse("cost *50 each")
    Traceback (most recent call last):
    ...
    rechenweg.errors.NotationError: text "cost *50 each": expected a closing * for the one at character 6, ...
    """
    return tuple(_Reader(text, block).read() for block in _paragraphs(text))


def plain(text: str, language: Language = "en") -> str:
    """Only the words of marked-up prose: no markers, formulas as unicode text, a blank line between
    paragraphs.

    >>> plain("the *slope* of $x^2$")
    'the slope of x²'
    """

    def words(items: tuple[Inline, ...]) -> str:
        parts: list[str] = []
        for item in items:
            if isinstance(item, (Plain, CodeSpan)):
                parts.append(item.text)
            elif isinstance(item, Math):
                parts.append(to_text(item.layout, language))
            else:
                parts.append(words(item.items))
        return "".join(parts)

    return "\n\n".join(words(paragraph) for paragraph in parse(text))


def _paragraphs(text: str) -> list[str]:
    """The text split at its blank lines."""
    return [block for block in _BLANK_LINE.split(text.strip()) if block]


class _Reader:
    """Reads one paragraph, left to right; `source` is quoted in errors."""

    def __init__(self, source: str, block: str) -> None:
        self.source, self.text, self.at = source, block, 0

    def read(self) -> Paragraph:
        items = self.items(closing=None, opened=0)
        return _trimmed(items)

    def items(self, closing: str | None, opened: int) -> list[Inline]:
        """Read up to the `closing` marker (``*`` or ``**``) or, for None, to the end."""
        found: list[Inline] = []
        words: list[str] = []

        def flush() -> None:
            joined = _SPACES.sub(" ", "".join(words))
            words.clear()
            if joined:
                found.append(Plain(joined))

        while self.at < len(self.text):
            match = _SPECIAL.search(self.text, self.at)
            if match is None:
                words.append(self.text[self.at :])
                self.at = len(self.text)
                break
            words.append(self.text[self.at : match.start()])
            self.at = match.start()
            mark = match.group()
            if mark == "\\":
                following = self.text[self.at + 1 : self.at + 2]
                escaped = following in _ESCAPABLE
                words.append(following if escaped else "\\")
                self.at += 2 if escaped else 1
            elif mark == "'":
                words.append("’")
                self.at += 1
            elif mark == "$":
                flush()
                found.append(Math(self.formula()))
            elif mark == "`":
                flush()
                found.append(CodeSpan(self.code()))
            else:
                stars = "**" if self.text.startswith("**", self.at) else "*"
                before = self.text[self.at - 1 : self.at] if self.at else " "
                after = self.text[self.at + len(stars) : self.at + len(stars) + 1] or " "
                if before.isspace() and after.isspace():
                    words.append(stars)
                    self.at += len(stars)
                elif closing is not None and self.text.startswith(closing, self.at) and not before.isspace():
                    flush()
                    self.at += len(closing)
                    return found
                else:
                    flush()
                    start = self.at
                    self.at += len(stars)
                    inner = tuple(self.items(stars, start))
                    found.append(Bold(inner) if stars == "**" else Italic(inner))
        if closing is not None:
            raise self.error(f"a closing {closing} for the one at character {opened + 1}", "none")
        flush()
        return found

    def formula(self) -> Layout:
        start = self.at
        end = start + 1
        while True:  # a \$ inside a formula does not close it
            end = self.text.find("$", end)
            if end < 0:
                raise self.error(f"a closing $ for the one at character {start + 1}", "none")
            if self.text[end - 1] != "\\":
                break
            end += 1
        self.at = end + 1
        try:
            return read_latex(self.text[start + 1 : end])
        except NotationError as error:
            raise NotationError(f"text {self.quoted()}: {error}") from None

    def code(self) -> str:
        end = self.text.find("`", self.at + 1)
        if end < 0:
            raise self.error(f"a closing ` for the one at character {self.at + 1}", "none")
        code = self.text[self.at + 1 : end]
        self.at = end + 1
        return code

    def quoted(self) -> str:
        text = " ".join(self.source.split())
        return '"' + (text if len(text) <= _MAX_QUOTED else text[: _MAX_QUOTED - 1] + "…") + '"'

    def error(self, expected: str, came: str) -> NotationError:
        return NotationError(
            f"text {self.quoted()}: expected {expected}, found {came}"
            + (" (write \\* or \\$ or \\` for the character itself)")
        )


def _trimmed(items: list[Inline]) -> Paragraph:
    """Without white space at the paragraph's ends."""
    if items and isinstance(items[0], Plain):
        items[0] = Plain(items[0].text.lstrip())
    if items and isinstance(items[-1], Plain):
        items[-1] = Plain(items[-1].text.rstrip())
    return tuple(item for item in items if not (isinstance(item, Plain) and not item.text))
