"""fau-2021: Deep Learning, FAU Erlangen-Nürnberg, 26 July 2021, 90 minutes, 60 points and up to 6 as a bonus."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from rechenweg.bank import problems
from rechenweg.exams.exam import Exam
from rechenweg.questions.rules import Rules
from rechenweg.text import T

EXAM = Exam(
    id="fau-2021",
    title=T("Deep Learning", "Deep Learning"),
    institution=T(
        "FAU Erlangen-Nürnberg, Pattern Recognition Lab", "FAU Erlangen-Nürnberg, Lehrstuhl für Mustererkennung"
    ),
    examiner="Prof. Dr.-Ing. Andreas Maier",
    date=dt.date(2021, 7, 26),
    minutes=90,
    problems=problems("fau-2021"),
    table={n: Fraction(c) for n, c in enumerate(("8", "10", "7", "12", "19/2", "6", "15/2"), start=1)},
    headings={5: Fraction(12)},
    total=Fraction(60),
    bonus=Fraction(6),
    cover=(
        T(
            "You have {minutes} minutes for {problems} problems.",
            "Sie haben {minutes} Minuten für {problems} Aufgaben.",
        ),
        T(
            "No electronic aids, calculators included: fractions, logarithms and exponentials may stay as they are.",
            "Keine elektronischen Hilfsmittel, auch kein Taschenrechner: Brüche, Logarithmen und Exponentialausdrücke dürfen stehen bleiben.",
        ),
        T(
            "One sheet of notes is allowed: A4, both sides, handwritten.",
            "Erlaubt ist ein Blatt Notizen: A4, beidseitig, handschriftlich.",
        ),
        T(
            "Answer in the space below each question; ask for paper if you need more.",
            "Antworten Sie im Platz unter der Frage; weiteres Papier gibt es auf Wunsch.",
        ),
        T(
            "Write legibly and give as many answers as are asked for. More answers, or answers that contradict each other, are not marked.",
            "Schreiben Sie leserlich und geben Sie so viele Antworten wie verlangt. Mehr Antworten oder einander widersprechende werden nicht gewertet.",
        ),
        T(
            "Multiple choice: at least one option is right unless the question says otherwise; the point needs every tick right.",
            "Multiple Choice: Mindestens eine Antwort ist richtig, wenn die Frage nichts anderes sagt; für den Punkt muss jedes Kreuz stimmen.",
        ),
        T(
            "Up to {bonus} from the exercises are added to the {total} of this paper.",
            "Diese Klausur bringt bis zu {total}; aus den Übungen kommen bis zu {bonus} hinzu.",
        ),
    ),
    rules=Rules(),
    look="named",
)
