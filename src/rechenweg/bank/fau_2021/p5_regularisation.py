"""fau-2021, problem 5: regularisation, batch normalisation and a look at what a network looks at.

The histograms, the statistics and the saliency maps come from small networks that :mod:`rechenweg.learning.smiles`
trains when they are printed; marking needs none of them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

from rechenweg.bank.fau_2021.smile_figures import histograms_figure, maps_figure
from rechenweg.bank.fau_2021.spellings import (
    BATCH_NORM,
    MULTI_TASK,
    NORM_WORDS,
    NORMS,
    NOT_BATCH_NORM,
    NOT_MULTI_TASK,
    NOT_SCORE,
    NOT_SHIFT,
    SCORE,
    SHIFT,
)
from rechenweg.learning.smiles import Regularised, drift, regularised, saliency
from rechenweg.numbers import Array
from rechenweg.numbers.notation import Num, read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.naming import Name
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Problem, Question, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Block, Callout, Document, Equation, Prose, Table

SEEDS = 24
"""How many trained networks the versions share."""


@dataclass
class Numbers(Setting):
    """Which trained networks are shown, and on which side the one with L1 is."""

    seed: int
    left: str

    @property
    def right(self) -> str:
        """The norm of the right histogram."""
        return "L2" if self.left == "L1" else "L1"


class Purpose(Question):
    number, credits = "5.1", "1"

    def text(self, s: Numbers) -> T:
        return T("What is regularisation good for in general?", "Wozu ist Regularisierung ganz allgemein gut?")

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Text(
                "",
                Fraction(1),
                T(
                    "It keeps the network from overfitting, so that it generalises to data that it has not seen.",
                    "Sie verhindert, dass sich das Netz zu sehr an die Trainingsdaten anpasst, damit es auf "
                    "ungesehenen Daten besteht.",
                ),
                self.scheme(s),
                lines=2,
            ),
        )

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            Prose(
                T(
                    "It works against **overfitting**: by ruling out or penalising some solutions in advance (a prior "
                    "on the weights) it gives up a little on the training data, some bias, and gains on data that the "
                    "network has never seen, less variance.",
                    "Sie wirkt der **Überanpassung** (Overfitting) entgegen: Indem sie manche Lösungen von vornherein "
                    "ausschließt oder bestraft (ein Vorwissen über die Gewichte), gibt sie auf den Trainingsdaten "
                    "etwas her, einen gewissen Bias, und gewinnt auf Daten, die das Netz nie gesehen hat, weniger "
                    "Varianz.",
                )
            ),
            Callout.of_credit(1, T("one of these", "eines davon")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "one of: counters overfitting, generalises to unseen data, bias against variance, enforces a prior",
                "eines davon: gegen Überanpassung, Verallgemeinerung auf ungesehene Daten, Bias gegen Varianz, "
                "Vorwissen",
            ),
        )


class Histograms(Question):
    number, credits = "5.2", "3/2"

    def text(self, s: Numbers) -> T:
        return T(
            "You start with a penalty on a norm of the weights, once with the one norm and once with another. The "
            "figure shows what each training run made of the weights of the first layer: the outline is the run "
            "without a penalty, the grey area the run with it. Which norm was penalised in which run? Give a short "
            "reason.",
            "Sie beginnen mit einem Strafterm auf eine Norm der Gewichte, einmal mit der einen und einmal mit einer "
            "anderen Norm. Die Abbildung zeigt, was jeder Trainingslauf aus den Gewichten der ersten Schicht gemacht "
            "hat: Die Umrisslinie gehört zum Lauf ohne Strafterm, die graue Fläche zum Lauf mit ihm. Welche Norm "
            "wurde in welchem Lauf bestraft? Begründen Sie kurz.",
        )

    @staticmethod
    def weights(s: Numbers) -> tuple[Regularised, Array, Array]:
        """The trained weights: all three, and those on the left and on the right."""
        trained = regularised(s.seed)
        pair = {"L1": trained.l1, "L2": trained.l2}
        return trained, pair[s.left], pair[s.right]

    def given(self, s: Numbers) -> tuple[Block, ...]:
        trained, left, right = self.weights(s)
        return (histograms_figure(trained.none, left, right),)

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        half = Fraction(1, 2)
        return (
            Name(
                "left",
                half,
                NORMS[s.left],
                NORMS[s.right],
                T("left:", "links:"),
                T.same(f"${s.left[0]}_{s.left[1]}$"),
                NORM_WORDS,
                "short",
            ),
            Name(
                "right",
                half,
                NORMS[s.right],
                NORMS[s.left],
                T("right:", "rechts:"),
                T.same(f"${s.right[0]}_{s.right[1]}$"),
                NORM_WORDS,
                "short",
            ),
            Text(
                "why",
                half,
                T(
                    "L1 pushes many weights to exactly 0 (the peak); L2 only makes all of them smaller (a narrower "
                    "bell).",
                    "L1 drückt viele Gewichte ganz auf 0 (die Spitze); L2 macht nur alle kleiner (eine schmalere "
                    "Glocke).",
                ),
                self.scheme(s)[2:],
                lines=2,
                label=T("why", "Begründung"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        trained, left, right = self.weights(s)
        # decided by what was measured, not by what was drawn
        sparser = "left" if trained.near_zero(left) > trained.near_zero(right) else "right"
        sides = (
            (T("left", "links"), T("right", "rechts"))
            if sparser == "left"
            else (T("right", "rechts"), T("left", "links"))
        )
        rows = tuple(
            (name, Num(f"{100 * trained.near_zero(weights):.1f}"), Num(f"{weights.std():.3f}"))
            for name, weights in (
                (T("no penalty", "ohne Strafterm"), trained.none),
                (T("left", "links"), left),
                (T("right", "rechts"), right),
            )
        )
        return Document.of(
            Prose(
                T("**$L_1$ {first}**, **$L_2$ {second}**.", "**$L_1$ {first}**, **$L_2$ {second}**.").format(
                    first=sides[0], second=sides[1]
                )
            ),
            Callout.of_credit("1/2", T("$L_1$", "$L_1$")),
            Callout.of_credit("1/2", T("$L_2$", "$L_2$")),
            Prose(
                T(
                    r"The gradient of $\lambda \lvert w \rvert$ has the same size $\lambda$ however small $w$ is: it "
                    r"pushes weights that are not needed all the way to 0, hence the peak. The gradient $2 \lambda w$ "
                    r"of $\lambda w^2$ fades with $w$: all weights get smaller, the bell gets narrower, but hardly "
                    "any weight vanishes.",
                    r"Der Gradient von $\lambda \lvert w \rvert$ ist immer gleich groß, $\lambda$, wie klein $w$ auch "
                    "ist: Er schiebt Gewichte, die nicht gebraucht werden, bis auf 0, daher die Spitze. Der Gradient "
                    r"$2 \lambda w$ von $\lambda w^2$ schwindet mit $w$: Alle Gewichte werden kleiner, die Glocke "
                    "wird schmaler, aber kaum ein Gewicht verschwindet.",
                )
            ),
            Callout.of_credit(
                "1/2", T("the peak at 0, or the smaller spread", "die Spitze bei 0, oder die kleinere Streuung")
            ),
            Table(
                (
                    T("run", "Lauf"),
                    T("close to 0, in %", "nahe 0, in %"),
                    T("standard deviation", "Standardabweichung"),
                ),
                rows,
                align="lrr",
                caption=T(
                    "The weights of the networks behind the figure", "Die Gewichte der Netze hinter der Abbildung"
                ),
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of("1/2", "$L_1$", "$L_1$"),
            Step.of("1/2", "$L_2$", "$L_2$"),
            Step.of(
                "1/2",
                "reason: the peak at 0 of $L_1$, or the smaller spread of $L_2$",
                "Begründung: die Spitze bei 0 von $L_1$ oder die kleinere Streuung von $L_2$",
            ),
        )


class Normalisation(Question):
    number, credits = "5.3", "4"

    def text(self, s: Numbers) -> T:
        return T(
            "Next you look at the activations of one batch, layer by layer. The data were normalised beforehand, and "
            "yet mean and variance move away from 0 and 1 with every layer, as in the table. What is this problem "
            "called? Which type of layer works against it, what does that layer do, and in what does it have to "
            "differ between training and testing?",
            "Als Nächstes sehen Sie sich die Aktivierungen eines Batches an, Schicht für Schicht. Die Daten wurden "
            "vorher normiert, und doch entfernen sich Mittelwert und Varianz mit jeder Schicht weiter von 0 und 1, "
            "wie in der Tabelle. Wie heißt dieses Problem? Welche Art von Schicht wirkt ihm entgegen, was tut sie, "
            "und worin muss sie sich zwischen Training und Test unterscheiden?",
        )

    def given(self, s: Numbers) -> tuple[Block, ...]:
        found = drift(s.seed)
        names = (T("input", "Eingabe"), *(T(f"layer {i}", f"Schicht {i}") for i in range(1, len(found.means))))
        rows = tuple(
            (name, Num(_decimals(mean)), Num(_decimals(variance)))
            for name, mean, variance in zip(names, found.means, found.variances, strict=True)
        )
        return (Table((T("", ""), T("mean", "Mittelwert"), T("variance", "Varianz")), rows, align="lrr"),)

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Name(
                "problem",
                Fraction(1),
                SHIFT,
                NOT_SHIFT,
                T("problem:", "Problem:"),
                T("internal covariate shift", "internal covariate shift (Verschiebung der Verteilung)"),
                ("problem",),
            ),
            Name(
                "layer",
                Fraction(1),
                BATCH_NORM,
                NOT_BATCH_NORM,
                T("layer:", "Schicht:"),
                T("batch normalisation", "Batch-Normalisierung"),
                ("layer", "layers", "Schicht", "Schichten"),
            ),
            Text(
                "does",
                Fraction(1),
                T(
                    "It subtracts the batch's mean from the activations and divides by its standard deviation, then "
                    "scales and shifts with trained parameters.",
                    "Sie zieht von den Aktivierungen den Mittelwert des Batches ab und teilt durch dessen "
                    "Standardabweichung, dann streckt und verschiebt sie mit trainierten Parametern.",
                ),
                self.scheme(s)[2:3],
                label=T("what the layer does", "was die Schicht tut"),
            ),
            Text(
                "train_test",
                Fraction(1),
                T(
                    "In training: statistics of the batch, and a moving average of them is kept. In testing: the "
                    "statistics kept from training.",
                    "Im Training: Statistik des Batches, deren gleitendes Mittel behalten wird. Im Test: die aus dem "
                    "Training behaltene Statistik.",
                ),
                self.scheme(s)[3:],
                label=T("training and testing", "Training und Test"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            Prose(
                T(
                    "**Internal covariate shift**: the distribution of what a layer receives keeps changing with the "
                    "layers before it. (As good: ReLUs are not zero-centred, their outputs are never negative.)",
                    "**Internal Covariate Shift**: Die Verteilung dessen, was eine Schicht bekommt, verschiebt sich "
                    "mit den Schichten vor ihr. (Ebenso gut: ReLUs sind nicht nullzentriert, ihre Ausgaben sind nie "
                    "negativ.)",
                )
            ),
            Callout.of_credit(1, T("problem", "Problem")),
            Prose(
                T(
                    "**Batch normalisation**. (Self-normalising SELUs would work against it too, but they are no "
                    "layer type.)",
                    "**Batch-Normalisierung**. (Selbstnormierende SELUs wirken ebenfalls dagegen, sind aber keine "
                    "Schichtart.)",
                )
            ),
            Callout.of_credit(1, T("layer", "Schicht")),
            Prose(
                T(
                    r"It centres and scales every channel: with the batch's mean $\mu$ and variance $\sigma^2$,",
                    r"Sie zentriert und skaliert jeden Kanal: mit Mittelwert $\mu$ und Varianz $\sigma^2$ des Batches",
                )
            ),
            Equation.of(read_latex(r"\tilde x"), read_latex(r"\frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}")),
            Equation.of(read_latex("z"), read_latex(r"\gamma \tilde x + \beta")),
            Callout.of_credit(1, T("mean 0, variance 1", "Mittelwert 0, Varianz 1")),
            Prose(
                T(
                    r"In **training** $\mu$ and $\sigma^2$ come from the batch at hand, and a moving average of them "
                    "is kept.",
                    r"Im **Training** stammen $\mu$ und $\sigma^2$ aus dem aktuellen Batch, und ihr gleitendes Mittel "
                    "wird behalten.",
                )
            ),
            Callout.of_credit("1/2", T("training", "Training")),
            Prose(
                T(
                    "In **testing** the values kept from training take their place, so that the output for an image "
                    "does not depend on the images beside it.",
                    "Im **Test** treten die aus dem Training behaltenen Werte an ihre Stelle, damit die Ausgabe zu "
                    "einem Bild nicht von den Bildern neben ihm abhängt.",
                )
            ),
            Callout.of_credit("1/2", T("testing", "Test")),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                1,
                "internal covariate shift, or ReLUs that are not zero-centred",
                "Internal Covariate Shift, oder nicht nullzentrierte ReLUs",
            ),
            Step.of(1, "batch normalisation (SELU may be accepted)", "Batch-Normalisierung (SELU kann gelten)"),
            Step.of(
                1,
                "mean centred, variance standardised; a formula is enough",
                "Mittelwert zentriert, Varianz normiert; eine Formel genügt",
            ),
            Step.of(
                "1/2",
                "training: batch statistics and their moving average",
                "Training: Statistik des Batches und ihr gleitendes Mittel",
            ),
            Step.of("1/2", "testing: the values from training", "Test: die Werte aus dem Training"),
        )


def _decimals(value: float) -> str:
    """Two decimals, and no negative zero."""
    return f"{round(value, 2) + 0.0:.2f}"


class SaliencyMaps(Question):
    number, credits = "5.4", "2"

    def text(self, s: Numbers) -> T:
        return T(
            "You want to know whether your network really looks at what matters for a smile, the mouth for instance, "
            "and turn to saliency maps. Describe how such a map is made; say in particular which value serves as a "
            "pseudo loss.",
            "Sie möchten wissen, ob Ihr Netz wirklich auf das achtet, was ein Lächeln ausmacht, etwa den Mund, und "
            "greifen zu Saliency Maps. Beschreiben Sie, wie eine solche Karte entsteht; nennen Sie insbesondere den "
            "Wert, der als Pseudo-Verlust dient.",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Name(
                "pseudo_loss",
                Fraction(1),
                SCORE,
                NOT_SCORE,
                T("pseudo loss:", "Pseudo-Verlust:"),
                T("the classification score", "der Score der Klasse"),
            ),
            Text(
                "process",
                Fraction(1),
                T(
                    "Feed the image forward, take the score as a pseudo loss, backpropagate it down to the input and "
                    "show the absolute value of the gradient with respect to each pixel as an image.",
                    "Das Bild vorwärts durch das Netz schicken, den Score als Pseudo-Verlust nehmen, bis zur Eingabe "
                    "zurückrechnen und den Betrag des Gradienten nach jedem Pixel als Bild zeigen.",
                ),
                self.scheme(s)[1:],
                lines=5,
                label=T("procedure", "Vorgehen"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            Prose(
                T(
                    "The trained network runs forwards on one image. The **score** $S$ of the class in question, "
                    "before the last activation, serves as the pseudo loss.",
                    "Das trainierte Netz läuft auf einem Bild vorwärts. Als Pseudo-Verlust dient der **Score** $S$ der "
                    "fraglichen Klasse, vor der letzten Aktivierung.",
                )
            ),
            Callout.of_credit(1, T("score as pseudo loss", "Score als Pseudo-Verlust")),
            Prose(
                T(
                    "It is backpropagated through all layers, with the weights left as they are, down to the image; "
                    r"$\lvert \frac{\partial S}{\partial x} \rvert$, one value per pixel, is the map: it shows at "
                    "which pixels a small change would move the score most.",
                    "Er wird durch alle Schichten zurückgerechnet, ohne die Gewichte zu ändern, bis zum Bild; "
                    r"$\lvert \frac{\partial S}{\partial x} \rvert$, ein Wert je Pixel, ist die Karte: Sie zeigt, an "
                    "welchen Pixeln eine kleine Änderung den Score am meisten bewegt.",
                )
            ),
            Callout.of_credit(1, T("gradient at the input", "Gradient an der Eingabe")),
            maps_figure(
                saliency(s.seed),
                T(
                    "A small drawn portrait and the saliency map of a network trained on such: it looks at the mouth",
                    "Ein kleines gezeichnetes Porträt und die Saliency Map eines darauf trainierten Netzes: Es achtet "
                    "auf den Mund",
                ),
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(1, "the classification score as pseudo loss", "der Score der Klasse als Pseudo-Verlust"),
            Step.of(
                1,
                "backpropagated to the input, the gradient shown",
                "zurückgerechnet bis zur Eingabe, der Gradient gezeigt",
            ),
        )


class AuxiliaryTasks(Question):
    number, credits = "5.5", "1"

    def text(self, s: Numbers) -> T:
        return T(
            "The maps show that your network hardly looks at the face, as in the figure. You hope that training it on "
            "related classification tasks at the same time makes it better at smiles. What is this method called? "
            "Name **one** additional task that suits.",
            "Die Karten zeigen, dass Ihr Netz kaum auf das Gesicht achtet, wie in der Abbildung. Sie hoffen, dass es "
            "Lächeln besser erkennt, wenn es gleichzeitig auf verwandte Klassifikationsaufgaben trainiert wird. Wie "
            "heißt dieses Verfahren? Nennen Sie **eine** passende zusätzliche Aufgabe.",
        )

    def given(self, s: Numbers) -> tuple[Block, ...]:
        return (
            maps_figure(
                saliency(s.seed, stamp=True),
                T(
                    "A portrait (left) and its saliency map (right; dark: large)",
                    "Ein Porträt (links) und seine Saliency Map (rechts; dunkel: groß)",
                ),
            ),
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Name(
                "method",
                Fraction(1, 2),
                MULTI_TASK,
                NOT_MULTI_TASK,
                T("method:", "Verfahren:"),
                T("multi-task learning with auxiliary tasks", "Multi-Task-Lernen mit Hilfsaufgaben"),
                ("method", "approach", "Verfahren", "Methode"),
            ),
            Text(
                "task",
                Fraction(1, 2),
                T(
                    "Telling whether the eyes are open or closed.",
                    "Erkennen, ob die Augen offen oder geschlossen sind.",
                ),
                self.scheme(s)[1:],
                lines=2,
                asked_for=1,
                label=T("additional task", "zusätzliche Aufgabe"),
            ),
        )

    def solution(self, s: Numbers) -> Document:
        return Document.of(
            Prose(
                T(
                    "**Multi-task learning**, with auxiliary tasks.",
                    "**Multi-Task-Lernen**, mit Hilfsaufgaben (auxiliary tasks).",
                )
            ),
            Callout.of_credit("1/2", T("method", "Verfahren")),
            Prose(
                T(
                    "For instance: open or closed eyes, glasses, the direction in which the head is turned, where the "
                    "head is. Whatever forces the shared layers to look at the face helps.",
                    "Zum Beispiel: offene oder geschlossene Augen, Brille, Blickrichtung des Kopfes, Lage des Kopfes "
                    "im Bild. Es hilft, was die gemeinsamen Schichten zwingt, auf das Gesicht zu achten.",
                )
            ),
            Callout.of_credit("1/2", T("a task that suits", "eine passende Aufgabe")),
            Prose(
                T(
                    "In the figure the network was trained on portraits of which every smiling one had a bright mark "
                    "in the upper right corner: that is what it learned.",
                    "In der Abbildung wurde das Netz auf Porträts trainiert, von denen jedes lächelnde oben rechts "
                    "eine helle Marke hatte: Die hat es gelernt.",
                )
            ),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of("1/2", "multi-task learning or auxiliary tasks", "Multi-Task-Lernen oder Hilfsaufgaben"),
            Step.of(
                "1/2",
                "a task about the face: eyes, glasses, pose, head detection …",
                "eine Aufgabe über das Gesicht: Augen, Brille, Pose, Kopferkennung …",
            ),
        )


class Regularisation(Problem):
    """Problem 5 of fau-2021."""

    paper, number = "fau-2021", 5
    title = T("Regularisation and Visualisation", "Regularisierung und Visualisierung")
    questions = (Purpose(), Histograms(), Normalisation(), SaliencyMaps(), AuxiliaryTasks())

    def original(self) -> Numbers:
        """As in the paper: L1 on the left."""
        return Numbers(seed=0, left="L1")

    def draw(self, rng: random.Random) -> Numbers:
        """Other trained networks, and perhaps the other order."""
        return Numbers(rng.randrange(SEEDS), rng.choice(("L1", "L2")))

    def introduction(self, s: Numbers) -> tuple[Block, ...]:
        """The students' challenge."""
        return (
            Prose(
                T(
                    "At your university there is a student challenge in deep learning: is the person in a portrait "
                    "smiling or not? Training data are scarce. Your network has three convolutional layers with ReLUs "
                    "and a fully connected layer at its end. On the training data it does well, on the validation "
                    "data it does not, and your tutor advises you to regularise.",
                    "An Ihrer Universität gibt es einen studentischen Deep-Learning-Wettbewerb: Lächelt der Mensch "
                    "auf einem Porträt oder nicht? Trainingsdaten sind knapp. Ihr Netz hat drei Faltungsschichten mit "
                    "ReLU und am Ende eine vollvernetzte Schicht. Auf den Trainingsdaten ist es gut, auf den "
                    "Validierungsdaten nicht, und Ihre Tutorin rät zu Regularisierung.",
                )
            ),
        )


problem = Regularisation()
