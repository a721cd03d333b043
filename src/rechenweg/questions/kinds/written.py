"""Short texts, sketches and code: posed and printed here, marked by people along a rubric. A machine never guesses."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from rechenweg.errors import ReadingError
from rechenweg.questions.asking import Axes, CodeSpace, Space
from rechenweg.questions.field import Field, Raw, TooManyAnswers
from rechenweg.questions.marks import Mark, Shown
from rechenweg.questions.question import Step
from rechenweg.questions.rules import Rules
from rechenweg.text import T
from rechenweg.working.document import Code

LONGEST_CODE = 4000
"""Characters of code that are shown on a marked page."""

TO_BE_MARKED = T("to be marked by a person", "von einem Menschen zu bewerten")


@dataclass(frozen=True)
class Written(Field):
    """Base: an answer that people mark.

    Attributes:
        sample: an answer that earns everything.
        rubric: what credit is given for.
    """

    sample: T
    rubric: tuple[Step, ...]
    computed: ClassVar[bool] = False

    def perfect(self) -> Raw:
        return self.sample.en

    def expected(self) -> Shown:
        return self.sample

    def slip(self, rng: random.Random) -> Raw:
        return ""

    def read(self, raw: Raw) -> Any:
        if not isinstance(raw, str):
            raise ReadingError(f"expected text, found {type(raw).__name__}")
        return raw

    def judge(self, answer: Any, rules: Rules) -> Mark:
        scheme_en = "; ".join(f"{s.credit}: {s.text.en}" for s in self.rubric)
        scheme_de = "; ".join(f"{s.credit}: {s.text.de}" for s in self.rubric)
        return self._open(
            TO_BE_MARKED + T(f" ({scheme_en})", f" ({scheme_de})") if self.rubric else TO_BE_MARKED, answer
        )


@dataclass(frozen=True)
class Text(Written):
    """A short text.

    Attributes:
        lines: lines of handwriting that it takes.
        asked_for: how many answers were asked for; a longer list is not marked.
        label: printed into the room for the answer, where a question has several.
    """

    lines: int = 4
    asked_for: int | None = None
    label: T | None = field(default=None, kw_only=True)
    kind: ClassVar[str] = "text"

    def ask(self) -> Space:
        return Space(self.lines, label=self.label)

    def read(self, raw: Raw) -> Any:
        if isinstance(raw, list) and all(isinstance(r, str) for r in raw):
            if self.asked_for is not None and len(raw) > self.asked_for:
                raise TooManyAnswers(f"{len(raw)} > {self.asked_for}")
            raw = "\n".join(raw)
        return super().read(raw)


@dataclass(frozen=True)
class Sketch(Written):
    """A sketch on paper; an answer file may describe it."""

    axes: Axes = field(default_factory=Axes)
    kind: ClassVar[str] = "sketch"

    def ask(self) -> Axes:
        return self.axes


@dataclass(frozen=True)
class CodeAnswer(Written):
    """Code; `source` is what is given, `lines` how much is expected."""

    source: str = ""
    lines: int = 14
    kind: ClassVar[str] = "code"

    def ask(self) -> CodeSpace:
        return CodeSpace(self.source, self.lines)

    def expected(self) -> Shown:
        return Code(self.sample.en)

    def judge(self, answer: Any, rules: Rules) -> Mark:
        return replace(super().judge(answer, rules), given=Code(answer[:LONGEST_CODE]))
