"""Lists of candidates as campus systems write them, and the versions handed out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rechenweg.errors import InputError
from rechenweg.exams.candidates import VERSIONS, Candidate, assign, read_candidates


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    file = path / "list.csv"
    file.write_bytes(content.encode(encoding))
    return file


def test_commas_utf8(tmp_path: Path) -> None:
    assert read_candidates(write(tmp_path, 'number,name\n03712345,"Müller, Ada"\n')) == [
        Candidate("03712345", "Müller, Ada")
    ]


def test_semicolons_latin_1_german_columns_and_first_names(tmp_path: Path) -> None:
    file = write(tmp_path, "Matrikelnummer;Nachname;Vorname\n21;Größe;Jörg\n\n22;Öz;Ayşe".replace("ş", "s"), "latin-1")
    assert read_candidates(file) == [Candidate("21", "Jörg Größe"), Candidate("22", "Ayse Öz")]


def test_byte_order_mark_tabs_and_windows_line_ends(tmp_path: Path) -> None:
    assert read_candidates(write(tmp_path, "\ufeffid\tname\r\n7\tBo\r\n")) == [Candidate("7", "Bo")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected a header line and one line per candidate, found an empty file"),
        ("number,name\n", "expected at least one candidate, found only a header"),
        ("name,seat\nA,1\n", 'line 1: expected a column "number" (or "Matrikelnummer"), found name, seat'),
        ("number,name\n1,A\n2,B\n1,C\n", "line 4: expected each candidate once (line 2 has it too), found 1"),
        ("number,name\n,A\n", "line 2: expected a registration number, found an empty cell"),
        ("number,name\n1,A,x\n", "line 2: expected 2 columns, found 3"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_candidates(write(tmp_path, content))
    assert message in str(caught.value) and str(tmp_path / "list.csv") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a CSV file with candidates, found no such file"):
        read_candidates(tmp_path / "none.csv")


@given(st.lists(st.text("0123456789", min_size=1, max_size=8), unique=True, max_size=60), st.integers(0, 99))
def test_versions_and_codes_are_unique_and_depend_on_number_and_seed_only(numbers: list[str], seed: int) -> None:
    made = assign("tum-2024", [Candidate(n, "") for n in numbers], seed)
    assert len({a.version for a in made}) == len({a.code for a in made}) == len(numbers)
    assert all(1 <= a.version <= VERSIONS for a in made)
    for a in made:
        (alone,) = assign("tum-2024", [a.candidate], seed)
        assert alone.version == a.version and alone.code == a.code


def test_another_seed_gives_other_versions() -> None:
    people = [Candidate(str(n), "") for n in range(20)]
    first, second = ([a.version for a in assign("tum-2024", people, seed)] for seed in (0, 1))
    assert first != second
