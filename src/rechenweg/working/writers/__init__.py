"""Four writers for one document model.

`write(document, form, language)` gives the body in any form; `page(…)` a whole file of it: an HTML page, a
LaTeX or Typst file that compiles by itself, or the text under its title.

>>> from rechenweg.text import T
>>> from rechenweg.working.document import Document
>>> document = Document.of(T("the loss", "der Fehler"))
>>> write(document, "text", "de"), write(document, "html", "en")
('der Fehler', '<p>the loss</p>')
"""

from __future__ import annotations

from typing import Literal, get_args

from rechenweg.errors import InputError
from rechenweg.text import Language
from rechenweg.working.document import Document
from rechenweg.working.prose.html import escape
from rechenweg.working.writers import html, latex, text, typst
from rechenweg.working.writers.chains import cells
from rechenweg.working.writers.html import STYLESHEET, html_page
from rechenweg.working.writers.latex import latex_page
from rechenweg.working.writers.typst import TYPST_PRELUDE, typst_page

Form = Literal["text", "html", "latex", "typst"]
FORMS: tuple[Form, ...] = get_args(Form)

__all__ = [
    "FORMS",
    "STYLESHEET",
    "TYPST_PRELUDE",
    "Form",
    "html_page",
    "latex_page",
    "page",
    "typst_page",
    "write",
]


def write(document: Document, form: Form, language: Language = "en", width: int | None = None) -> str:
    """The document's body in one form and language.

    width: room of a line in characters; the form's usual width if not given. Raises InputError for another
    form.
    """
    if form == "text":
        return text.write(document, language, width)
    if form == "html":
        return html.write(document, language, width)
    if form == "latex":
        return latex.write(document, language, width)
    if form == "typst":
        return typst.write(document, language, width)
    raise InputError("form", "one of " + ", ".join(FORMS), repr(form))


def page(document: Document, form: Form, language: Language = "en", title: str = "") -> str:
    """A whole file: the document with a title (plain text) and whatever the form needs around it."""
    body = write(document, form, language)
    if form == "html":
        heading = f"<h1>{escape(title)}</h1>\n" if title else ""
        return html_page(title, heading + body, language)
    if form == "latex":
        return latex_page(title, body, language)
    if form == "typst":
        return typst_page(title, body, language)
    return f"{title}\n{'═' * cells(title)}\n\n{body}\n" if title else body + "\n"
