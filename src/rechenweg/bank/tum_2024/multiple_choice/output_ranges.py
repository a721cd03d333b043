"""tum-2024, 1.6: last activations for labels in [−1, 1]. What a function can reach is found out with exact numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rechenweg.bank.tum_2024.multiple_choice.showing import about, finding, table
from rechenweg.numbers import Exact, apply, exact, formula, result, symbol
from rechenweg.numbers.exact import call
from rechenweg.numbers.notation import Layout, read_latex, to_latex
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T
from rechenweg.working.document import Cell

INSIDE = ("-5", "-1", "-1/2", "0", "1/2", "1", "5")
LABELS = exact([-1, "-1/2", 0, "1/2", 1])
NEAR = exact("1/1000")
HALVINGS = 28


@dataclass(frozen=True, slots=True)
class Candidate:
    """A monotone function of one number, with the reason why it suits or not; looked at from −reach to reach."""

    id: str
    of: Callable[[Exact], Exact]
    reason: T
    reach: int = 50

    @property
    def layout(self) -> Layout:
        """Its formula in x."""
        return formula(self.of(symbol("x")))


def nearest(candidate: Candidate, label: Exact) -> Exact:
    """The value closest to a label that halving [−reach, reach] again and again finds."""
    f = candidate.of
    low, high = exact(-candidate.reach), exact(candidate.reach)
    rising = f(low) < f(high)
    for _ in range(HALVINGS):
        middle = exact((low + high).fraction() / 2)
        if (f(middle) < label) == rising:
            low = middle
        else:
            high = middle
    return min((f(low), f(high)), key=lambda value: abs((value - label).approx()))


def _suits(candidate: Candidate) -> Evidence:
    """It never leaves [−1, 1], and comes close to every label."""
    f = candidate.of
    inputs = exact([-candidate.reach, *INSIDE, candidate.reach])
    values = [f(x) for x in inputs]
    stays = all(abs(v) <= 1 for v in values)
    closest = [nearest(candidate, label) for label in LABELS]
    reaches = all(abs(value - label) < NEAR for value, label in zip(closest, LABELS, strict=True))
    tried: list[list[Cell]] = [[result(x), about(v)] for x, v in zip(inputs, values, strict=True)]
    found: list[list[Cell]] = [[result(label), about(v)] for label, v in zip(LABELS, closest, strict=True)]
    return finding(
        stays and reaches,
        T("Values, compared exactly and shown rounded:", "Werte, exakt verglichen und gerundet gezeigt:"),
        table((read_latex("x"), read_latex("f(x)")), tried),
        T("The closest that it gets to some labels:", "Am nächsten kommt sie einigen Labels mit:"),
        table((T("label", "Label"), read_latex("f(x)")), found),
    )


CANDIDATES = (
    Candidate(
        "scaled-sigmoid",
        lambda x: 2 * apply("sigmoid", x) - 1,
        T(
            "Suits: $\\sigma$ lies between 0 and 1, so twice that less 1 lies between −1 and 1, and comes as close to "
            "both ends as one likes.",
            "Geeignet: $\\sigma$ liegt zwischen 0 und 1, das Doppelte minus 1 also zwischen −1 und 1, beiden Enden "
            "beliebig nah.",
        ),
    ),
    Candidate(
        "steep-tanh",
        lambda x: apply("tanh", 10 * x),
        T(
            "Suits: the factor inside makes tanh steeper, its values stay between −1 and 1.",
            "Geeignet: Der Faktor im Argument macht tanh steiler, die Werte bleiben zwischen −1 und 1.",
        ),
    ),
    Candidate(
        "clipped-below",
        lambda x: call("max", exact(-1), x),
        T(
            "Does not suit: only the lower end is closed; upwards the values grow without bound.",
            "Ungeeignet: Nur das untere Ende ist abgeschlossen; nach oben wachsen die Werte unbegrenzt.",
        ),
    ),
    Candidate(
        "clipped-both",
        lambda x: call("min", call("max", exact(-1), x), exact(1)),
        T(
            "Suits: the line is cut off at −1 and at 1, and in between every label is met exactly.",
            "Geeignet: Die Gerade ist bei −1 und bei 1 abgeschnitten, und dazwischen wird jedes Label genau getroffen.",
        ),
    ),
    Candidate(
        "sigmoid",
        lambda x: apply("sigmoid", x),
        T(
            "Does not suit: it is positive everywhere, negative labels stay out of reach.",
            "Ungeeignet: Sie ist überall positiv, negative Labels bleiben unerreichbar.",
        ),
    ),
    Candidate(
        "relu",
        lambda x: apply("relu", x),
        T(
            "Does not suit: no negative value, and no bound above.",
            "Ungeeignet: kein negativer Wert, und nach oben keine Grenze.",
        ),
    ),
    Candidate(
        "half-tanh",
        lambda x: exact("1/2") * apply("tanh", x),
        T(
            "Does not suit: it stays between −½ and ½, so labels near ±1 are never reached.",
            "Ungeeignet: Sie bleibt zwischen −½ und ½, Labels nahe ±1 werden also nie erreicht.",
        ),
    ),
    Candidate(
        "softsign",
        lambda x: x / (1 + abs(x)),
        T(
            "Suits: the quotient is always smaller than 1 in size and tends to ±1 for large $|x|$.",
            "Geeignet: Der Quotient ist dem Betrag nach stets kleiner als 1 und strebt für große $|x|$ gegen ±1.",
        ),
        reach=5000,
    ),
    Candidate(
        "sign",
        lambda x: call("sgn", x),
        T(
            "Does not suit: it takes only the values −1, 0 and 1 and misses every label in between.",
            "Ungeeignet: Sie nimmt nur die Werte −1, 0 und 1 an und verfehlt jedes Label dazwischen.",
        ),
    ),
    Candidate(
        "scaled-tanh",
        lambda x: 2 * apply("tanh", x),
        T(
            "Does not suit: its values fill the interval from −2 to 2.",
            "Ungeeignet: Ihre Werte füllen das Intervall von −2 bis 2.",
        ),
    ),
    Candidate(
        "elu",
        lambda x: apply("elu", x, 1),
        T(
            "Does not suit: with $\\alpha = 1$ it stays above −1, but has no bound above.",
            "Ungeeignet: Mit $\\alpha = 1$ bleibt sie über −1, hat aber nach oben keine Grenze.",
        ),
    ),
    Candidate(
        "falling-sigmoid",
        lambda x: 1 - 2 * apply("sigmoid", x),
        T(
            "Suits: it falls from 1 to −1. A falling function is no obstacle, the weights before it may turn the sign.",
            "Geeignet: Sie fällt von 1 auf −1. Dass sie fällt, stört nicht, die Gewichte davor können das Vorzeichen "
            "drehen.",
        ),
    ),
)


class OutputRanges(ChoiceQuestion):
    """1.6."""

    number, credits = "1.6", "2"
    stem: ClassVar[T] = T(
        "In a regression, every number of the interval $[-1, 1]$ may occur as a label. Which functions $f(x)$ suit as "
        "last activation, that is, never leave the interval and can come arbitrarily close to each of its numbers?",
        "In einer Regression kann jede Zahl des Intervalls $[-1, 1]$ als Label auftreten. Welche Funktionen $f(x)$ "
        "eignen sich als letzte Aktivierung, verlassen das Intervall also nie und können jeder seiner Zahlen beliebig "
        "nahe kommen?",
    )
    none_allowed = True
    paper_statements = ("scaled-sigmoid", "steep-tanh", "clipped-below", "clipped-both")
    pool = tuple(
        Statement(c.id, T.same(f"$f(x) = {to_latex(c.layout)}$"), c.reason, evidence=partial(_suits, c))
        for c in CANDIDATES
    )
