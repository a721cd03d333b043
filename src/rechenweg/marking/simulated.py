"""Simulated candidates: answers with stated slip rates, to try an exam before anyone sits it.

They are labelled as simulated everywhere: in their number, in their answer file and on every page made of it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from rechenweg.exams.exam import Exam
from rechenweg.questions.question import Question


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a simulated candidate answers.

    Attributes:
        slip: chance that an answer field is answered wrongly, as its kind of question says candidates do.
        blank: chance that a question is left out.
    """

    slip: float
    blank: float


BEHAVIOURS = (
    Behaviour(0.0, 0.0),
    Behaviour(0.1, 0.02),
    Behaviour(0.25, 0.05),
    Behaviour(0.4, 0.1),
    Behaviour(0.6, 0.2),
)
"""From faultless to weak; simulated candidates take them in turn."""


def simulate(exam: Exam, candidate: str, version: int, behaviour: Behaviour) -> dict[str, Any]:
    """An answer file of a simulated candidate; the same arguments always give the same answers."""
    rng = random.Random(f"{exam.id}/{candidate}/{version}")
    answers: dict[str, Any] = {}
    settings = exam.version(version)
    for number, (problem, question) in exam.questions.items():
        if rng.random() >= behaviour.blank:
            answers[number] = _answer(question, settings[problem.number], behaviour.slip, rng)
    return {"exam": exam.id, "candidate": candidate, "version": version, "simulated": True, "answers": answers}


def _answer(question: Question, setting: Any, slip: float, rng: random.Random) -> Any:
    given = {f.key: f.slip(rng) if rng.random() < slip else f.perfect() for f in question.fields(setting)}
    return given[""] if set(given) == {""} else given
