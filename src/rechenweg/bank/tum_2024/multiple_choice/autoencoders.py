"""tum-2024, 1.4: autoencoders."""

from __future__ import annotations

from itertools import permutations
from typing import ClassVar

import numpy as np

from rechenweg.bank.tum_2024.multiple_choice.showing import finding, matrix, same, shape, table
from rechenweg.nn import SGD, L2Loss, Linear, Network, ReLU
from rechenweg.numbers import Array, Exact, Verdict, equal, exact, symbol
from rechenweg.numbers.notation import Num, read_latex
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T
from rechenweg.working.document import Equation, Rel


def _coder(*weights: Array) -> Network:
    """Linear layers without bias, one after the other."""
    return Network.chain([Linear(weights=w) for w in weights], loss=L2Loss())


def _wide_is_idle() -> Evidence:
    widen, narrow = exact(np.eye(3, 4, dtype=int)), exact(np.eye(4, 3, dtype=int))
    x = exact([[5, -2, 7], ["1/3", 0, 4]])
    copied = _coder(widen, narrow).forward(x)
    return finding(
        not same(copied, x),  # it copies without having found out anything about its inputs
        T(
            "Three inputs, four hidden neurons: each input handed on unchanged, one neuron left idle. What goes in "
            "and what comes out:",
            "Drei Eingaben, vier verdeckte Neuronen: Jede Eingabe wird unverändert weitergereicht, ein Neuron bleibt "
            "untätig. Was hineingeht und was herauskommt:",
        ),
        Equation.of(read_latex("x"), matrix(x)),
        Equation.of(read_latex(r"\hat x"), matrix(copied)),
    )


def _depths_differ() -> Evidence:
    encoder = [Linear(6, 5), ReLU(), Linear(5, 4), ReLU(), Linear(4, 2)]
    decoder = [Linear(2, 6)]
    network = Network.chain([*encoder, *decoder], loss=L2Loss()).initialize(3)
    x = np.random.default_rng(5).standard_normal((16, 6))
    losses = [float(network.train_step(x, x, SGD(0.001))) for _ in range(30)]
    depths = [sum(isinstance(layer, Linear) for layer in half) for half in (encoder, decoder)]
    works = network.forward(x).shape == x.shape and losses[-1] < losses[0]
    return finding(
        not works or depths[0] == depths[1],
        T(
            f"{depths[0]} layers in the encoder, {depths[1]} in the decoder: the output has the input's shape "
            f"{shape(x.shape)}, and in 30 steps of training the loss falls from {losses[0]:.0f} to {losses[-1]:.0f}.",
            f"{depths[0]} Schichten im Encoder, {depths[1]} im Decoder: Die Ausgabe hat die Form der Eingabe "
            f"{shape(x.shape)}, und in 30 Trainingsschritten fällt der Verlust von {losses[0]:.1f} auf "
            f"{losses[-1]:.1f}.",
        ),
    )


def _symbols(name: str, rows: int, columns: int) -> Array:
    made = np.empty((rows, columns), dtype=object)
    for i, j in np.ndindex(rows, columns):
        made[i, j] = symbol(f"{name}_{{{i + 1}{j + 1}}}")
    return made


def _determinant(square: Array) -> Exact:
    """By Leibniz' formula: a signed product for every permutation."""
    total = exact(0)
    for order in permutations(range(len(square))):
        inversions = sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])
        term = exact((-1) ** inversions)
        for i, j in enumerate(order):
            term = term * square[i, j]
        total = total + term
    made: Exact = total
    return made


def _bottleneck() -> Evidence:
    through = _coder(_symbols("e", 3, 2), _symbols("d", 2, 3)).forward(exact(np.eye(3, dtype=int)))
    singular = equal(_determinant(through), exact(0)) is Verdict.EQUAL
    return finding(
        not singular,
        T(
            "A linear autoencoder from 3 numbers over 2 to 3, all weights as free symbols: whatever they are, the "
            "matrix $E D$ of the whole map has determinant 0, the identity has 1:",
            "Ein linearer Autoencoder von 3 Zahlen über 2 auf 3, alle Gewichte als freie Symbole: Welche Werte sie "
            "auch haben, die Matrix $E D$ der ganzen Abbildung hat die Determinante 0, die Identität hat 1:",
        ),
        Equation.of(read_latex("|E D|"), Num("0")),
        Equation.of(read_latex("|I|"), Num(str(int(_determinant(exact(np.eye(3, dtype=int))))))),
    )


def _compresses() -> Evidence:
    # a smooth signal of four numbers, stored as the means of its two halves
    encoder, decoder = exact([["1/2", 0], ["1/2", 0], [0, "1/2"], [0, "1/2"]]), exact([[1, 1, 0, 0], [0, 0, 1, 1]])
    x = exact([[10, 12, 5, 4]])
    network = _coder(encoder, decoder)
    back = network.forward(x)
    error, size = network.loss_of(back, x), (x**2).sum()
    return finding(
        network.values["z"].size < x.size and error > 0 and error / size < exact("1/50"),
        T(
            "Four numbers, stored as two, and what is read from them. The loss is not 0, but small beside the sum of "
            "squares:",
            "Vier Zahlen, als zwei gespeichert, und was daraus gelesen wird. Der Verlust ist nicht 0, aber klein neben "
            "der Quadratsumme:",
        ),
        Equation.of(read_latex("x"), matrix(x)),
        Equation.of(read_latex("z"), matrix(network.values["z"])),
        Equation.of(read_latex(r"\hat x"), matrix(back)),
        Equation.of(read_latex("L"), matrix([error])),
        Equation.of(read_latex(r"\|x\|^2"), matrix([size])),
    )


def _principal_component() -> Evidence:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((60, 2)) * (2.0, 0.5) @ np.array([[0.8, 0.6], [-0.6, 0.8]])
    x = x - x.mean(axis=0)
    network = Network.chain([Linear(2, 1, bias=False), Linear(1, 2, bias=False)], loss=L2Loss("mean")).initialize(0)
    for _ in range(400):
        network.train_step(x, x, SGD(0.05))
    learned = network.nodes[1].layer.parameters["weights"][0]
    principal = np.linalg.svd(x)[2][0]
    cosine = abs(float(learned @ principal)) / float(np.linalg.norm(learned))
    return finding(
        cosine > 0.9999,
        T(
            "A linear autoencoder with one code number after 400 steps of SGD on 60 centred points, and the first "
            "principal component: the angle between the decoder's direction and the component has the cosine",
            "Ein linearer Autoencoder mit einer Codezahl nach 400 Schritten SGD auf 60 zentrierten Punkten, und die "
            "erste Hauptkomponente: Der Winkel zwischen der Richtung des Decoders und der Komponente hat den Kosinus",
        ),
        Equation.of(read_latex(r"|\cos \varphi|"), Rel("≈", Num(f"{cosine:.6f}"))),
    )


def _depth_adds() -> Evidence:
    rng = np.random.default_rng(2)
    first, second, third, fourth = (exact(rng.integers(-2, 3, size)) for size in ((4, 3), (3, 2), (2, 3), (3, 4)))
    x = exact(np.eye(4, dtype=int))
    deep, shallow = _coder(first, second, third, fourth).forward(x), _coder(first @ second, third @ fourth).forward(x)
    return finding(
        not same(deep, shallow),
        T(
            "4 → 3 → 2 → 3 → 4 with whole weights, and 4 → 2 → 4 with the products of the matrices: the maps",
            "4 → 3 → 2 → 3 → 4 mit ganzzahligen Gewichten, und 4 → 2 → 4 mit den Produkten der Matrizen: die "
            "Abbildungen",
        ),
        Equation.of(read_latex("M_{4}"), matrix(deep)),
        Equation.of(read_latex("M_{2}"), matrix(shallow)),
    )


def _labels() -> Evidence:
    network = _coder(exact([[1], [1]]), exact([["1/2", "1/2"]]))
    x = exact([[3, 1]])
    network.train_step(x, x, SGD("0.01"))
    after = network.loss_of(network.forward(x), x)
    network = _coder(exact([[1], [1]]), exact([["1/2", "1/2"]]))
    before = network.loss_of(network.forward(x), x)
    return finding(
        not after < before,  # the loss fell, and the only target was the input
        T(
            "Loss before and after a step whose target was the input itself:",
            "Verlust vor und nach einem Schritt, dessen Ziel die Eingabe selbst war:",
        ),
        table(
            (T("before", "davor"), T("after", "danach")),
            ((matrix([before]), Num(f"{after.approx():.3f}")),),
        ),
    )


class Autoencoders(ChoiceQuestion):
    """1.4."""

    number, credits = "1.4", "2"
    stem: ClassVar[T] = T("Which statements about autoencoders hold?", "Welche Aussagen über Autoencoder treffen zu?")
    none_allowed = True
    paper_statements = ("hidden-larger", "same-depth", "any-identity", "lossy-compressor")
    pool = (
        Statement(
            "hidden-larger",
            T(
                "One makes the hidden layer wider than the input whenever one can afford to.",
                "Man macht die verdeckte Schicht breiter als die Eingabe, wann immer man es sich leisten kann.",
            ),
            T(
                "Wrong: with room for everything the network can simply copy. A bottleneck forces it to find what "
                "matters.",
                "Falsch: Mit Platz für alles kann das Netz einfach kopieren. Ein Engpass zwingt es, das Wesentliche "
                "zu finden.",
            ),
            evidence=_wide_is_idle,
        ),
        Statement(
            "same-depth",
            T(
                "Each layer of the encoder needs a counterpart in the decoder.",
                "Jede Schicht des Encoders braucht ein Gegenstück im Decoder.",
            ),
            T(
                "Wrong: only the shapes at both ends must agree. Mirrored halves are a habit.",
                "Falsch: Nur die Formen an beiden Enden müssen übereinstimmen. Gespiegelte Hälften sind eine "
                "Gewohnheit.",
            ),
            evidence=_depths_differ,
        ),
        Statement(
            "any-identity",
            T(
                "With enough training every autoencoder reproduces all inputs without error.",
                "Mit genügend Training gibt jeder Autoencoder alle Eingaben fehlerfrei wieder.",
            ),
            T(
                "Wrong: a linear map through two numbers has rank 2 at most and cannot be the identity of three. With "
                "activations, too, a bottleneck cannot let everything through.",
                "Falsch: Eine lineare Abbildung durch zwei Zahlen hat höchstens Rang 2 und kann nicht die Identität "
                "von dreien sein. Auch mit Aktivierungen lässt ein Engpass nicht alles durch.",
            ),
            evidence=_bottleneck,
        ),
        Statement(
            "lossy-compressor",
            T(
                "It can serve to compress data if some loss of detail is acceptable.",
                "Er kann dazu dienen, Daten zu komprimieren, wenn ein gewisser Verlust an Einzelheiten hinnehmbar ist.",
            ),
            T(
                "Right: store the code, which is smaller than the input; the decoder makes an approximation of the "
                "input from it.",
                "Richtig: Gespeichert wird der Code, der kleiner ist als die Eingabe; der Decoder macht daraus eine "
                "Näherung der Eingabe.",
            ),
            evidence=_compresses,
        ),
        Statement(
            "labels-needed",
            T(
                "Its training needs data labelled by people.",
                "Sein Training braucht von Menschen gelabelte Daten.",
            ),
            T(
                "Wrong: the input is its own target.",
                "Falsch: Die Eingabe ist ihr eigenes Ziel.",
            ),
            evidence=_labels,
        ),
        Statement(
            "principal-component",
            T(
                "A linear one with a single code number, trained on centred data with squared error, ends up along "
                "the first principal component.",
                "Ein linearer mit einer einzigen Codezahl, auf zentrierten Daten mit quadratischem Fehler trainiert, "
                "landet auf der ersten Hauptkomponente.",
            ),
            T(
                "Right: of all directions it is the one along which the squared error of a projection is smallest.",
                "Richtig: Unter allen Richtungen ist sie diejenige, entlang der der quadratische Fehler einer "
                "Projektion am kleinsten ist.",
            ),
            evidence=_principal_component,
        ),
        Statement(
            "denoising-target",
            T(
                "A denoising autoencoder sees a disturbed input and is compared with the undisturbed one.",
                "Ein entrauschender Autoencoder sieht eine gestörte Eingabe und wird mit der ungestörten verglichen.",
            ),
            T(
                "Right: so it cannot just copy, and learns what undisturbed data look like.",
                "Richtig: So kann er nicht bloß kopieren und lernt, wie ungestörte Daten aussehen.",
            ),
            holds=True,
        ),
        Statement(
            "random-codes",
            T(
                "Any random code put into the decoder of a plain autoencoder gives a realistic sample.",
                "Jeder zufällige Code, den man dem Decoder eines gewöhnlichen Autoencoders gibt, ergibt ein "
                "realistisches Beispiel.",
            ),
            T(
                "Wrong: nothing in training speaks about codes between or beyond those of the data. Variational "
                "autoencoders add that.",
                "Falsch: Das Training sagt nichts über Codes zwischen oder jenseits derer der Daten. Variational "
                "Autoencoder ergänzen das.",
            ),
            holds=False,
        ),
        Statement(
            "encoder-for-classifier",
            T(
                "Once trained, the encoder can supply features to a classifier for which only few labels exist.",
                "Einmal trainiert, kann der Encoder einem Klassifikator, für den es nur wenige Labels gibt, die "
                "Merkmale liefern.",
            ),
            T(
                "Right: the code was learned from data without labels and describes them with few numbers.",
                "Richtig: Der Code wurde aus Daten ohne Labels gelernt und beschreibt sie mit wenigen Zahlen.",
            ),
            holds=True,
        ),
        Statement(
            "linear-depth",
            T(
                "Without activations, a deeper autoencoder can represent maps that one with a single hidden layer as "
                "narrow as the narrowest cannot.",
                "Ohne Aktivierungen kann ein tieferer Autoencoder Abbildungen darstellen, die einer mit einer "
                "einzigen verdeckten Schicht von der Breite der schmalsten nicht kann.",
            ),
            T(
                "Wrong: linear layers multiply to one matrix; its rank is bounded by the narrowest layer, and two "
                "matrices suffice for it.",
                "Falsch: Lineare Schichten multiplizieren sich zu einer Matrix; ihren Rang begrenzt die schmalste "
                "Schicht, und dafür reichen zwei Matrizen.",
            ),
            evidence=_depth_adds,
        ),
    )
