"""Texts in English and German.

All prose that a person reads is a :class:`T`: both languages side by side, so that none is forgotten.
Prose carries a small markup (see :mod:`rechenweg.working.document`): ``$...$`` for mathematics, ``**bold**``,
``*italic*``, backquotes for code, a blank line between paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = ("en", "de")


@dataclass(frozen=True, slots=True)
class T:
    """One text in both languages.

    >>> T("loss", "Fehler").in_("de")
    'Fehler'
    >>> (T("Problem ", "Aufgabe ") + "3").in_("en")
    'Problem 3'
    """

    en: str
    de: str

    @classmethod
    def same(cls, text: str) -> T:
        """A text that reads the same in both languages (a formula, a name)."""
        return cls(text, text)

    def in_(self, language: Language) -> str:
        """The text in one language."""
        return self.de if language == "de" else self.en

    def format(self, **values: object) -> T:
        """Fill ``{name}`` fields in both languages; a value may itself be a :class:`T`."""

        def fill(template: str, language: Language) -> str:
            return template.format(**{k: v.in_(language) if isinstance(v, T) else v for k, v in values.items()})

        return T(fill(self.en, "en"), fill(self.de, "de"))

    def __add__(self, other: T | str) -> T:
        if isinstance(other, str):
            return T(self.en + other, self.de + other)
        return T(self.en + other.en, self.de + other.de)

    def __bool__(self) -> bool:
        return bool(self.en or self.de)
