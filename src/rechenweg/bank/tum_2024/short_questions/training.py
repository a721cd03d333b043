"""tum-2024, 2.4, 2.5 and 2.7: gradient clipping, a low validation loss, the β of Adam."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from rechenweg.bank.tum_2024.multiple_choice.optimisers import BETA_1, BETA_2
from rechenweg.bank.tum_2024.multiple_choice.showing import about, table
from rechenweg.bank.tum_2024.short_questions.setting import Line, Numbers, TextQuestion
from rechenweg.nn import SGD, L2Loss, Linear, Network
from rechenweg.numbers import exact, result
from rechenweg.numbers.notation import Num, read_latex
from rechenweg.questions.question import Step
from rechenweg.text import T
from rechenweg.working.document import Block, Equation, Prose, Rel


class Clipping(TextQuestion):
    """2.4."""

    number, credits = "2.4", "3"
    lines = 6

    def text(self, s: Numbers) -> T:
        return T(
            "What is gradient clipping, and what does it do for training (2 credits)? Why do recurrent networks in "
            "particular profit from it (1 credit)?",
            "Was ist Gradient Clipping, und was bewirkt es im Training (2 Punkte)? Warum profitieren gerade "
            "rekurrente Netze davon (1 Punkt)?",
        )

    def answer(self, s: Numbers) -> tuple[Line, ...]:
        return (
            (
                T(
                    "A gradient whose norm (or one of whose entries) exceeds a threshold is cut back to that "
                    "threshold before the step.",
                    "Ein Gradient, dessen Norm (oder von dem ein Eintrag) eine Schranke überschreitet, wird vor dem "
                    "Schritt auf diese Schranke gekürzt.",
                ),
                Step.of(1, "gradients are capped", "Gradienten werden begrenzt"),
            ),
            (
                T(
                    "So single huge gradients cannot throw the weights far off: exploding gradients do no harm.",
                    "So können einzelne riesige Gradienten die Gewichte nicht weit wegschleudern: Explodierende "
                    "Gradienten richten keinen Schaden an.",
                ),
                Step.of(1, "avoids exploding gradients", "verhindert explodierende Gradienten"),
            ),
            (
                T(
                    "Recurrent networks suffer from them most, for on the way back through time a gradient is "
                    "multiplied with the same weights again and again.",
                    "Rekurrente Netze leiden am meisten darunter, denn auf dem Rückweg durch die Zeit wird ein "
                    "Gradient immer wieder mit denselben Gewichten multipliziert.",
                ),
                Step.of(1, "recurrent networks are affected most", "rekurrente Netze sind am stärksten betroffen"),
            ),
        )

    @cached_property
    def computed(self) -> tuple[Block, ...]:
        """A gradient clipped, and a factor per time step."""
        g = exact([3, -4])
        norm = (g**2).sum().sqrt()
        weight = exact("1.5")
        return (
            Prose(
                T(
                    "Example: with the threshold 1, $g = (3, -4)$ keeps its direction and loses its length; and a "
                    "factor of 1.5 per time step, after 20 and 50 steps:",
                    "Beispiel: Mit der Schranke 1 behält $g = (3, -4)$ seine Richtung und verliert seine Länge; und "
                    "ein Faktor 1,5 je Zeitschritt, nach 20 und 50 Schritten:",
                )
            ),
            Equation(
                (
                    (read_latex(r"\|g\|"), result(norm)),
                    (read_latex(r"g_{1}/\|g\|"), result(g[0] / norm, decimals=True)),
                    (read_latex(r"g_{2}/\|g\|"), result(g[1] / norm, decimals=True)),
                    (read_latex("1.5^{20}"), Rel("≈", about(weight**20, 0))),
                    (read_latex("1.5^{50}"), Rel("≈", about(weight**50, 0))),
                )
            ),
        )


class LowerValidationLoss(TextQuestion):
    """2.5."""

    number, credits = "2.5", "2"
    lines = 4
    asked_for = 2

    def text(self, s: Numbers) -> T:
        return T(
            "A network is being trained, and the loss on its validation data turns out lower than that on its "
            "training data. Give two reasons that could be behind this.",
            "Ein Netz wird trainiert, und der Verlust auf den Validierungsdaten fällt niedriger aus als der auf den "
            "Trainingsdaten. Nennen Sie zwei Gründe, die dahinterstecken können.",
        )

    def answer(self, s: Numbers) -> tuple[Line, ...]:
        return (
            (
                T(
                    "Dropout switches neurons off while training loss is measured, but not in validation, where "
                    "the whole network answers.",
                    "Dropout schaltet Neuronen ab, während der Trainingsverlust gemessen wird, nicht aber in der "
                    "Validierung, wo das ganze Netz antwortet.",
                ),
                Step.of(
                    1,
                    "one of: easier validation data; dropout off; loss averaged over the epoch; an error in the code",
                    "eines von: leichtere Validierungsdaten; Dropout aus; Mittel über die Epoche; Programmfehler",
                ),
            ),
            (
                T(
                    "The training loss is averaged over the epoch, in which the weights were still worse for most "
                    "of the time; the validation loss is measured at its end.",
                    "Der Trainingsverlust ist über die Epoche gemittelt, in der die Gewichte die meiste Zeit noch "
                    "schlechter waren; der Validierungsverlust wird an ihrem Ende gemessen.",
                ),
                Step.of(
                    1,
                    "another of these; ½ each for: another distribution, regularisation",
                    "ein weiteres davon; je ½ für: andere Verteilung, Regularisierung",
                ),
            ),
        )

    @cached_property
    def computed(self) -> tuple[Block, ...]:
        """Losses of one epoch, and the loss at its end."""
        x, target = exact([[1]]), exact([[4]])
        network = Network.chain([Linear(weights=exact([[0]]))], loss=L2Loss())
        losses = [network.train_step(x, target, SGD("1/8")) for _ in range(4)]
        mean, end = sum(losses[1:], losses[0]) / len(losses), network.loss_of(network.forward(x), target)
        return (
            Prose(
                T(
                    "The second reason, computed: one weight, trained by four steps of SGD on the same sample, and "
                    "tested at the end on that very sample:",
                    "Der zweite Grund, nachgerechnet: ein Gewicht, mit vier Schritten SGD auf demselben Beispiel "
                    "trainiert und am Ende auf ebendiesem Beispiel getestet:",
                )
            ),
            table(
                (
                    *(T(f"step {i}", f"Schritt {i}") for i in range(1, 5)),
                    T("mean", "Mittel"),
                    T("at the end", "am Ende"),
                ),
                ([*(about(loss, 2) for loss in losses), about(mean, 2), about(end, 2)],),
            ),
        )


class AdamBetas(TextQuestion):
    """2.7."""

    number, credits = "2.7", "2"
    lines = 5

    def text(self, s: Numbers) -> T:
        return T(
            "Adam has two hyperparameters $\\beta_1$ and $\\beta_2$. What does each of them stand for?",
            "Adam hat zwei Hyperparameter $\\beta_1$ und $\\beta_2$. Wofür steht jeder von ihnen?",
        )

    def answer(self, s: Numbers) -> tuple[Line, ...]:
        lines: list[Line] = []
        for i, (sentence, moment) in enumerate(MOMENTS, start=1):
            rate = T(
                f"$\\beta_{i}$ is the decay rate of a running average: each step keeps this share of the old average.",
                f"$\\beta_{i}$ ist die Abklingrate eines laufenden Mittels: Jeder Schritt behält diesen Anteil des "
                f"alten Mittels.",
            )
            kept = T("decay rate of a running average", "Abklingrate eines laufenden Mittels")
            name = T.same(f"$\\beta_{i}$: ")
            lines += [(rate, Step(Fraction(1, 2), name + kept)), (sentence, Step(Fraction(1, 2), name + moment))]
        return tuple(lines)

    @cached_property
    def computed(self) -> tuple[Block, ...]:
        """How fast the two averages fill."""
        steps = (1, 10, 100, 1000)
        return (
            Prose(
                T(
                    "What share of a constant gradient has arrived in the averages after $t$ steps, $1 - \\beta^t$, "
                    "for the usual values 0.9 and 0.999 (why Adam corrects them at the start):",
                    "Welcher Anteil eines konstanten Gradienten nach $t$ Schritten in den Mitteln angekommen ist, "
                    "$1 - \\beta^t$, für die üblichen Werte 0,9 und 0,999 (weshalb Adam sie am Anfang korrigiert):",
                )
            ),
            table(
                (read_latex("t"), read_latex("1 - 0.9^t"), read_latex("1 - 0.999^t")),
                ((Num(str(t)), about(1 - BETA_1**t), about(1 - BETA_2**t)) for t in steps),
            ),
        )


MOMENTS = (
    (
        T(
            "It averages the gradients themselves, their first moment, and acts like momentum.",
            "Es mittelt die Gradienten selbst, ihr erstes Moment, und wirkt wie Momentum.",
        ),
        T("first moment (gradients)", "erstes Moment (Gradienten)"),
    ),
    (
        T(
            "This one averages the squared gradients, the second moment, by whose root each step is divided.",
            "Dieses mittelt die quadrierten Gradienten, das zweite Moment, durch dessen Wurzel jeder Schritt geteilt "
            "wird.",
        ),
        T("second moment (squared gradients)", "zweites Moment (quadrierte Gradienten)"),
    ),
)
