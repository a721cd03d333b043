"""tum-2024, 2.1: a classifier that is almost always wrong."""

from __future__ import annotations

from fractions import Fraction

from rechenweg.bank.tum_2024.short_questions.setting import Line, Numbers, TextQuestion
from rechenweg.numbers import Exact, exact, named, result, with_values
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.question import Step
from rechenweg.text import T
from rechenweg.working.document import Block, Equation, Prose


def flipped(percent: int) -> Exact:
    """The accuracy after every answer of a binary classifier has been turned into the other one."""
    return 1 - named("a", exact(Fraction(percent, 100)))


class Useful(TextQuestion):
    """2.1."""

    number, credits = "2.1", "2"
    lines = 3

    def text(self, s: Numbers) -> T:
        a, b = s.accuracies
        return T(
            f"Two classifiers for a task with two classes are finished and cannot be trained any further. On the test "
            f"data A is right in {a} % of all cases, B in {b} %. Which of the two can you make better use of, and why?",
            f"Zwei Klassifikatoren für eine Aufgabe mit zwei Klassen sind fertig und können nicht weiter trainiert "
            f"werden. Auf den Testdaten liegt A in {a} % aller Fälle richtig, B in {b} %. Mit welchem von beiden "
            f"können Sie mehr anfangen, und warum?",
        )

    @staticmethod
    def choice(s: Numbers) -> tuple[str, int, str]:
        """The more useful classifier with its accuracy in percent, and the other one."""
        best = [max(percent, int(100 * flipped(percent))) for percent in s.accuracies]
        names = ("A", "B") if best[0] > best[1] else ("B", "A")
        return names[0], s.accuracies["AB".index(names[0])], names[1]

    def answer(self, s: Numbers) -> tuple[Line, ...]:
        better, accuracy, other = self.choice(s)
        turned = int(100 * flipped(accuracy))
        return (
            (
                T(f"{better} is more useful.", f"Mit {better} lässt sich mehr anfangen."),
                Step.of(1, f"classifier {better}", f"Klassifikator {better}"),
            ),
            (
                T(
                    f"It is wrong almost always, and with two classes a wrong answer tells the right one: whoever "
                    f"always takes the opposite of what it says is right in {turned} % of all cases, more often than "
                    f"{other}.",
                    f"Er irrt sich fast immer, und bei zwei Klassen verrät eine falsche Antwort die richtige: Wer "
                    f"stets das Gegenteil seiner Antwort nimmt, liegt in {turned} % aller Fälle richtig, öfter als "
                    f"{other}.",
                ),
                Step.of(
                    1,
                    "its output can be flipped; ½ if it is only said that it has learned something",
                    "seine Ausgabe lässt sich umkehren; ½, wenn nur gesagt wird, dass er etwas gelernt hat",
                ),
            ),
        )

    def shown(self, s: Numbers) -> tuple[Block, ...]:
        rows = []
        for name, percent in zip("AB", s.accuracies, strict=True):
            turned = flipped(percent)
            rows.append(
                (read_latex(f"1 - a_{name}"), with_values(turned, decimals=True), result(turned, decimals=True))
            )
        return (
            Prose(
                T(
                    "Right after flipping, with the accuracy $a$ before:",
                    "Richtig nach dem Umkehren, mit der Genauigkeit $a$ davor:",
                )
            ),
            Equation(tuple(rows)),
        )
