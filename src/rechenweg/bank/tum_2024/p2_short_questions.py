"""tum-2024, problem 2: short questions. What can be computed in them is computed; the rest is marked by people.

The questions stand in :mod:`rechenweg.bank.tum_2024.short_questions`; this file draws their versions.
"""

from __future__ import annotations

import random

from rechenweg.bank.tum_2024.short_questions import layers
from rechenweg.bank.tum_2024.short_questions.activations import Activations
from rechenweg.bank.tum_2024.short_questions.classifiers import Useful
from rechenweg.bank.tum_2024.short_questions.composition import Merged
from rechenweg.bank.tum_2024.short_questions.functions import BY_KEY, suits
from rechenweg.bank.tum_2024.short_questions.inception import Inception
from rechenweg.bank.tum_2024.short_questions.sequences import SEQUENCES, Positions
from rechenweg.bank.tum_2024.short_questions.setting import Numbers
from rechenweg.bank.tum_2024.short_questions.training import AdamBetas, Clipping, LowerValidationLoss
from rechenweg.questions.question import Problem, Rejection
from rechenweg.text import T


def _no_gain(s: Numbers) -> bool:
    """Flipping has to win clearly, else there is nothing to find."""
    low, high = sorted(s.accuracies)
    return 100 - low < high + 5


def _same_verdict(s: Numbers) -> bool:
    return sum(suits(BY_KEY[key]) for key in s.functions) != 1


class ShortQuestions(Problem):
    """Problem 2 of tum-2024."""

    paper, number = "tum-2024", 2
    title = T("Short Questions", "Kurzfragen")
    questions = (
        Useful(),
        Positions(),
        Activations(),
        Clipping(),
        LowerValidationLoss(),
        Merged(),
        AdamBetas(),
        Inception(),
    )
    rejections = (
        Rejection(T("flipping gains too little", "Umkehren bringt zu wenig"), _no_gain),
        Rejection(T("both functions suit, or neither", "beide Funktionen geeignet oder keine"), _same_verdict),
    )

    def original(self) -> Numbers:
        """The numbers of the paper; it tells no sizes in 2.6."""
        merged = layers.Layers((("W_1", "b_1"), ("W_2", "b_2")), "x", True, (2, 3, 2), sizes_told=False)
        return Numbers((50, 5), 0, ("cos", "half sgn"), merged)

    def draw(self, rng: random.Random) -> Numbers:
        """One classifier that is nearly always wrong, two functions, linear layers."""
        accuracies = [rng.randint(45, 80), rng.randint(2, 20)]
        rng.shuffle(accuracies)
        pair = rng.sample(list(BY_KEY), 2)
        return Numbers(
            (accuracies[0], accuracies[1]), rng.randrange(len(SEQUENCES)), (pair[0], pair[1]), layers.draw(rng)
        )


problem = ShortQuestions()
