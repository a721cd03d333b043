"""tum-2024, 1.7: generative adversarial networks, tried on the smallest one there is: numbers in place of images."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from rechenweg.bank.tum_2024.multiple_choice.showing import about, finding, table
from rechenweg.nn import SGD, BinaryCrossEntropy, Linear, Network, Sigmoid
from rechenweg.numbers import Array, Exact, exact, result
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T

NOISE = exact([[1], [2]])


def gan(slope: Exact) -> Network:
    """Generator g = w·z + b and discriminator d = σ(slope·g); the loss wants d to say "real"."""
    network = Network("z", loss=BinaryCrossEntropy(), target_name="t")
    network.add("g", Linear(weights=exact([["1/2"]]), bias=exact([0]), names={"weights": "w", "bias": "b"}), "z")
    network.add("a", Linear(weights=exact([[slope]])), "g")
    network.add("d", Sigmoid(), "a")
    return network


REAL = exact([[1], [1]])


def _fools() -> Evidence:
    network = gan(exact("1/2"))
    before = network.forward(NOISE)
    network.loss_of(before, REAL)
    network.backward()
    generator = network.layer("g")
    for key, gradient in generator.gradients.items():  # the discriminator stays as it is
        generator.parameters[key] = SGD("1/10").calculate_update(generator.parameters[key], gradient)
    after = network.forward(NOISE)
    return finding(
        all(b > a for a, b in zip(before.flat, after.flat, strict=True)),
        T(
            'Probabilities of "real" for two fakes, before and after one step of the generator:',
            "Wahrscheinlichkeiten für „echt“ bei zwei Fälschungen, vor und nach einem Schritt des Generators:",
        ),
        table(
            (T("before", "davor"), T("after", "danach")),
            ((about(a), about(b)) for a, b in zip(before.flat, after.flat, strict=True)),
        ),
    )


def _through_discriminator() -> Evidence:
    found = {}
    for slope in ("0", "1/2"):
        network = gan(exact(slope))
        network.loss_of(network.forward(NOISE), REAL)
        network.backward()
        found[slope] = network.layer("g").gradients["weights"].item()
    return finding(
        found["0"] == 0 and found["1/2"] != 0,
        T(
            "Gradient of the generator's weight, for a discriminator that ignores its input (slope 0) and for one "
            "that does not:",
            "Gradient des Gewichts im Generator, für einen Diskriminator, der seine Eingabe nicht beachtet (Steigung "
            "0), und für einen, der es tut:",
        ),
        table(
            (T("slope", "Steigung"), T("gradient", "Gradient")),
            ((result(exact(slope)), about(g)) for slope, g in found.items()),
        ),
    )


def _value(d: Exact, real: Exact, fake: Exact) -> Exact:
    """What the discriminator maximises at one place: real·ln d + fake·ln(1 − d)."""
    value: Exact = real * d.log() + fake * (1 - d).log()
    return value


def _half() -> Evidence:
    tenths = [exact(n) / 10 for n in range(1, 10)]
    best = max(tenths, key=lambda d: _value(d, exact(1), exact(1)).approx())
    proved = all(_value(best, exact(1), exact(1)) > _value(d, exact(1), exact(1)) for d in tenths if d != best)
    return finding(
        proved and best == exact("1/2"),
        T(
            "Where real and fake are equally frequent, the discriminator maximises $\\ln d + \\ln(1 - d)$:",
            "Wo echt und gefälscht gleich häufig sind, maximiert der Diskriminator $\\ln d + \\ln(1 - d)$:",
        ),
        table(
            (read_latex("d"), T("value", "Wert")),
            ((result(d, decimals=True), about(_value(d, exact(1), exact(1)))) for d in tenths),
        ),
    )


def _slopes(logit: str) -> tuple[Exact, Exact]:
    """Size of the derivative with respect to the logit a of ln(1 − σ(a)) and of −ln σ(a)."""
    losses = {target: BinaryCrossEntropy() for target in (0, 1)}
    d = Sigmoid().forward(exact([logit]))
    for target, loss in losses.items():
        loss.forward(d, exact([target]))
    to_logit = d * (1 - d)
    # ln(1 − d) is the cross-entropy of the label "fake" with its sign turned
    made = [abs((loss.backward() * to_logit)[0]) for loss in losses.values()]
    return made[0], made[1]


def _saturates() -> Evidence:
    found = {logit: _slopes(logit) for logit in ("-2", "-6")}
    return finding(
        all(minimax * 5 < other for minimax, other in found.values()),
        T(
            "Sizes of the gradients with respect to the logit $a$ of a fake, for $\\ln(1 - \\sigma(a))$ and for "
            "$-\\ln \\sigma(a)$:",
            "Beträge der Gradienten nach dem Logit $a$ einer Fälschung, für $\\ln(1 - \\sigma(a))$ und für "
            "$-\\ln \\sigma(a)$:",
        ),
        table(
            (read_latex("a"), read_latex(r"\ln(1 - \sigma(a))"), read_latex(r"-\ln \sigma(a)")),
            ((result(exact(a)), about(m, 4), about(o, 4)) for a, (m, o) in found.items()),
        ),
    )


def _judge(steps: int, data: Array, labels: Array) -> float:
    """What a one-dimensional discriminator says to a fake at −1 after training on the data."""
    discriminator = Network.chain([Linear(weights=[[0.0]], bias=[0.0]), Sigmoid()], loss=BinaryCrossEntropy("mean"))
    for _ in range(steps):
        discriminator.train_step(data, labels, SGD(0.5))
    return float(discriminator.forward(np.array([[-1.0]])).item())


def _only_real() -> Evidence:
    real, fake = np.array([[0.8], [1.0], [1.2]]), np.array([[-1.2], [-1.0], [-0.8]])
    alone = _judge(40, real, np.ones((3, 1)))
    both = _judge(40, np.concatenate([real, fake]), np.concatenate([np.ones((3, 1)), np.zeros((3, 1))]))
    return finding(
        alone < 0.3,
        T(
            f"Real data lie around 1, fakes around −1. After 40 steps on real data alone the fake −1 is given the "
            f"probability {alone:.2f}, after 40 steps on both kinds {both:.2f}.",
            f"Echte Daten liegen um 1, Fälschungen um −1. Nach 40 Schritten allein auf echten Daten bekommt die "
            f"Fälschung −1 die Wahrscheinlichkeit {_comma(alone)}, nach 40 Schritten auf beiden Arten {_comma(both)}.",
        ),
    )


def _comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _quality() -> Evidence:
    fake = exact([[-1]])
    found = {}
    for slope in ("1/2", "3"):
        loss = BinaryCrossEntropy()
        found[slope] = loss.forward(Sigmoid().forward(exact(slope) * fake), exact([[1]]))
    return finding(
        found["3"] == found["1/2"],
        T(
            "The generator's loss for one and the same fake, $x = -1$, under two discriminators $\\sigma(s x)$:",
            "Der Verlust des Generators für ein und dieselbe Fälschung, $x = -1$, bei zwei Diskriminatoren "
            "$\\sigma(s x)$:",
        ),
        table(
            (read_latex("s"), T("loss", "Verlust")),
            ((result(exact(s)), about(value)) for s, value in found.items()),
        ),
    )


def _samples() -> Evidence:
    discriminator = Network.chain([Linear(12, 4), Sigmoid(), Linear(4, 1), Sigmoid()])
    out = discriminator.output_shapes((1, 12))[discriminator.output]
    return finding(
        out[-1] >= 12,
        T(
            f"A discriminator for images of 12 pixels needs an image to begin with, and returns "
            f"{out[-1]} number, no image.",
            f"Ein Diskriminator für Bilder aus 12 Pixeln braucht ein Bild als Eingabe und gibt "
            f"{out[-1]} Zahl zurück, kein Bild.",
        ),
    )


class Gans(ChoiceQuestion):
    """1.7. The third statement was withdrawn after the exam."""

    number, credits = "1.7", "2"
    stem: ClassVar[T] = T(
        "What is true of generative adversarial networks (GANs)?",
        "Was trifft auf Generative Adversarial Networks (GANs) zu?",
    )
    none_allowed = True
    paper_statements = ("generator-fools", "only-discriminator-learns", "withdrawn-third", "discriminator-samples")
    pool = (
        Statement(
            "generator-fools",
            T(
                "The generator wants to be believed: its training drives up the probability of being real that the "
                "discriminator gives to fakes.",
                "Der Generator will, dass man ihm glaubt: Sein Training treibt die Wahrscheinlichkeit hoch, mit der "
                "der Diskriminator Fälschungen für echt hält.",
            ),
            T(
                "Right: a step of the generator raises the probability that the discriminator gives its fakes.",
                "Richtig: Ein Schritt des Generators erhöht die Wahrscheinlichkeit, die der Diskriminator seinen "
                "Fälschungen gibt.",
            ),
            evidence=_fools,
        ),
        Statement(
            "only-discriminator-learns",
            T(
                "To learn how the training images are distributed is the aim of the discriminator, and not of the "
                "generator.",
                "Die Verteilung der Trainingsbilder zu lernen ist Ziel des Diskriminators, nicht aber des Generators.",
            ),
            T(
                "Wrong: it is the generator that shall produce images distributed like the real ones; the "
                "discriminator learns to tell the two apart.",
                "Falsch: Gerade der Generator soll Bilder erzeugen, die wie die echten verteilt sind; der "
                "Diskriminator lernt, beide zu unterscheiden.",
            ),
            holds=False,
        ),
        Statement(
            "withdrawn-third",
            T(
                "(This statement was withdrawn; its wording is not preserved.)",
                "(Diese Aussage wurde zurückgezogen; ihr Wortlaut ist nicht erhalten.)",
            ),
            T(
                "Withdrawn after the exam, wording not preserved; the box counts for nobody.",
                "Nach der Klausur zurückgezogen, Wortlaut nicht erhalten; das Kästchen zählt für niemanden.",
            ),
            holds=False,
            paper_only=True,
        ),
        Statement(
            "discriminator-samples",
            T(
                "When training is finished, new images can be drawn from the discriminator.",
                "Nach Abschluss des Trainings lassen sich aus dem Diskriminator neue Bilder ziehen.",
            ),
            T(
                "Wrong: it rates images and makes none. Samples come from the generator.",
                "Falsch: Er bewertet Bilder und erzeugt keine. Beispiele kommen aus dem Generator.",
            ),
            evidence=_samples,
        ),
        Statement(
            "optimal-half",
            T(
                "If fakes are distributed exactly like real images, the best discriminator answers ½ everywhere.",
                "Sind Fälschungen genau wie echte Bilder verteilt, so antwortet der beste Diskriminator überall ½.",
            ),
            T(
                "Right: for densities $p$ and $q$ the best answer is $\\frac{p}{p + q}$, and that is ½ for $p = q$.",
                "Richtig: Bei Dichten $p$ und $q$ ist die beste Antwort $\\frac{p}{p + q}$, für $p = q$ also ½.",
            ),
            evidence=_half,
        ),
        Statement(
            "minimax-saturates",
            T(
                "While the discriminator rejects fakes with certainty, minimising $\\ln(1 - D(G(z)))$ gives the "
                "generator a much smaller gradient than minimising $-\\ln D(G(z))$.",
                "Solange der Diskriminator Fälschungen sicher ablehnt, liefert das Minimieren von $\\ln(1 - D(G(z)))$ "
                "dem Generator einen viel kleineren Gradienten als das von $-\\ln D(G(z))$.",
            ),
            T(
                "Right: with respect to the logit $a$ the sizes are $\\sigma(a)$ and $1 - \\sigma(a)$; for strongly "
                "negative $a$ the first vanishes.",
                "Richtig: Nach dem Logit $a$ sind die Beträge $\\sigma(a)$ und $1 - \\sigma(a)$; für stark negatives "
                "$a$ verschwindet der erste.",
            ),
            evidence=_saturates,
        ),
        Statement(
            "mode-collapse",
            T(
                "It can happen that the generator gets stuck with few kinds of images that fool the discriminator.",
                "Es kann geschehen, dass der Generator bei wenigen Arten von Bildern hängen bleibt, die den "
                "Diskriminator täuschen.",
            ),
            T(
                "Right: that is called mode collapse. Nothing in the generator's loss asks for variety.",
                "Richtig: Das heißt Mode Collapse. Nichts im Verlust des Generators verlangt Vielfalt.",
            ),
            holds=True,
        ),
        Statement(
            "discriminator-at-test",
            T(
                "To produce images after training, generator and discriminator are both needed.",
                "Um nach dem Training Bilder zu erzeugen, werden Generator und Diskriminator beide gebraucht.",
            ),
            T(
                "Wrong: noise into the generator is enough; the discriminator only served for training.",
                "Falsch: Rauschen in den Generator genügt; der Diskriminator diente nur dem Training.",
            ),
            holds=False,
        ),
        Statement(
            "real-images-suffice",
            T(
                "The discriminator can learn its task from real images alone.",
                "Der Diskriminator kann seine Aufgabe allein anhand echter Bilder lernen.",
            ),
            T(
                'Wrong: without fakes the answer "real" is always right, and nothing is learned.',
                "Falsch: Ohne Fälschungen ist die Antwort „echt“ immer richtig, und es wird nichts gelernt.",
            ),
            evidence=_only_real,
        ),
        Statement(
            "gradient-through-discriminator",
            T(
                "The generator's gradient comes to it through the discriminator, whose weights are left alone in that "
                "step.",
                "Der Gradient des Generators kommt durch den Diskriminator zu ihm, dessen Gewichte in diesem Schritt "
                "unverändert bleiben.",
            ),
            T(
                "Right: by the chain rule; a discriminator that ignores its input gives the generator nothing to "
                "learn from.",
                "Richtig: nach der Kettenregel; von einem Diskriminator, der seine Eingabe nicht beachtet, lernt der "
                "Generator nichts.",
            ),
            evidence=_through_discriminator,
        ),
        Statement(
            "loss-is-quality",
            T(
                "The generator's loss measures image quality: the same images always have the same loss.",
                "Der Verlust des Generators misst die Bildqualität: Dieselben Bilder haben immer denselben Verlust.",
            ),
            T(
                "Wrong: it also depends on how good the discriminator is at that moment.",
                "Falsch: Er hängt auch davon ab, wie gut der Diskriminator in diesem Augenblick ist.",
            ),
            evidence=_quality,
        ),
    )
