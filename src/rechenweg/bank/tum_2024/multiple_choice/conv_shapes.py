"""tum-2024, 1.8: what a convolution's output shape depends on: one thing is varied, everything else stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rechenweg.bank.tum_2024.multiple_choice.showing import finding, shape, table
from rechenweg.nn import Conv2d, Layer, Network, ReLU
from rechenweg.numbers import exact
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T

Shapes = Mapping[T, tuple[int, ...]]
YES_NO = {True: T("yes", "ja"), False: T("no", "nein")}


def output(*, n: int = 8, c: int = 3, m: int = 4, k: int = 3, padding: int = 1, stride: int = 1, **more: Any) -> Any:
    """The output shape (channels, height, width) of a layer with these sizes."""
    return Conv2d(c, m, k, padding=padding, stride=stride, **more).output_shape((1, c, n, n))[1:]


def _matters(varied: T, shapes: Shapes) -> Evidence:
    rows = ((value, shape(out)) for value, out in shapes.items())
    return finding(
        len(set(shapes.values())) > 1,
        T(
            "Everything else as in the question, with $C = 3$, $N = 8$, $k = 3$, $m = 4$ unless varied:",
            "Alles andere wie in der Frage, mit $C = 3$, $N = 8$, $k = 3$, $m = 4$, soweit nicht verändert:",
        ),
        table((varied, T("output", "Ausgabe")), rows),
    )


def _n() -> Evidence:
    return _matters(T.same("$N$"), {T.same(str(n)): output(n=n) for n in (8, 9, 16)})


def _k() -> Evidence:
    return _matters(T.same("$k$"), {T.same(str(k)): output(k=k) for k in (1, 3, 5)})


def _m() -> Evidence:
    return _matters(T.same("$m$"), {T.same(str(m)): output(m=m) for m in (1, 4, 16)})


def _c() -> Evidence:
    return _matters(T.same("$C$"), {T.same(str(c)): output(c=c) for c in (1, 3, 16)})


def _padding() -> Evidence:
    return _matters(T("padding", "Padding"), {T.same(str(p)): output(padding=p) for p in (0, 1, 2)})


def _stride() -> Evidence:
    return _matters(T("stride", "Schrittweite"), {T.same(str(s)): output(stride=s) for s in (1, 2, 3)})


def _bias() -> Evidence:
    return _matters(T("bias", "Bias"), {YES_NO[b]: output(bias=b) for b in (True, False)})


def _flipped() -> Evidence:
    return _matters(T("flipped", "gespiegelt"), {YES_NO[f]: output(flipped=f) for f in (True, False)})


def _relu() -> Evidence:
    chains: dict[str, list[Layer]] = {
        "Conv2d": [Conv2d(3, 4, 3, padding=1)],
        "Conv2d + ReLU": [Conv2d(3, 4, 3, padding=1), ReLU()],
    }
    networks = {name: Network.chain(layers) for name, layers in chains.items()}
    return _matters(
        T("layers", "Schichten"),
        {T.same(name): net.output_shapes((1, 3, 8, 8))[net.output][1:] for name, net in networks.items()},
    )


def _values() -> Evidence:
    image = exact([[list(range(row, row + 5)) for row in range(5)]])[None]
    kernels = {"0": 0, "1": 1, "−7": -7}
    shapes = {
        name: Conv2d(weights=exact([[[[w] * 3] * 3]] * 2), padding=1).forward(image).shape[1:]
        for name, w in kernels.items()
    }
    rows = ((value, shape(out)) for value, out in shapes.items())
    return finding(
        len(set(shapes.values())) > 1,
        T(
            "A 1 × 5 × 5 image under two 3 × 3 filters that hold the same number everywhere:",
            "Ein 1 × 5 × 5-Bild unter zwei 3 × 3-Filtern, die überall dieselbe Zahl enthalten:",
        ),
        table((T("weights", "Gewichte"), T("output", "Ausgabe")), rows),
    )


class ConvolutionShapes(ChoiceQuestion):
    """1.8."""

    number, credits = "1.8", "2"
    stem: ClassVar[T] = T(
        "A convolutional layer applies $m$ filters of height and width $k$ with padding 1 and stride 1 to an input of "
        "shape $C \\times N \\times N$ ($C$ channels). Whose change can change the shape of its output?",
        "Eine Faltungsschicht wendet $m$ Filter der Höhe und Breite $k$ mit Padding 1 und Schrittweite 1 auf eine "
        "Eingabe der Form $C \\times N \\times N$ an ($C$ Kanäle). Wessen Änderung kann die Form ihrer Ausgabe ändern?",
    )
    none_allowed = True
    paper_statements = ("N", "k", "m", "C")
    pool = (
        Statement(
            "N",
            T.same("$N$"),
            T(
                "Yes: height and width of the output are $N + 2 - k + 1$.",
                "Ja: Höhe und Breite der Ausgabe sind $N + 2 - k + 1$.",
            ),
            evidence=_n,
        ),
        Statement(
            "k",
            T.same("$k$"),
            T(
                "Yes: with padding 1 only $k = 3$ keeps the size; a larger kernel fits in fewer places.",
                "Ja: Mit Padding 1 erhält nur $k = 3$ die Größe; ein größerer Kern passt an weniger Stellen.",
            ),
            evidence=_k,
        ),
        Statement(
            "m",
            T.same("$m$"),
            T("Yes: every filter makes one channel of the output.", "Ja: Jeder Filter ergibt einen Kanal der Ausgabe."),
            evidence=_m,
        ),
        Statement(
            "C",
            T.same("$C$"),
            T(
                "No: each filter sums over all channels of its input. More channels mean deeper filters, not more "
                "outputs.",
                "Nein: Jeder Filter summiert über alle Kanäle der Eingabe. Mehr Kanäle heißt tiefere Filter, nicht "
                "mehr Ausgaben.",
            ),
            evidence=_c,
        ),
        Statement(
            "padding",
            T("the padding, if it were not fixed at 1", "das Padding, wäre es nicht auf 1 festgelegt"),
            T(
                "Yes: every additional ring of zeros makes room for two more positions along each axis.",
                "Ja: Jeder weitere Ring aus Nullen schafft Platz für zwei weitere Positionen entlang jeder Achse.",
            ),
            evidence=_padding,
        ),
        Statement(
            "stride",
            T("the stride, if it were not fixed at 1", "die Schrittweite, wäre sie nicht auf 1 festgelegt"),
            T(
                "Yes: with stride $s$ only about every $s$-th position along an axis is computed.",
                "Ja: Mit Schrittweite $s$ wird entlang einer Achse nur etwa jede $s$-te Position berechnet.",
            ),
            evidence=_stride,
        ),
        Statement(
            "bias",
            T("whether the filters have a bias", "ob die Filter einen Bias haben"),
            T(
                "No: a bias is added to what is there; it changes the number of parameters only.",
                "Nein: Ein Bias wird zu dem addiert, was da ist; er ändert nur die Zahl der Parameter.",
            ),
            evidence=_bias,
        ),
        Statement(
            "flipped",
            T(
                "whether the filters are flipped before they slide (convolution or cross-correlation)",
                "ob die Filter vor dem Gleiten gespiegelt werden (Faltung oder Kreuzkorrelation)",
            ),
            T(
                "No: it changes values, not where a kernel fits.",
                "Nein: Das ändert Werte, nicht, wohin ein Kern passt.",
            ),
            evidence=_flipped,
        ),
        Statement(
            "relu",
            T("a ReLU that is put behind the layer", "eine ReLU, die hinter die Schicht gesetzt wird"),
            T("No: it acts on each number by itself.", "Nein: Sie wirkt auf jede Zahl für sich."),
            evidence=_relu,
        ),
        Statement(
            "values",
            T("the values of the weights", "die Werte der Gewichte"),
            T(
                "No: shapes follow from sizes alone; training never changes them.",
                "Nein: Formen folgen allein aus Größen; das Training ändert sie nie.",
            ),
            evidence=_values,
        ),
    )
