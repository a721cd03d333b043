"""tum-2024, 1.5: upsampling. A transposed convolution is what a convolution does to a gradient on the way back."""

from __future__ import annotations

from math import prod
from typing import ClassVar

import numpy as np

from rechenweg.bank.tum_2024.multiple_choice.showing import finding, matrix, same, shape, table
from rechenweg.nn import Conv1d, Conv2d, MaxPool1d
from rechenweg.numbers import Array, exact
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T
from rechenweg.working.document import Equation

KERNEL = exact([[[1, 2, 1]]])
SIGNAL = exact([[[3, 0, -1, 2, 1]]])


def transposed(layer: Conv1d | Conv2d, z: Array, input_shape: tuple[int, ...]) -> Array:
    """The transposed convolution with the layer's weights, applied to `z`; its output has `input_shape`."""
    layer.forward(exact(np.zeros(input_shape, dtype=int)))
    back = layer.backward(z)
    assert isinstance(back, np.ndarray)
    return back


def doubled(x: Array) -> Array:
    """Linear interpolation of a signal to twice its length: 3/4 of the nearer neighbour and 1/4 of the other."""
    padded = np.concatenate([x[:1], x, x[-1:]])
    near, before, after = padded[1:-1], padded[:-2], padded[2:]
    made = np.empty(2 * len(x), dtype=object)
    made[::2], made[1::2] = near * exact("3/4") + before * exact("1/4"), near * exact("3/4") + after * exact("1/4")
    return made


def _undoes() -> Evidence:
    layer = Conv1d(weights=KERNEL)
    z = layer.forward(SIGNAL)
    back = transposed(layer, z, SIGNAL.shape)
    return finding(
        same(back, SIGNAL),
        T(
            "A signal, its convolution with (1, 2, 1), and the transposed convolution of that with the same weights:",
            "Ein Signal, seine Faltung mit (1, 2, 1) und deren transponierte Faltung mit denselben Gewichten:",
        ),
        Equation.of(read_latex("x"), matrix(SIGNAL)),
        Equation.of(read_latex("z"), matrix(z)),
        Equation.of(read_latex("C^T z"), matrix(back)),
    )


def _adds_parameters() -> Evidence:
    layer = Conv2d(8, 4, 3, stride=2)
    weights = prod(layer.parameter_shapes["weights"])
    x = exact([1, 5, 3])
    return finding(
        weights > 0,  # `doubled` takes the signal and nothing else
        T(
            f"A transposed convolution from 4 to 8 channels with a 3 × 3 kernel has {weights} weights, besides its "
            f"bias. "
            "Interpolation takes nothing but the signal; its factors 3/4 and 1/4 follow from the positions:",
            f"Eine transponierte Faltung von 4 auf 8 Kanäle mit einem 3 × 3-Kern hat {weights} Gewichte, dazu den "
            f"Bias. "
            "Interpolation nimmt nichts als das Signal; ihre Faktoren 3/4 und 1/4 folgen aus den Positionen:",
        ),
        Equation.of(read_latex("x"), matrix(x)),
        Equation.of(read_latex("u"), matrix(doubled(x))),
    )


def _doubles() -> Evidence:
    layer = Conv2d(weights=exact([[[[1, 2], [3, 4]]]]), stride=2)
    small = exact(np.arange(16).reshape(1, 1, 4, 4))
    down, up = layer.output_shape((1, 1, 8, 8)), transposed(layer, small, (1, 1, 8, 8)).shape
    return finding(
        up == (1, 1, 8, 8) and down == small.shape,
        table(
            (T("layer", "Schicht"), T("input", "Eingabe"), T("output", "Ausgabe")),
            (
                (T("convolution", "Faltung"), shape((1, 1, 8, 8)), shape(down)),
                (T("transposed", "transponiert"), shape(small.shape), shape(up)),
            ),
        ),
    )


def _uneven() -> Evidence:
    layer = Conv1d(weights=exact([[[1, 1, 1]]]), stride=2)
    covered = transposed(layer, exact([[[1, 1, 1, 1]]]), (1, 1, 9))
    inner = {v.fraction() for v in covered[0, 0, 2:-2]}
    return finding(
        len(inner) > 1,
        T(
            "Kernel of length 3, stride 2, all weights and inputs 1. How often each position is written to:",
            "Kern der Länge 3, Schrittweite 2, alle Gewichte und Eingaben 1. Wie oft jede Stelle beschrieben wird:",
        ),
        Equation.of(read_latex("u"), matrix(covered)),
    )


def _by_matrix() -> Evidence:
    layer = Conv1d(weights=KERNEL)
    units = exact(np.eye(5, dtype=int))[:, None, :]
    c = layer.forward(units)[:, 0, :].T  # column i: what becomes of the i-th unit vector
    z = exact([[[1, -2, 3]]])
    back = transposed(layer, z, SIGNAL.shape)
    return finding(
        same(back[0, 0], c.T @ z[0, 0]),
        T(
            "The matrix of the convolution, and its transpose applied to (1, −2, 3):",
            "Die Matrix der Faltung, und ihre Transponierte auf (1, −2, 3) angewandt:",
        ),
        Equation.of(read_latex("C"), matrix(c)),
        Equation.of(read_latex("C^T z"), matrix(c.T @ z[0, 0])),
        Equation.of(read_latex("u"), matrix(back)),
    )


def _nothing_new() -> Evidence:
    x = exact([[1, 7], [4, 2]])
    up = x.repeat(2, axis=0).repeat(2, axis=1)
    values = {v.fraction() for v in x.flat}
    return finding(
        {v.fraction() for v in up.flat} <= values,
        Equation.of(read_latex("x"), matrix(x)),
        Equation.of(read_latex("u"), matrix(up)),
    )


def _pooled_pair() -> tuple[Array, Array, Array, Array]:
    """Two signals that max pooling makes the same, and what it makes of them."""
    first, second = exact([[[5, 1, 2, 8]]]), exact([[[0, 5, 8, 3]]])
    layer = MaxPool1d(2)
    return first, second, layer.forward(first), layer.forward(second)


def _restores() -> Evidence:
    first, second, small, small_too = _pooled_pair()
    up, up_too = doubled(small[0, 0]), doubled(small_too[0, 0])
    return finding(
        not same(up, up_too) or same(first, second),
        T(
            "Two signals become the same by max pooling, so interpolation cannot tell them apart again:",
            "Zwei Signale werden durch Max-Pooling gleich, die Interpolation kann sie also nicht wieder unterscheiden:",
        ),
        table(
            (T("signal", "Signal"), T("pooled", "gepoolt"), T("interpolated", "interpoliert")),
            ((matrix(x), matrix(p), matrix(u)) for x, p, u in ((first, small, up), (second, small_too, up_too))),
        ),
    )


def _positions() -> Evidence:
    first, second, small, small_too = _pooled_pair()
    places = []
    for x in (first, second):
        layer = MaxPool1d(2)
        layer.forward(x)
        places.append(layer.backward(small))  # puts each value where its maximum was
    return finding(
        same(small, small_too) and not same(*places),
        T(
            "The same pooled values belong to different places:",
            "Dieselben gepoolten Werte gehören an verschiedene Stellen:",
        ),
        table(
            (T("signal", "Signal"), T("pooled", "gepoolt"), T("put back", "zurückgesetzt")),
            ((matrix(x), matrix(small), matrix(p)) for x, p in zip((first, second), places, strict=True)),
        ),
    )


def _learns() -> Evidence:
    x = exact([2, 6])
    untouched = doubled(x)
    return finding(
        not same(untouched, exact([2, 3, 5, 6])),
        T(
            "Interpolated without any training, halfway values lie between their neighbours:",
            "Ohne jedes Training interpoliert, liegen die Zwischenwerte zwischen ihren Nachbarn:",
        ),
        Equation.of(read_latex("x"), matrix(x)),
        Equation.of(read_latex("u"), matrix(untouched)),
    )


def _always_enlarges() -> Evidence:
    sizes = {}
    for padding in (0, 1, 2):
        layer = Conv1d(weights=KERNEL, padding=padding)
        length = next(n for n in range(3, 12) if layer.output_shape((1, 1, n))[-1] == 5)
        sizes[padding] = transposed(layer, SIGNAL, (1, 1, length)).shape[-1]
    return finding(
        all(size > 5 for size in sizes.values()),
        T(
            "Transposed convolutions with kernel 3 and stride 1 of a signal of length 5:",
            "Transponierte Faltungen mit Kern 3 und Schrittweite 1 eines Signals der Länge 5:",
        ),
        table((T("padding", "Padding"), T("length", "Länge")), ((str(p), str(n)) for p, n in sizes.items())),
    )


class Upsampling(ChoiceQuestion):
    """1.5. The third statement was withdrawn after the exam."""

    number, credits = "1.5", "2"
    stem: ClassVar[T] = T(
        "Maps are made larger again inside a network. Which statements about the ways to do so hold?",
        "In einem Netz werden Karten wieder vergrößert. Welche Aussagen über die Verfahren dafür treffen zu?",
    )
    none_allowed = True
    paper_statements = ("convolution-undone", "transposed-adds-parameters", "transposed-is-bilinear")
    pool = (
        Statement(
            "convolution-undone",
            T(
                "A transposed convolution that reuses a convolution's filters undoes it: run one after the other, "
                "they return the input.",
                "Eine transponierte Faltung mit den Filtern einer Faltung hebt diese auf: Hintereinander ausgeführt "
                "geben sie die Eingabe zurück.",
            ),
            T(
                "Wrong: the shape returns, the numbers do not. It is the transpose of the convolution's matrix, not "
                "its inverse.",
                "Falsch: Die Form kehrt zurück, die Zahlen nicht. Es ist die Transponierte der Faltungsmatrix, nicht "
                "ihre Inverse.",
            ),
            evidence=_undoes,
        ),
        Statement(
            "transposed-adds-parameters",
            T(
                "With transposed convolutions a model gets more weights to train, with interpolation it does not.",
                "Durch transponierte Faltungen bekommt ein Modell mehr zu trainierende Gewichte, durch Interpolation "
                "nicht.",
            ),
            T(
                "Right: the former have kernels like any convolution; the latter follows a fixed rule.",
                "Richtig: Erstere haben Kerne wie jede Faltung; Letztere folgt einer festen Regel.",
            ),
            evidence=_adds_parameters,
        ),
        Statement(
            "transposed-is-bilinear",
            T(
                "Enlarge bilinearly, then convolve as usual: the result is what a transposed convolution computes.",
                "Erst bilinear vergrößern, dann wie üblich falten: Das ergibt, was eine transponierte Faltung "
                "berechnet.",
            ),
            T(
                "Withdrawn after the exam; the box counts for nobody. In general the two differ: a transposed "
                "convolution puts zeros between the inputs, bilinear enlargement puts mixtures of neighbours there.",
                "Nach der Klausur zurückgezogen; das Kästchen zählt für niemanden. Im Allgemeinen ist beides "
                "verschieden: Die transponierte Faltung setzt Nullen zwischen die Eingaben, die bilineare "
                "Vergrößerung Mischungen der Nachbarn.",
            ),
            holds=False,
            paper_only=True,
        ),
        Statement(
            "stride-two-doubles",
            T(
                "With a 2 × 2 kernel, stride 2 and no padding, a transposed convolution turns a 4 × 4 map into an 8 × "
                "8 map.",
                "Mit 2 × 2-Kern, Schrittweite 2 und ohne Padding macht eine transponierte Faltung aus einer 4 × "
                "4-Karte eine 8 × 8-Karte.",
            ),
            T(
                "Right: each of the $4 \\cdot 4$ inputs writes a block of 2 × 2 of its own.",
                "Richtig: Jede der $4 \\cdot 4$ Eingaben beschreibt einen eigenen Block aus 2 × 2.",
            ),
            evidence=_doubles,
        ),
        Statement(
            "checkerboard",
            T(
                "If the stride does not divide the kernel's size, a transposed convolution writes to some positions "
                "more often than to others.",
                "Teilt die Schrittweite die Kerngröße nicht, so beschreibt eine transponierte Faltung manche Stellen "
                "öfter als andere.",
            ),
            T(
                "Right: the overlaps alternate, and checkerboard patterns may become visible.",
                "Richtig: Die Überlappungen wechseln sich ab, und es können Schachbrettmuster sichtbar werden.",
            ),
            evidence=_uneven,
        ),
        Statement(
            "transposed-matrix",
            T(
                "Written as matrices, convolution and transposed convolution with the same weights are each other's "
                "transpose.",
                "Als Matrizen geschrieben sind Faltung und transponierte Faltung mit denselben Gewichten zueinander "
                "transponiert.",
            ),
            T(
                "Right: hence the name; it is also the way in which a convolution sends a gradient back to its input.",
                "Richtig: Daher der Name; auf demselben Weg schickt eine Faltung auch einen Gradienten an ihre "
                "Eingabe zurück.",
            ),
            evidence=_by_matrix,
        ),
        Statement(
            "nearest-nothing-new",
            T(
                "Nearest-neighbour enlargement yields no value that was not in the map before.",
                "Vergrößern mit dem nächsten Nachbarn ergibt keinen Wert, der nicht schon in der Karte stand.",
            ),
            T(
                "Right: it only repeats values.",
                "Richtig: Es wiederholt nur Werte.",
            ),
            evidence=_nothing_new,
        ),
        Statement(
            "restores-detail",
            T(
                "Bilinear interpolation brings back the detail that max pooling has removed.",
                "Bilineare Interpolation holt die Einzelheiten zurück, die Max-Pooling entfernt hat.",
            ),
            T(
                "Wrong: inputs that differed may be equal after pooling. That is why U-Net passes early maps on to "
                "its decoder.",
                "Falsch: Verschiedene Eingaben können nach dem Pooling gleich sein. Deshalb reicht U-Net frühe Karten "
                "an seinen Decoder weiter.",
            ),
            evidence=_restores,
        ),
        Statement(
            "unpooling-positions",
            T(
                "To put values back where they came from, max unpooling needs the positions that pooling has noted.",
                "Um Werte dorthin zurückzusetzen, woher sie kamen, braucht Max-Unpooling die Positionen, die das "
                "Pooling notiert hat.",
            ),
            T(
                "Right: from the maxima alone one cannot see where in its window each of them stood.",
                "Richtig: Den Maxima allein sieht man nicht an, wo in seinem Fenster jedes von ihnen stand.",
            ),
            evidence=_positions,
        ),
        Statement(
            "interpolation-learns",
            T(
                "Before bilinear interpolation gives smooth transitions, its weights have to be trained.",
                "Bevor bilineare Interpolation glatte Übergänge liefert, müssen ihre Gewichte trainiert werden.",
            ),
            T(
                "Wrong: its factors follow from the distances to the neighbours; there is nothing to train.",
                "Falsch: Ihre Faktoren folgen aus den Abständen zu den Nachbarn; es gibt nichts zu trainieren.",
            ),
            evidence=_learns,
        ),
        Statement(
            "always-enlarges",
            T(
                "Whatever its kernel, stride and padding, a transposed convolution makes a map larger.",
                "Bei jeder Wahl von Kern, Schrittweite und Padding macht eine transponierte Faltung eine Karte größer.",
            ),
            T(
                "Wrong: it is the stride that enlarges. With stride 1 and enough padding the size stays or even "
                "shrinks.",
                "Falsch: Es ist die Schrittweite, die vergrößert. Mit Schrittweite 1 und genügend Padding bleibt die "
                "Größe gleich oder nimmt sogar ab.",
            ),
            evidence=_always_enlarges,
        ),
    )
