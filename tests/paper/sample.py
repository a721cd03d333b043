"""A small exam of our own with every kind of answer, for the tests of the printed page."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from rechenweg.paper.sheets import (
    ANONYMOUS,
    NAMED,
    POINTS,
    Blank,
    Box,
    CodeBox,
    Copy,
    MarkedProblem,
    MarkedQuestion,
    MarkedSheet,
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
from rechenweg.text import T

HALF = Fraction(1, 2)

RULES = (
    T(
        "This paper has **{pages} pages** and **{problems} problems**. Check now that yours is complete.",
        "Diese Arbeit hat **{pages} Seiten** und **{problems} Aufgaben**. Prüfen Sie jetzt, ob Ihre vollständig ist.",
    ),
    T("You can reach {total} in {minutes} minutes.", "In {minutes} Minuten sind {total} zu erreichen."),
    T(
        "An answer counts only with the way that led to it. Fractions, logarithms and exponentials such as $\\ln 2$ "
        "may stay as they are.",
        "Eine Antwort zählt nur mit dem Weg, der zu ihr führt. Brüche, Logarithmen und Exponentialfunktionen wie "
        "$\\ln 2$ dürfen stehen bleiben.",
    ),
    T("Write with a pen, neither in red nor in green.", "Schreiben Sie mit Tinte, weder rot noch grün."),
    T(
        "Leave the pages together; what stands outside the boxes is not read.",
        "Lassen Sie die Blätter zusammen; was außerhalb der Kästen steht, wird nicht gelesen.",
    ),
)

ANONYMOUS_EXAM = PaperMeta(
    exam_id="sample-1",
    title=T("Networks by Hand", "Netze von Hand"),
    subtitle=T("Endterm", "Abschlussprüfung"),
    institution=T("School of Worked Examples", "Schule der Rechenwege"),
    examiner="Prof. Dr. Ada Beispiel",
    date=dt.date(2025, 2, 11),
    begins=dt.time(10, 30),
    duration_minutes=90,
    total=Fraction(27, 2),
    rules=RULES,
    options=ANONYMOUS,
)

NAMED_EXAM = replace(
    ANONYMOUS_EXAM,
    exam_id="sample-2",
    bonus=Fraction(6),
    credit_word=POINTS,
    rules=RULES,
    begins=None,
    options=NAMED,
)

COPY = Copy(code="0042-7", version=17, name="Grete Lehmann", number="03712345", seat="B 12")

AXES = (
    "#box(width: 80mm, height: 40mm, { place(dy: 20mm, line(length: 100%)); "
    "place(dx: 40mm, line(angle: 90deg, length: 100%)); place(dx: 41mm, dy: 0mm, $f(x)$) })"
)

PROBLEMS = (
    PaperProblem(
        1,
        T("Which hold?", "Was gilt?"),
        Fraction(4),
        intro="Any number of statements may be right, also none. A question counts if every box is as it should be.",
        questions=(
            PaperQuestion(
                "1.1",
                Fraction(2),
                "Which statements about a rectified linear unit hold?",
                (
                    Ticks(
                        (
                            Tick("a", "It has no weights.", True, "It applies $max(0, x)$ and nothing else."),
                            Tick("b", "Its slope at $x = 2$ is 2.", False, "It is 1 for every $x > 0$."),
                            Tick(
                                "c",
                                "Its output is never negative, whatever the layer before it computes, and "
                                "therefore the mean of what the next layer gets is shifted away from zero.",
                                True,
                                "That is why batch normalisation is often put beside it.",
                            ),
                            Tick("d", "It is linear.", False, "It is linear on each side only.", withdrawn=True),
                        )
                    ),
                ),
            ),
            PaperQuestion(
                "1.2",
                Fraction(2),
                "Which of these have a range inside $[-1, 1]$?",
                (
                    Ticks(
                        (
                            Tick("a", "$tanh(x)$", True, "Its limits are $plus.minus 1$."),
                            Tick("b", "$2 sigma(x) - 1$", True, "$sigma$ lies between 0 and 1."),
                            Tick("c", "$max(-1, x)$", False, "It grows without bound."),
                            Tick("d", "$sin(x)$", True),
                        ),
                        columns=2,
                    ),
                ),
            ),
        ),
    ),
    PaperProblem(
        2,
        T("One step of learning", "Ein Lernschritt"),
        Fraction(9, 2),
        intro="Let $hat(y) = w x + b$ and $L = (hat(y) - y)^2$ with $x = 2$, $y = 1$, $w = 1/2$, $b = -1$.",
        questions=(
            PaperQuestion(
                "2.1",
                Fraction(3, 2),
                "Compute $hat(y)$ and $L$.",
                (Box(results=(Slot("$hat(y) =$", "$0$"), Slot("$L =$", "$1$"))),),
                (
                    Step("$hat(y) = w x + b = 1/2 dot 2 + (-1) = 0$", Fraction(1)),
                    Step("$L = (0 - 1)^2 = 1$", HALF),
                ),
            ),
            PaperQuestion(
                "2.2",
                Fraction(2),
                "Explain in two sentences why the step is taken *against* the gradient.",
                (Box(height=45, paper="ruled"),),
                (Step("The gradient points to where the loss grows fastest.", Fraction(2)),),
            ),
            PaperQuestion(
                "2.3",
                Fraction(1),
                "Fill in the kernel as a matrix that acts on a signal of length 4.",
                (
                    Matrix(
                        tuple(
                            tuple(Blank(f"$k_{c - r}$") if 0 <= c - r < 3 else Blank("0") for c in range(4))
                            for r in range(2)
                        ),
                        label="$K =$",
                    ),
                ),
                (Step("Each row is the one above it, moved by one.", Fraction(1)),),
            ),
        ),
    ),
    PaperProblem(
        3,
        T("Layers", "Schichten"),
        Fraction(5),
        questions=(
            PaperQuestion(
                "3.1",
                Fraction(1),
                "Give the shape after each layer for an input of shape $(10, 3, 32, 32)$.",
                (
                    Table(
                        (
                            ("convolution, $5 times 5$, 6 kernels", Blank("$(10, 6, 28, 28)$"), Blank("456")),
                            ("max pooling, $2 times 2$", Blank("$(10, 6, 14, 14)$"), Blank("0")),
                        ),
                        header=("layer", "shape", "parameters"),
                    ),
                ),
                (Step("$32 - 5 + 1 = 28$; pooling halves each side.", Fraction(1)),),
            ),
            PaperQuestion(
                "3.2",
                Fraction(1),
                "Match formulas (1) to (4) with the measures A to D.",
                (Slots(tuple(Slot(f"({n})", letter, width=18) for n, letter in enumerate("CADB", 1)), columns=4),),
                (Step("Each measure differs in what it divides by.", Fraction(1)),),
            ),
            PaperQuestion(
                "3.3",
                Fraction(1),
                "Draw $f(x) = max(0, x)$.",
                (Sketch(AXES, AXES),),
                (Step("Flat up to 0, then of slope 1.", Fraction(1)),),
            ),
            PaperQuestion(
                "3.4",
                Fraction(2),
                "Complete the layer.",
                (
                    CodeBox(
                        6,
                        "class Scale:\n    def __init__(self, factor):\n        self.factor = factor\n",
                    ),
                ),
                (
                    Step('#raw("def forward(self, x):\\n    return self.factor * x", lang: "python", block: true)'),
                    Step("What backward needs is the factor alone.", Fraction(2)),
                ),
            ),
        ),
    ),
)


def marked(simulated: bool) -> MarkedSheet:
    """Marks of one candidate, with every state once."""
    return MarkedSheet(
        COPY,
        (
            MarkedProblem(
                1,
                T("Which hold?", "Was gilt?"),
                (
                    MarkedQuestion(
                        "1.1", Fraction(2), Fraction(2), answer="a, c", expected="a, c",
                        reasons=(Step("Every box that counts is as it should be; d is withdrawn.", Fraction(2)),),
                    ),
                    MarkedQuestion(
                        "1.2", Fraction(0), Fraction(2), answer="a, b, c", expected="a, b, d",
                        reasons=(Step("c is crossed but grows without bound; d is missing.", Fraction(0)),),
                    ),
                ),
            ),
            MarkedProblem(
                2,
                T("One step of learning", "Ein Lernschritt"),
                (
                    MarkedQuestion(
                        "2.1", Fraction(1, 2), Fraction(3, 2), answer="$hat(y) = 1/2$, $L = 1/4$",
                        expected="$hat(y) = 0$, $L = 1$",
                        reasons=(
                            Step("$hat(y)$: the bias $b = -1$ was added with a wrong sign, then halved.", Fraction(0)),
                            Step("$L$: right for the value of $hat(y)$ that was carried on.", HALF),
                        ),
                    ),
                    MarkedQuestion(
                        "2.2", None, Fraction(2), "to be marked",
                        answer="Because the gradient points uphill, and learning wants to go down; " * 4,
                        expected="The gradient points to where the loss grows fastest.",
                        reasons=(Step("Free text is read by a person."),),
                    ),
                    MarkedQuestion("2.3", Fraction(0), Fraction(1), reasons=(Step("Nothing was filled in."),)),
                ),
            ),
        ),
        bonus=Fraction(3),
        remarks=("Statement d of question 1.1 was withdrawn; it counts for nobody.",),
        simulated=simulated,
    )  # fmt: skip
