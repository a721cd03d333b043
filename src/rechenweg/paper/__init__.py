"""Printing: a candidate's paper and its worked solution, the marked work, the attendance list, the stickers.

    sheets    what stands on the pages, as frozen data
    layout    paper and worked solution as Typst source
    marked    a candidate's marked work as Typst source
    lists     attendance list and sticker sheets as Typst source
    compile   Typst source to PDF, one by one or all papers of an exam in processes
    codes     the small code in every page's corner
    look.typ  type, measures and drawings of all of them

>>> from datetime import date
>>> from fractions import Fraction
>>> from rechenweg.text import T
>>> meta = PaperMeta("demo", T("Demo", "Demo"), T("Here", "Hier"), "N. N.", date(2025, 1, 7), 90, Fraction(1))
>>> question = PaperQuestion("1.1", Fraction(1), "What is $2 + 2$?", (Box(height=30),), (Step("$4$", Fraction(1)),))
>>> problem = PaperProblem(1, T("Sums", "Summen"), Fraction(1), (question,))
>>> compile_pdf(render(meta, [problem], Copy("0001"), "en"))[:5]
b'%PDF-'
"""

from rechenweg.paper.codes import PageCode
from rechenweg.paper.compile import Document, compile_pdf, compile_pictures, print_all
from rechenweg.paper.layout import render
from rechenweg.paper.lists import attendance_list, sticker_sheets
from rechenweg.paper.marked import render_marked
from rechenweg.paper.sheets import (
    ANONYMOUS,
    CREDITS,
    MAX_BOX,
    NAMED,
    POINTS,
    Answer,
    Blank,
    Box,
    CodeBox,
    Copy,
    CreditWord,
    Field,
    MarkedProblem,
    MarkedQuestion,
    MarkedSheet,
    Markup,
    Matrix,
    PaperError,
    PaperMeta,
    PaperOptions,
    PaperProblem,
    PaperQuestion,
    Sketch,
    Slot,
    Slots,
    Step,
    Table,
    Tick,
    Ticks,
    credit_steps,
)

__all__ = [
    "ANONYMOUS",
    "CREDITS",
    "MAX_BOX",
    "NAMED",
    "POINTS",
    "Answer",
    "Blank",
    "Box",
    "CodeBox",
    "Copy",
    "CreditWord",
    "Document",
    "Field",
    "MarkedProblem",
    "MarkedQuestion",
    "MarkedSheet",
    "Markup",
    "Matrix",
    "PageCode",
    "PaperError",
    "PaperMeta",
    "PaperOptions",
    "PaperProblem",
    "PaperQuestion",
    "Sketch",
    "Slot",
    "Slots",
    "Step",
    "Table",
    "Tick",
    "Ticks",
    "attendance_list",
    "compile_pdf",
    "compile_pictures",
    "credit_steps",
    "print_all",
    "render",
    "render_marked",
    "sticker_sheets",
]
