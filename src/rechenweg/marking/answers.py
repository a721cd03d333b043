"""Answer files: one JSON object per candidate.

    {"exam": "tum-2024", "candidate": "03712345", "version": 17,
     "answers": {"1.1": ["a", "c"], "3.2": {"z": [6, 4, 3], "y": "6"}}}

Unknown keys are errors; numbers are taken exactly as they were written. A file holds one object, or a list of them.
Everything that is wrong with a file is said in one line: where it stands, what was expected, what came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from rechenweg.errors import InputError
from rechenweg.exams.exam import Exam
from rechenweg.questions.field import no_answer
from rechenweg.questions.question import LARGEST_VERSION, Problem, Question

LARGEST_FILE = 2 * 2**20
"""Bytes of an answer file; more is no set of answers to an exam."""

KEYS = {"exam", "candidate", "version", "answers", "simulated"}


@dataclass(frozen=True, slots=True)
class Answers:
    """One candidate's answers.

    Attributes:
        where: the file (and entry) they come from, for messages.
        simulated: whether they were made by :mod:`.simulated`; then everything made of them says so.
    """

    exam: str
    candidate: str
    version: int
    answers: Mapping[str, Any]
    where: str
    simulated: bool = False


def read_answers(paths: Iterable[Path], exam: Exam) -> list[Answers]:
    """Read and check answer files (folders: every ``.json`` in them), in order of their names.

    Raises:
        InputError: one line with file, place, what was expected and what came; nothing is returned then.
    """
    found: list[Answers] = []
    seen: dict[str, str] = {}
    for path in _files(paths):
        for answers in _read_file(path, exam):
            if answers.candidate in seen:
                raise InputError(
                    f'{answers.where}: "candidate"',
                    f"each candidate once ({seen[answers.candidate]} has it too)",
                    answers.candidate,
                )
            seen[answers.candidate] = answers.where
            found.append(answers)
    return found


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(path.glob("*.json"))
            if not inside:
                raise InputError(str(path), "a folder with answer files (*.json)", "none")
            yield from inside
        elif path.is_file():
            yield path
        else:
            raise InputError(str(path), "an answer file", "no such file")


def _read_file(path: Path, exam: Exam) -> Iterable[Answers]:
    content = read_json(path)
    entries = content if isinstance(content, list) else [content]
    for i, entry in enumerate(entries, start=1):
        yield _checked(entry, f"{path}" if len(entries) == 1 else f"{path}, entry {i}", exam)


def read_json(path: Path) -> Any:
    """The content of a JSON file, its decimals as they were written.

    Raises:
        InputError: too large, not UTF-8, not JSON, a key twice, NaN or Infinity.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise InputError(str(path), f"at most {LARGEST_FILE // 2**20} MiB", f"{size / 2**20:.1f} MiB")
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(path), "a file in UTF-8", f"byte {error.start} that is not") from error
    try:
        return json.loads(source, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}, line {error.lineno}, column {error.colno}", "JSON", f"something else ({error.msg})"
        ) from error
    except _JsonTrouble as error:
        raise InputError(str(path), error.expected, error.came) from error
    except (RecursionError, ValueError) as error:
        raise InputError(
            str(path), "JSON of ordinary depth and numbers", "nesting or numbers beyond all measure"
        ) from error


class _JsonTrouble(Exception):
    def __init__(self, expected: str, came: str) -> None:
        self.expected, self.came = expected, came


def _refuse_constant(name: str) -> Any:
    raise _JsonTrouble("finite numbers", name)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [k for k, _ in pairs]
        raise _JsonTrouble("each key once", next(f'"{k}" twice' for k in keys if keys.count(k) > 1))
    return made


def _checked(entry: Any, where: str, exam: Exam) -> Answers:
    if not isinstance(entry, dict):
        raise InputError(where, 'an object with "exam", "candidate", "version" and "answers"', _kind(entry))
    for key in sorted(KEYS - {"simulated"} - set(entry)):
        raise InputError(where, f'the key "{key}"', "none")
    for key in sorted(set(entry) - KEYS):
        raise InputError(where, f"only the keys {', '.join(sorted(KEYS))}", f'"{shortened(key)}"')
    if entry["exam"] != exam.id:
        raise InputError(f'{where}: "exam"', f'"{exam.id}"', f'"{shortened(entry["exam"])}"')
    candidate = entry["candidate"]
    if not isinstance(candidate, str) or not candidate.strip() or len(candidate) > 64 or not candidate.isprintable():
        raise InputError(
            f'{where}: "candidate"',
            "a registration number as text",
            shortened(ascii(candidate) if isinstance(candidate, str) else candidate),
        )
    version = entry["version"]
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version <= LARGEST_VERSION:
        raise InputError(f'{where}: "version"', f"a whole number from 0 to {LARGEST_VERSION}", shortened(version))
    answers = entry["answers"]
    if not isinstance(answers, dict):
        raise InputError(f'{where}: "answers"', "an object with answers by question", _kind(answers))
    for number, raw in answers.items():
        _check_answer(number, raw, version, where, exam)
    return Answers(exam.id, candidate.strip(), version, answers, where, entry.get("simulated") is True)


def _check_answer(number: str, raw: Any, version: int, where: str, exam: Exam) -> None:
    if number not in exam.questions:
        raise InputError(f'{where}: "answers"', f"questions of {exam.id} ({_range(exam)})", f'"{shortened(number)}"')
    if not isinstance(raw, Mapping) or no_answer(raw):
        return
    problem, question = exam.questions[number]
    # most questions have the same keys in every version; only where they differ is the version itself drawn
    keys = _usual_keys(problem, question)
    if any(key not in keys for key in raw):
        keys = [f.key for f in question.fields(problem.version(version))]
    if keys == [""]:
        return
    for key in raw:
        if key not in keys:
            raise InputError(f'{where}: answer "{number}"', f"the keys {', '.join(keys)}", f'"{shortened(key)}"')


@cache
def _usual_keys(problem: Problem, question: Question) -> list[str]:
    """The keys of the paper as it was."""
    return [f.key for f in question.fields(problem.version(0))]


def _range(exam: Exam) -> str:
    numbers = list(exam.questions)
    return f"{numbers[0]} to {numbers[-1]}"


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def shortened(value: Any, longest: int = 40) -> str:
    """A value for a message, on one line and not too long."""
    text = " ".join(str(value)[: longest * 4].split())
    return text if len(text) <= longest else text[:longest] + "…"
