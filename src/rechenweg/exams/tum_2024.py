"""tum-2024: Introduction to Deep Learning (IN2346), TU München, 13 February 2024, 90 minutes, 95 credits."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from rechenweg.bank import problems
from rechenweg.exams.exam import Exam
from rechenweg.questions.rules import Rules
from rechenweg.text import T

EXAM = Exam(
    id="tum-2024",
    title=T("Introduction to Deep Learning", "Einführung in Deep Learning"),
    subtitle=T("IN2346, endterm", "IN2346, Abschlussklausur"),
    institution=T("Technical University of Munich", "Technische Universität München"),
    examiner="Prof. Dr. Matthias Nießner",
    date=dt.date(2024, 2, 13),
    begins=dt.time(10, 30),
    minutes=90,
    problems=problems("tum-2024"),
    table={n: Fraction(c) for n, c in enumerate((18, 20, 11, 15, 7, 9, 7, 8), start=1)},
    total=Fraction(95),
    credit_word="credits",
    cover=(
        T(
            "The paper has **{pages} pages** and **{problems} problems**. Check first that yours is complete.",
            "Die Klausur hat **{pages} Seiten** und **{problems} Aufgaben**. Prüfen Sie zuerst, ob Ihr Exemplar vollständig ist.",
        ),
        T(
            "**{total}** can be earned in {minutes} minutes.",
            "In {minutes} Minuten sind **{total}** erreichbar.",
        ),
        T("No page may be taken out.", "Es darf keine Seite herausgelöst werden."),
        T(
            "**A result counts only with the path that leads to it.** Give a reason for every answer unless the question says otherwise.",
            "**Ein Ergebnis zählt nur mit dem Weg, der zu ihm führt.** Begründen Sie jede Antwort, wenn die Frage nichts anderes sagt.",
        ),
        T("Write with a permanent pen, neither red nor green.", "Schreiben Sie dokumentenecht, weder rot noch grün."),
        T(
            "What stands outside the answer boxes is not marked.",
            "Was außerhalb der Antwortfelder steht, wird nicht gewertet.",
        ),
        T(
            "Switch off all electronic devices and keep them in your closed bag.",
            "Schalten Sie alle elektronischen Geräte aus und verwahren Sie sie in der geschlossenen Tasche.",
        ),
        T(
            "Multiple choice: a cross marks an answer, filling the box takes it back, a mark beside a filled box sets it again. "
            "Any number of answers may be right, none included.",
            "Multiple Choice: Ein Kreuz markiert eine Antwort, ein ausgefülltes Kästchen nimmt sie zurück, eine Markierung daneben "
            "setzt sie wieder. Beliebig viele Antworten können richtig sein, auch keine.",
        ),
    ),
    rules=Rules(
        documented=True,
        surplus_void=False,  # a third reason where two are asked for is for a corrector to judge
        withdrawn=frozenset({("1.5", "transposed-is-bilinear"), ("1.7", "withdrawn-third")}),
    ),
    look="anonymous",
    notes=(
        T(
            "1.3, first statement: clarified during the exam, *equivariant* is meant.",
            "1.3, erste Aussage: während der Klausur klargestellt, gemeint ist *äquivariant*.",
        ),
        T(
            "1.5 and 1.7, third statements: withdrawn after the exam, their boxes count for nobody.",
            "1.5 und 1.7, jeweils dritte Aussage: nach der Klausur zurückgezogen, die Kästchen zählen für niemanden.",
        ),
        T("4.6: reworded during the exam.", "4.6: während der Klausur umformuliert."),
    ),
)
