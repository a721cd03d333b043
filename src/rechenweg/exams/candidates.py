"""Candidates and the versions they get.

The list comes as a CSV file as campus systems write it: with commas, semicolons or tabs, in UTF-8 or Latin-1, its
columns named in English or German.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rechenweg.errors import InputError

NUMBER_COLUMNS = (
    "number", "matriculation number", "registration number", "student id", "id", "candidate",
    "matrikelnummer", "matrikel-nr.", "matrikelnr", "matrnr", "mtknr", "registration_number", "matriculation_number",
)  # fmt: skip
NAME_COLUMNS = ("name", "full name", "full_name", "vor- und nachname")
LAST_COLUMNS = ("last name", "surname", "family name", "nachname", "familienname", "last_name")
FIRST_COLUMNS = ("first name", "given name", "vorname", "first_name")

VERSIONS = 999_999
"""Versions that are handed out: 1 to this; 0 is the paper as it was."""

_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without I, O, 0 and 1, which people confuse


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate: registration number (text, leading zeros kept) and name."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which version a candidate gets, and the code of the sticker that ties the paper to the number."""

    candidate: Candidate
    version: int
    code: str


def read_candidates(path: Path) -> list[Candidate]:
    """Read a list of candidates.

    Raises:
        InputError: no such file, no column with the registration number, a duplicate, an empty number, no rows;
            with the line.
    """
    if not path.is_file():
        raise InputError(str(path), "a CSV file with candidates", "no such file" if not path.exists() else "a folder")
    source = _decoded(path)
    lines = source.splitlines()
    if not lines or not lines[0].strip():
        raise InputError(str(path), "a header line and one line per candidate", "an empty file")
    delimiter = max((",", ";", "\t"), key=lines[0].count)
    try:
        rows = list(csv.reader(io.StringIO(source), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(str(path), "a CSV file whose quotes are closed", str(error)) from error
    header = [cell.strip().lower() for cell in rows[0]]
    number_column = _column(header, NUMBER_COLUMNS)
    if number_column is None:
        raise InputError(f"{path}, line 1", 'a column "number" (or "Matrikelnummer")', ", ".join(rows[0])[:80])
    name_column, last, first = (_column(header, names) for names in (NAME_COLUMNS, LAST_COLUMNS, FIRST_COLUMNS))
    found: list[Candidate] = []
    lines_of: dict[str, int] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise InputError(f"{path}, line {line}", f"{len(header)} columns", str(len(row)))
        number = row[number_column].strip()
        if not number:
            raise InputError(f"{path}, line {line}", "a registration number", "an empty cell")
        if any("\n" in cell for cell in row):
            raise InputError(f"{path}, line {line}", "cells of one line (is a quote left open?)", "a line break")
        if len(number) > 64 or not number.isprintable():
            raise InputError(
                f"{path}, line {line}", "a registration number of at most 64 characters", repr(number[:40])
            )
        if number in lines_of:
            raise InputError(
                f"{path}, line {line}", f"each candidate once (line {lines_of[number]} has it too)", number
            )
        lines_of[number] = line
        parts = (
            [row[c].strip() for c in (first, last) if c is not None]
            if name_column is None
            else [row[name_column].strip()]
        )
        found.append(Candidate(number, " ".join(p for p in parts if p)))
    if not found:
        raise InputError(str(path), "at least one candidate", "only a header")
    return found


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    if len(content) > 16 * 2**20:
        raise InputError(str(path), "a list of candidates of at most 16 MiB", f"{len(content) / 2**20:.0f} MiB")
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(str(path), "UTF-8 or Latin-1", "neither")  # pragma: no cover  (Latin-1 reads every byte)


def _column(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def assign(exam_id: str, candidates: Iterable[Candidate], seed: int) -> list[Assignment]:
    """Versions and codes for all candidates; a candidate's depends on seed and number, not on the others in the list
    (but for the rare case that two would get the same).

    >>> [a.version for a in assign("tum-2024", [Candidate("1", "A"), Candidate("2", "B")], seed=0)]
    [639999, 586622]
    """
    taken: set[int] = set()
    made: list[Assignment] = []
    for candidate in candidates:
        digest = hashlib.sha256(f"{seed}/{exam_id}/{candidate.number}".encode()).digest()
        version = 1 + int.from_bytes(digest[:8], "big") % VERSIONS
        while version in taken:
            version = 1 + version % VERSIONS
        taken.add(version)
        letters = "".join(_CODE_LETTERS[b % 32] for b in digest[8:16])
        made.append(Assignment(candidate, version, f"{letters[:4]}-{letters[4:]}"))
    return made
