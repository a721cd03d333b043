"""What the people at the door need: the attendance list and the sheets of stickers, as Typst source."""

from __future__ import annotations

from collections.abc import Sequence

from rechenweg.paper.calls import AT, call, content, long_date, look, plain, time_span
from rechenweg.paper.codes import PageCode, modules, outline
from rechenweg.paper.sheets import Copy, PaperMeta
from rechenweg.text import Language, T
from rechenweg.working import prose

_ATTENDANCE = T("Attendance list", "Anwesenheitsliste")
_STICKERS = T("Stickers", "Aufkleber")
_HEAD = (
    T("No.", "Nr."),
    T("Seat", "Platz"),
    T("Name", "Name"),
    T("Registration number", "Matrikel\u00adnummer"),
    T("Paper number", "Nummer der Arbeit"),
    T("Signature", "Unterschrift"),
)
_DATE = T("Date", "Datum")
_TIME = T("Time", "Zeit")
_EXAMINER = T("Examiner", "Prüfer")
_REGISTERED = T("Registered", "Angemeldet")
_PAGE = T("Page", "Seite")
_PAPER_NUMBER = T("Paper number", "Nummer der Arbeit")


def attendance_list(meta: PaperMeta, copies: Sequence[Copy], language: Language) -> str:
    """The list to be signed: seat, name, registration number and, beside the signature, the number of the paper.

    The rows stand in the order of `copies`; the head is repeated on every page.
    """

    def say(text: T) -> object:
        return content(text, language)

    details = [
        (say(_DATE), plain(long_date(meta.date, language))),
        (say(_EXAMINER), plain(meta.examiner)),
        (say(_REGISTERED), plain(str(len(copies)))),
    ]
    if meta.begins is not None:
        details.insert(1, (say(_TIME), plain(time_span(meta.begins, meta.duration_minutes, language))))
    rows = tuple(
        tuple(plain(text) for text in (str(number), copy.seat, copy.name, copy.number, copy.code, ""))
        for number, copy in enumerate(copies, start=1)
    )
    frame = call(
        "frame.with",
        lang=language,
        title=_title(meta, _ATTENDANCE, language),
        date=meta.date,
        foot=plain(meta.exam_id),
        page_word=say(_PAGE),
        room="even",
    )
    return "\n".join(
        (
            look(),
            f"{AT}attendance list",
            f"#show: {frame}",
            "#" + call("marked-head", say(_ATTENDANCE), say(meta.title), tuple(details)),
            "#" + call("attendance-table", tuple(map(say, _HEAD)), rows),
        )
    )


def sticker_sheets(meta: PaperMeta, copies: Sequence[Copy], language: Language) -> str:
    """A4 sheets of 3 x 8 stickers of 70 x 37 mm, one for each copy: its number, and the code of its sticker field.

    No name stands on a sticker; the attendance list ties the number to a person.
    """

    def cell(copy: Copy) -> tuple[object, ...]:
        drawn = modules(PageCode(meta.exam_id, copy.version, copy.code, 0).text)
        name, caption = content(meta.title, language), content(_PAPER_NUMBER, language)
        return (name, caption, copy.code, outline(drawn), drawn.shape[0])

    title = _title(meta, _STICKERS, language)
    sheets = call("sticker-sheets", language, title, tuple(map(cell, copies)))
    return "\n".join((look(), f"{AT}stickers", f"#{sheets}"))


def _title(meta: PaperMeta, what: T, language: Language) -> str:
    return prose.plain(f"{meta.title.in_(language)} – {what.in_(language)}")
