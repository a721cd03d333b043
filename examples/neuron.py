"""A problem of one's own, in one file: a ReLU neuron, forwards and backwards (docs/tutorial.md walks through it).

rechenweg check examples/neuron.py --show 1
rechenweg check examples/neuron.py
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from rechenweg.nn import L2Loss, Linear, Network, ReLU
from rechenweg.questions.kinds.values import Number, Vector
from rechenweg.questions.question import Problem, Question, Rejection, Setting, Step
from rechenweg.text import T
from rechenweg.working.document import Callout, Document
from rechenweg.working.run import work


@dataclass
class Numbers(Setting):
    """The numbers of one version, and the network that computes everything else from them."""

    x: tuple
    w: tuple
    y: int

    @cached_property
    def run(self):
        net = Network("x", loss=L2Loss())
        net.add("z", Linear(weights=[[w] for w in self.w], names={"weights": "w"}), "x")
        net.add(r"\hat y", ReLU())
        return work(net, [list(self.x)], [[self.y]])


class Prediction(Question):
    number, credits = "1.1", "1"

    def text(self, s):
        return T(
            f"A neuron without bias has the weights $w = {list(s.w)}$ and a ReLU. What is its output for "
            f"$x = {list(s.x)}$?",
            f"Ein Neuron ohne Bias hat die Gewichte $w = {list(s.w)}$ und eine ReLU. Was gibt es für "
            f"$x = {list(s.x)}$ aus?",
        )

    def fields(self, s):
        return (Number("", Fraction(1), s.run.scalar(r"\hat y"), r"\hat y"),)

    def solution(self, s):
        return s.run.part("z", r"\hat y") + Document.of(Callout.of_credit(1))


class Gradient(Question):
    number, credits = "1.2", "2"

    def text(self, s):
        return T(
            rf"The label is $y = {s.y}$, the loss $L = (\hat y - y)^2$. Give the gradient of $L$ with respect to $w$.",
            rf"Das Label ist $y = {s.y}$, der Fehler $L = (\hat y - y)^2$. Geben Sie den Gradienten von $L$ nach "
            r"$w$ an.",
        )

    def fields(self, s):
        return (Vector("", Fraction(2), s.run.plain("dL/dw"), r"\frac{\partial L}{\partial w}", per_slip=Fraction(1)),)

    def solution(self, s):
        return s.run.part(r"dL/d\hat y", "dL/dz", "dL/dw") + Document.of(Callout.of_credit(2))

    def scheme(self, s):
        return (Step.of(2, "1 for each entry", "1 für jeden Eintrag"),)


class Neuron(Problem):
    paper, number = "my-exam", 1
    title = T("A neuron", "Ein Neuron")
    questions = (Prediction(), Gradient())
    rejections = (
        Rejection(
            T("the ReLU is off: every gradient is 0", "die ReLU ist aus: alle Gradienten sind 0"),
            lambda s: s.run.scalar("z") <= 0,
        ),
        Rejection(T("a loss of 0", "ein Fehler von 0"), lambda s: s.run.scalar("L") == 0),
    )

    def original(self):
        return Numbers((1, 2), (3, -1), 0)

    def draw(self, rng):
        small = [n for n in range(-4, 5) if n]
        return Numbers(tuple(rng.sample(small, 2)), tuple(rng.sample(small, 2)), rng.randrange(4))


problem = Neuron()
