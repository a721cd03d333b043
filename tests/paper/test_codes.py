"""The code in every page's corner."""

from __future__ import annotations

import numpy as np
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from rechenweg.paper import PageCode, PaperError, compile_pdf, render, sticker_sheets
from rechenweg.paper.codes import modules, page_modules

from .reading import gray, read
from .sample import ANONYMOUS_EXAM, COPY, PROBLEMS

exams = st.from_regex(r"\A[a-z0-9][a-z0-9.-]{0,12}\Z")
copies = st.from_regex(r"\A[A-Z0-9][A-Z0-9.-]{0,8}\Z")
versions = st.integers(0, 99_999)


@given(exams, versions, copies, st.integers(0, 99))
def test_what_is_written_is_read(exam, version, copy, page):
    code = PageCode(exam, version, copy, page)
    assert PageCode.read(code.text) == code


@settings(max_examples=30)
@given(exams, versions, copies, st.lists(st.integers(1, 99), min_size=1, max_size=3))
def test_every_pages_code_is_the_one_that_segno_makes(exam, version, copy, pages):
    codes = page_modules(exam, version, copy, 99)
    for page in pages:
        text = PageCode(exam, version, copy, page).text
        oracle = segno.make_qr(text, error="m", boost_error=False, mask=3)
        assert codes[page - 1].tolist() == [[bool(module) for module in row] for row in oracle.matrix]


def test_a_usual_code_has_25_modules():
    assert modules(PageCode("tum-2024", 199, "0199-3", 20).text).shape == (25, 25)


@pytest.mark.parametrize("text", ["", "3/TUM/1/X", "03/TUM/one/X", "03/TUM/1/X/", "03/tum/1/X"])
def test_another_code_is_refused(text):
    with pytest.raises(PaperError, match="page code: expected PAGE/EXAM/VERSION/COPY"):
        PageCode.read(text)


def test_a_hundredth_page_is_refused():
    with pytest.raises(PaperError, match="copy 0001: expected at most 99 pages, found 100"):
        page_modules("exam", 0, "0001", 100)


def seen(pdf: bytes, page: int, left: float, top: float, width: float, side: int) -> list[list[bool]]:
    """The modules of a code as printed: the gray value at the centre of each."""
    pixels = 20
    picture = gray(pdf, page - 1, pixels)
    centres = (np.arange(side) + 0.5) * width / side
    rows, columns = ((top + centres) * pixels).astype(int), ((left + centres) * pixels).astype(int)
    return [[bool(dark) for dark in row] for row in picture[np.ix_(rows, columns)] < 128]


def test_every_page_carries_its_own_code():
    pdf = compile_pdf(render(ANONYMOUS_EXAM, PROBLEMS, COPY, "en"))
    for page in range(1, len(read(pdf)) + 1):
        wanted = modules(PageCode("sample-1", 17, "0042-7", page).text)
        assert seen(pdf, page, 210 - 14 - 11.5, 7.5, 11.5, len(wanted)) == wanted.tolist()


def test_a_sticker_carries_the_code_of_its_copys_sticker_field():
    pdf = compile_pdf(sticker_sheets(ANONYMOUS_EXAM, [COPY], "en"))
    wanted = modules(PageCode("sample-1", 17, "0042-7", 0).text)
    assert seen(pdf, 1, 6, 0.5 + (37 - 23) / 2, 23, len(wanted)) == wanted.tolist()
