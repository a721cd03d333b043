"""tum-2024, problem 1: multiple choice. Any number of statements may be right, none included.

The questions stand one per file in :mod:`rechenweg.bank.tum_2024.multiple_choice`, each with its pool of statements;
this file puts them in the order of the paper.
"""

from __future__ import annotations

from typing import Any

from rechenweg.bank.tum_2024.multiple_choice.attention import Transformers
from rechenweg.bank.tum_2024.multiple_choice.autoencoders import Autoencoders
from rechenweg.bank.tum_2024.multiple_choice.backpropagation import Backpropagation
from rechenweg.bank.tum_2024.multiple_choice.conv_shapes import ConvolutionShapes
from rechenweg.bank.tum_2024.multiple_choice.gans import Gans
from rechenweg.bank.tum_2024.multiple_choice.optimisers import Optimisers
from rechenweg.bank.tum_2024.multiple_choice.output_ranges import OutputRanges
from rechenweg.bank.tum_2024.multiple_choice.pooling import AveragePooling
from rechenweg.bank.tum_2024.multiple_choice.upsampling import Upsampling
from rechenweg.questions.question import Problem
from rechenweg.text import T
from rechenweg.working.document import Block, Prose


class MultipleChoice(Problem):
    """Problem 1 of tum-2024. A version draws its statements and their order from the pools."""

    paper, number = "tum-2024", 1
    title = T("Multiple Choice", "Multiple Choice")
    questions = (
        AveragePooling(),
        Optimisers(),
        Transformers(),
        Autoencoders(),
        Upsampling(),
        OutputRanges(),
        Gans(),
        ConvolutionShapes(),
        Backpropagation(),
    )

    def introduction(self, s: Any) -> tuple[Block, ...]:
        """How many statements may be right, and what a question earns."""
        return (
            Prose(
                T(
                    "In each question any number of boxes may be right: several, one, or none at all. A question "
                    "earns its 2 credits if exactly the right boxes are marked, and otherwise nothing.",
                    "In jeder Frage können beliebig viele Kästchen richtig sein: mehrere, eines oder gar keines. Eine "
                    "Frage bringt ihre 2 Punkte, wenn genau die richtigen Kästchen markiert sind, sonst nichts.",
                )
            ),
        )


problem = MultipleChoice()
