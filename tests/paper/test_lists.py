"""Attendance list and sticker sheets."""

from __future__ import annotations

from rechenweg.paper import Copy, attendance_list, compile_pdf, sticker_sheets

from .reading import read
from .sample import ANONYMOUS_EXAM, COPY

LONG = "Maximiliana-Theodora Freifrau von und zu Hohenstein-Rabenfels"
HOSTILE = "#evil *x* $ \\ ] // <l> @r"


def copies(count: int) -> list[Copy]:
    return [Copy(f"{n:04d}-{n % 7}", n, f"Person Number{n}", f"037{n:05d}", f"A {n}") for n in range(1, count + 1)]


def test_every_candidate_stands_once_with_seat_number_and_paper():
    pages = read(compile_pdf(attendance_list(ANONYMOUS_EXAM, copies(60), "en")))
    text = " ".join(page.text for page in pages)
    for n, copy in enumerate(copies(60), start=1):
        assert text.count(f"{n} {copy.seat} {copy.name} {copy.number} {copy.code}") == 1
    assert "Registered 60" in text and "Networks by Hand" in text and "10:30 – 12:00" in text
    assert len(pages) > 2
    assert all("Signature" in page.text for page in pages)  # the head is repeated


def test_long_and_hostile_names_stay_in_their_rows():
    people = [Copy("0001", name=LONG), Copy("0002", name=HOSTILE), Copy("0003", name="Nguyễn Thị Hằng")]
    (page,) = read(compile_pdf(attendance_list(ANONYMOUS_EXAM, people, "en")))
    assert LONG.replace("-", "") in page.text.replace("-", "")
    assert HOSTILE in page.text and "Nguyễn Thị Hằng" in page.text


def test_the_german_list_speaks_german():
    text = read(compile_pdf(attendance_list(ANONYMOUS_EXAM, copies(3), "de")))[0].text
    for words in ("Anwesenheitsliste", "Matrikelnummer", "Unterschrift", "Netze von Hand", "Angemeldet 3"):
        assert words in text.replace("Matrikel- nummer", "Matrikelnummer")


def test_stickers_come_24_on_a_sheet_without_names():
    pages = read(compile_pdf(sticker_sheets(ANONYMOUS_EXAM, [*copies(50), COPY], "en")))
    assert [page.text.count("Paper number") for page in pages] == [24, 24, 3]
    text = " ".join(page.text for page in pages)
    assert all(text.count(copy.code) == 1 for copy in copies(50))
    assert "Person" not in text and COPY.name not in text and COPY.number not in text


def test_no_candidates_make_an_empty_list():
    assert len(read(compile_pdf(attendance_list(ANONYMOUS_EXAM, [], "en")))) == 1
    assert len(read(compile_pdf(sticker_sheets(ANONYMOUS_EXAM, [], "en")))) == 1
