"""Reads PDFs back as a person or a scanner would see them."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

POINT = 25.4 / 72  # mm


@dataclass(frozen=True)
class Page:
    """One page: its words in reading order, one space between them, and the rectangles around what is drawn on it.

    Rectangles are (left, top, right, bottom) in mm from the top left corner.
    """

    text: str
    drawn: tuple[tuple[float, float, float, float], ...]


def read(pdf: bytes) -> list[Page]:
    """Every page of a PDF."""
    document = pdfium.PdfDocument(io.BytesIO(pdf))
    try:
        return [_page(document, number) for number in range(len(document))]
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, number: int) -> Page:
    page = document[number]
    words = page.get_textpage().get_text_range().replace("\ufffe", "").replace("\u00ad", "").split()
    height = page.get_height()
    drawn = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = thing.get_bounds()
        drawn.append((left * POINT, (height - top) * POINT, right * POINT, (height - bottom) * POINT))
    return Page(" ".join(words), tuple(drawn))


def gray(pdf: bytes, number: int, pixels_per_mm: int) -> npt.NDArray[np.uint8]:
    """A page as a scanner sees it: (rows, columns), 0 is black."""
    document = pdfium.PdfDocument(io.BytesIO(pdf))
    bitmap = document[number].render(scale=pixels_per_mm * POINT, grayscale=True)
    picture: npt.NDArray[np.uint8] = bitmap.to_numpy().reshape(bitmap.height, bitmap.width).copy()
    document.close()
    return picture
