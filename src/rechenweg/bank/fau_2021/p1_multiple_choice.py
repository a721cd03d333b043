"""fau-2021, problem 1: eight multiple-choice questions. At least one option is right; the point needs every tick right."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from typing import Any

from rechenweg.bank.fau_2021 import statements
from rechenweg.questions.kinds.choice import ChoiceQuestion, Statement
from rechenweg.questions.question import Problem, Setting
from rechenweg.text import T
from rechenweg.working.document import Block, Listing

STEPS: dict[str, T] = {
    "initialise": T("give weights and biases random values", "Gewichte und Biases zufällig belegen"),
    "forward": T("send an input through the network", "eine Eingabe durch das Netz schicken"),
    "loss": T("measure how far the output is from the label", "messen, wie weit die Ausgabe vom Label entfernt ist"),
    "update": T(
        "change every weight a little so that the loss falls",
        "jedes Gewicht ein wenig so ändern, dass der Verlust sinkt",
    ),
    "repeat": T("go round again until the weights are good", "von vorn, bis die Gewichte gut sind"),
}
"""The steps of a training loop in their right order: each needs what the one before it made."""

LETTERS = "ABCDE"


@dataclass
class Order(Setting):
    """Which letter each step has, and the orders on offer, as tuples of letters."""

    letters: tuple[str, ...]
    offered: tuple[tuple[str, ...], ...]

    @property
    def right(self) -> tuple[str, ...]:
        """The letters in the right order."""
        by_step = dict(zip(self.letters, LETTERS, strict=True))
        return tuple(by_step[step] for step in STEPS)


class TrainingLoop(ChoiceQuestion):
    """The options are orders of the steps; only one of them starts with what the next step needs, all the way."""

    number, credits = "1.1", "1"
    single = True
    stem = T(
        "A network is to be trained with backpropagation and an optimiser such as SGD. In which order do the steps come?",
        "Ein Netz soll mit Backpropagation und einem Optimierer wie SGD trainiert werden. In welcher Reihenfolge kommen die Schritte?",
    )
    pool = ()
    paper_statements = ()

    def given(self, s: Order) -> tuple[Block, ...]:
        lines = (
            T(f"**{letter}** ", f"**{letter}** ") + STEPS[step] for letter, step in zip(LETTERS, s.letters, strict=True)
        )
        return (Listing(tuple(lines)),)

    def statements(self, s: Order) -> tuple[Statement, ...]:
        return tuple(self._order(order, s) for order in s.offered)

    @staticmethod
    def _order(order: tuple[str, ...], s: Order) -> Statement:
        shown = T.same(" → ".join(order))
        by_letter = dict(zip(LETTERS, s.letters, strict=True))
        rank = {step: i for i, step in enumerate(STEPS)}
        for before, after in itertools.pairwise(order):
            if rank[by_letter[before]] > rank[by_letter[after]]:
                reason = T(
                    f"{before} cannot come before {after}: first {_lower(STEPS[by_letter[after]].en)}, then {_lower(STEPS[by_letter[before]].en)}.",
                    f"{before} kann nicht vor {after} kommen: erst {STEPS[by_letter[after]].de}, dann {STEPS[by_letter[before]].de}.",
                )
                return Statement("".join(order), shown, reason, holds=False)
        reason = T(
            "Every step uses what the one before it made.", "Jeder Schritt verwendet, was der vorige geliefert hat."
        )
        return Statement("".join(order), shown, reason, holds=True)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


class BatchNormalisation(ChoiceQuestion):
    number, credits = "1.2", "1"
    stem = T("What is true of a batch-normalisation layer?", "Was trifft auf eine Batch-Normalisierungsschicht zu?")
    pool = statements.BATCH_NORM
    paper_statements = ("next-layer", "normalises-weights", "back-propagation-method", "whole-dataset", "trainable")


class BlankImage(ChoiceQuestion):
    number, credits = "1.3", "1"
    single = True
    stem = T(
        "A classifier trained on ImageNet is shown an image in which every pixel has the same white. Someone says: it will give all "
        "classes the same score. Is that so?",
        "Ein auf ImageNet trainierter Klassifikator bekommt ein Bild, in dem jedes Pixel dasselbe Weiß hat. Jemand sagt: Er wird allen "
        "Klassen denselben Wert geben. Stimmt das?",
    )
    pool = statements.BLANK_IMAGE
    paper_statements = ("yes", "unanswerable", "no")

    def statements(self, s: Setting) -> tuple[Statement, ...]:
        return self.pool


class ActivationFunctions(ChoiceQuestion):
    number, credits = "1.4", "1"
    stem = T(
        "Which of these functions is **unsuitable** as the activation function of a deep network that is to be trained?",
        "Welche dieser Funktionen taugt **nicht** als Aktivierungsfunktion eines tiefen Netzes, das trainiert werden soll?",
    )
    pool = statements.ACTIVATIONS
    paper_statements = ("tanh", "reciprocal", "double", "relu")
    tick_if = False


class ReinforcementLearning(ChoiceQuestion):
    number, credits = "1.5", "1"
    stem = T(
        "Which statements about reinforcement learning are **wrong**?",
        "Welche Aussagen zum bestärkenden Lernen sind **falsch**?",
    )
    pool = statements.REINFORCEMENT
    paper_statements = (
        "maximise-return",
        "bellman-linear",
        "q-learning-off-policy",
        "td-needs-dynamics",
        "greedy-not-best",
    )
    tick_if = False


class Capacity(ChoiceQuestion):
    number, credits = "1.6", "1"
    stem = T("What is true of a model's capacity?", "Was trifft auf die Kapazität eines Modells zu?")
    pool = statements.CAPACITY
    paper_statements = ("number-of-samples", "variety-of-functions", "depth", "bias-variance", "bias-increases")


class Initialisation(ChoiceQuestion):
    number, credits = "1.7", "1"
    stem = T(
        "What is true of the initial values of weights and biases?",
        "Was trifft auf die Anfangswerte von Gewichten und Biases zu?",
    )
    pool = statements.INITIALISATION
    paper_statements = ("zero-bias-zero-gradient", "zero-bias-dying-relu", "variance-matters", "convex")


class Segmentation(ChoiceQuestion):
    number, credits = "1.8", "1"
    stem = T("Which statements about segmentation are true?", "Welche Aussagen zur Segmentierung sind richtig?")
    pool = statements.SEGMENTATION
    paper_statements = ("goal-is-box", "pixel-classification", "mask-to-box", "one-instance")


class MultipleChoice(Problem):
    """Problem 1 of fau-2021."""

    paper, number = "fau-2021", 1
    title = T("Multiple choice", "Multiple Choice")
    questions = (
        TrainingLoop(), BatchNormalisation(), BlankImage(), ActivationFunctions(), ReinforcementLearning(), Capacity(),
        Initialisation(), Segmentation(),
    )  # fmt: skip

    def original(self) -> Any:
        """The letters and orders of the paper."""
        letters = ("loss", "repeat", "forward", "initialise", "update")
        offered = ("DBCAE", "DCAEB", "DACEB", "DEABC", "DBECA")
        return Order(letters, tuple(tuple(o) for o in offered))

    def draw(self, rng: random.Random) -> Any:
        """Letters dealt anew, the right order among four others that begin alike."""
        letters = list(STEPS)
        rng.shuffle(letters)
        setting = Order(tuple(letters), ())
        right = setting.right
        others = [(right[0], *o) for o in itertools.permutations(right[1:]) if (right[0], *o) != right]
        offered = [right, *rng.sample(others, 4)]
        rng.shuffle(offered)
        return Order(tuple(letters), tuple(offered))


problem = MultipleChoice()
