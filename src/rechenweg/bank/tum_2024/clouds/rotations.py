"""tum-2024, 8.4: what keeps predicted rotations rotations."""

from __future__ import annotations

import numpy as np

from rechenweg.bank.tum_2024.clouds.setting import Numbers
from rechenweg.bank.tum_2024.multiple_choice.showing import matrix
from rechenweg.numbers import Array, Exact, exact, result, total
from rechenweg.numbers.notation import Layout, read_latex
from rechenweg.questions.field import Field
from rechenweg.questions.kinds.written import Text
from rechenweg.questions.question import Question, Step
from rechenweg.text import T
from rechenweg.working.document import Callout, Document, Equation, Prose

REGULARISER = (
    read_latex(r"\operatorname{Reg}(R_{\mathrm{pred}}, R_{\mathrm{GT}})"),
    read_latex(r"\|R_{\mathrm{pred}}^T \cdot R_{\mathrm{GT}} - I\|^2"),
)


def penalty(predicted: Array, truth: Array) -> Exact:
    """‖PᵀT − I‖², the squared Frobenius norm; predicted, truth: (3, 3)."""
    off = predicted.T @ truth - exact(np.eye(3, dtype=int))
    squares: Exact = total(off**2)
    return squares


class Orthogonality(Question):
    """A penalty on what is no rotation."""

    number, credits = "8.4", "3"

    def text(self, s: Numbers) -> T:
        return T(
            r"**Loss for rotations.** A rotation matrix is *orthogonal*: multiplied with its transpose it gives the "
            r"identity. Trained with a plain loss, your network returns matrices $R_{\mathrm{pred}}$ that shear the "
            r"cloud, because they are not orthogonal. Propose a regularisation term "
            r"$\operatorname{Reg}(R_{\mathrm{pred}}, R_{\mathrm{GT}})$ that pulls the prediction towards orthogonal "
            r"matrices and towards the true rotation $R_{\mathrm{GT}}$, without inverting a matrix (expensive, and "
            r"numerically delicate).",
            r"**Verlust für Drehungen.** Eine Drehmatrix ist *orthogonal*: Mit ihrer Transponierten multipliziert "
            r"ergibt sie die Einheitsmatrix. Mit einem einfachen Verlust trainiert, liefert Ihr Netz Matrizen "
            r"$R_{\mathrm{pred}}$, die die Wolke scheren, weil sie nicht orthogonal sind. Schlagen Sie einen "
            r"Regularisierungsterm $\operatorname{Reg}(R_{\mathrm{pred}}, R_{\mathrm{GT}})$ vor, der die Vorhersage "
            r"zu orthogonalen Matrizen und zur wahren Drehung $R_{\mathrm{GT}}$ hinzieht, und zwar ohne eine Matrix "
            r"zu invertieren (teuer und numerisch heikel).",
        )

    def fields(self, s: Numbers) -> tuple[Field, ...]:
        return (
            Text(
                "",
                self.maximum,
                T(
                    r"$\|R_{\mathrm{pred}}^T R_{\mathrm{GT}} - I\|^2$ (squared Frobenius norm): it is 0 just when the "
                    r"prediction is the true rotation, whose inverse is its transpose.",
                    r"$\|R_{\mathrm{pred}}^T R_{\mathrm{GT}} - I\|^2$ (quadrierte Frobenius-Norm): Der Term ist genau "
                    r"dann 0, wenn die Vorhersage die wahre Drehung ist, deren Inverse ihre Transponierte ist.",
                ),
                self.scheme(s),
                lines=6,
            ),
        )

    def solution(self, s: Numbers) -> Document:
        turned, skewed = s.rotation, s.skewed
        both = ((turned, "R"), (skewed, "S"))
        own = [(_norm(name, name), result(penalty(values, values))) for values, name in both]
        against = [(_norm(name, "R"), result(penalty(values, turned))) for values, name in both]
        back = (_norm("R^T", "R"), result(penalty(turned.T, turned)))
        return Document.of(
            Prose(
                T(
                    r"For a rotation the inverse is the transpose. So if the prediction is right, "
                    r"$R_{\mathrm{pred}}^T \cdot R_{\mathrm{GT}}$ is the identity $I$, and how far it is away from "
                    r"that is the penalty:",
                    r"Bei einer Drehung ist die Inverse die Transponierte. Stimmt die Vorhersage, ist also "
                    r"$R_{\mathrm{pred}}^T \cdot R_{\mathrm{GT}}$ die Einheitsmatrix $I$; wie weit das Produkt davon "
                    r"entfernt ist, wird bestraft:",
                )
            ),
            Equation((REGULARISER,)),
            Callout.of_credit(
                3,
                T(
                    "−½ each: no norm named, no identity, transpose at the wrong place, prediction and truth not told "
                    "apart",
                    "je −½: keine Norm genannt, keine Einheitsmatrix, Transponierte falsch, Vorhersage und Wahrheit "
                    "nicht unterschieden",
                ),
            ),
            Prose(
                T(
                    "Any norm will do; here it is the sum of all squared entries (Frobenius). Checked with a rotation "
                    "$R$ and with $S$, the same rotation after a shear:",
                    "Jede Norm ist recht; hier ist es die Summe aller quadrierten Einträge (Frobenius). Nachgerechnet "
                    "mit einer Drehung $R$ und mit $S$, derselben Drehung nach einer Scherung:",
                )
            ),
            Equation.of(read_latex("R"), matrix(turned)),
            Equation.of(read_latex("S"), matrix(skewed)),
            Equation.of(read_latex("S^T S"), matrix(skewed.T @ skewed)),
            Equation(tuple(own)),
            Prose(
                T(
                    r"Only the rotation goes unpunished. With the truth in it, the term also tells one rotation from "
                    r"another: $S$ pays, and so does a rotation in the opposite direction, $R^T$, though it is "
                    r"orthogonal. For $R_{\mathrm{GT}} = R$:",
                    r"Nur die Drehung bleibt straffrei. Mit der Wahrheit darin unterscheidet der Term auch Drehungen "
                    r"voneinander: $S$ zahlt, und ebenso die Drehung in Gegenrichtung, $R^T$, obwohl sie orthogonal "
                    r"ist. Für $R_{\mathrm{GT}} = R$:",
                )
            ),
            Equation((*against, back)),
        )

    def scheme(self, s: Numbers) -> tuple[Step, ...]:
        return (
            Step.of(
                3,
                r"a norm of $R_{\mathrm{pred}}^T R_{\mathrm{GT}} - I$; −½ each: no norm named, no identity, transpose "
                r"wrong, prediction and truth not told apart",
                r"eine Norm von $R_{\mathrm{pred}}^T R_{\mathrm{GT}} - I$; je −½: keine Norm genannt, keine "
                r"Einheitsmatrix, Transponierte falsch, Vorhersage und Wahrheit nicht unterschieden",
            ),
        )


def _norm(left: str, right: str) -> Layout:
    left = f"({left})" if "^" in left else left
    return read_latex(rf"\|{left}^T \cdot {right} - I\|^2")
