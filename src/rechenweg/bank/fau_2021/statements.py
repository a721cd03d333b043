"""The pools of statements of fau-2021, problem 1, each statement with its reason and, where it can be computed, its evidence."""

from __future__ import annotations

from rechenweg.bank.fau_2021 import experiments as e
from rechenweg.questions.kinds.choice import Statement
from rechenweg.text import T

BATCH_NORM = (
    Statement(
        "next-layer",
        T(
            "The layer after it gets inputs with a normalised distribution.",
            "Die Schicht danach bekommt Eingaben mit normalisierter Verteilung.",
        ),
        T(
            "That is what it does: per channel mean 0 and variance 1 before scale and shift.",
            "Das leistet sie: je Kanal Mittelwert 0 und Varianz 1 vor Skalierung und Verschiebung.",
        ),
        holds=True,
    ),
    Statement(
        "normalises-weights",
        T(
            "It normalises the weights of the network's layers.",
            "Sie normalisiert die Gewichte der Schichten des Netzes.",
        ),
        T(
            "It normalises activations; weight normalisation is another method.",
            "Sie normalisiert Aktivierungen; Weight Normalization ist ein anderes Verfahren.",
        ),
        holds=False,
    ),
    Statement(
        "back-propagation-method",
        T(
            "It is a particularly efficient way to propagate errors backwards.",
            "Sie ist ein besonders wirksamer Weg, Fehler rückwärts zu propagieren.",
        ),
        T(
            "It is a layer; backpropagation passes through it as through any other.",
            "Sie ist eine Schicht; Backpropagation läuft durch sie wie durch jede andere.",
        ),
        holds=False,
    ),
    Statement(
        "whole-dataset",
        T(
            "During training it normalises with mean and variance of the whole training set.",
            "Im Training normalisiert sie mit Mittelwert und Varianz des ganzen Trainingsdatensatzes.",
        ),
        T(
            "In training it sees one batch and uses that batch's statistics; running averages serve testing.",
            "Im Training sieht sie einen Batch und nimmt dessen Statistik; laufende Mittel dienen dem Testen.",
        ),
        holds=False,
    ),
    Statement(
        "trainable",
        T("It has parameters that are trained.", "Sie hat Parameter, die trainiert werden."),
        T(
            r"Scale $\gamma$ and shift $\beta$, one of each per channel.",
            r"Skalierung $\gamma$ und Verschiebung $\beta$, je eine pro Kanal.",
        ),
        holds=True,
    ),
    Statement(
        "same-in-test",
        T("It computes the same in training and in testing.", "Sie rechnet beim Training und beim Testen gleich."),
        T(
            "Training takes the batch's statistics, testing the running ones.",
            "Das Training nimmt die Statistik des Batches, das Testen die mitgeführte.",
        ),
        holds=False,
    ),
    Statement(
        "larger-rates",
        T("With it, higher learning rates are often possible.", "Mit ihr sind oft höhere Lernraten möglich."),
        T(
            "The scale of activations no longer runs away with the weights, so larger steps stay stable.",
            "Die Größe der Aktivierungen läuft den Gewichten nicht mehr davon, größere Schritte bleiben stabil.",
        ),
        holds=True,
    ),
    Statement(
        "batch-of-one",
        T(
            "Behind a fully connected layer it works just as well with batches of one sample.",
            "Hinter einer vollvernetzten Schicht arbeitet sie mit Batches aus einem Beispiel ebenso gut.",
        ),
        T(
            "The variance of one value is 0: every activation would become the shift.",
            "Die Varianz eines einzelnen Wertes ist 0: Jede Aktivierung würde zur Verschiebung.",
        ),
        holds=False,
    ),
    Statement(
        "undo",
        T(
            "It can learn to undo its own normalisation.",
            "Sie kann lernen, ihre eigene Normalisierung rückgängig zu machen.",
        ),
        T(
            r"With $\gamma$ equal to the standard deviation and $\beta$ to the mean it is the identity.",
            r"Mit $\gamma$ gleich der Standardabweichung und $\beta$ gleich dem Mittelwert ist sie die Identität.",
        ),
        holds=True,
    ),
    Statement(
        "replaces-activation",
        T("It replaces the activation function.", "Sie ersetzt die Aktivierungsfunktion."),
        T(
            "For fixed statistics it is affine; without an activation the layers collapse into one.",
            "Bei fester Statistik ist sie affin; ohne Aktivierung fallen die Schichten zu einer zusammen.",
        ),
        holds=False,
    ),
)

BLANK_IMAGE = (
    Statement(
        "yes",
        T("yes", "ja"),
        T(
            "Weights and biases differ from class to class, and so do the scores.",
            "Gewichte und Biases unterscheiden sich von Klasse zu Klasse, also auch die Werte.",
        ),
        evidence=e.blank_image_scores,
    ),
    Statement(
        "unanswerable",
        T("that cannot be answered", "das lässt sich nicht beantworten"),
        T(
            "It can: equal scores would need equal weighted sums for all classes.",
            "Doch: Gleiche Werte bräuchten gleiche gewichtete Summen für alle Klassen.",
        ),
        holds=False,
    ),
    Statement(
        "no",
        T("no", "nein"),
        T(
            "A white image is an input like any other: biases and summed weights favour some classes.",
            "Ein weißes Bild ist eine Eingabe wie jede andere: Biases und aufsummierte Gewichte begünstigen manche Klassen.",
        ),
        holds=True,
    ),
)

ACTIVATIONS = (
    Statement(
        "tanh",
        T.same(r"$\tanh(x)$"),
        T("Smooth, not linear, with a slope everywhere.", "Glatt, nicht linear, überall mit Steigung."),
        evidence=e.tanh_is_useful,
    ),
    Statement(
        "reciprocal",
        T.same(r"$\frac{1}{x}$"),
        T(
            "Not defined at 0, and its slope has no bound near it.",
            "Bei 0 nicht definiert, und die Steigung ist in der Nähe unbeschränkt.",
        ),
        evidence=e.reciprocal_explodes,
    ),
    Statement(
        "double",
        T.same("$2x$"),
        T(
            "Linear: any number of layers stays one linear layer.",
            "Linear: Beliebig viele Schichten bleiben eine lineare.",
        ),
        evidence=e.two_linear_layers_are_one,
    ),
    Statement(
        "relu",
        T.same(r"$\max(x, 0)$"),
        T("ReLU: not linear, slope 1 where it is active.", "ReLU: nicht linear, Steigung 1, wo sie aktiv ist."),
        evidence=e.relu_is_useful,
    ),
    Statement(
        "sigmoid",
        T.same(r"$\frac{1}{1 + e^{-x}}$"),
        T("The logistic function: smooth and not linear.", "Die logistische Funktion: glatt und nicht linear."),
        evidence=e.sigmoid_is_useful,
    ),
    Statement(
        "sgn",
        T.same(r"$\operatorname{sgn}(x)$"),
        T(
            "Its slope is 0 wherever it has one: no gradient passes.",
            "Die Steigung ist 0, wo es eine gibt: Kein Gradient kommt durch.",
        ),
        evidence=e.step_is_useful,
    ),
    Statement(
        "leaky",
        T.same(r"$\max(x, 0.1 x)$"),
        T(
            "Leaky ReLU: not linear, and with a slope on both sides.",
            "Leaky ReLU: nicht linear und auf beiden Seiten mit Steigung.",
        ),
        evidence=e.leaky_relu_is_useful,
    ),
    Statement(
        "constant",
        T.same("$1$"),
        T("It forgets its input; every gradient is 0.", "Sie vergisst ihre Eingabe; jeder Gradient ist 0."),
        holds=False,
    ),
)

REINFORCEMENT = (
    Statement(
        "maximise-return",
        T(
            "A good policy makes the return that is still to come as large as possible.",
            "Eine gute Strategie macht den noch kommenden Ertrag so groß wie möglich.",
        ),
        T(
            "That is its definition: the return, not the next reward.",
            "So ist sie definiert: der Ertrag, nicht die nächste Belohnung.",
        ),
        evidence=e.policy_values_differ,
    ),
    Statement(
        "bellman-linear",
        T(
            "For a given policy the Bellman equations are a linear system, which can be solved directly when there are few states.",
            "Bei gegebener Strategie sind die Bellman-Gleichungen ein lineares System, bei wenigen Zuständen direkt lösbar.",
        ),
        T(r"$v = r + \gamma P v$ is linear in $v$.", r"$v = r + \gamma P v$ ist linear in $v$."),
        evidence=e.bellman_is_linear,
    ),
    Statement(
        "q-learning-off-policy",
        T(
            "Q-learning is off-policy and works without a model of the environment.",
            "Q-Learning ist off-policy und kommt ohne Modell der Umgebung aus.",
        ),
        T(
            "It bootstraps from the best next action, whatever it then does, and only uses transitions it has seen.",
            "Es rechnet mit der besten nächsten Aktion, was immer es dann tut, und nutzt nur gesehene Übergänge.",
        ),
        evidence=e.q_learning_needs_no_model,
    ),
    Statement(
        "td-needs-dynamics",
        T(
            "Temporal-difference learning is on-policy and needs to know the dynamics of the environment.",
            "Temporal-Difference-Lernen ist on-policy und muss die Dynamik der Umgebung kennen.",
        ),
        T(
            "It learns from sampled transitions; a model is what dynamic programming needs.",
            "Es lernt aus beobachteten Übergängen; ein Modell braucht die dynamische Programmierung.",
        ),
        evidence=e.td_needs_no_dynamics,
    ),
    Statement(
        "greedy-not-best",
        T(
            "Choosing the action that looks best at the moment is not always the best thing to do.",
            "Die im Moment am besten aussehende Aktion zu wählen ist nicht immer das Beste.",
        ),
        T(
            "What was never tried cannot look good: some exploration is needed.",
            "Was nie versucht wurde, kann nicht gut aussehen: Etwas Erkundung ist nötig.",
        ),
        evidence=e.greedy_gets_stuck,
    ),
    Statement(
        "discount-larger",
        T(
            r"The smaller the discount factor $\gamma$, the more a distant reward counts.",
            r"Je kleiner der Diskontfaktor $\gamma$, desto mehr zählt eine ferne Belohnung.",
        ),
        T(
            r"A reward $k$ steps away counts $\gamma^k$: less for a smaller $\gamma$.",
            r"Eine Belohnung in $k$ Schritten zählt $\gamma^k$: weniger bei kleinerem $\gamma$.",
        ),
        holds=False,
    ),
    Statement(
        "sarsa-off-policy",
        T(
            "SARSA learns the values of the best policy while it follows another.",
            "SARSA lernt die Werte der besten Strategie, während es einer anderen folgt.",
        ),
        T(
            "SARSA is on-policy: its target uses the action that is really taken next.",
            "SARSA ist on-policy: Sein Ziel nutzt die Aktion, die wirklich als nächste kommt.",
        ),
        holds=False,
    ),
    Statement(
        "markov",
        T(
            "In a Markov decision process the next state depends only on the present state and action.",
            "In einem Markov-Entscheidungsprozess hängt der nächste Zustand nur von Zustand und Aktion der Gegenwart ab.",
        ),
        T("That is the Markov property.", "Das ist die Markov-Eigenschaft."),
        holds=True,
    ),
    Statement(
        "labels",
        T(
            "In reinforcement learning every state comes with the right action as a label.",
            "Beim bestärkenden Lernen gehört zu jedem Zustand die richtige Aktion als Label.",
        ),
        T(
            "There is only a reward, perhaps much later; labelled actions are supervised learning.",
            "Es gibt nur eine Belohnung, vielleicht viel später; Aktionen mit Label sind überwachtes Lernen.",
        ),
        holds=False,
    ),
    Statement(
        "epsilon-greedy",
        T(
            r"An $\epsilon$-greedy policy tries every action again and again.",
            r"Eine $\epsilon$-gierige Strategie versucht jede Aktion immer wieder.",
        ),
        T(
            r"Each action keeps a chance of at least $\epsilon$ divided by their number.",
            r"Jede Aktion behält mindestens die Wahrscheinlichkeit $\epsilon$ geteilt durch ihre Anzahl.",
        ),
        holds=True,
    ),
)

CAPACITY = (
    Statement("number-of-samples", T("It is given by the number of samples that the network was trained on.", "Sie ergibt sich aus der Zahl der Beispiele, mit denen das Netz trainiert wurde."), T("It belongs to the model, not to the data.", "Sie gehört zum Modell, nicht zu den Daten."), evidence=e.samples_change_capacity),
    Statement("variety-of-functions", T("It says how many different functions the model can come close to.", "Sie sagt, wie viele verschiedene Funktionen das Modell annähern kann."), T("That is what the word means.", "Das bedeutet das Wort."), holds=True),
    Statement("depth", T("The depth of the network has an influence on it.", "Die Tiefe des Netzes hat Einfluss auf sie."), T("Each further layer can fold the input once more.", "Jede weitere Schicht kann die Eingabe noch einmal falten."), evidence=e.depth_changes_capacity),
    Statement("bias-variance", T("It is closely tied to the trade-off of bias and variance.", "Sie hängt eng mit der Abwägung von Bias und Varianz zusammen."), T("Little capacity means bias, much of it variance.", "Wenig Kapazität heißt Bias, viel heißt Varianz."), holds=True),
    Statement("bias-increases", T("When it grows, the bias of the prediction must grow, too.", "Wächst sie, so muss auch der Bias der Vorhersage wachsen."), T("The other way round: more capacity lowers the bias and raises the variance.", "Umgekehrt: Mehr Kapazität senkt den Bias und hebt die Varianz."), holds=False),
    Statement("width", T("Wider layers raise it.", "Breitere Schichten erhöhen sie."), T("More units, more parameters, more functions.", "Mehr Einheiten, mehr Parameter, mehr Funktionen."), holds=True),
    Statement("overfitting", T("High capacity with few samples invites overfitting.", "Hohe Kapazität bei wenigen Beispielen lädt zu Überanpassung ein."), T("The model can learn the samples by heart.", "Das Modell kann die Beispiele auswendig lernen."), holds=True),
    Statement("regularisation-raises", T("Weight decay raises it.", "Weight Decay erhöht sie."), T("It narrows down which weights can be reached: less effective capacity.", "Es engt die erreichbaren Gewichte ein: weniger wirksame Kapazität."), holds=False),
    Statement("learning-rate", T("It is proportional to the learning rate.", "Sie ist proportional zur Lernrate."), T("The learning rate says how we move, not where we can get to.", "Die Lernrate sagt, wie wir uns bewegen, nicht, wohin wir kommen können."), holds=False),
    Statement("linear-layers", T("Stacking linear layers without activations raises it as well.", "Lineare Schichten ohne Aktivierungen zu stapeln erhöht sie ebenfalls."), T("They collapse into a single linear layer.", "Sie fallen zu einer einzigen linearen Schicht zusammen."), evidence=e.two_linear_layers_are_one),
)  # fmt: skip

INITIALISATION = (
    Statement(
        "zero-bias-zero-gradient",
        T("A bias that starts at 0 has a gradient of 0.", "Ein Bias, der bei 0 beginnt, hat den Gradienten 0."),
        T(
            "The gradient with respect to the bias is the error that arrives at the neuron; the bias's own value is no factor of it.",
            "Der Gradient nach dem Bias ist der am Neuron ankommende Fehler; der Wert des Bias ist darin kein Faktor.",
        ),
        evidence=e.zero_bias_has_a_gradient,
    ),
    Statement(
        "zero-bias-dying-relu",
        T(
            "Starting the biases at 0 is a remedy against dying ReLUs.",
            "Die Biases mit 0 zu beginnen hilft gegen sterbende ReLUs.",
        ),
        T(
            "What helps is a small positive bias, a leaky slope or smaller steps.",
            "Was hilft, ist ein kleiner positiver Bias, eine Leaky ReLU oder ein kleinerer Schritt.",
        ),
        evidence=e.zero_bias_and_dead_units,
    ),
    Statement(
        "variance-matters",
        T(
            "The variance of the initial weights has to be chosen with care.",
            "Die Varianz der Anfangsgewichte muss mit Bedacht gewählt werden.",
        ),
        T(
            "It decides whether signals die or saturate from layer to layer (Xavier, He).",
            "Sie entscheidet, ob Signale von Schicht zu Schicht sterben oder sättigen (Xavier, He).",
        ),
        evidence=e.variance_matters,
    ),
    Statement(
        "convex",
        T(
            "The starting point matters because training a deep network is a convex problem.",
            "Der Anfang ist wichtig, weil das Training eines tiefen Netzes ein konvexes Problem ist.",
        ),
        T(
            "It matters because the problem is *not* convex; in a convex one every start would lead to the same minimum.",
            "Er ist wichtig, weil das Problem *nicht* konvex ist; bei einem konvexen führte jeder Anfang zum selben Minimum.",
        ),
        evidence=e.training_is_not_convex,
    ),
    Statement(
        "equal-weights",
        T(
            "Hidden units that start with equal incoming and equal outgoing weights stay equal in training.",
            "Verborgene Einheiten, die mit gleichen Eingangs- und gleichen Ausgangsgewichten beginnen, bleiben im Training gleich.",
        ),
        T(
            "They get equal gradients; only unequal starts break the symmetry.",
            "Sie bekommen gleiche Gradienten; erst ungleiche Anfänge brechen die Symmetrie.",
        ),
        evidence=e.equal_weights_stay_equal,
    ),
    Statement(
        "he-for-relu",
        T("He initialisation is made for ReLU networks.", "Die He-Initialisierung ist für ReLU-Netze gemacht."),
        T(
            "Its factor 2 makes up for the half of the units that ReLU switches off.",
            "Ihr Faktor 2 gleicht die Hälfte der Einheiten aus, die ReLU abschaltet.",
        ),
        holds=True,
    ),
    Statement(
        "large-is-better",
        T(
            "The larger the initial weights, the faster a tanh network trains.",
            "Je größer die Anfangsgewichte, desto schneller trainiert ein tanh-Netz.",
        ),
        T(
            "Large weights saturate tanh, and its slope goes to 0.",
            "Große Gewichte sättigen tanh, und die Steigung geht gegen 0.",
        ),
        holds=False,
    ),
    Statement(
        "transfer",
        T(
            "Weights from a related task can serve as initial values.",
            "Gewichte aus einer verwandten Aufgabe können als Anfangswerte dienen.",
        ),
        T("That is transfer learning.", "Das ist Transferlernen."),
        holds=True,
    ),
)

SEGMENTATION = (
    Statement("goal-is-box", T("Its aim is a box around the object that is sought.", "Ihr Ziel ist ein Kasten um das gesuchte Objekt."), T("That is detection; segmentation decides for every pixel.", "Das ist Detektion; Segmentierung entscheidet für jedes Pixel."), holds=False),
    Statement("pixel-classification", T("Semantic segmentation can be seen as a classification of every pixel.", "Semantische Segmentierung lässt sich als Klassifikation jedes Pixels sehen."), T("Each pixel gets a class.", "Jedes Pixel bekommt eine Klasse."), holds=True),
    Statement("mask-to-box", T("From the mask of an object a box around it can be made.", "Aus der Maske eines Objekts lässt sich ein Kasten darum machen."), T("First and last row and column of the mask are the box.", "Erste und letzte Zeile und Spalte der Maske sind der Kasten."), evidence=e.mask_becomes_box),
    Statement("one-instance", T("Instance segmentation finds at most one object of each class.", "Instanzsegmentierung findet höchstens ein Objekt jeder Klasse."), T("It tells the objects of a class apart; that is its point.", "Sie unterscheidet die Objekte einer Klasse; das ist ihr Zweck."), holds=False),
    Statement("box-to-mask", T("The box around an object determines its mask.", "Der Kasten um ein Objekt bestimmt dessen Maske."), T("Many masks share one box.", "Viele Masken teilen sich einen Kasten."), evidence=e.mask_from_box),
    Statement("same-size", T("The output of a segmentation network usually has the height and width of its input.", "Die Ausgabe eines Segmentierungsnetzes hat meist Höhe und Breite der Eingabe."), T("There is a decision for every pixel.", "Für jedes Pixel gibt es eine Entscheidung."), holds=True),
    Statement("dice", T("The Dice coefficient measures how well a predicted mask overlaps the true one.", "Der Dice-Koeffizient misst, wie gut sich vorhergesagte und wahre Maske überlappen."), T("Twice the intersection over the sum of both sizes.", "Zweimal der Schnitt durch die Summe beider Größen."), holds=True),
    Statement("semantic-counts", T("Semantic segmentation tells how many objects of a class are in the image.", "Semantische Segmentierung sagt, wie viele Objekte einer Klasse im Bild sind."), T("Touching objects of one class become one area.", "Sich berührende Objekte einer Klasse werden eine Fläche."), holds=False),
)  # fmt: skip
