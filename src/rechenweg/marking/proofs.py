"""Proof-reading a printed key: every answer in it against the computed one.

A key is written as an answer file of version 0. ``null`` stands for an answer that the printed key does not have; it is
filled in. A field that nobody asked for is compared with the fields that the key leaves open, so that a wrong label is
told from a wrong value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rechenweg.errors import InputError
from rechenweg.exams.exam import Exam
from rechenweg.marking.answers import read_json, shortened
from rechenweg.questions.field import Field, no_answer, quoted
from rechenweg.questions.kinds.choice import ChoiceQuestion
from rechenweg.questions.kinds.written import Written
from rechenweg.questions.marks import Mark, Shown
from rechenweg.questions.question import Question
from rechenweg.questions.rules import Rules
from rechenweg.text import T

State = Literal["agrees", "differs", "filled", "for people"]


@dataclass(frozen=True, slots=True)
class Ground:
    """Why one box of a choice question is to be ticked, or left empty.

    Attributes:
        letter, ticked: the box, and whether a tick belongs in it.
        statement: the statement's identifier, as ``rechenweg evidence`` takes it.
        holds: whether the statement is true.
        by_experiment: whether an experiment found that out; else it is a definition or the field's usage.
        reason: why, in a sentence.
    """

    letter: str
    ticked: bool
    statement: str
    holds: bool
    by_experiment: bool
    reason: T


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one answer of the key; `grounds` where a choice question was filled in."""

    question: str
    field: str
    state: State
    printed: Shown | None
    computed: Shown | None
    remark: T | None = None
    grounds: tuple[Ground, ...] = ()


def read_key(path: Path, exam: Exam) -> Mapping[str, Any]:
    """The answers of a key file.

    Raises:
        InputError: no such file, no JSON, another exam, unknown questions.
    """
    if not path.is_file():
        raise InputError(str(path), "a key as an answer file", "no such file")
    content = read_json(path)
    if not isinstance(content, dict) or not isinstance(content.get("answers"), dict):
        raise InputError(str(path), 'an object with "exam" and "answers"', type(content).__name__)
    if content.get("exam") != exam.id:
        raise InputError(f'{path}: "exam"', f'"{exam.id}"', f'"{shortened(content.get("exam"))}"')
    for number in content["answers"]:
        if number not in exam.questions:
            raise InputError(f'{path}: "answers"', f"questions of {exam.id}", f'"{shortened(number)}"')
    answers: Mapping[str, Any] = content["answers"]
    return answers


def proof_read(exam: Exam, key: Mapping[str, Any]) -> list[Finding]:
    """Compare a key with the computed answers of the paper as it was."""
    settings = exam.version(0)
    findings: list[Finding] = []
    for number, (problem, question) in exam.questions.items():
        setting = settings[problem.number]
        fields = question.fields(setting)
        answers, extra = question.split(key.get(number), fields)
        unmatched = {label: key[number][label] for label in extra}
        for field in fields:
            raw = answers.get(field.key)
            if no_answer(raw) and raw != []:
                label = _mislabelled(field, unmatched, exam)
                if label is not None:
                    printed = _printed(_mark(field, unmatched[label], exam), unmatched.pop(label))
                    remark = T(
                        f'labelled "{label}" in the key, but it is {field.key}',
                        f"im Schlüssel „{label}“ genannt, es ist {field.key}",
                    )
                    findings.append(Finding(number, field.key, "differs", printed, field.expected(), remark))
                elif not isinstance(field, Written) and field.kind != "steps":
                    grounds = _grounds(question, setting)
                    findings.append(Finding(number, field.key, "filled", None, field.expected(), grounds=grounds))
                continue
            findings.append(_compared(number, field, raw, exam))
        for label, raw in unmatched.items():
            remark = T(f'"{label}" is not asked for', f"„{label}“ ist nicht gefragt")
            findings.append(Finding(number, label, "differs", quoted(raw), None, remark))
    return findings


def _mark(field: Field, raw: Any, exam: Exam) -> Mark:
    """The mark of a key's answer. A key may list several samples of a text, of which candidates give some."""
    rules = Rules(surplus_void=not isinstance(field, Written), withdrawn=exam.rules.withdrawn)
    return field.mark(raw, rules)


def _printed(mark: Mark, raw: Any) -> Shown:
    return mark.given if mark.given is not None else quoted(raw)


def _grounds(question: Question, setting: Any) -> tuple[Ground, ...]:
    """The grounds of every box, if it is a choice question."""
    if not isinstance(question, ChoiceQuestion):
        return ()
    statements = question.statements(setting)
    return tuple(
        Ground(
            option.letter, option.right, statement.id, statement.truth, statement.evidence is not None, statement.reason
        )
        for option, statement in zip(question.options(setting), statements, strict=True)
    )


def _mislabelled(field: Field, unmatched: Mapping[str, Any], exam: Exam) -> str | None:
    """The label under which the key gives this field's answer, if there is one."""
    for label, raw in unmatched.items():
        mark = _mark(field, raw, exam)
        if mark.credit is not None and mark.credit == mark.maximum:
            return label
    return None


def _compared(number: str, field: Field, raw: Any, exam: Exam) -> Finding:
    mark = _mark(field, raw, exam)
    printed = _printed(mark, raw)
    if mark.credit is None:
        return Finding(number, field.key, "for people", printed, mark.expected)
    if mark.credit == mark.maximum:
        return Finding(number, field.key, "agrees", printed, mark.expected)
    return Finding(number, field.key, "differs", printed, mark.expected, mark.reason)
