"""A candidate's marked work as Typst source: sums, then every question with the reason of every mark."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rechenweg.paper.calls import (
    AT,
    Content,
    call,
    content,
    credits_in_words,
    decimal,
    long_date,
    look,
    optional,
    plain,
)
from rechenweg.paper.sheets import MarkedQuestion, MarkedSheet, PaperMeta, Step
from rechenweg.text import Language, T
from rechenweg.working import prose

_TITLE = T("Marked work", "Bewertete Arbeit")
_SIMULATED = T(
    "Simulated: these answers were generated, no person gave them.",
    "Simuliert: Diese Antworten wurden erzeugt, kein Mensch hat sie gegeben.",
)
_PROBLEM = T("Problem", "Aufgabe")
_REACHED = T("Reached", "Erreicht")
_OF = T("Possible", "Möglich")
_OPEN = T("To be marked", "Noch zu bewerten")
_BONUS = T.same("Bonus")
_TOTAL = T("Total", "Summe")
_CANDIDATE = T("Candidate", "Name")
_NUMBER = T("Registration", "Matrikelnr.")
_PAPER = T("Paper", "Arbeit")
_DATE = T("Date", "Datum")
_VERSION = T("version", "Version")
_PAGE = T("Page", "Seite")
_RESULT = T("{reached} of {total}", "{reached} von {total}")
_STILL = T(
    "Still to be marked by a person: {open}. The sum can rise.",
    "Noch von einem Menschen zu bewerten: {open}. Die Summe kann steigen.",
)
_GRADE = T("Grade {grade}", "Note {grade}")
_STATES = {
    "full": T("fully credited", "volle Punktzahl"),
    "part": T("partly credited", "teilweise"),
    "zero": T("no credit", "keine Punkte"),
    "open": T("to be marked", "noch zu bewerten"),
}
_PART_OPEN = T("to be marked: {open}", "noch zu bewerten: {open}")
_ANSWERED = T("Answered", "Geantwortet")
_EXPECTED = T("Expected", "Erwartet")
_NOTHING = T("No answer.", "Keine Antwort.")


def render_marked(meta: PaperMeta, sheet: MarkedSheet, language: Language) -> str:
    """One candidate's marked work as Typst source.

    A sheet flagged as simulated says so in a banner on every page.
    """
    return "\n".join(_Marked(meta, sheet, language).lines())


class _Marked:
    """Writes one marked work."""

    def __init__(self, meta: PaperMeta, sheet: MarkedSheet, language: Language) -> None:
        self.meta, self.sheet, self.language = meta, sheet, language

    def lines(self) -> Iterator[str]:
        """The whole source."""
        meta, sheet, language = self.meta, self.sheet, self.language
        yield look()
        yield f"{AT}marked work"
        title = prose.plain(f"{meta.title.in_(language)} – {_TITLE.in_(language)} {sheet.copy.code}")
        head = f"{self.say(meta.title).markup} · {self.say(_TITLE).markup} #h(1fr) {plain(self.who()).markup}"
        if sheet.simulated:
            head += f" #v(1.5mm, weak: true) #banner[{self.say(_SIMULATED).markup}]"
        yield "#show: " + call(
            "frame.with",
            lang=language,
            title=title,
            date=meta.date,
            head=Content(head),
            foot=plain(f"{meta.exam_id} · {meta.date.isoformat()}"),
            page_word=self.say(_PAGE),
            room="even",
        )
        yield "#" + call("marked-head", self.say(_TITLE), self.say(meta.title), self.details())
        yield "#" + call("marked-sums", *self.sums())
        yield "#" + call("marked-result", self.result())
        for number, remark in enumerate(sheet.remarks, start=1):
            yield f"{AT}remark {number}"
            yield f"#list[{remark}]"
        for problem in sheet.problems:
            yield f"{AT}problem {problem.number}"
            credits = f"{self.amount(problem.reached)} / {self.amount(problem.maximum)}"
            label = Content(f"{self.say(_PROBLEM).markup} {problem.number}")
            yield "#" + call("marked-problem", label, self.say(problem.title), plain(credits))
            for question in problem.questions:
                yield f"{AT}question {question.number}"
                yield "#" + self.question(question)

    def say(self, text: T) -> Content:
        """Prose in the language of the print."""
        return content(text, self.language)

    def amount(self, credits: Fraction) -> str:
        """Credits without their unit."""
        return decimal(credits, self.language)

    def in_words(self, credits: Fraction) -> str:
        """Credits with their unit."""
        return credits_in_words(credits, self.meta.credit_word, self.language)

    def who(self) -> str:
        """The copy, and whose it is as far as known."""
        return " · ".join(part for part in (self.sheet.copy.number, self.sheet.copy.code) if part)

    def details(self) -> tuple[tuple[Content, Content], ...]:
        """Candidate, registration number, copy and date."""
        copy = self.sheet.copy
        paper = f"{copy.code}, {_VERSION.in_(self.language)} {copy.version}"
        known = (
            (_CANDIDATE, copy.name),
            (_NUMBER, copy.number),
            (_PAPER, paper),
            (_DATE, long_date(self.meta.date, self.language)),
        )
        return tuple((self.say(label), plain(text)) for label, text in known if text)

    def sums(self) -> tuple[tuple[Content, ...], tuple[tuple[Content, ...], ...]]:
        """Head and rows of the table of sums."""
        problems, bonus = self.sheet.problems, self.sheet.bonus
        head = [_PROBLEM.in_(self.language), *(str(problem.number) for problem in problems)]
        maxima = [problem.maximum for problem in problems]
        reached = [problem.reached for problem in problems]
        waiting = [problem.open for problem in problems]
        if bonus is not None:
            head.append(_BONUS.in_(self.language))
        head.append(_TOTAL.in_(self.language))

        def row(label: T, credits: list[Fraction], extra: str, total: Fraction) -> tuple[Content, ...]:
            cells = [label.in_(self.language), *map(self.amount, credits)]
            return tuple(map(plain, [*cells, *([extra] if bonus is not None else []), self.amount(total)]))

        most = "" if self.meta.bonus is None else f"({self.amount(self.meta.bonus)})"
        added = "" if bonus is None else self.amount(bonus)
        rows = [
            row(_OF, maxima, most, sum(maxima, Fraction())),
            row(_REACHED, reached, added, sum(reached, bonus or Fraction())),
        ]
        if any(waiting):
            rows.append(row(_OPEN, waiting, "", sum(waiting, Fraction())))
        return tuple(map(plain, head)), tuple(rows)

    def result(self) -> Content:
        """The sum in a sentence, with what is still open."""
        problems, bonus = self.sheet.problems, self.sheet.bonus or Fraction()
        reached = sum((problem.reached for problem in problems), bonus)
        total = sum((problem.maximum for problem in problems), Fraction())
        waiting = sum((problem.open for problem in problems), Fraction())
        of_total = credits_in_words(total, self.meta.credit_word, self.language, after_of=True)
        said = _RESULT.format(reached=self.amount(reached), total=of_total)
        markup = f"#strong[{self.say(said).markup}]"
        if self.sheet.grade is not None:
            markup += f" · {self.say(T(_GRADE.en, _GRADE.de).format(grade=prose.escape(self.sheet.grade))).markup}"
        if waiting:
            markup += f" \\ #small[{self.say(_STILL.format(open=self.in_words(waiting))).markup}]"
        return Content(markup)

    def question(self, question: MarkedQuestion) -> str:
        """One question."""
        state = _state(question)
        reached = "–" if question.credit is None else self.amount(question.credit)
        answered = optional(question.answer) or Content(f"#emph[{self.say(_NOTHING).markup}]")
        expected = optional(question.expected)
        label = self.say(_STATES[state])
        if state == "open" and question.credit is not None:
            label = self.say(_PART_OPEN.format(open=self.amount(question.waiting)))
        return call(
            "marked-question",
            plain(question.number),
            plain(f"{reached} / {self.amount(question.maximum)}"),
            state,
            label,
            (self.say(_ANSWERED), answered),
            (self.say(_EXPECTED), expected) if expected else None,
            tuple(map(self.reason, question.reasons)),
        )

    def reason(self, reason: Step) -> tuple[Content, Content]:
        """A reason with its credit, signed."""
        if reason.credits is None:
            return Content(reason.body), Content("")
        sign = "+" if reason.credits > 0 else ""
        return Content(reason.body), plain(f"{sign}{self.amount(reason.credits)}")


def _state(question: MarkedQuestion) -> str:
    if question.state == "to be marked":
        return "open"
    if question.credit == question.maximum:
        return "full"
    return "part" if question.credit else "zero"
