"""tum-2024, 1.9: backpropagation."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from rechenweg.bank.tum_2024.multiple_choice.showing import about, about_float, finding, matrix, same, table
from rechenweg.errors import NetworkError
from rechenweg.nn import Add, L2Loss, Linear, MaxPool1d, Network, ReLU, Sigmoid, Tanh
from rechenweg.numbers import Array, Exact, derivative, exact, result
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T
from rechenweg.working.document import Cell, Equation

POINTS = exact([-10, -2, "-1/2", 0, "1/2", 2, 10])


def slopes(name: str, *parameters: str) -> list[Exact]:
    """The derivative of a function at each of POINTS."""
    return [derivative(name, x, *parameters) for x in POINTS]


def _tanh_shrinks() -> Evidence:
    found = slopes("tanh")
    return finding(
        all(abs(s) <= 1 for s in found),
        T(
            "$1 - \\tanh^2(x)$, compared with 1 exactly and shown rounded:",
            "$1 - \\tanh^2(x)$, exakt mit 1 verglichen und gerundet gezeigt:",
        ),
        table(
            (read_latex("x"), read_latex(r"\tanh'(x)")),
            ((result(x), about(s, 6)) for x, s in zip(POINTS, found, strict=True)),
        ),
    )


def _keep_sign() -> Evidence:
    functions = {
        r"\sigma'": slopes("sigmoid"),
        r"\tanh'": slopes("tanh"),
        r"\operatorname{LReLU}'": slopes("leaky_relu", "0.1"),
    }
    rows: list[list[Cell]] = [
        [result(x), *(about(column[i], 6) for column in functions.values())] for i, x in enumerate(POINTS)
    ]
    return finding(
        all(s > 0 for column in functions.values() for s in column),
        T("The derivatives (leaky ReLU with $\\alpha = 0.1$):", "Die Ableitungen (Leaky ReLU mit $\\alpha = 0.1$):"),
        table((read_latex("x"), *map(read_latex, functions)), rows),
    )


def _norms(depth: int = 8) -> list[float]:
    """Sizes of the weights' gradients, layer by layer, in a deep plain network of sigmoids."""
    layers = [layer for _ in range(depth) for layer in (Linear(16, 16), Sigmoid())]
    network = Network.chain([*layers, Linear(16, 1)], loss=L2Loss("mean")).initialize(4, scheme="xavier")
    rng = np.random.default_rng(7)
    network.loss_of(network.forward(rng.standard_normal((32, 16))), rng.standard_normal((32, 1)))
    network.backward()
    linear = [node.layer for node in network.nodes if isinstance(node.layer, Linear)]
    return [float(np.linalg.norm(layer.gradients["weights"])) for layer in linear[:-1]]


def _deep_layers_slow() -> Evidence:
    norms = _norms()
    return finding(
        norms[-1] < norms[0],
        T(
            "Sizes of the weights' gradients in a network of eight sigmoid layers:",
            "Beträge der Gewichtsgradienten in einem Netz aus acht Sigmoid-Schichten:",
        ),
        table(
            (T("layer", "Schicht"), T("gradient", "Gradient")),
            ((str(i), about_float(norm)) for i, norm in enumerate(norms, start=1)),
        ),
    )


def _line(weight: str) -> Network:
    """One weight between the input 1 and the target 4."""
    return Network.chain([Linear(weights=exact([[weight]]), names={"weights": "w"})], loss=L2Loss())


def _loss(weight: str) -> tuple[Exact, Exact]:
    """Loss, and its derivative with respect to the weight."""
    network = _line(weight)
    loss = network.loss_of(network.forward(exact([[1]])), exact([[4]]))
    network.backward()
    return loss, network.gradients()["w"].item()


def _step_down() -> Evidence:
    (here, slope), (less, _) = _loss("1"), _loss("0.99")
    assert slope < 0
    return finding(
        less < here,
        T(
            f"$L = (w - 4)^2$ at $w = 1$ has the derivative ${int(slope)}$. The loss there, and for a slightly smaller "
            f"weight:",
            f"$L = (w - 4)^2$ hat bei $w = 1$ die Ableitung ${int(slope)}$. Der Verlust dort und bei etwas kleinerem "
            f"Gewicht:",
        ),
        table(
            (read_latex("w"), read_latex("L")),
            ((result(exact(w), decimals=True), result(v, decimals=True)) for w, v in (("1", here), ("0.99", less))),
        ),
    )


def _sigmoid_quarter() -> Evidence:
    found = slopes("sigmoid")
    return finding(
        all(s <= exact("1/4") for s in found) and found[3] == exact("1/4"),
        table(
            (read_latex("x"), read_latex(r"\sigma'(x)")),
            ((result(x), about(s, 6)) for x, s in zip(POINTS, found, strict=True)),
        ),
    )


def _relu_blocks() -> Evidence:
    layer = ReLU()
    layer.forward(exact([-3, -1, 2, 5]))
    back = layer.backward(exact([7, -4, 6, 1]))
    return finding(
        same(back, exact([0, 0, 6, 1])),
        T(
            "Inputs −3, −1, 2, 5 and upstream gradients 7, −4, 6, 1; what is passed back:",
            "Eingaben −3, −1, 2, 5 und ankommende Gradienten 7, −4, 6, 1; zurückgegeben wird:",
        ),
        Equation.of(read_latex(r"\frac{\partial L}{\partial x}"), matrix(back)),
    )


def _skip_adds() -> Evidence:
    network = Network("x")
    network.add("h", Linear(weights=exact([["1/10"]])), "x")
    network.add("y", Add(), "x", "h")
    network.forward(exact([[3]]))
    back = network.backward(exact([[5]]))
    assert isinstance(back, np.ndarray)
    branch = network.layer("h").backward(exact([[5]]))
    assert isinstance(branch, np.ndarray)
    return finding(
        same(back, branch + exact([[5]])),
        T(
            "$y = x + 0.1 x$ with the upstream gradient 5: through the branch, past it, and in all:",
            "$y = x + 0.1 x$ mit dem ankommenden Gradienten 5: durch den Zweig, an ihm vorbei und insgesamt:",
        ),
        table(
            (T("branch", "Zweig"), T("skip", "Skip-Verbindung"), T("sum", "Summe")),
            ((matrix(branch), matrix([exact(5)]), matrix(back)),),
        ),
    )


def _zero_weights() -> Evidence:
    network = Network.chain(
        [Linear(weights=exact([[0, 0], [0, 0]])), Tanh(), Linear(weights=exact([[0], [0]]))], loss=L2Loss()
    )
    network.loss_of(network.forward(exact([[1, 2]])), exact([[3]]))
    network.backward()
    gradients = network.gradients()
    return finding(
        any(g != 0 for array in gradients.values() for g in array.flat),
        T("A tanh network with all weights 0; gradients:", "Ein tanh-Netz, in dem alle Gewichte 0 sind; Gradienten:"),
        *(
            Equation.of(read_latex(rf"\frac{{\partial L}}{{\partial {name}}}"), matrix(g))
            for name, g in gradients.items()
        ),
    )


def _bias_sums() -> Evidence:
    layer = Linear(weights=exact([[2, 1]]), bias=exact([0, 0]))
    layer.forward(exact([[1], [4], [-2]]))
    errors: Array = exact([[1, 0], [2, 5], [3, -1]])
    layer.backward(errors)
    return finding(
        same(layer.gradients["bias"], errors.sum(axis=0)),
        T(
            "Upstream gradients of three samples, and the bias gradient:",
            "Ankommende Gradienten dreier Beispiele und der Gradient des Bias:",
        ),
        Equation.of(read_latex(r"\frac{\partial L}{\partial z}"), matrix(errors)),
        Equation.of(read_latex(r"\frac{\partial L}{\partial b}"), matrix(layer.gradients["bias"])),
    )


def _pool_spreads() -> Evidence:
    layer = MaxPool1d(3)
    layer.forward(exact([[[4, 9, 1]]]))
    back = layer.backward(exact([[[6]]]))
    return finding(
        len({v.fraction() for v in back.flat}) == 1,
        T("Window (4, 9, 1), upstream gradient 6:", "Fenster (4, 9, 1), ankommender Gradient 6:"),
        Equation.of(read_latex(r"\frac{\partial L}{\partial x}"), matrix(back)),
    )


def _needs_forward() -> Evidence:
    refused = ""
    try:
        Linear(weights=exact([[1]])).backward(exact([[1]]))
    except NetworkError as error:
        refused = str(error)
    gradients = []
    for x in (1, 3):
        layer = Linear(weights=exact([[1]]))
        layer.forward(exact([[x]]))
        layer.backward(exact([[1]]))
        gradients.append(layer.gradients["weights"])
    return finding(
        bool(refused) and not same(*gradients),
        T(
            "The gradient of a weight under the same upstream gradient, for the inputs 1 and 3; without a forward "
            "pass the layer refuses.",
            "Der Gradient eines Gewichts bei gleichem ankommendem Gradienten, für die Eingaben 1 und 3; ohne "
            "Vorwärtsrechnung weigert sich die Schicht.",
        ),
        table((T("input 1", "Eingabe 1"), T("input 3", "Eingabe 3")), (tuple(map(matrix, gradients)),)),
    )


def _chain_adds() -> Evidence:
    network = Network.chain([Linear(weights=exact([[2]])), Linear(weights=exact([[5]]))])
    network.forward(exact([[1]]))
    back = network.backward(exact([[1]]))
    assert isinstance(back, np.ndarray)
    return finding(
        same(back, exact([[2 + 5]])),
        T("$y = 5 \\cdot (2 x)$, derivative with respect to $x$:", "$y = 5 \\cdot (2 x)$, Ableitung nach $x$:"),
        Equation.of(read_latex(r"\frac{\partial y}{\partial x}"), matrix(back)),
    )


class Backpropagation(ChoiceQuestion):
    """1.9."""

    number, credits = "1.9", "2"
    stem: ClassVar[T] = T(
        "Gradients travel backwards through a network. Which statements hold?",
        "Gradienten laufen rückwärts durch ein Netz. Welche Aussagen treffen zu?",
    )
    none_allowed = True
    paper_statements = ("tanh-shrinks", "sign-kept", "deep-layers-slow", "negative-derivative")
    pool = (
        Statement(
            "tanh-shrinks",
            T(
                "What comes out of a tanh on the way back is never larger in magnitude than what came in.",
                "Was auf dem Rückweg aus einem tanh herauskommt, ist dem Betrag nach nie größer als das, was "
                "hineinging.",
            ),
            T(
                "Right: the gradient is multiplied by $1 - \\tanh^2(x)$, which is at most 1.",
                "Richtig: Der Gradient wird mit $1 - \\tanh^2(x)$ multipliziert, und das ist höchstens 1.",
            ),
            evidence=_tanh_shrinks,
        ),
        Statement(
            "sign-kept",
            T(
                "Sigmoid, tanh and leaky ReLU ($\\alpha > 0$) all leave the sign of a gradient that passes them as it "
                "is.",
                "Sigmoid, tanh und Leaky ReLU ($\\alpha > 0$) lassen alle das Vorzeichen eines durchlaufenden "
                "Gradienten, wie es ist.",
            ),
            T(
                "Right: all three rise everywhere, so the factor is positive.",
                "Richtig: Alle drei steigen überall, der Faktor ist also positiv.",
            ),
            evidence=_keep_sign,
        ),
        Statement(
            "deep-layers-slow",
            T(
                "When gradients vanish, it is the layers deep in the network, near its output, that learn more slowly "
                "than those at its input.",
                "Verschwinden die Gradienten, so lernen die tiefen Schichten nahe der Ausgabe langsamer als die "
                "ersten nahe der Eingabe.",
            ),
            T(
                "Wrong, the other way round: a gradient shrinks with every layer on its way back, so the first layers "
                "get least.",
                "Falsch, umgekehrt: Ein Gradient schrumpft auf dem Rückweg mit jeder Schicht, die ersten Schichten "
                "bekommen also am wenigsten.",
            ),
            evidence=_deep_layers_slow,
        ),
        Statement(
            "negative-derivative",
            T(
                "If the loss has a negative derivative with respect to some weight, −6 say, then making that weight a "
                "little smaller makes the loss smaller.",
                "Hat der Verlust nach einem Gewicht eine negative Ableitung, etwa −6, so wird er kleiner, wenn man "
                "dieses Gewicht ein wenig verkleinert.",
            ),
            T(
                "Wrong: a negative slope means that the loss falls to the right. The weight has to grow.",
                "Falsch: Negative Steigung heißt, dass der Verlust nach rechts fällt. Das Gewicht muss wachsen.",
            ),
            evidence=_step_down,
        ),
        Statement(
            "sigmoid-quarter",
            T(
                "A sigmoid lets at most a quarter of a gradient pass.",
                "Ein Sigmoid lässt höchstens ein Viertel eines Gradienten durch.",
            ),
            T(
                "Right: $\\sigma(x)(1 - \\sigma(x))$ is largest at 0, where it is ¼.",
                "Richtig: $\\sigma(x)(1 - \\sigma(x))$ ist am größten bei 0, und dort ¼.",
            ),
            evidence=_sigmoid_quarter,
        ),
        Statement(
            "relu-blocks",
            T(
                "ReLU passes gradients on unchanged where its input was positive, and stops them where it was "
                "negative.",
                "ReLU gibt Gradienten unverändert weiter, wo die Eingabe positiv war, und hält sie auf, wo sie "
                "negativ war.",
            ),
            T("Right: its slope is 1 or 0.", "Richtig: Die Steigung ist 1 oder 0."),
            evidence=_relu_blocks,
        ),
        Statement(
            "skip-adds",
            T(
                "At the start of a skip connection the gradients of branch and connection are added.",
                "Am Anfang einer Skip-Verbindung werden die Gradienten von Zweig und Verbindung addiert.",
            ),
            T(
                "Right: the value was used twice, and each use contributes its derivative.",
                "Richtig: Der Wert wurde zweimal verwendet, und jede Verwendung trägt ihre Ableitung bei.",
            ),
            evidence=_skip_adds,
        ),
        Statement(
            "zero-start",
            T(
                "A tanh network without biases whose weights are all 0 finds its way by itself as soon as "
                "backpropagation starts.",
                "Ein tanh-Netz ohne Bias, dessen Gewichte alle 0 sind, findet von selbst seinen Weg, sobald die "
                "Rückwärtsrechnung beginnt.",
            ),
            T(
                "Wrong: each gradient contains a factor 0, an activation or a later weight, so no weight ever moves.",
                "Falsch: Jeder Gradient enthält einen Faktor 0, eine Aktivierung oder ein späteres Gewicht, also "
                "bewegt sich kein Gewicht.",
            ),
            evidence=_zero_weights,
        ),
        Statement(
            "bias-sums",
            T(
                "With the loss summed over a batch, a bias gets the sum of the gradients that arrive at its neuron.",
                "Wird der Verlust über einen Batch summiert, so bekommt ein Bias die Summe der Gradienten, die an "
                "seinem Neuron ankommen.",
            ),
            T(
                "Right: it enters every sample's output with the factor 1.",
                "Richtig: Er geht in die Ausgabe jedes Beispiels mit dem Faktor 1 ein.",
            ),
            evidence=_bias_sums,
        ),
        Statement(
            "max-pooling-spreads",
            T(
                "Max pooling distributes a gradient evenly over its window.",
                "Max-Pooling verteilt einen Gradienten gleichmäßig über sein Fenster.",
            ),
            T(
                "Wrong: all of it goes to the element that was the maximum; average pooling distributes.",
                "Falsch: Alles geht an das Element, das das Maximum war; verteilt wird beim Mittelwert-Pooling.",
            ),
            evidence=_pool_spreads,
        ),
        Statement(
            "needs-forward",
            T(
                "Values from the forward pass must be kept, since gradients of weights are computed with them.",
                "Werte der Vorwärtsrechnung müssen aufbewahrt werden, denn mit ihnen werden Gradienten von Gewichten "
                "berechnet.",
            ),
            T(
                "Right: the gradient of a weight is the upstream gradient times the weight's input.",
                "Richtig: Der Gradient eines Gewichts ist der ankommende Gradient mal die Eingabe des Gewichts.",
            ),
            evidence=_needs_forward,
        ),
        Statement(
            "chain-adds",
            T(
                "Along a single path through the network the local derivatives are added up.",
                "Entlang eines einzelnen Pfades durch das Netz werden die lokalen Ableitungen addiert.",
            ),
            T(
                "Wrong: along a path they are multiplied; it is the paths that are added.",
                "Falsch: Entlang eines Pfades werden sie multipliziert; addiert werden die Pfade.",
            ),
            evidence=_chain_adds,
        ),
    )
