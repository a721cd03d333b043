"""Names: short answers out of known ones ("ResNet", "L1", "sigmoid").

A spelling that is known to be right or wrong is marked by machine, by comparison and nothing else: spaces, hyphens and
articles do not count. What is on neither list is left to a person. A machine never guesses.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar, Literal

from rechenweg.errors import ReadingError
from rechenweg.numbers.notation import Layout, read_latex
from rechenweg.questions.asking import Slot, Slots
from rechenweg.questions.field import RIGHT, Field, Raw, TooManyAnswers, quoted, single_spaced
from rechenweg.questions.marks import Mark, Shown
from rechenweg.questions.rules import Rules
from rechenweg.text import T

_ARTICLES = "the a an it is its of use uses used der die das den dem des ein eine einen einer es ist"
FILLERS = frozenset(_ARTICLES.split())
"""Words that neither make a name right nor wrong."""

_LINKS = re.compile(r"\s*(?:[,;/|\n]|\bor\b|\boder\b)\s*", re.IGNORECASE)


def plain_name(words: str, generic: frozenset[str] = frozenset()) -> str:
    r"""A name as it is compared: lower case, without signs, articles and generic words.

    Args:
        generic: further words, in lower case, that count only where nothing else is written.

    >>> plain_name("the Res-Net"), plain_name("L₁"), plain_name(r"$\ell_1$")
    ('resnet', 'l1', 'ell1')
    >>> [plain_name(words, frozenset({"layer"})) for words in ("a pooling layer", "the layer")]
    ['pooling', 'layer']
    """
    words = unicodedata.normalize("NFKC", words).casefold()
    every = re.findall(r"[^\W_]+", words)
    parts = [part for part in every if part not in FILLERS] or every  # a convolution may be called "A"
    return "".join([part for part in parts if part not in generic] or parts)


@lru_cache(maxsize=1024)
def _names(accepted: tuple[str, ...], rejected: tuple[str, ...], generic: frozenset[str]) -> Mapping[str, bool]:
    """Whether a name is right, for all known ones as they are compared."""
    known = {plain_name(n, generic): False for n in rejected} | {plain_name(n, generic): True for n in accepted}
    known.pop("", None)  # signs alone name nothing
    return known


@dataclass(frozen=True)
class Name(Field):
    """A name, marked by machine where its spelling is known.

    Attributes:
        accepted: right names; the first one is shown as the answer unless `shown` is given.
        rejected: wrong names that candidates give; every other answer is left to a person.
        label: what stands before the line to write on, as LaTeX, layout or text.
        shown: the right answer as it is shown to people.
        generic: words that may stand beside a name ("layer", "function") without making a difference.
        wide: the room to write in.
    """

    accepted: tuple[str, ...]
    rejected: tuple[str, ...] = ()
    label: T | Layout | str = ""
    shown: T | None = None
    generic: tuple[str, ...] = ()
    wide: Literal["short", "wide", "line"] = "wide"
    kind: ClassVar[str] = "name"
    computed: ClassVar[bool] = False

    def ask(self) -> Slots:
        label = read_latex(self.label) if isinstance(self.label, str) else self.label
        return Slots((Slot(self.key, label, self.wide),))

    def perfect(self) -> Raw:
        return self.accepted[0]

    def slip(self, rng: random.Random) -> Raw:
        return rng.choice(self.rejected) if self.rejected else ""

    def expected(self) -> Shown:
        return self.shown if self.shown is not None else quoted(self.accepted[0])

    def read(self, raw: Raw) -> str:
        if isinstance(raw, list) and all(isinstance(r, str) for r in raw):
            raw = ", ".join(raw)
        if not isinstance(raw, str):
            raise ReadingError(f"expected a name, found {type(raw).__name__}")
        name = single_spaced(raw)
        if len({self._known(part) for part in _LINKS.split(name)} - {None}) > 1:
            raise TooManyAnswers(name[:60])
        return name

    def _known(self, words: str) -> bool | None:
        """Whether a name is right; ``None`` if it is not known."""
        generic = frozenset(word.casefold() for word in self.generic)
        return _names(self.accepted, self.rejected, generic).get(plain_name(words, generic))

    def judge(self, answer: str, rules: Rules) -> Mark:
        found = self._known(answer)
        parts = [part for part in _LINKS.split(answer) if part]
        if found is None and parts:
            found = self._known(parts[0]) if len({self._known(part) for part in parts}) == 1 else None
        if found is None:
            return self._open(
                T("not a known name; a person decides", "kein bekannter Name; ein Mensch entscheidet"), answer
            )
        if found:
            return self._marked(self.credits, RIGHT, quoted(answer))
        return self._marked(Fraction(0), T("another name is meant", "ein anderer Name war erwartet"), quoted(answer))
