"""tum-2024, 1.2: optimisers.

The update rules stand here as plain array code on exact numbers, so that what a rule remembers can be counted and what
it does with a gradient can be looked at. ε, which only guards against a division by 0, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, ClassVar

import numpy as np

from rechenweg.bank.tum_2024.multiple_choice.showing import about, finding, same, table
from rechenweg.nn import Linear
from rechenweg.numbers import Array, Exact, exact, result
from rechenweg.numbers.notation import read_latex
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T
from rechenweg.working.document import Equation, Rel

State = dict[str, Any]
Rule = Callable[[State, Array], Array]
"""From what is remembered and a gradient to the direction that the learning rate multiplies; updates the memory."""

MU, BETA_1, BETA_2, RHO = exact(["0.9", "0.9", "0.999", "0.9"])


def plain(state: State, g: Array) -> Array:
    """SGD: the gradient itself."""
    return g


def momentum(state: State, g: Array) -> Array:
    """SGD with momentum: v ← μv + g."""
    state["v"] = MU * state["v"] + g if "v" in state else g
    velocity: Array = state["v"]
    return velocity


def rmsprop(state: State, g: Array) -> Array:
    """RMSProp: s ← ρs + (1 − ρ)g² from s = 0, direction g/√s."""
    state["s"] = (RHO * state["s"] if "s" in state else 0) + (1 - RHO) * g**2
    return _ratio(g, state["s"])


def adam(state: State, g: Array) -> Array:
    """Adam: running means m of g and v of g², both corrected for starting at 0; direction m̂/√v̂."""
    state["m"] = (BETA_1 * state["m"] if "m" in state else 0) + (1 - BETA_1) * g
    state["v"] = (BETA_2 * state["v"] if "v" in state else 0) + (1 - BETA_2) * g**2
    state["t"] = state.get("t", 0) + 1
    return _ratio(state["m"] / (1 - BETA_1 ** state["t"]), state["v"] / (1 - BETA_2 ** state["t"]))


def _ratio(top: Array, square: Array) -> Array:
    return top / np.sqrt(square)


def remembered(rule: Rule, weights: int) -> int:
    """How many numbers a rule keeps from step to step for a layer with so many weights."""
    state: State = {}
    rule(state, exact(list(range(1, weights + 1))))
    return sum(kept.size for kept in state.values() if isinstance(kept, np.ndarray))


def directions(rule: Rule, gradients: Sequence[Any]) -> list[Exact]:
    """What a rule makes of one weight's gradients, step by step."""
    state: State = {}
    return [rule(state, exact([g]))[0] for g in gradients]


def _row(name: str, numbers: Sequence[Exact]) -> tuple[Any, ...]:
    return (name, *(result(n, decimals=True) for n in numbers))


NAME = T("rule", "Regel")
STEPS = (T("step 1", "Schritt 1"), T("step 2", "Schritt 2"))


def _is_momentum() -> Evidence:
    gradients = (1, 0)
    found = {r: directions(rule, gradients) for r, rule in (("Momentum", momentum), ("RMSProp", rmsprop))}
    return finding(
        found["RMSProp"][1] == found["Momentum"][1],
        T("Directions for the gradients 1 and then 0:", "Richtungen für die Gradienten 1 und dann 0:"),
        table((NAME, *STEPS), (_row(name, numbers) for name, numbers in found.items())),
    )


def _uses_hessian() -> Evidence:
    # two functions with the same slope 1 at w = 1, one straight and one curved
    slopes = {"w": (exact(1), exact(0)), "w^2/2": (exact(1), exact(1))}
    found = {f: directions(rmsprop, [slope])[0] for f, (slope, _) in slopes.items()}
    return finding(
        found["w"] != found["w^2/2"],
        T("Two functions with slope 1 at $w = 1$:", "Zwei Funktionen mit Steigung 1 bei $w = 1$:"),
        table(
            (T("function", "Funktion"), T("second derivative", "zweite Ableitung"), T("direction", "Richtung")),
            ((read_latex(f), result(curved), result(found[f])) for f, (_, curved) in slopes.items()),
        ),
    )


def _memory(wanted: Callable[[dict[str, int]], bool]) -> Evidence:
    weights = sum(map(prod, Linear(4, 3).parameter_shapes.values()))
    rules = {"SGD": plain, "Momentum": momentum, "RMSProp": rmsprop, "Adam": adam}
    kept = {name: remembered(rule, weights) for name, rule in rules.items()}
    return finding(
        wanted(kept),
        T(
            f"Numbers kept from step to step for a layer with {weights} parameters:",
            f"Zahlen, die bei einer Schicht mit {weights} Parametern von Schritt zu Schritt aufbewahrt werden:",
        ),
        table((NAME, T("kept", "aufbewahrt")), ((name, str(n)) for name, n in kept.items())),
    )


def _less_than_adam() -> Evidence:
    return _memory(lambda kept: kept["RMSProp"] < kept["Adam"])


def _sgd_forgets() -> Evidence:
    return _memory(lambda kept: kept["SGD"] == 0)


def _two_moments() -> Evidence:
    gradients = exact([2, -1, 3])
    state: State = {}
    for g in gradients:
        adam(state, exact([g]))
    shares = [BETA_1 ** (2 - t) for t in range(3)], [BETA_2 ** (2 - t) for t in range(3)]
    first = sum((1 - BETA_1) * share * g for share, g in zip(shares[0], gradients, strict=True))
    second = sum((1 - BETA_2) * share * g**2 for share, g in zip(shares[1], gradients, strict=True))
    return finding(
        same(state["m"], exact([first])) and same(state["v"], exact([second])),
        T(
            "After the gradients 2, −1, 3, the two weighted means of $g$ and $g^2$ are exactly what Adam has kept:",
            "Nach den Gradienten 2, −1, 3 sind die beiden gewichteten Mittel von $g$ und $g^2$ das, was Adam "
            "aufbewahrt:",
        ),
        Equation.of(read_latex("m"), Rel("≈", about(state["m"][0], 6))),
        Equation.of(read_latex("v"), Rel("≈", about(state["v"][0], 6))),
    )


def _first_steps() -> dict[str, Exact]:
    return {g: directions(adam, [g])[0] for g in ("0.01", "-5", "1000")}


def _first_step_is_rate() -> Evidence:
    found = _first_steps()
    return finding(
        all(abs(d) == 1 for d in found.values()),
        T("What $\\eta$ multiplies in the first step:", "Was im ersten Schritt mit $\\eta$ multipliziert wird:"),
        table(
            (T("gradient", "Gradient"), T("direction", "Richtung")),
            ((result(exact(g), decimals=True), result(d)) for g, d in found.items()),
        ),
    )


def _no_rate_needed() -> Evidence:
    steps = {rate: exact(rate) * directions(adam, [3])[0] for rate in ("0.1", "0.001")}
    return finding(
        steps["0.1"] == steps["0.001"],
        T("The first step with two learning rates:", "Der erste Schritt mit zwei Lernraten:"),
        table(
            (read_latex(r"\eta"), T("step", "Schritt")),
            ((result(exact(r), decimals=True), result(s, decimals=True)) for r, s in steps.items()),
        ),
    )


def _coasts() -> Evidence:
    found = directions(momentum, (1, 0))
    return finding(
        found[1] != 0,
        T("Directions for the gradients 1 and then 0:", "Richtungen für die Gradienten 1 und dann 0:"),
        table((NAME, *STEPS), (_row("Momentum", found),)),
    )


def _newton_memory() -> Evidence:
    n = sum(map(prod, Linear(20, 10).parameter_shapes.values()))
    kept = remembered(adam, n)
    return finding(
        n * n == kept,
        T(
            f"A layer from 20 to 10 neurons has {n} parameters. Adam keeps {kept} numbers, the Hessian has {n * n}.",
            f"Eine Schicht von 20 auf 10 Neuronen hat {n} Parameter. Adam bewahrt {kept} Zahlen auf, die Hesse-Matrix "
            f"hat {n * n}.",
        ),
    )


def _evens_out() -> Evidence:
    found = {name: directions(rmsprop, [exact(g)] * 2) for name, g in (("100", 100), ("0.01", "0.01"))}
    return finding(
        all(a == b for a, b in zip(*found.values(), strict=True)),
        T("Directions under constant gradients:", "Richtungen bei konstanten Gradienten:"),
        table(
            (T("gradient", "Gradient"), *STEPS),
            ((result(exact(g), decimals=True), *map(result, numbers)) for g, numbers in found.items()),
        ),
    )


def _rate_decays() -> Evidence:
    found = directions(adam, [2, 2, 2])
    return finding(
        found[2] < found[1] < found[0],
        T("Directions under the constant gradient 2:", "Richtungen beim konstanten Gradienten 2:"),
        table((NAME, *STEPS, T("step 3", "Schritt 3")), (_row("Adam", found),)),
    )


class Optimisers(ChoiceQuestion):
    """1.2."""

    number, credits = "1.2", "2"
    stem: ClassVar[T] = T(
        "Several update rules for training networks are compared. Which statements hold?",
        "Mehrere Regeln für die Aktualisierung der Gewichte werden verglichen. Welche Aussagen treffen zu?",
    )
    none_allowed = True
    paper_statements = ("rmsprop-is-momentum", "rmsprop-hessian", "rmsprop-less-memory", "adam-two-moments")
    pool = (
        Statement(
            "rmsprop-is-momentum",
            T(
                "Give SGD a momentum term and divide its learning rate by a decaying mean of past gradients: that is "
                "RMSProp.",
                "Man gebe SGD einen Momentum-Term und teile seine Lernrate durch ein abklingendes Mittel früherer "
                "Gradienten: Das ist RMSProp.",
            ),
            T(
                "Wrong twice: RMSProp has no momentum, and it divides by the root of a running average of the "
                "*squared* gradients.",
                "Doppelt falsch: RMSProp hat kein Momentum, und geteilt wird durch die Wurzel eines laufenden Mittels "
                "der *quadrierten* Gradienten.",
            ),
            evidence=_is_momentum,
        ),
        Statement(
            "rmsprop-hessian",
            T(
                "For each step RMSProp estimates the Hessian around the current weights.",
                "Für jeden Schritt schätzt RMSProp die Hesse-Matrix in der Umgebung der aktuellen Gewichte.",
            ),
            T(
                "Wrong: only first derivatives enter. Curvature at the same slope changes nothing in its step.",
                "Falsch: Nur erste Ableitungen gehen ein. Bei gleicher Steigung ändert die Krümmung nichts am Schritt.",
            ),
            evidence=_uses_hessian,
        ),
        Statement(
            "rmsprop-less-memory",
            T(
                "From one step to the next, Adam has to remember more than RMSProp.",
                "Von einem Schritt zum nächsten muss sich Adam mehr merken als RMSProp.",
            ),
            T(
                "Right: RMSProp keeps one number per weight, the average of the squares; Adam keeps an average of the "
                "gradients as well.",
                "Richtig: RMSProp bewahrt je Gewicht eine Zahl auf, das Mittel der Quadrate; Adam hält zusätzlich ein "
                "Mittel der Gradienten.",
            ),
            evidence=_less_than_adam,
        ),
        Statement(
            "adam-two-moments",
            T(
                "In Adam the first and the second moment of the gradients both take part.",
                "In Adam wirken das erste und das zweite Moment der Gradienten mit.",
            ),
            T(
                "Right: a running mean of $g$ gives the direction, one of $g^2$ the scale of the step.",
                "Richtig: Ein laufendes Mittel von $g$ gibt die Richtung, eines von $g^2$ den Maßstab des Schritts.",
            ),
            evidence=_two_moments,
        ),
        Statement(
            "adam-no-rate",
            T(
                "Adam adapts its steps by itself, so that the learning rate no longer has an influence.",
                "Adam passt seine Schritte selbst an, sodass die Lernrate keinen Einfluss mehr hat.",
            ),
            T(
                "Wrong: the adapted direction is still multiplied by $\\eta$.",
                "Falsch: Die angepasste Richtung wird weiterhin mit $\\eta$ multipliziert.",
            ),
            evidence=_no_rate_needed,
        ),
        Statement(
            "adam-first-step",
            T(
                "With bias correction, and without the small $\\epsilon$, Adam's very first step changes a weight by "
                "exactly $\\eta$, however large its gradient is (as long as it is not 0).",
                "Mit Bias-Korrektur und ohne das kleine $\\epsilon$ ändert Adams allererster Schritt ein Gewicht um "
                "genau $\\eta$, wie groß sein Gradient auch ist (solange er nicht 0 ist).",
            ),
            T(
                "Right: after the correction $\\hat m = g$ and $\\hat v = g^2$, so $\\hat m/\\sqrt{\\hat v}$ is 1 or "
                "−1.",
                "Richtig: Nach der Korrektur sind $\\hat m = g$ und $\\hat v = g^2$, also ist "
                "$\\hat m/\\sqrt{\\hat v}$ gleich 1 oder −1.",
            ),
            evidence=_first_step_is_rate,
        ),
        Statement(
            "momentum-coasts",
            T(
                "Under momentum a weight may move although its gradient is 0 at that moment.",
                "Mit Momentum kann sich ein Gewicht bewegen, obwohl sein Gradient in diesem Augenblick 0 ist.",
            ),
            T(
                "Right: the velocity still carries earlier gradients; that is how flat stretches are crossed.",
                "Richtig: Die Geschwindigkeit trägt frühere Gradienten noch mit; so werden flache Strecken überwunden.",
            ),
            evidence=_coasts,
        ),
        Statement(
            "sgd-forgets",
            T(
                "Plain SGD keeps nothing of one step's gradients for the next.",
                "Einfaches SGD behält von den Gradienten eines Schritts nichts für den nächsten.",
            ),
            T(
                "Right: $w - \\eta g$ needs only the current gradient.",
                "Richtig: $w - \\eta g$ braucht nur den aktuellen Gradienten.",
            ),
            evidence=_sgd_forgets,
        ),
        Statement(
            "newton-memory",
            T(
                "Newton's method, which uses the full Hessian, has to store no more numbers than Adam.",
                "Das Newton-Verfahren mit der vollen Hesse-Matrix muss nicht mehr Zahlen speichern als Adam.",
            ),
            T(
                "Wrong: $n$ weights have a Hessian of $n^2$ entries, Adam keeps $2n$. This is why the method is not "
                "used for deep networks.",
                "Falsch: Zu $n$ Gewichten gehört eine Hesse-Matrix mit $n^2$ Einträgen, Adam hält $2n$. Deshalb nimmt "
                "man das Verfahren für tiefe Netze nicht.",
            ),
            evidence=_newton_memory,
        ),
        Statement(
            "rmsprop-evens-out",
            T(
                "Under RMSProp, a weight whose gradient is always large and one whose gradient is always small take "
                "steps of similar size.",
                "Unter RMSProp machen ein Gewicht mit stets großem und eines mit stets kleinem Gradienten ähnlich "
                "große Schritte.",
            ),
            T(
                "Right: each gradient is divided by the size that its own gradients usually have.",
                "Richtig: Jeder Gradient wird durch die Größe geteilt, die die Gradienten dieses Gewichts "
                "üblicherweise haben.",
            ),
            evidence=_evens_out,
        ),
        Statement(
            "betas-decay-rate",
            T(
                "The $\\beta$ values of Adam make the learning rate shrink from step to step.",
                "Die $\\beta$-Werte von Adam lassen die Lernrate von Schritt zu Schritt schrumpfen.",
            ),
            T(
                "Wrong: they say how fast the running averages forget. A schedule for the learning rate is something "
                "else.",
                "Falsch: Sie sagen, wie schnell die laufenden Mittel vergessen. Ein Zeitplan für die Lernrate ist "
                "etwas anderes.",
            ),
            evidence=_rate_decays,
        ),
    )
