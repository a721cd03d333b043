"""Checks that every problem of the bank must pass, whatever it asks; each problem's own test adds its facts."""

from __future__ import annotations

import random
from fractions import Fraction

from rechenweg.questions.asking import Ticks
from rechenweg.questions.kinds.choice import ChoiceQuestion
from rechenweg.questions.question import Problem
from rechenweg.questions.rules import Rules
from rechenweg.text import LANGUAGES
from rechenweg.working.document import Callout, Document, Prose
from rechenweg.working.writers import FORMS, write

RULES = Rules(documented=True)


def check_distinct_versions(problem: Problem, versions: int = 250, least: int = 200) -> None:
    """At least 200 of 250 drawn versions differ."""
    distinct = {str(problem.version(v).distinguishing()) for v in range(1, versions + 1)}
    assert len(distinct) >= least, f"{problem.id}: {len(distinct)} distinct of {versions}"


def check_perfect_answers(problem: Problem, versions: int = 100) -> None:
    """The perfect answer earns everything that a machine can give, in every version; what is left is for people."""
    for version in range(versions + 1):
        s = problem.version(version)
        for question in problem.questions:
            mark = question.mark(s, question.perfect(s), RULES)
            assert mark.credit + mark.open == mark.maximum, (version, question.number, mark)


def check_slips(problem: Problem, versions: int = 60) -> None:
    """A simulated slip never earns the whole credit of its field."""
    for version in range(versions + 1):
        s = problem.version(version)
        rng = random.Random(version)
        for question in problem.questions:
            for field in question.fields(s):
                mark = field.mark(field.slip(rng), RULES)
                assert mark.credit is None or mark.credit < mark.maximum, (version, question.number, field.key, mark)


def check_texts(problem: Problem, versions: tuple[int, ...] = (0, 1, 2)) -> None:
    """Everything printed exists in both languages, differs between them, and can be written in all four forms."""
    for version in versions:
        s = problem.version(version)
        for question in problem.questions:
            text = question.text(s)
            assert text.en.strip() and text.de.strip() and text.en != text.de, (version, question.number)
            printed = Document((*problem.introduction(s), Prose(text), *question.given(s))) + question.solution(s)
            for form in FORMS:
                for language in LANGUAGES:
                    assert write(printed, form, language).strip()


def check_credit(problem: Problem, versions: tuple[int, ...] = (0, 1, 2, 3)) -> None:
    """Fields, scheme and the credit printed in the worked solution each add up to the question's credit."""
    for version in versions:
        s = problem.version(version)
        for question in problem.questions:
            maximum = question.maximum
            fields = question.fields(s)
            assert sum((f.credits for f in fields), Fraction(0)) == maximum, (version, question.number, "fields")
            if any(isinstance(ask, Ticks) for ask in question.asks(s)) and isinstance(question, ChoiceQuestion):
                continue
            printed = [b.credit for b in question.solution(s) if isinstance(b, Callout) and b.credit is not None]
            assert sum(printed, Fraction(0)) == maximum, (version, question.number, "solution", printed)
            scheme = [step.credit for step in question.scheme(s)]
            assert sum(scheme, Fraction(0)) == maximum, (version, question.number, "scheme", scheme)


def check_pool(question: ChoiceQuestion, paper: dict[str, bool]) -> None:
    """The paper's statements have the truth given; the pool has at least twice as many and both true and false ones."""
    by_id = {st.id: st for st in question.pool}
    assert len(by_id) == len(question.pool), "ids of statements must differ"
    assert {st_id: by_id[st_id].truth for st_id in question.paper_statements} == paper
    drawable = [st for st in question.pool if not st.paper_only]
    assert {st.truth for st in drawable} == {True, False}
    for st in question.pool:
        for language in LANGUAGES:
            assert st.text.in_(language) and st.reason.in_(language)


def check_problem(problem: Problem) -> None:
    """All of the above that hold for every problem."""
    check_perfect_answers(problem)
    check_slips(problem)
    check_texts(problem)
    check_credit(problem)
