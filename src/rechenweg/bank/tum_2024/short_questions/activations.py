"""tum-2024, 2.3: which functions can be activations."""

from __future__ import annotations

from collections.abc import Iterator

from rechenweg.bank.tum_2024.multiple_choice.showing import about, table
from rechenweg.bank.tum_2024.short_questions.functions import BY_KEY, POINTS, Function, is_flat, slopes, suits
from rechenweg.bank.tum_2024.short_questions.setting import Line, Numbers, TextQuestion
from rechenweg.numbers import result
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.question import Step
from rechenweg.text import T
from rechenweg.working.document import Block, Prose


class Activations(TextQuestion):
    """2.3."""

    number, credits = "2.3", "3"
    lines = 7

    def text(self, s: Numbers) -> T:
        return T(
            "A network is to be trained with backpropagation. Can each of these two functions serve as its "
            "activation? Where one cannot, say why.",
            "Ein Netz soll mit Rückwärtsrechnung (Backpropagation) trainiert werden. Kann jede dieser beiden "
            "Funktionen als Aktivierung dienen? Wo nicht, sagen Sie, warum.",
        )

    @staticmethod
    def pair(s: Numbers) -> tuple[Function, Function]:
        """The two functions."""
        first, second = s.functions
        return BY_KEY[first], BY_KEY[second]

    def given(self, s: Numbers) -> tuple[Block, ...]:
        return tuple(block for letter, f in zip("ab", self.pair(s), strict=True) for block in f.blocks(letter))

    def answer(self, s: Numbers) -> tuple[Line, ...]:
        return tuple(line for letter, f in zip("ab", self.pair(s), strict=True) for line in self._judged(letter, f))

    @staticmethod
    def _judged(letter: str, f: Function) -> Iterator[Line]:
        if suits(f):
            yield (
                T(
                    f"({letter}) Yes: it is not linear, and its derivative is not 0 almost everywhere, so a gradient "
                    f"can pass.",
                    f"({letter}) Ja: Sie ist nicht linear, und ihre Ableitung ist nicht fast überall 0, sodass ein "
                    f"Gradient hindurchkommt.",
                ),
                Step.of(1, f"({letter}) yes, non-linear", f"({letter}) ja, nichtlinear"),
            )
            return
        yield T(f"({letter}) No.", f"({letter}) Nein."), Step.of(1, f"({letter}) no", f"({letter}) nein")
        if is_flat(f):
            yield (
                T(
                    "Its derivative is 0 almost everywhere. By the chain rule all gradients before it become 0, and "
                    "nothing is learned.",
                    "Ihre Ableitung ist fast überall 0. Nach der Kettenregel werden alle Gradienten davor 0, und "
                    "nichts wird gelernt.",
                ),
                Step.of(
                    1,
                    "gradient 0 almost everywhere; nothing for “discontinuous” alone",
                    "Gradient fast überall 0; nichts für „unstetig“ allein",
                ),
            )
        else:
            yield (
                T(
                    "It is a straight line. Layers with such activations can be merged into a single linear layer, so "
                    "depth gains nothing.",
                    "Sie ist eine Gerade. Schichten mit solchen Aktivierungen lassen sich zu einer einzigen linearen "
                    "Schicht zusammenfassen, Tiefe bringt also nichts.",
                ),
                Step.of(1, "linear: layers merge into one", "linear: Schichten lassen sich zusammenfassen"),
            )

    def shown(self, s: Numbers) -> tuple[Block, ...]:
        pair = self.pair(s)
        found = [slopes(f) for f in pair]
        return (
            Prose(
                T(
                    "Slopes $(f(x + 0.01) - f(x))/0.01$, computed exactly and shown rounded:",
                    "Steigungen $(f(x + 0.01) - f(x))/0.01$, exakt berechnet und gerundet gezeigt:",
                )
            ),
            table(
                (read_latex("x"), T.same("(a)"), T.same("(b)")),
                ((result(x, decimals=True), about(found[0][i]), about(found[1][i])) for i, x in enumerate(POINTS)),
            ),
        )
