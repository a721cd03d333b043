"""tum-2024, 1.1: average pooling."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from rechenweg.bank.tum_2024.multiple_choice.showing import finding, matrix, same, shape, table
from rechenweg.nn import AvgPool2d, Conv2d, MaxPool2d
from rechenweg.numbers import exact
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T
from rechenweg.working.document import Equation

IMAGE = exact([[[[4, 0, 2, 6], [0, 8, 2, 2], [1, 3, 5, 7], [3, 1, 9, 3]]]])
"""(1, 1, 4, 4), for the experiments."""


def _no_parameters() -> Evidence:
    kernels = (2, 3, 5)
    pools = [sum(map(prod, AvgPool2d(k).parameter_shapes.values())) for k in kernels]
    convolutions = [sum(map(prod, Conv2d(1, 1, k, bias=False).parameter_shapes.values())) for k in kernels]
    return finding(
        not any(pools),
        T("Numbers that training could change:", "Zahlen, die das Training ändern könnte:"),
        table(
            (T("window", "Fenster"), T("average pooling", "Mittelwert-Pooling"), T("convolution", "Faltung")),
            ((f"{k} × {k}", str(p), str(c)) for k, p, c in zip(kernels, pools, convolutions, strict=True)),
        ),
    )


def _always_better() -> Evidence:
    peak, flat = exact([[[[4, 0], [0, 0]]]]), exact([[[[1, 1], [1, 1]]]])
    average, largest = AvgPool2d(2), MaxPool2d(2)
    averages = [average.forward(x) for x in (peak, flat)]
    maxima = [largest.forward(x) for x in (peak, flat)]
    blind = same(*averages) and not same(*maxima)  # here the maximum keeps a difference that the mean loses
    return finding(
        not blind,
        T("A window with one peak, and an even one:", "Ein Fenster mit einer Spitze und ein gleichmäßiges:"),
        table(
            (T("window", "Fenster"), T("mean", "Mittelwert"), T("maximum", "Maximum")),
            ((matrix(x), matrix(a), matrix(m)) for x, a, m in zip((peak, flat), averages, maxima, strict=True)),
        ),
    )


def _shrinks_space() -> Evidence:
    shapes = {(k, s): AvgPool2d(k, stride=s).output_shape((1, 3, 12, 12)) for k in (2, 3, 4) for s in range(1, k + 1)}
    return finding(
        all(h < 12 and w < 12 for _, _, h, w in shapes.values()),
        T("An input of shape (1, 3, 12, 12) becomes:", "Eine Eingabe der Form (1, 3, 12, 12) wird zu:"),
        table(
            (T("window", "Fenster"), T("stride", "Schrittweite"), T("output", "Ausgabe")),
            ((f"{k} × {k}", str(s), shape(out)) for (k, s), out in shapes.items()),
        ),
    )


def _shrinks_channels() -> Evidence:
    shapes = {c: AvgPool2d(2).output_shape((1, c, 8, 8)) for c in (1, 3, 16)}
    return finding(
        any(out[1] < c for c, out in shapes.items()),
        table(
            (T("input", "Eingabe"), T("output", "Ausgabe")),
            ((shape((1, c, 8, 8)), shape(out)) for c, out in shapes.items()),
        ),
    )


def _constant_kernel() -> Evidence:
    pooled = AvgPool2d(2).forward(IMAGE)
    convolved = Conv2d(weights=[[[["1/4"] * 2] * 2]], stride=2).forward(IMAGE)
    return finding(
        same(pooled, convolved),
        T("Pooled, and convolved with quarters:", "Gepoolt, und mit Vierteln gefaltet:"),
        Equation.of(read_latex("P"), matrix(pooled)),
        Equation.of(read_latex("Z"), matrix(convolved)),
    )


def _back() -> tuple[Equation, tuple[int, int]]:
    """The gradient of one window going back, and how many pixels get something, and how many different amounts."""
    layer = AvgPool2d(2)
    layer.forward(exact([[[[4, 0], [1, 3]]]]))
    back = layer.backward(exact([[[[1]]]]))
    nonzero = [v for v in back.flat if v != 0]
    different = len({v.fraction() for v in nonzero})
    return Equation.of(read_latex(r"\frac{\partial L}{\partial x}"), matrix(back)), (len(nonzero), different)


def _equal_shares() -> Evidence:
    equation, (pixels, different) = _back()
    said = T("A gradient of 1 at the output of a window:", "Ein Gradient von 1 am Ausgang eines Fensters:")
    return finding(pixels == 4 and different == 1, said, equation)


def _only_largest() -> Evidence:
    equation, (pixels, _) = _back()
    said = T(
        "A gradient of 1 at the output of the window (4, 0; 1, 3):",
        "Ein Gradient von 1 am Ausgang des Fensters (4, 0; 1, 3):",
    )
    return finding(pixels == 1, said, equation)


def _keeps_mean() -> Evidence:
    pooled = AvgPool2d(2).forward(IMAGE)
    before, after = IMAGE.sum() / IMAGE.size, pooled.sum() / pooled.size
    return finding(
        before == after,
        T("Means of the map before and after:", "Mittelwerte der Karte davor und danach:"),
        Equation.of(read_latex(r"\bar x"), matrix([before])),
        Equation.of(read_latex(r"\bar p"), matrix([after])),
    )


def _stride_for_channels() -> Evidence:
    shapes = {s: AvgPool2d(2, stride=s).output_shape((1, 3, 16, 16)) for s in (1, 2, 4)}
    return finding(
        shapes[4][1] > shapes[2][1] > shapes[1][1],
        table(
            (T("stride", "Schrittweite"), T("output", "Ausgabe")), ((str(s), shape(out)) for s, out in shapes.items())
        ),
    )


def _nonlinear() -> Evidence:
    layer, other = AvgPool2d(2), IMAGE[..., ::-1]
    together = layer.forward(3 * IMAGE + other)
    apart = 3 * layer.forward(IMAGE) + layer.forward(other)
    return finding(
        not same(together, apart),
        T(
            "Pooling $3x + y$, and adding three times the pooled $x$ to the pooled $y$:",
            "$3x + y$ gepoolt, und dreimal das gepoolte $x$ zum gepoolten $y$ addiert:",
        ),
        Equation.of(read_latex("P(3x + y)"), matrix(together)),
        Equation.of(read_latex("3P(x) + P(y)"), matrix(apart)),
    )


class AveragePooling(ChoiceQuestion):
    """1.1."""

    number, credits = "1.1", "2"
    stem: ClassVar[T] = T(
        "Average pooling slides over two-dimensional feature maps. What is true of it?",
        "Mittelwert-Pooling gleitet über zweidimensionale Merkmalskarten. Was trifft zu?",
    )
    none_allowed = True
    paper_statements = ("no-parameters", "always-better", "shrinks-space", "shrinks-channels")
    pool = (
        Statement(
            "no-parameters",
            T(
                "The layer holds nothing that training could adjust.",
                "Die Schicht enthält nichts, was das Training anpassen könnte.",
            ),
            T(
                "Right: the mean of a window needs no weights. Kernel size and stride are chosen, not learned.",
                "Richtig: Der Mittelwert eines Fensters braucht keine Gewichte. Fenstergröße und Schrittweite werden "
                "gewählt, nicht gelernt.",
            ),
            evidence=_no_parameters,
        ),
        Statement(
            "always-better",
            T(
                "Because every pixel of a window counts, it is superior to max pooling on any task.",
                "Weil jedes Pixel eines Fensters zählt, ist es dem Max-Pooling bei jeder Aufgabe überlegen.",
            ),
            T(
                "Wrong: a mean blurs a single strong response that the maximum would keep. Which of the two helps "
                "depends on the task.",
                "Falsch: Ein Mittelwert verwischt eine einzelne starke Antwort, die das Maximum behielte. Was hilft, "
                "hängt von der Aufgabe ab.",
            ),
            evidence=_always_better,
        ),
        Statement(
            "shrinks-space",
            T(
                "Without padding and with a window of more than one pixel, the maps that come out are lower and "
                "narrower than "
                "those that went in.",
                "Ohne Padding und mit einem Fenster aus mehr als einem Pixel sind die Karten danach niedriger und "
                "schmaler als davor.",
            ),
            T(
                r"Right: along each axis $\lfloor (n - k)/s \rfloor + 1$ windows fit, which is less than $n$ for $k > "
                r"1$.",
                r"Richtig: Entlang jeder Achse passen $\lfloor (n - k)/s \rfloor + 1$ Fenster, für $k > 1$ also "
                r"weniger als $n$.",
            ),
            evidence=_shrinks_space,
        ),
        Statement(
            "shrinks-channels",
            T("Fewer channels come out of it than went in.", "Es kommen weniger Kanäle heraus, als hineingingen."),
            T(
                "Wrong: every channel is pooled by itself, so as many come out as went in. A 1 × 1 convolution could "
                "merge channels.",
                "Falsch: Jeder Kanal wird für sich gepoolt, es bleiben also gleich viele. Kanäle zusammenfassen könnte "
                "eine 1 × 1-Faltung.",
            ),
            evidence=_shrinks_channels,
        ),
        Statement(
            "constant-kernel",
            T(
                "On a single channel it computes what a convolution computes whose kernel holds $1/k^2$ everywhere.",
                "Auf einem einzelnen Kanal rechnet es dasselbe wie eine Faltung, deren Kern überall $1/k^2$ enthält.",
            ),
            T(
                "Right: the mean of $k \\cdot k$ pixels is their sum with the fixed weight $1/k^2$, at the same "
                "stride.",
                "Richtig: Der Mittelwert von $k \\cdot k$ Pixeln ist ihre Summe mit dem festen Gewicht $1/k^2$, bei "
                "gleicher Schrittweite.",
            ),
            evidence=_constant_kernel,
        ),
        Statement(
            "equal-shares",
            T(
                "In the backward pass all pixels of a window are given the same share of its gradient.",
                "Beim Rückwärtsrechnen erhalten alle Pixel eines Fensters den gleichen Anteil an dessen Gradienten.",
            ),
            T(
                "Right: each of the $k^2$ pixels entered the mean with $1/k^2$, and that is its derivative.",
                "Richtig: Jedes der $k^2$ Pixel ging mit $1/k^2$ in den Mittelwert ein, und das ist seine Ableitung.",
            ),
            evidence=_equal_shares,
        ),
        Statement(
            "only-largest",
            T(
                "In the backward pass only the largest pixel of a window is given a gradient.",
                "Beim Rückwärtsrechnen erhält nur das größte Pixel eines Fensters einen Gradienten.",
            ),
            T(
                "Wrong: that is max pooling. A mean depends on all pixels of its window.",
                "Falsch: Das ist Max-Pooling. Ein Mittelwert hängt von allen Pixeln seines Fensters ab.",
            ),
            evidence=_only_largest,
        ),
        Statement(
            "keeps-mean",
            T(
                "If the windows cover a map without gap or overlap, the mean over the map stays what it was.",
                "Bedecken die Fenster eine Karte ohne Lücke und Überlappung, so bleibt der Mittelwert der Karte, was "
                "er war.",
            ),
            T(
                "Right: the mean of equally large groups' means is the mean of all.",
                "Richtig: Der Mittelwert der Mittelwerte gleich großer Gruppen ist der Mittelwert aller.",
            ),
            evidence=_keeps_mean,
        ),
        Statement(
            "stride-for-channels",
            T(
                "A larger stride makes the maps smaller and, in return, their number larger.",
                "Eine größere Schrittweite macht die Karten kleiner und dafür ihre Anzahl größer.",
            ),
            T(
                "Wrong: the stride thins out windows. The number of channels never changes in pooling.",
                "Falsch: Die Schrittweite dünnt die Fenster aus. Die Zahl der Kanäle ändert sich beim Pooling nie.",
            ),
            evidence=_stride_for_channels,
        ),
        Statement(
            "nonlinear",
            T(
                "It is a non-linear operation and can therefore take the place of an activation function.",
                "Es ist eine nichtlineare Operation und kann daher eine Aktivierungsfunktion ersetzen.",
            ),
            T(
                "Wrong: a mean is linear in its pixels. Max pooling is not.",
                "Falsch: Ein Mittelwert ist linear in seinen Pixeln. Max-Pooling ist es nicht.",
            ),
            evidence=_nonlinear,
        ),
    )
