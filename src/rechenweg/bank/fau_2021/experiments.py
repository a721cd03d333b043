"""The experiments behind statements of fau-2021, problem 1: each runs on the library and returns what it found."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np

from rechenweg.learning.tabular import Decisions, learn, optimal_values, values_of
from rechenweg.nn import L2Loss, Linear, Network, ReLU, Sigmoid, Tanh
from rechenweg.numbers import apply, equal, exact, result, symbol
from rechenweg.numbers.deciding import Verdict
from rechenweg.questions.kinds.choice import Evidence
from rechenweg.text import T
from rechenweg.working.document import Cell, Document, Equation, Prose, Table
from rechenweg.working.run import work

CORRIDOR = Decisions(
    {
        ("a", "rest"): ("end", Fraction(1)),
        ("a", "walk"): ("b", Fraction(0)),
        ("b", "rest"): ("end", Fraction(1)),
        ("b", "walk"): ("c", Fraction(0)),
        ("c", "rest"): ("end", Fraction(1)),
        ("c", "walk"): ("end", Fraction(10)),
    },
    Fraction(9, 10),
)
"""Three rooms: resting earns 1 and ends the walk; whoever walks through all three earns 10 at the end."""

POLICY = {s: {"rest": Fraction(1, 2), "walk": Fraction(1, 2)} for s in "abc"}


def _found(holds: bool, *blocks: Any) -> Evidence:
    return Evidence(holds, Document.of(*blocks))


def bellman_is_linear() -> Evidence:
    """The Bellman equations of a policy, solved as a linear system and put back into themselves."""
    values = values_of(CORRIDOR, POLICY)
    rows: list[tuple[Cell, ...]] = []
    holds = True
    for state, value in values.items():
        back = sum(
            (
                chance * (reward + CORRIDOR.discount * values.get(following, Fraction(0)))
                for action, chance in POLICY[state].items()
                for following, reward in (CORRIDOR.moves[state, action],)
            ),
            Fraction(0),
        )
        holds = holds and back == value
        rows.append((T.same(f"$v({state})$"), result(exact(value)), result(exact(back))))
    return _found(
        holds,
        T(
            "Three rooms, the policy tosses a coin. $(I - \\gamma P) v = r$, solved exactly, and put back into the Bellman equations:",
            "Drei Räume, die Strategie wirft eine Münze. $(I - \\gamma P) v = r$, exakt gelöst und in die Bellman-Gleichungen eingesetzt:",
        ),
        Table((T("state", "Zustand"), T("solution", "Lösung"), T("put back", "eingesetzt")), tuple(rows), "lcc"),
    )


def _learned(rule: str, epsilon: float) -> tuple[dict[str, str], dict[str, float]]:
    learned = learn(CORRIDOR, "a", rule=rule, epsilon=epsilon, episodes=3000, seed=1)
    greedy = {s: learned.greedy(s) for s in CORRIDOR.states}
    return greedy, {s: max(learned.values[s, a] for a in CORRIDOR.actions(s)) for s in CORRIDOR.states}


def q_learning_needs_no_model() -> Evidence:
    """Q-learning finds the best policy from transitions alone, while it behaves otherwise (ε = 0.3)."""
    greedy, values = _learned("q-learning", 0.3)
    best = optimal_values(CORRIDOR)
    holds = all(abs(values[s] - float(best[s])) < 1e-3 for s in best) and set(greedy.values()) == {"walk"}
    rows = tuple(
        (T.same(f"${s}$"), T.same(greedy[s]), T.same(f"{values[s]:.4f}"), T.same(f"{float(best[s]):.4f}")) for s in best
    )
    return _found(
        holds,
        T(
            "Q-learning sees only the transitions that it makes, and makes 30 % of them at random. After 3,000 walks:",
            "Q-Learning sieht nur die Übergänge, die es macht, 30 % davon zufällig. Nach 3.000 Durchgängen:",
        ),
        Table(
            (
                T("state", "Zustand"),
                T("learned action", "gelernte Aktion"),
                T("learned value", "gelernter Wert"),
                T("exact value", "exakter Wert"),
            ),
            rows,
            "lccc",
        ),
    )


def td_needs_no_dynamics() -> Evidence:
    """The statement says that temporal-difference learning needs the dynamics; SARSA, which is one, learns without them."""
    greedy, values = _learned("sarsa", 0.3)
    learns = set(greedy.values()) == {"walk"}
    rows = tuple((T.same(f"${s}$"), T.same(greedy[s]), T.same(f"{values[s]:.2f}")) for s in values)
    return _found(
        not learns,
        T(
            "SARSA is temporal-difference learning. It was given no table of transitions or rewards, only what it met on 3,000 walks, "
            "and found the way through all rooms:",
            "SARSA ist Temporal-Difference-Lernen. Es bekam keine Tabelle der Übergänge und Belohnungen, nur was es auf 3.000 Wegen "
            "antraf, und fand den Weg durch alle Räume:",
        ),
        Table((T("state", "Zustand"), T("learned action", "gelernte Aktion"), T("value", "Wert")), rows, "lcc"),
    )


def greedy_gets_stuck() -> Evidence:
    """Always taking what looks best never finds the large reward; a little chance does."""
    greedy = learn(CORRIDOR, "a", epsilon=0.0, episodes=3000, seed=1)
    curious = learn(CORRIDOR, "a", epsilon=0.3, episodes=3000, seed=1)
    holds = greedy.greedy("a") == "rest" and curious.greedy("a") == "walk"
    return _found(
        holds,
        T(
            f"Greedy from the start: *{greedy.greedy('a')}* in the first room for ever, worth 1; it walked on {greedy.tries['a', 'walk']} times "
            f"in 3,000. With 30 % chance: *{curious.greedy('a')}*, which is worth {float(optimal_values(CORRIDOR)['a']):.1f}.",
            f"Von Anfang an gierig: im ersten Raum für immer *{greedy.greedy('a')}*, Wert 1; in 3.000 Durchgängen ging es "
            f"{greedy.tries['a', 'walk']}-mal weiter. Mit 30 % Zufall: *{curious.greedy('a')}*, Wert "
            + f"{float(optimal_values(CORRIDOR)['a']):.1f}.".replace(".", ",", 1),
        ),
    )


def policy_values_differ() -> Evidence:
    """A policy that looks for the return beats one that takes the next reward."""
    rest = values_of(CORRIDOR, {s: {"rest": Fraction(1)} for s in "abc"})["a"]
    walk = values_of(CORRIDOR, {s: {"walk": Fraction(1)} for s in "abc"})["a"]
    return _found(
        walk > rest,
        T(
            "In three rooms with 10 at the end, taking the next reward returns $1$; going for the return is worth",
            "In drei Räumen mit 10 am Ende bringt die nächste Belohnung $1$; auf den Ertrag zu gehen ist wert:",
        ),
        Equation.of(result(exact("0.9") ** 2 * 10), result(exact(walk), decimals=True)),
    )


def zero_bias_has_a_gradient() -> Evidence:
    """A small network with bias 0: the gradient with respect to the bias, exactly."""
    net = Network("x", loss=L2Loss(), target_name="y")
    net.add("a", Linear(weights=exact([[2]]), bias=exact([0]), names={"weights": "w", "bias": "b"}), "x")
    net.add(r"\hat y", Sigmoid(), "a")
    run = work(net, [[1]], [[0]])
    gradient = run.scalar("dL/db")
    return _found(
        gradient == 0,
        T(
            "One neuron with $w = 2$, $b = 0$, input 1, label 0. Backwards, written out:",
            "Ein Neuron mit $w = 2$, $b = 0$, Eingabe 1, Label 0. Rückwärts, ausgeschrieben:",
        ),
        *run.part("dL/da", "dL/db").blocks,
        T(
            f"That is about {gradient.approx():.4f}, not 0.",
            f"Das ist etwa {gradient.approx():.4f}, nicht 0.".replace("0.", "0,", 1),
        ),
    )


def _dead_share(bias: float) -> float:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((500, 20))
    weights = rng.standard_normal((20, 400)) * np.sqrt(2 / 20) - 0.3  # after a step that was too large
    layer = Network.chain([Linear(weights=weights, bias=np.full(400, bias)), ReLU()])
    inputs = np.abs(x)
    return float((layer.forward(inputs) == 0).all(axis=0).mean())


def zero_bias_and_dead_units() -> Evidence:
    """How many ReLUs never fire, with bias 0 and with a small positive bias."""
    zero, positive = _dead_share(0.0), _dead_share(2.0)
    return _found(
        zero < positive,
        T(
            f"400 ReLUs whose weights were pushed down by too large a step, 500 inputs: with bias 0, {zero:.0%} never fire; with a positive "
            f"bias, {positive:.0%}. Zero is no help; a positive start is.",
            f"400 ReLUs, deren Gewichte ein zu großer Schritt nach unten geschoben hat, 500 Eingaben: Mit Bias 0 feuern {zero * 100:.0f} % nie, "
            f"mit positivem Bias {positive * 100:.0f} %. Null hilft nicht, ein positiver Anfang schon.",
        ),
    )


def _spread(scale: float, depth: int = 10, width: int = 200) -> float:
    rng = np.random.default_rng(0)
    layers: list[Any] = []
    for _ in range(depth):
        layers += [
            Linear(weights=scale * rng.standard_normal((width, width)) / np.sqrt(width), bias=np.zeros(width)),
            Tanh(),
        ]
    return float(Network.chain(layers).forward(rng.standard_normal((100, width))).std())


def variance_matters() -> Evidence:
    """What is left of a signal after ten layers, for three variances of the weights."""
    small, right, large = (_spread(s) for s in (0.1, 1.0, 5.0))
    rows = tuple(
        (T.same(f"${s}/n$"), T.same(f"{v:.2e}" if v < 0.01 else f"{v:.2f}"))
        for s, v in (("0.01", small), ("1", right), ("25", large))
    )
    return _found(
        small < 1e-6 < right < large,
        T(
            "Ten layers of 200 tanh units, inputs of standard deviation 1. What comes out varies by:",
            "Zehn Schichten mit je 200 tanh-Einheiten, Eingaben mit Standardabweichung 1. Was herauskommt, streut um:",
        ),
        Table(
            (T("variance of the weights", "Varianz der Gewichte"), T("standard deviation", "Standardabweichung")),
            rows,
            "lc",
        ),
        T(
            "Too small and the signal dies; too large and every unit saturates.",
            "Zu klein, und das Signal stirbt; zu groß, und jede Einheit sättigt.",
        ),
    )


def training_is_not_convex() -> Evidence:
    """Two optima of a tiny network whose midpoint is worse than both: no convex function has that."""

    def loss(v: int, w: int) -> Fraction:
        net = Network("x", loss=L2Loss())
        net.add("h", Linear(weights=exact([[w]]), names={"weights": "w"}), "x")
        net.add(r"\hat y", Linear(weights=exact([[v]]), names={"weights": "v"}), "h")
        return work(net, [[1]], [[1]], backward=False).scalar("L").fraction()

    ends, middle = (loss(1, 1), loss(-1, -1)), loss(0, 0)
    convex = middle <= sum(ends) / 2
    return _found(
        convex,
        T(
            f"$\\hat y = v w x$ with $x = y = 1$: the loss is {ends[0]} at $v = w = 1$, {ends[1]} at $v = w = -1$, and {middle} half-way between "
            "them. A convex function would not rise in between.",
            f"$\\hat y = v w x$ mit $x = y = 1$: Der Verlust ist {ends[0]} bei $v = w = 1$, {ends[1]} bei $v = w = -1$ und {middle} in der Mitte. "
            "Eine konvexe Funktion stiege dazwischen nicht an.",
        ),
    )


def equal_weights_stay_equal() -> Evidence:
    """Units that start alike get the same gradient and stay alike."""
    net = Network("x", loss=L2Loss())
    net.add("a", Linear(weights=exact([[1, 1]]), names={"weights": "w"}), "x")
    net.add("h", Tanh(), "a")
    net.add(r"\hat y", Linear(weights=exact([[1], [1]]), names={"weights": "v"}), "h")
    gradients = work(net, [[1]], [[0]]).plain("dL/dw")
    same = equal(gradients[0], gradients[1]) is Verdict.EQUAL
    return _found(
        same,
        T(
            "Two hidden units with equal incoming and equal outgoing weights. Their gradients, exactly: equal. So they remain one unit written twice.",
            "Zwei verborgene Einheiten mit gleichen Eingangs- und gleichen Ausgangsgewichten. Ihre Gradienten, exakt: gleich. Sie bleiben also eine Einheit, zweimal geschrieben.",
        ),
    )


def two_linear_layers_are_one() -> Evidence:
    """x ↦ 2x as activation: two layers collapse into one."""
    x, w, v = symbol("x"), symbol("w"), symbol("v")
    deep = 2 * (v * (2 * (w * x)))
    slope = 4 * v * w
    return _found(
        equal(deep, slope * x) is not Verdict.EQUAL,
        T(
            "With $f(x) = 2x$ two layers $f(v f(w x))$ are $4 v w x$: again linear, however many there are.",
            "Mit $f(x) = 2x$ sind zwei Schichten $f(v f(w x))$ gleich $4 v w x$: wieder linear, wie viele es auch sind.",
        ),
    )


def reciprocal_explodes() -> Evidence:
    """1/x has no value at 0 and no bound near it."""
    slopes = [abs((exact(-1) / (exact(h) * exact(h))).fraction()) for h in ("0.1", "0.01", "0.001")]
    bounded = max(slopes) < 1000
    return _found(
        bounded,
        T(
            f"The slope of $1/x$ at 0.1, 0.01, 0.001 is {', '.join(str(s) for s in slopes)} in size, and at 0 there is no value at all.",
            f"Die Steigung von $1/x$ bei 0,1, 0,01, 0,001 hat den Betrag {', '.join(str(s) for s in slopes)}, und bei 0 gibt es keinen Wert.",
        ),
    )


def _useful(name: str) -> Evidence:
    """Whether a function is defined everywhere, has a slope that is not zero almost everywhere, and is not linear."""
    points = [exact(v) for v in ("-2", "-1/2", "1/2", "2")]
    parameters = (exact("0.1"),) if name in ("leaky_relu", "elu") else ()
    values = [apply(name, p, *parameters) for p in points]
    linear = equal(values[0] * -1, values[3]) is Verdict.EQUAL and equal(values[1] * 4, values[0]) is Verdict.EQUAL
    from rechenweg.numbers import derivative

    slopes = [derivative(name, p, *parameters) for p in points]
    flat = all(equal(s, exact(0)) is Verdict.EQUAL for s in slopes)
    shown = ", ".join(f"{s.approx():.3f}" for s in slopes)
    return _found(
        not linear and not flat,
        T(
            f"Its slopes at −2, −½, ½, 2 are {shown}; it is {'linear' if linear else 'not linear'}.",
            f"Die Steigungen bei −2, −½, ½, 2 sind {shown.replace(', ', '; ').replace('.', ',')}; sie ist {'linear' if linear else 'nicht linear'}.",
        ),
    )


def tanh_is_useful() -> Evidence:
    """tanh as activation function."""
    return _useful("tanh")


def relu_is_useful() -> Evidence:
    """ReLU as activation function."""
    return _useful("relu")


def sigmoid_is_useful() -> Evidence:
    """The logistic function as activation function."""
    return _useful("sigmoid")


def leaky_relu_is_useful() -> Evidence:
    """Leaky ReLU as activation function."""
    return _useful("leaky_relu")


def step_is_useful() -> Evidence:
    """The sign function: its slope is zero wherever there is one."""
    return _useful("sgn")


def mask_becomes_box() -> Evidence:
    """The box around a drawn mask, read off the mask's rows and columns."""
    mask = np.zeros((6, 8), dtype=bool)
    mask[2:4, 3:7] = mask[1, 4] = True
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = (rows[0], rows[-1], columns[0], columns[-1])
    outside = mask.copy()
    outside[box[0] : box[1] + 1, box[2] : box[3] + 1] = False
    return _found(
        not outside.any(),
        T(
            f"A mask of {int(mask.sum())} pixels in a 6 × 8 image lies in rows {box[0] + 1} to {box[1] + 1} and columns {box[2] + 1} to {box[3] + 1}.",
            f"Eine Maske von {int(mask.sum())} Pixeln in einem 6 × 8-Bild liegt in den Zeilen {box[0] + 1} bis {box[1] + 1} und den Spalten "
            f"{box[2] + 1} bis {box[3] + 1}.",
        ),
    )


def mask_from_box() -> Evidence:
    """Two different masks with the same box: the box does not tell which it was."""
    full, ring = np.ones((3, 3), dtype=bool), np.ones((3, 3), dtype=bool)
    ring[1, 1] = False
    same_box = all(m.any(axis=0).all() and m.any(axis=1).all() for m in (full, ring))
    return _found(
        not (same_box and (full != ring).any()),
        T(
            "A full 3 × 3 square and the same square with a hole have one and the same box.",
            "Ein volles 3 × 3-Quadrat und dasselbe Quadrat mit Loch haben ein und denselben Kasten.",
        ),
    )


def blank_image_scores() -> Evidence:
    """Scores of networks that never saw a white image, for a white image: they differ by their biases and weights."""
    rng = np.random.default_rng(3)
    net = Network.chain([Linear(48, 32), ReLU(), Linear(32, 10)]).initialize(rng)
    scores = net.forward(np.ones((1, 48)))[0]
    spread = float(scores.max() - scores.min())
    return _found(
        spread < 1e-9,
        T(
            f"A random network with 10 classes gives a white image scores from {scores.min():.2f} to {scores.max():.2f}.",
            f"Ein zufälliges Netz mit 10 Klassen gibt einem weißen Bild Werte von {scores.min():.2f} bis {scores.max():.2f}.".replace(
                ".", ",", 2
            ),
        ),
    )


def depth_changes_capacity() -> Evidence:
    """How many linear pieces ReLU networks of equal width but different depth cut an interval into."""

    def pieces(depth: int) -> int:
        # the tent map: 2·ReLU(x) − 4·ReLU(x − ½), put into itself `depth` times (Telgarsky 2016)
        net = Network("x")
        name = "x"
        for i in range(depth):
            a = net.add(f"a_{i}", Linear(weights=exact([[1, 1]]), bias=exact([0, "-1/2"])), name)
            h = net.add(f"h_{i}", ReLU(), a)
            name = net.add(f"t_{i}", Linear(weights=exact([[2], [-4]])), h)
        points = exact([[f"{k}/64"] for k in range(65)])
        values = [v.fraction() for v in net.forward(points)[:, 0]]
        slopes = [b - a for a, b in itertools.pairwise(values)]
        return 1 + sum(bool(a != b) for a, b in itertools.pairwise(slopes))

    counts = [pieces(d) for d in (1, 2, 3, 4)]
    return _found(
        counts == sorted(set(counts)),
        T(
            f"ReLU networks with two units a layer and 1, 2, 3, 4 layers cut $[0, 1]$ into {', '.join(map(str, counts))} linear pieces.",
            f"ReLU-Netze mit zwei Einheiten je Schicht und 1, 2, 3, 4 Schichten zerlegen $[0, 1]$ in {', '.join(map(str, counts))} lineare Stücke.",
        ),
    )


def samples_change_capacity() -> Evidence:
    """The number of parameters, asked for before and after training on more samples."""
    net = Network.chain([Linear(4, 8), ReLU(), Linear(8, 1)], loss=L2Loss()).initialize(np.random.default_rng(0))
    before = sum(p.size for p in net.parameters().values())
    from rechenweg.nn import SGD

    rng = np.random.default_rng(1)
    net.train_step(rng.standard_normal((100, 4)), rng.standard_normal((100, 1)), SGD(1e-4))
    after = sum(p.size for p in net.parameters().values())
    return _found(
        before != after,
        Prose(
            T(
                f"{before} parameters before training on 100 samples, {after} after it: the set of functions that can be reached is the same.",
                f"{before} Parameter vor dem Training mit 100 Beispielen, {after} danach: Die Menge der erreichbaren Funktionen ist dieselbe.",
            )
        ),
    )
