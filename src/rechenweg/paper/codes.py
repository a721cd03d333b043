"""The small code in the corner of every page and on every sticker.

A page says in its code which exam, version, copy and page it is, so that a scanned pile may be in any order. It is a
QR code of error level M, whose text is all capitals: QR's alphanumeric mode holds it in 25 x 25 modules.

A QR code is linear over GF(2): error correction is a linear code, and the mask is added at the end. Copies of one
length therefore differ from page to page by the same pattern, which is computed once: a copy's 30 pages cost one
run of segno instead of 30.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import segno

from rechenweg.paper.sheets import PaperError

Modules = npt.NDArray[np.bool_]

MAX_PAGES = 99
"""Pages of one copy: the page has two digits in the code."""

_MASK = 3  # a fixed mask is a valid QR code; trying all eight for each page would cost four times as much
_TEXT = re.compile(r"(\d\d)/([A-Z0-9.-]+)/(\d+)/([A-Z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class PageCode:
    """What the code in a page's corner says.

    >>> PageCode("tum-2024", 17, "0042-7", 3).text
    '03/TUM-2024/17/0042-7'
    >>> PageCode.read("03/TUM-2024/17/0042-7")
    PageCode(exam='tum-2024', version=17, copy='0042-7', page=3)
    """

    exam: str
    version: int
    copy: str
    page: int

    @property
    def text(self) -> str:
        """As encoded. The page comes first: its two digits then share no symbol with what follows."""
        return f"{self.page:02d}/{self.exam.upper()}/{self.version}/{self.copy}"

    @classmethod
    def read(cls, text: str) -> PageCode:
        """The reverse; raises PaperError if `text` is no such code."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise PaperError(f"page code: expected PAGE/EXAM/VERSION/COPY, found {text!r}")
        page, exam, version, copy = match.groups()
        return cls(exam.lower(), int(version), copy, int(page))


def modules(text: str) -> Modules:
    """The QR code of `text`, True for dark: (side, side), without the quiet zone.

    >>> modules("03/TUM-2024/17/0042-7").shape
    (25, 25)
    """
    code = segno.make(text, error="m", boost_error=False, mask=_MASK, micro=False)
    return np.array([list(row) for row in code.matrix], dtype=bool)


def page_modules(exam: str, version: int, copy: str, pages: int) -> list[Modules]:
    """The codes of pages 1 to `pages` of one copy; equal to `modules` of each page's text.

    Raises PaperError beyond MAX_PAGES.
    """
    if not 0 <= pages <= MAX_PAGES:
        raise PaperError(f"copy {copy}: expected at most {MAX_PAGES} pages, found {pages}")
    text = PageCode(exam, version, copy, 0).text
    start = modules(text)
    return [start ^ _change(page, len(text)) for page in range(1, pages + 1)]


@lru_cache(maxsize=4096)
def _change(page: int, length: int) -> Modules:
    """Where the codes of page `page` and page 0 differ, for texts of `length` characters."""
    rest = "/" + "0" * (length - 3)
    return modules(f"{page:02d}{rest}") ^ modules(f"00{rest}")


def outline(code: Modules) -> str:
    """The dark modules as the data of an SVG path: rectangles one module high.

    >>> outline(np.array([[True, True], [False, True]]))
    'M0 0h2v1h-2zM1 1h1v1h-1z'
    """
    return "".join(
        _run_of_byte(byte, 8 * column, y)
        for y, row in enumerate(np.packbits(code, axis=1).tolist())
        for column, byte in enumerate(row)
        if byte
    )


@cache
def _run_of_byte(byte: int, x: int, y: int) -> str:
    """Eight modules of one row, the first at (x, y), as rectangles."""
    bits = f"{byte:08b}"
    runs = re.finditer("1+", bits)
    return "".join(f"M{x + run.start()} {y}h{(n := len(run.group()))}v1h-{n}z" for run in runs)
