"""tum-2024, 2.2: positional encoding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rechenweg.bank.tum_2024.multiple_choice.attention import SHUFFLED, TOKENS, attention
from rechenweg.bank.tum_2024.multiple_choice.showing import rounded
from rechenweg.bank.tum_2024.short_questions.setting import Line, Numbers, TextQuestion
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.question import Step
from rechenweg.text import T
from rechenweg.working.document import Block, Equation, Prose, Rel


@dataclass(frozen=True, slots=True)
class Sequence:
    """A kind of sequence, and two sequences of the same elements that mean different things."""

    name: T
    one: T
    other: T


SEQUENCES = (
    Sequence(T("text", "Text"), T("“dog bites man”", "„Hund beißt Mann“"), T("“man bites dog”", "„Mann beißt Hund“")),
    Sequence(
        T("melodies", "Melodien"),
        T("the rising notes C E G", "die steigenden Töne C E G"),
        T("the falling notes G E C", "die fallenden Töne G E C"),
    ),
    Sequence(
        T("series of temperatures", "Temperaturreihen"),
        T("5°, 9°, 14° (it gets warmer)", "5°, 9°, 14° (es wird wärmer)"),
        T("14°, 9°, 5° (it gets colder)", "14°, 9°, 5° (es wird kälter)"),
    ),
    Sequence(
        T("recipes", "Rezepte"),
        T("“peel, cook, eat”", "„schälen, kochen, essen“"),
        T("“eat, cook, peel”", "„essen, kochen, schälen“"),
    ),
    Sequence(T("arithmetic expressions", "Rechenausdrücke"), T("“7 − 2”", "„7 − 2“"), T("“2 − 7”", "„2 − 7“")),
)


class Positions(TextQuestion):
    """2.2."""

    number, credits = "2.2", "3"
    lines = 7

    def text(self, s: Numbers) -> T:
        what = SEQUENCES[s.sequence].name
        return T(
            f"Transformers that work on sequences such as {what.en} add a positional encoding to their inputs. What "
            f"is it for (1 credit)? Show what would go wrong if it were missing (2 credits).",
            f"Transformer, die Folgen wie {what.de} verarbeiten, addieren zu ihren Eingaben ein Positional Encoding. "
            f"Wozu dient es (1 Punkt)? Zeigen Sie, was schiefginge, wenn es fehlte (2 Punkte).",
        )

    def answer(self, s: Numbers) -> tuple[Line, ...]:
        example = SEQUENCES[s.sequence]
        return (
            (
                T(
                    "It tells the network at which place of the sequence each token stands.",
                    "Es teilt dem Netz mit, an welcher Stelle der Folge jeder Token steht.",
                ),
                Step.of(1, "information about positions", "Information über die Positionen"),
            ),
            (
                T(
                    "Without it attention treats its input as a set: every output is a weighted sum over all tokens, "
                    "and if they change places, the sums remain the same.",
                    "Fehlt es, so behandelt Attention ihre Eingabe als Menge: Jede Ausgabe ist eine gewichtete Summe "
                    "über alle Token, und tauschen diese die Plätze, bleiben die Summen dieselben.",
                ),
                Step.of(1, "attention sees a set", "Attention sieht eine Menge"),
            ),
            (
                T(
                    f"But order carries meaning: {example.one.en} and {example.other.en} consist of the same elements "
                    f"and could not be told apart.",
                    f"Die Reihenfolge trägt aber Bedeutung: {example.one.de} und {example.other.de} bestehen aus "
                    f"denselben Elementen und wären nicht zu unterscheiden.",
                ),
                Step.of(1, "order matters, or an example", "die Reihenfolge zählt, oder ein Beispiel"),
            ),
        )

    @cached_property
    def computed(self) -> tuple[Block, ...]:
        """Attention over three tokens in two orders."""
        rows = tuple(
            (read_latex(name), Rel("≈", rounded(attention(x))))
            for name, x in (("A(x)", TOKENS), ("A(x_{312})", TOKENS[SHUFFLED]))
        )
        return (
            Prose(
                T(
                    "Computed for three tokens, in order and in the order 3, 1, 2: attention gives every token what "
                    "it gave it before.",
                    "Berechnet für drei Token, der Reihe nach und in der Reihenfolge 3, 1, 2: Attention gibt jedem "
                    "Token, was sie ihm vorher gab.",
                )
            ),
            Equation(rows),
        )
