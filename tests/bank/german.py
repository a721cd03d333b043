"""Whether a German text is German: words that only English has must not stand in it."""

from __future__ import annotations

import re

from rechenweg.questions.question import Problem
from rechenweg.text import T
from rechenweg.working.document import Callout, Document, Prose
from rechenweg.working.writers import write

ENGLISH = re.compile(r"\b(?:the|and|of|is|are|which|with|what|from|into|both|each|your|you|not|for|how|that|this)\b")
GERMAN = re.compile(
    r"\b(?:der|die|das|und|ist|sind|nicht|mit|welche|eine|einem|wird|werden|für|auf|ein|zu|je)\b|[äöüß]"
)


def check_languages(problem: Problem, versions: tuple[int, ...] = (0, 1, 2, 3)) -> None:
    """No English in German prose and no German in English prose, in all that is printed of a question."""
    for version in versions:
        s = problem.version(version)
        for question in problem.questions:
            words = [
                question.text(s),
                *(step.text for step in question.scheme(s)),
                *(
                    b.text
                    for b in (*problem.introduction(s), *question.given(s), *question.solution(s))
                    if _is_prose(b)
                ),
                *(sample for field in question.fields(s) if isinstance(sample := getattr(field, "sample", None), T)),
            ]
            for text in words:
                english, german = (re.sub(r"`[^`]*`|\$[^$]*\$|#.*", "", t) for t in (text.en, text.de))
                if "def " in english:
                    continue  # code is the same in both
                assert not ENGLISH.search(german), (version, question.number, text.de)
                assert not GERMAN.search(english), (version, question.number, text.en)


def _is_prose(block: object) -> bool:
    return isinstance(block, (Prose, Callout))


def plain(document: Document) -> str:
    """A document as text, for tests that look for something in it."""
    return write(document, "text", "en")
