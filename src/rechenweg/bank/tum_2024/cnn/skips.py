"""tum-2024, 4.6: skip connections, and the derivative through them."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache, reduce
from operator import mul

from rechenweg.bank.tum_2024.cnn.figures import segment_graph
from rechenweg.bank.tum_2024.cnn.segment import renamed, run_of, slope_of, slope_without_blocks
from rechenweg.bank.tum_2024.cnn.setting import Numbers
from rechenweg.numbers import Exact, exact, formula, named, result, symbol, tidy
from rechenweg.numbers.notation import read_latex, to_latex
from rechenweg.numbers.reading import Vocabulary
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.values import Formula, put_in
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Question, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Figure, Prose
from rechenweg.working.run import gradient

UPSTREAM = r"\frac{\partial L}{\partial z}"

WHY = T(
    "A skip is a path by which the gradient gets past a block without being multiplied by its weights: early layers "
    "receive it even if it fades in the block.",
    "Ein Skip ist ein Weg, auf dem der Gradient an einem Block vorbeikommt, ohne mit dessen Gewichten multipliziert "
    "zu werden: Frühe Schichten erhalten ihn auch dann, wenn er im Block schwindet.",
)
ADDED = T(
    "The 1 in the factor of each block comes from its skip: however small the weights of the block are, the factor "
    "stays near 1 instead of going to 0.",
    "Die 1 im Faktor jedes Blocks kommt von seinem Skip: So klein die Gewichte des Blocks auch sind, der Faktor "
    "bleibt nahe 1, statt gegen 0 zu gehen.",
)


@lru_cache(maxsize=128)
def words_of(letter: str, source: str) -> Vocabulary:
    """What an answer may speak of: input, weights, and the gradient that arrives from behind."""
    names = (source, *(f"{letter}_{i}" for i in range(10)), UPSTREAM)
    return Vocabulary({name: symbol(name) for name in names})


class Skips(Question):
    """Skip connections and the derivative through them."""

    number, credits = "4.6", "4"

    def text(self, s: Numbers) -> T:
        g = s.segment
        return T(
            r"Skip connections make deep networks easier to train. Say why, and show it with the segment below, in "
            r"which all quantities are numbers: calculate $\frac{{\partial z}}{{\partial {weight}}}$, taking every "
            r"ReLU as active (its input is positive), and point out in the result what the skip contributes.",
            r"Skip-Verbindungen machen tiefe Netze leichter trainierbar. Sagen Sie, warum, und zeigen Sie es am "
            r"Ausschnitt unten, in dem alle Größen Zahlen sind: Berechnen Sie $\frac{{\partial z}}{{\partial "
            r"{weight}}}$ und nehmen Sie dabei jede ReLU als aktiv an (ihre Eingabe ist positiv). Sagen Sie auch, was "
            r"der Skip zum Ergebnis beiträgt.",
        ).format(weight=g.weight)

    def given(self, s: Numbers) -> tuple[Block, ...]:
        g = s.segment
        run = run_of(g.before, g.inside, g.blocks)
        named_ones = [quantity for quantity in ("y", "G(y)", "u", "K(u)", "z") if quantity in run]
        equations = []
        for name in named_ones:
            closed = run.closed(name, keep=[other for other in named_ones if other != name])
            equations.append((read_latex(name), formula(renamed(closed, g))))
        return (
            Figure(
                segment_graph(g),
                None,
                T(
                    "A segment with a skip connection around each block.",
                    "Ein Ausschnitt mit einer Skip-Verbindung um jeden Block.",
                ),
            ),
            Equation(tuple(equations)),
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        g = s.segment
        words, slope = words_of(g.letter, g.source), slope_of(g)
        upstream = symbol(UPSTREAM)

        def wrong() -> tuple[str, ...]:
            before = slope_without_blocks(g)
            plain = reduce(mul, (symbol(name) for name in g.weights[g.before :]), before)  # as if there were no skips
            return to_latex(result(plain)), to_latex(result(before)), to_latex(formula(tidy(slope - before + 1)))

        why, added = self.scheme(s)[0], self.scheme(s)[2]
        return (
            Text("words", Fraction(1), WHY, (why,), lines=3, label=T("why they help", "warum sie helfen")),
            Formula(
                "derivative",
                Fraction(2),
                slope,
                rf"\frac{{\partial z}}{{\partial {g.weight}}}",
                vocabulary=words,
                also=(upstream * slope,),
                wrong=wrong,
            ),
            Text(
                "skip",
                Fraction(1),
                ADDED,
                (added,),
                lines=2,
                label=T("seen in the derivative", "an der Ableitung zu sehen"),
            ),
        )

    def working_lines(self, s: Numbers) -> int:
        return 4

    def solution(self, s: Numbers) -> Document:
        g = s.segment
        by_y = slope_of(g, by_weight=False)
        outer = named(gradient("y", "z"), by_y)
        inner = slope_without_blocks(g)
        small = {name: exact("1/10") for name in g.weights[g.before :]}
        skipped, plain = put_in(by_y, small), exact("1/10") ** (g.inside * g.blocks)
        return Document.of(
            Prose(WHY),
            Callout.of_credit(1, T("in words", "in Worten")),
            Callout(
                "convention",
                T(
                    r"All ReLUs are active: $\operatorname{ReLU}(a) = a$ and $\operatorname{ReLU}'(a) = 1$ for $a > "
                    r"0$.",
                    r"Alle ReLUs sind aktiv: $\operatorname{ReLU}(a) = a$ und $\operatorname{ReLU}'(a) = 1$ für $a > "
                    r"0$.",
                ),
            ),
            Prose(
                T(
                    "Chain rule, first back to $y$, then on to the weight:",
                    "Kettenregel, erst zurück bis $y$, dann weiter zum Gewicht:",
                )
            ),
            Equation.of(read_latex(gradient("y", "z")), formula(by_y)),
            Equation.of(
                read_latex(gradient(g.weight, "z")),
                formula(outer * symbol(gradient(g.weight, "y"))),
                formula(by_y * inner),
            ),
            Callout.of_credit(2, T("derivative written out", "Ableitung ausgeschrieben")),
            Prose(ADDED),
            Callout.of_credit(1, T("the added 1 is named", "die addierte 1 ist benannt")),
            Prose(
                T(
                    r"In numbers: with weights of 0.1 in the blocks, $\frac{{\partial z}}{{\partial y}}$ is "
                    r"{with_skip} with the skips, and {without} without them.",
                    r"In Zahlen: Mit Gewichten von 0,1 in den Blöcken ist $\frac{{\partial z}}{{\partial y}}$ mit den "
                    r"Skips {with_skip}, ohne sie {without}.",
                ).format(with_skip=T.same(f"${_short(skipped)}$"), without=T.same(f"${_short(plain)}$"))
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "in words: gradients reach early layers directly",
                "in Worten: Gradienten erreichen frühe Schichten direkt",
            ),
            Step.of(2, "the derivative, written out", "die Ableitung, ausgeschrieben"),
            Step.of(1, "names the added 1 that the skip brings", "benennt die addierte 1, die vom Skip kommt"),
        )


def _short(number: Exact) -> str:
    """A decimal of at most four places, LaTeX; ≈ where it is rounded."""
    value = number.fraction()
    if value < Fraction(1, 1000):
        return f"10^{{{round(math.log10(value))}}}"
    rounded = f"{float(value):.4g}"
    return rounded if Fraction(rounded) == value else rf"\approx {rounded}"
