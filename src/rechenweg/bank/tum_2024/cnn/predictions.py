"""tum-2024, 4.2: what three models predict, and their losses."""

from __future__ import annotations

from fractions import Fraction

from rechenweg.bank.tum_2024.cnn.figures import digit_image
from rechenweg.bank.tum_2024.cnn.setting import MODELS, Numbers
from rechenweg.numbers import result
from rechenweg.numbers.notation import Layout, read_latex, to_latex
from rechenweg.questions.asking import Option
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.choice import LETTERS, Choice
from rechenweg.questions.kinds.values import Number
from rechenweg.questions.question import Question, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Prose, Rel, Table

RIGHT = T("models that are right", "richtige Modelle")
LARGEST = T("model with the largest loss", "Modell mit dem größten Verlust")


class Predictions(Question):
    """Which models are right, which one has the largest loss, and how large it is."""

    number, credits = "4.2", "3"

    def text(self, s: Numbers) -> T:
        return T(
            f"Three classifiers (softmax, trained with cross-entropy over the ten digits) are shown the image below, "
            f"the digit {s.digit}. Their outputs stand in the table. Which of them recognise the digit? Which one has "
            f"the largest loss on this image, and how large is it? Logarithms and exponentials may stay as they are.",
            f"Drei Klassifikatoren (Softmax, mit Kreuzentropie über die zehn Ziffern trainiert) bekommen das Bild "
            f"unten zu sehen, die Ziffer {s.digit}. Ihre Ausgaben stehen in der Tabelle. Welche erkennen die Ziffer? "
            f"Bei welchem ist der Verlust (Loss) auf diesem Bild am größten, und wie groß ist er? Logarithmen und "
            f"Exponentialfunktionen dürfen stehen bleiben.",
        )

    def given(self, s: Numbers) -> tuple[Block, ...]:
        header = (T("model", "Modell"), *(T.same(str(d)) for d in range(10)))
        rows = tuple(
            (model, *(read_latex(f"{p / 100:.2f}") for p in row)) for model, row in zip(MODELS, s.rows, strict=True)
        )
        return digit_image(s.digit), Table(header, rows, align="lc")

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        right = tuple(
            Option(
                LETTERS[i],
                T(f"Model {m} recognises the digit.", f"Modell {m} erkennt die Ziffer."),
                is_right,
                T(f"its most probable digit is {digit}", f"ihre wahrscheinlichste Ziffer ist die {digit}"),
                f"right-{m}",
            )
            for i, (m, digit, is_right) in enumerate(zip(MODELS, s.predicted, s.right, strict=True))
        )
        largest = tuple(
            Option(
                LETTERS[i],
                T(f"Model {m} has the largest loss.", f"Modell {m} hat den größten Verlust."),
                i == s.worst,
                T.same(f"${to_latex(result(s.losses[i]))}$"),
                f"largest-{m}",
            )
            for i, m in enumerate(MODELS)
        )
        loss = s.losses[s.worst]
        unsigned = (
            -loss,
            Fraction(1, 2),
            T("the sign is missing: a loss is not negative", "das Vorzeichen fehlt: Ein Verlust ist nicht negativ"),
        )
        return (
            Choice("right", Fraction(1), right, "4.2"),
            Choice("largest", Fraction(1), largest, "4.2", single=True),
            Number("loss", Fraction(1), loss, "L", alternatives=(unsigned,)),
        )

    def solution(self, s: Numbers) -> Document:
        rows: list[tuple[Layout | Rel, ...]] = []
        for model, row, loss in zip(MODELS, s.rows, s.losses, strict=True):
            probability = read_latex(rf"-\ln {row[s.digit] / 100:.2f}")
            rows.append((read_latex(f"L_{model}"), probability, Rel("≈", read_latex(f"{loss.approx():.3f}"))))
        answers = ", ".join(f"{m}: {digit}" for m, digit in zip(MODELS, s.predicted, strict=True))
        right = ", ".join(m for m, is_right in zip(MODELS, s.right, strict=True) if is_right)
        worst = MODELS[s.worst]
        return Document.of(
            Prose(
                T(
                    f"Predicted is the most probable digit ({answers}). Right: **{right}**.",
                    f"Vorhergesagt wird die wahrscheinlichste Ziffer ({answers}). Richtig: **{right}**.",
                )
            ),
            Callout.of_credit(1, RIGHT),
            Prose(
                T(
                    f"With a one-hot label the cross-entropy keeps one term, $-\\ln p_{s.digit}$; the other "
                    f"probabilities play no part. The less probable a model takes the true digit to be, the larger "
                    f"its loss: **{worst}**, whether its prediction is right or not.",
                    f"Mit einem One-Hot-Label bleibt von der Kreuzentropie ein Summand, $-\\ln p_{s.digit}$; die "
                    f"übrigen Wahrscheinlichkeiten spielen keine Rolle. Je unwahrscheinlicher einem Modell die wahre "
                    f"Ziffer ist, desto größer sein Verlust: **{worst}**, ob seine Vorhersage nun stimmt oder nicht.",
                )
            ),
            Callout.of_credit(1, LARGEST),
            Equation(tuple(rows)),
            Callout.of_credit(1, T("½ without the sign", "½ ohne das Vorzeichen")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step(Fraction(1), RIGHT),
            Step(Fraction(1), LARGEST),
            Step.of(1, "its value; ½ without the sign", "sein Wert; ½ ohne das Vorzeichen"),
        )
