"""Answer files: read exactly, refused in one line."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rechenweg.errors import InputError
from rechenweg.exams import exam
from rechenweg.marking.answers import read_answers

TUM = exam("tum-2024")


def file(folder: Path, content: Any, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def entry(**changes: Any) -> dict[str, Any]:
    return {"exam": "tum-2024", "candidate": "03712345", "version": 0, "answers": {}} | changes


def test_numbers_are_taken_as_they_were_written(tmp_path: Path) -> None:
    path = file(tmp_path, '{"exam": "tum-2024", "candidate": "1", "version": 0, "answers": {"3.2": {"y": 0.1}}}')
    (one,) = read_answers([path], TUM)
    assert one.answers["3.2"]["y"] == Decimal("0.1")


def test_a_folder_and_a_list_in_one_file(tmp_path: Path) -> None:
    file(tmp_path, [entry(candidate="1"), entry(candidate="2")], "a.json")
    file(tmp_path, entry(candidate="3"), "b.json")
    assert [a.candidate for a in read_answers([tmp_path], TUM)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (entry(exam="fau-2021"), '"exam": expected "tum-2024", found "fau-2021"'),
        (entry(answers={"9.9": "1"}), '"answers": expected questions of tum-2024 (1.1 to 8.4), found "9.9"'),
        (entry(version=-3), '"version": expected a whole number from 0 to 1000000000, found -3'),
        (entry(version="seven"), '"version": expected a whole number from 0 to 1000000000, found seven'),
        (entry(version=True), '"version": expected a whole number'),
        (entry(candidate=""), '"candidate": expected a registration number as text'),
        (entry(extra=1), 'expected only the keys answers, candidate, exam, simulated, version, found "extra"'),
        (entry(answers={"3.2": {"q": 1}}), 'answer "3.2": expected the keys z, m, y, loss, found "q"'),
        ({"exam": "tum-2024"}, 'expected the key "answers", found none'),
        ([1], 'expected an object with "exam", "candidate", "version" and "answers", found a number'),
        ("{", "line 1, column 2: expected JSON"),
        ('{"exam": NaN}', "expected finite numbers, found NaN"),
        ('{"exam": "x", "exam": "y"}', 'expected each key once, found "exam" twice'),
        ("[" * 100_000, "expected JSON of ordinary depth and numbers"),
        ('{"version": ' + "9" * 10_000 + "}", "expected JSON of ordinary depth and numbers"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, content: Any, message: str) -> None:
    path = file(tmp_path, content)
    with pytest.raises(InputError) as caught:
        read_answers([path], TUM)
    assert message in str(caught.value) and str(path) in str(caught.value)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400


def test_a_candidate_twice_names_both_files(tmp_path: Path) -> None:
    file(tmp_path, entry(), "a.json")
    file(tmp_path, entry(), "b.json")
    with pytest.raises(
        InputError, match=r"b\.json: \"candidate\": expected each candidate once \(.*a\.json has it too\)"
    ):
        read_answers([tmp_path], TUM)


def test_ten_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = file(tmp_path, '"' + "x" * 10_000_000 + '"')
    with pytest.raises(InputError, match=r"expected at most 2 MiB, found 9\.5 MiB"):
        read_answers([path], TUM)


def test_no_such_file_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected an answer file, found no such file"):
        read_answers([tmp_path / "none.json"], TUM)
    with pytest.raises(InputError, match=r"expected a folder with answer files \(\*\.json\), found none"):
        read_answers([tmp_path], TUM)
