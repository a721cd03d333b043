"""A candidate's paper and its worked solution as Typst source.

:func:`render` writes calls of the functions in ``look.typ``; all that is decided here is what stands where and in
which words. The source is complete: any Typst compiles it without another file. :mod:`rechenweg.paper.compile` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rechenweg.paper.calls import (
    AT,
    Code,
    Content,
    Length,
    call,
    content,
    credits_in_words,
    decimal,
    halves,
    long_date,
    look,
    optional,
    plain,
    time_span,
)
from rechenweg.paper.codes import MAX_PAGES, PageCode, modules, outline, page_modules
from rechenweg.paper.sheets import (
    MAX_BOX,
    STEP,
    Answer,
    Blank,
    Box,
    CodeBox,
    Copy,
    CreditWord,
    Markup,
    Matrix,
    PaperMeta,
    PaperProblem,
    PaperQuestion,
    Sketch,
    Slot,
    Slots,
    Step,
    Table,
    Tick,
    Ticks,
)
from rechenweg.text import Language, T
from rechenweg.working import prose

_PROBLEM = T("Problem", "Aufgabe")
_SOLUTION = T("Solution", "Lösung")
_WORKED = T("Worked solution – not for candidates during the exam", "Musterlösung – nicht zur Ausgabe in der Prüfung")
_EXAM = T("Exam", "Prüfung")
_DATE = T("Date", "Datum")
_EXAMINER = T("Examiner", "Prüfer")
_TIME = T("Time", "Zeit")
_DURATION = T("Duration", "Dauer")
_MINUTES = T("minutes", "Minuten")
_VERSION = T("version", "Version")
_PAGE = T("Page", "Seite")
_RULES = T("Working instructions", "Hinweise zur Bearbeitung")
_STICKER = T("Place the sticker here", "Hier den Aufkleber anbringen")
_PAPER_NUMBER = T("Paper number", "Nummer der Arbeit")
_SUM = T.same("Σ")
_POINT_HEAD = (
    T("Problem", "Aufgabe"),
    T("Achieved", "Erreicht"),
    T("Exercise bonus", "Übungsbonus"),
    T("Total", "Summe"),
)
_SIGNATURE = T("Signature", "Unterschrift")
_LEFT_ROOM = (
    T("Left room from", "Raum verlassen von"),
    T("to", "bis"),
    T("Early submission at", "Vorzeitige Abgabe um"),
)
_PICTURES = (
    T("A cross marks an option.", "Ein Kreuz wählt eine Antwort."),
    T("Filling the box takes the cross back.", "Ein ausgefülltes Kästchen nimmt das Kreuz zurück."),
    T("A clear sign beside it marks it again.", "Ein deutliches Zeichen daneben wählt die Antwort wieder."),
)
_TICKED = T("To be ticked.", "Anzukreuzen.")
_NOT_TICKED = T("Not to be ticked.", "Nicht anzukreuzen.")
_WITHDRAWN = T("Withdrawn: this box counts for nobody.", "Gestrichen: Dieses Kästchen zählt für niemanden.")
_SPARE = (
    T("Extra space", "Zusätzlicher Platz"),
    T(
        "Put the number of the question before each answer. Strike through whatever shall not count.",
        "Schreiben Sie vor jede Antwort die Nummer der Frage. Streichen Sie durch, was nicht zählen soll.",
    ),
)
_GRAPH = (
    T("Graph paper", "Karopapier"),
    T("One square is 5 mm wide. Name the question that a drawing belongs to.",
      "Ein Kästchen ist 5 mm breit. Nennen Sie die Frage, zu der eine Zeichnung gehört."),
)  # fmt: skip

# A rule's field for the number of pages, of the paper only: its solution has another. Typst fills it in, see look.typ.
_PAGES, _PAGE_COUNT = "{pages}", "\ue000"

_HEIGHT_OF_A_CREDIT = 17.0
_SMALLEST_BOX = 20.0
# As in look.typ: from one credit box to the next, from one line of code to the next; the least that an option takes.
_PITCH, _CODE_PITCH, _OPTION_PITCH = 4.5, 7.0, 6.2
# What surely fits on one page and is therefore kept together: characters of all options, rows of a table or of code.
_WHOLE_OPTIONS = 2400
_WHOLE_ROWS = 20
_SHORT_TEXT = 600
# Lines of a question's text that surely fit; a longer one is measured. What the answers of a question may measure, in
# mm, to be kept together; a row of lines or of a table and a sketch, about.
_SHORT_LINES = 14
_WHOLE_ANSWERS, _ROW_PITCH, _SKETCH = 200.0, 10.0, 75.0


def render(
    meta: PaperMeta, problems: Sequence[PaperProblem], copy: Copy, language: Language, solution: bool = False
) -> str:
    """One copy of the paper, or its worked solution, as Typst source.

    The worked solution has neither page codes nor corner marks, spare pages nor places to fill in: nobody can take
    it for a paper, and no scanner either.
    """
    return "\n".join(_Paper(meta, problems, copy, language, solution).lines())


class _Paper:
    """Writes one copy; the methods follow the pages from front to back."""

    def __init__(
        self,
        meta: PaperMeta,
        problems: Sequence[PaperProblem],
        copy: Copy,
        language: Language,
        solution: bool,
    ) -> None:
        self.meta, self.problems, self.copy = meta, problems, copy
        self.language, self.solution = language, solution
        self.options = meta.options

    def lines(self) -> Iterator[str]:
        """The whole source."""
        yield look()
        yield f"{AT}cover"
        yield f"#show: {self.frame()}"
        yield "#" + self.cover()
        explained = not self.options.tick_pictures
        for problem in self.problems:
            yield f"{AT}problem {problem.number}"
            has_ticks = any(isinstance(a, Ticks) for q in problem.questions for a in q.answers)
            yield "#" + self.problem(problem, pictures=has_ticks and not explained)
            explained = explained or has_ticks
            for question in problem.questions:
                yield f"{AT}question {question.number}"
                yield from self.question(question)
        if not self.solution:
            yield f"{AT}extra pages"
            yield from self.extra_pages()

    # ---- words ----

    def say(self, text: T) -> Content:
        """Prose in the language of the print."""
        return content(text, self.language)

    def credits(self, number: Fraction) -> Content:
        """Credits with their unit."""
        return plain(credits_in_words(number, self.meta.credit_word, self.language))

    def version(self) -> str:
        """The version in words."""
        return f"{_VERSION.in_(self.language)} {self.copy.version}"

    # ---- frame and cover ----

    def frame(self) -> str:
        """Type, header, footer, corner marks and page codes."""
        meta, language = self.meta, self.language
        head = self.say(meta.title).markup
        if self.solution:
            head += f" #h(1fr) {plain(_SOLUTION.in_(language)).markup} · {self.copy.code} · {self.version()}"
            marks = "none"
        else:
            codes = page_modules(meta.exam_id, self.copy.version, self.copy.code, self.most_pages())
            label = Content(f"{plain(self.copy.code).markup} \\ {plain(self.version()).markup}")
            side = codes[0].shape[0]
            drawn = call("page-code", tuple(map(outline, codes)), side, label)
            marks = "{ corner-marks; " + drawn + " }"
        return call(
            "frame.with",
            lang=language,
            title=f"{_words(meta.title, language)} ({meta.exam_id})",
            date=meta.date,
            head=Content(head),
            foot=plain(f"{meta.exam_id} · {meta.date.isoformat()}"),
            page_word=self.say(_PAGE),
            cover=True,
            room="outside" if self.options.credit_boxes else "even",
            marks=Code(marks),
        )

    def most_pages(self) -> int:
        """For how many pages codes are written: how many there are is only known once the paper is set.

        A question takes at most one page besides its text, and no text runs to fewer than 1,000 characters a page.
        """
        options = self.options
        pages = 6 + options.spare_pages + options.graph_pages + len(self.problems)
        for problem in self.problems:
            texts = len(problem.intro) + sum(len(question.body) for question in problem.questions)
            answers = sum(max(1, len(question.answers)) for question in problem.questions)
            pages += answers + texts // 1000
        return min(pages, MAX_PAGES)

    def cover(self) -> str:
        """The first page."""
        meta, options, say = self.meta, self.options, self.say
        details: list[tuple[Content, Content]] = [
            (say(_EXAM), plain(meta.exam_id)),
            (say(_DATE), plain(long_date(meta.date, self.language))),
            (say(_EXAMINER), plain(meta.examiner)),
        ]
        if meta.begins is not None:
            details.append((say(_TIME), plain(time_span(meta.begins, meta.duration_minutes, self.language))))
        else:
            details.append((say(_DURATION), plain(f"{meta.duration_minutes} {_MINUTES.in_(self.language)}")))
        arguments: dict[str, object] = {
            "institution": say(meta.institution),
            "title": say(meta.title),
            "subtitle": say(meta.subtitle) if meta.subtitle else None,
            "details": tuple(details),
            "rules_title": say(_RULES),
            "rules": tuple(self.rule(text) for text in meta.rules if not (self.solution and _PAGES in text.en)),
        }
        if self.solution:
            arguments["solution"] = Content(
                f"{say(_WORKED).markup} · {plain(self.copy.code).markup} · {plain(self.version()).markup}"
            )
        else:
            arguments |= self.to_fill_in()
        if options.point_table:
            arguments["points"] = self.point_table()
        return call("cover", **arguments)

    def to_fill_in(self) -> dict[str, object]:
        """What candidates and correctors write on the cover; a solution does not show it."""
        options, say = self.options, self.say
        arguments: dict[str, object] = {}
        if options.sticker != "none":
            sticker: dict[str, object] = {
                "caption": say(_PAPER_NUMBER),
                "notes": tuple(map(say, options.sticker_notes)),
            }
            if options.sticker == "printed":
                drawn = modules(PageCode(self.meta.exam_id, self.copy.version, self.copy.code, 0).text)
                sticker |= {"code": self.copy.code, "drawn": outline(drawn), "side": drawn.shape[0]}
            else:
                sticker["caption"] = say(_STICKER)
            arguments["sticker"] = Code(call("sticker-field", **sticker))
        if options.fields:
            filled = {"name": self.copy.name, "number": self.copy.number}
            arguments["fields"] = tuple(
                {
                    "label": say(field.label),
                    "note": say(field.note) if field.note else None,
                    "tick": field.tick,
                    "value": plain(filled[field.filled]) if field.filled else None,
                }
                for field in options.fields
            )
        if options.corrections:
            problems = tuple(plain(f"P {problem.number}") for problem in self.problems)
            rows = tuple(plain(_roman(row)) for row in range(1, options.corrections + 1))
            arguments["sums"] = Code(call("sum-table", problems, rows, say(_SUM)))
        if options.declaration is not None:
            arguments["declaration"] = Code(call("signature", say(options.declaration), say(_SIGNATURE)))
        if options.left_room:
            arguments["leaving"] = Code(call("left-room", *map(say, _LEFT_ROOM)))
        return arguments

    def point_table(self) -> Code:
        """Problems, their credits, an empty row for those achieved."""
        meta, say = self.meta, self.say
        problem, achieved, bonus, total = map(say, _POINT_HEAD)
        unit = meta.credit_word.many.in_(self.language)
        named: dict[str, object] = {"total": (total, plain(decimal(meta.total, self.language)))}
        if meta.bonus is not None:
            named["bonus"] = (bonus, plain(f"({decimal(meta.bonus, self.language)})"))
        numbers = tuple(plain(str(p.number)) for p in self.problems)
        credits = tuple(plain(decimal(p.credits, self.language)) for p in self.problems)
        head = (problem, plain(unit[:1].upper() + unit[1:]))
        return Code(call("point-table", head, numbers, credits, achieved, **named))

    def rule(self, text: T) -> Content:
        """One working instruction, its fields filled in."""
        meta, word = self.meta, self.meta.credit_word
        known = {
            _PAGES: _PAGE_COUNT,
            "{problems}": str(len(self.problems)),
            "{total}": credits_in_words(meta.total, word, self.language),
            "{bonus}": credits_in_words(meta.bonus or Fraction(), word, self.language),
            "{minutes}": str(meta.duration_minutes),
        }
        filled = text.in_(self.language)
        for name, replacement in known.items():
            filled = filled.replace(name, replacement)
        return self.say(T.same(filled))

    # ---- problems ----

    def problem(self, problem: PaperProblem, pictures: bool) -> str:
        """A problem's head and what its questions share."""
        shared: list[str] = []
        new_page = self.options.problem_on_new_page or problem is self.problems[0]
        if pictures and not self.solution:
            shared.append("#" + call("tick-pictures", tuple(map(self.say, _PICTURES))))
        if problem.intro:
            sticky = not new_page and len(problem.intro) < _SHORT_TEXT
            shared.append("#" + call("shared", Content(problem.intro), sticky=sticky))
        credits = self.credits(problem.credits)
        return call(
            "problem",
            Content(f"{self.say(_PROBLEM).markup} {problem.number}"),
            self.say(problem.title),
            Content(f"({credits.markup})"),
            Content("\n".join(shared)),
            new_page=new_page,
        )

    def question(self, question: PaperQuestion) -> Iterator[str]:
        """A question, then what stands below it."""
        short = self.meta.credit_word.short
        label = self.credits(question.credits)
        if short is not None:
            label = plain(f"{decimal(question.credits, self.language)} {short.in_(self.language)}")
        parts = [part for answer in question.answers if (part := self.answer(answer, question))]
        if self.solution and question.solution:
            parts.append(self.steps(question.solution))
        whole = True if _lines(question.body) <= _SHORT_LINES else None
        yield "#" + call("question", plain(question.number), label, Content(question.body), last=not parts, whole=whole)
        if not self.solution:
            parts = self.kept_together(question, parts)
        yield "#" + "\n#v(3mm, weak: true)\n#".join(parts) if parts else ""

    def kept_together(self, question: PaperQuestion, parts: Sequence[str]) -> list[str]:
        """The answers of a question, on one page where they fit; the first with its credit boxes."""
        steps = tuple(map(halves, question.credit_steps))
        answers = question.answers
        fits = sum(self.height(answer, question) for answer in answers) <= _WHOLE_ANSWERS
        kept: list[str] = []
        for answer, after, part in zip(answers, (*answers[1:], None), parts, strict=True):
            fit = self.fit(answer, _PITCH * len(steps))
            more = after is not None and (fits or isinstance(after, Slots))
            if self.options.credit_boxes and not kept:
                kept.append(call("credited", steps, fit, Content("#" + part), more=more))
            else:
                kept.append(call("part", Content("#" + part), whole=fit != "breaks", more=more))
        return kept

    def height(self, answer: Answer, question: PaperQuestion) -> float:
        """About how high an answer is, in mm."""
        match answer:
            case Box():
                return self.box_height(answer, question)
            case CodeBox(lines, prefilled):
                return _CODE_PITCH * (lines + prefilled.count("\n"))
            case Ticks(options, columns):
                return sum(_OPTION_PITCH * (1 + len(option.body) // 80) for option in options) / columns
            case Slots(slots, columns):
                return _ROW_PITCH * -(-len(slots) // columns)
            case Table(rows) | Matrix(rows):
                return _ROW_PITCH * (len(rows) + 1)
            case Sketch():
                return _SKETCH

    @staticmethod
    def fit(answer: Answer, column: float) -> str:
        """How an answer compares with its column of credit boxes and with a page: see `credited` in look.typ."""
        match answer:
            case Box():
                return "high"
            case CodeBox(lines, prefilled):
                lines += prefilled.count("\n")
                return "breaks" if lines > _WHOLE_ROWS else "high" if lines * _CODE_PITCH > column else "low"
            case Ticks(options, columns):
                if sum(len(option.body) for option in options) > _WHOLE_OPTIONS:
                    return "breaks"
                return "high" if columns == 1 and len(options) * _OPTION_PITCH > column else "low"
            case Table(rows) | Matrix(rows):
                return "breaks" if len(rows) > _WHOLE_ROWS else "low"
            case Slots(slots, columns):
                return "breaks" if len(slots) > _WHOLE_ROWS * columns else "low"
            case Sketch():
                return "low"

    # ---- answers ----

    def answer(self, answer: Answer, question: PaperQuestion) -> str | None:
        """What is printed to be answered; in the solution with what was expected, or nothing."""
        boxed = self.options.boxed_answers
        match answer:
            case Ticks(options, columns):
                return call("ticks", columns, tuple(map(self.tick, options)))
            case Slots(slots, columns):
                return call("slots", columns, tuple(map(self.slot, slots)), boxed=boxed)
            case Table(rows, header):
                return call("answer-table", len(rows[0]), tuple(map(Content, header)), self.cells(rows))
            case Matrix(rows, label):
                return call("answer-matrix", Content(label), len(rows[0]), self.cells(rows))
            case Sketch(axes, expected):
                drawn = expected if self.solution and expected else axes
                return call("sketch", Content(drawn), boxed=boxed)
            case CodeBox(lines, prefilled, code_language):
                if self.solution and question.solution:
                    return None
                return call("code-box", prefilled.rstrip("\n"), lines, code_language)
            case Box(_, paper, results, label):
                values = tuple(map(self.slot, results))
                if self.solution:
                    return call("slots", min(len(values), 3), values, boxed=False) if values else None
                height = Length(self.box_height(answer, question))
                return call("answer-box", height, paper=paper, boxed=boxed, results=values, label=optional(label))

    def box_height(self, box: Box, question: PaperQuestion) -> float:
        """In mm: as asked for, or by the credits; with credit boxes never lower than their column."""
        height = box.height
        if height is None:
            height = max(_SMALLEST_BOX, 8 + _HEIGHT_OF_A_CREDIT * float(question.credits))
        if self.options.credit_boxes:
            height = max(height, _PITCH * len(question.credit_steps))
        return min(height, MAX_BOX)

    def tick(self, tick: Tick) -> tuple[object, ...]:
        """One option: letter, body, right, verdict, reason; in the paper only the first two say something."""
        body = Content(tick.body)
        if not self.solution or tick.right is None:
            return (plain(tick.letter), body, None, None, None)
        if tick.withdrawn:
            return (plain(tick.letter), body, False, self.say(_WITHDRAWN), optional(tick.reason))
        verdict = _TICKED if tick.right else _NOT_TICKED
        return (plain(tick.letter), body, tick.right, self.say(verdict), optional(tick.reason))

    def slot(self, slot: Slot) -> tuple[object, ...]:
        """One labelled line: label, value, unit, width."""
        shown = optional(slot.expected) if self.solution else None
        return (Content(slot.label), shown, optional(slot.unit), Length(slot.width))

    def cells(self, rows: Sequence[Sequence[Markup | Blank]]) -> tuple[object, ...]:
        """Cells of a table or a matrix, row by row."""
        return tuple(tuple(map(self.cell, row)) for row in rows)

    def cell(self, cell: Markup | Blank) -> Content | Code:
        """One cell."""
        if not isinstance(cell, Blank):
            return Content(cell)
        return Code(call("blank-cell", optional(cell.expected) if self.solution else None))

    def steps(self, steps: Sequence[Step]) -> str:
        """The worked solution of a question."""
        word = self.meta.credit_word
        shown = tuple(
            (
                Content(step.body),
                None if step.credits is None else plain(_short_credit(step.credits, word, self.language)),
            )
            for step in steps
        )
        return call("solution", self.say(_SOLUTION), shown)

    # ---- the last pages ----

    def extra_pages(self) -> Iterator[str]:
        """Spare and graph pages; an even number of pages if whole sheets are wanted."""
        yield "#text-ends"
        spare = call("spare-page", *map(self.say, _SPARE))
        yield from [f"#{spare}"] * self.options.spare_pages
        if self.options.whole_sheets:  # before the graph pages, which stay the last ones
            yield "#" + call("whole-sheet", Code(spare), self.options.spare_pages + self.options.graph_pages)
        yield from [f"#{call('graph-page', *map(self.say, _GRAPH))}"] * self.options.graph_pages


def _lines(markup: Markup) -> int:
    """How many lines a text takes, at least about."""
    return sum(1 + len(line) // 70 for line in markup.splitlines())


def _words(text: T, language: Language) -> str:
    """Prose without its markup, for the file's own title."""
    return prose.plain(text.in_(language))


def _short_credit(credits: Fraction, word: CreditWord, language: Language) -> str:
    """The credit of a step: "½ P." or, without a short form, "½ credit"."""
    unit = word.short or (word.many if credits > 1 else word.one)
    amount = halves(credits) if credits % STEP == 0 else decimal(credits, language)
    return f"{amount} {unit.in_(language)}"


def _roman(number: int) -> str:
    """1 to 39 as a Roman numeral."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
