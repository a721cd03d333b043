"""tum-2024, 1.3: transformers. Attention is computed on exact numbers, so that "the same" means the same."""

from __future__ import annotations

from itertools import product
from typing import ClassVar

import numpy as np

from rechenweg.bank.tum_2024.multiple_choice.showing import finding, rounded, same, table
from rechenweg.numbers import Array, Verdict, equal, exact, result, softmax, total
from rechenweg.numbers.notation import Num, read_latex
from rechenweg.questions.kinds.choice import ChoiceQuestion, Evidence, Statement
from rechenweg.text import T
from rechenweg.working.document import Cell, Equation, Rel

TOKENS = exact([[1, 0], [0, 1], [1, 1]])
"""Three tokens with two features each."""

QUERY, KEY, VALUE = exact([[1, 0], [1, 1]]), exact([[0, 1], [1, 0]]), exact([[2, -1], [0, 1]])
SHUFFLED = [2, 0, 1]


def scores(tokens: Array) -> Array:
    """Every query with every key: (tokens, tokens). The division by √d changes nothing here and is left out."""
    made: Array = (tokens @ QUERY) @ (tokens @ KEY).T
    return made


def weights(tokens: Array, masked: bool = False) -> Array:
    """Attention weights; masked, a token sees itself and what stands before it."""
    made: Array = exact(np.zeros((len(tokens), len(tokens)), dtype=int))
    for i, row in enumerate(scores(tokens)):
        seen = i + 1 if masked else len(tokens)
        made[i, :seen] = softmax(row[:seen])
    return made


def attention(tokens: Array, masked: bool = False) -> Array:
    """Attention weights times values: (tokens, features)."""
    made: Array = weights(tokens, masked) @ (tokens @ VALUE)
    return made


def _shown(name: str, values: Array) -> Equation:
    return Equation.of(read_latex(name), Rel("≈", rounded(values)))


ORDER = T(
    "The tokens are put in, then once more in the order 3, 1, 2; compared are the exact outputs, shown are rounded "
    "ones:",
    "Die Token werden eingegeben, dann noch einmal in der Reihenfolge 3, 1, 2; verglichen werden die exakten "
    "Ausgaben, gezeigt sind gerundete:",
)


def _equivariant() -> Evidence:
    out, shuffled = attention(TOKENS), attention(TOKENS[SHUFFLED])
    moved = same(shuffled, out[SHUFFLED]) and not same(shuffled, out)
    return finding(moved, ORDER, _shown("A(x)", out), _shown(r"A(x_{312})", shuffled))


def _equivariant_with_positions() -> Evidence:
    positions = exact([[0, 0], [1, 1], [2, -1]])
    out, shuffled = attention(TOKENS + positions), attention(TOKENS[SHUFFLED] + positions)
    return finding(same(shuffled, out[SHUFFLED]), ORDER, _shown("A(x + p)", out), _shown(r"A(x_{312} + p)", shuffled))


def _changed(place: int) -> Array:
    """The tokens with another one at a place."""
    tokens: Array = TOKENS.copy()
    tokens[place] = exact([2, -1])
    return tokens


def _untouched(place: int) -> list[bool]:
    """Which outputs of masked attention stay the same when the token at a place changes."""
    before, after = attention(TOKENS, masked=True), attention(_changed(place), masked=True)
    return [same(b, a) for b, a in zip(before, after, strict=True)]


def _table_of_changes() -> tuple[list[list[bool]], Evidence]:
    stays = [_untouched(place) for place in range(len(TOKENS))]
    words = {True: T("stays", "bleibt"), False: T("changes", "ändert sich")}
    header = (T("changed token", "geänderter Token"), *(T(f"output {i}", f"Ausgabe {i}") for i in (1, 2, 3)))
    rows: list[list[Cell]] = [[str(i), *(words[s] for s in row)] for i, row in enumerate(stays, start=1)]
    said = T("Masked attention over three tokens:", "Maskierte Attention über drei Token:")
    return stays, finding(True, said, table(header, rows))


def _only_previous() -> Evidence:
    stays, shown = _table_of_changes()
    return finding(all(stays[later][i] for later in range(3) for i in range(later)), *shown.finding)


def _hides_previous() -> Evidence:
    stays, shown = _table_of_changes()
    return finding(all(stays[earlier][i] for i in range(3) for earlier in range(i)), *shown.finding)


def _weights_sum_to_one() -> Evidence:
    sums = [total(row) for row in weights(TOKENS)]
    return finding(
        all(equal(s, exact(1)) is Verdict.EQUAL for s in sums),
        _shown("w", weights(TOKENS)),
        T("The exact sum of each row is 1.", "Die exakte Summe jeder Zeile ist 1."),
    )


def _parameters_grow() -> Evidence:
    parameters = QUERY.size + KEY.size + VALUE.size
    lengths = (3, 6, 12)
    fits = [attention(np.concatenate([TOKENS] * (n // 3))).shape[0] == n for n in lengths]
    return finding(
        not all(fits),  # the same three matrices did for every length
        T(
            f"The same three matrices with {parameters} numbers in all were used for sequences of 3, 6 and 12 tokens.",
            f"Dieselben drei Matrizen mit zusammen {parameters} Zahlen wurden für Folgen aus 3, 6 und 12 Token "
            f"benutzt.",
        ),
    )


def _quadratic() -> Evidence:
    sizes = {n: scores(np.concatenate([TOKENS] * (n // 3))).size for n in (3, 6, 12)}
    return finding(
        all(sizes[2 * n] == 4 * sizes[n] for n in (3, 6)),
        table((T("tokens", "Token"), T("scores", "Scores")), ((str(n), str(size)) for n, size in sizes.items())),
    )


def _needs_recurrence() -> Evidence:
    whole = attention(TOKENS)
    alone = [softmax(scores(TOKENS)[i]) @ (TOKENS @ VALUE) for i in (2, 0, 1)]
    return finding(
        not all(same(a, whole[i]) for a, i in zip(alone, (2, 0, 1), strict=True)),
        T(
            "Each output was computed by itself, in the order 3, 1, 2, from the inputs alone; all agree with the "
            "outputs computed together.",
            "Jede Ausgabe wurde für sich berechnet, in der Reihenfolge 3, 1, 2, allein aus den Eingaben; alle stimmen "
            "mit den gemeinsam berechneten überein.",
        ),
    )


def _scaling() -> Evidence:
    variances = {}
    for d in (1, 2, 3, 4):
        products = [
            sum(a * b for a, b in zip(q, k, strict=True)) for q, k in product(product((-1, 1), repeat=d), repeat=2)
        ]
        variances[d] = exact(sum(p * p for p in products)) / len(products)  # their mean is 0
    return finding(
        all(variance / d == 1 for d, variance in variances.items()),
        T(
            "All pairs of vectors with entries ±1; the variance of their products, and of the products divided by "
            "$\\sqrt d$:",
            "Alle Paare von Vektoren mit Einträgen ±1; die Varianz ihrer Produkte und der durch $\\sqrt d$ geteilten "
            "Produkte:",
        ),
        table(
            (read_latex("d"), T("variance", "Varianz"), T("divided", "geteilt")),
            ((Num(str(d)), result(v), result(v / d)) for d, v in variances.items()),
        ),
    )


class Transformers(ChoiceQuestion):
    """1.3. The first statement says *equivariant*, as was announced during the exam."""

    number, credits = "1.3", "2"
    stem: ClassVar[T] = T("What is true of transformers?", "Was trifft auf Transformer zu?")
    none_allowed = True
    paper_statements = ("attention-equivariant", "text-only", "convolutions-for-context", "masked-decoder")
    pool = (
        Statement(
            "attention-equivariant",
            T(
                "Attention alone, without positions, is *equivariant* to the order of its tokens.",
                "Attention allein, ohne Positionen, ist *äquivariant* bezüglich der Reihenfolge ihrer Token.",
            ),
            T(
                "Right: shuffled tokens give the same outputs, shuffled alike. Each output is a weighted sum over a "
                "set.",
                "Richtig: Vertauschte Token ergeben dieselben Ausgaben, ebenso vertauscht. Jede Ausgabe ist eine "
                "gewichtete Summe über eine Menge.",
            ),
            evidence=_equivariant,
        ),
        Statement(
            "text-only",
            T("They can work on nothing but text.", "Sie können nur mit Text arbeiten."),
            T(
                "Wrong: anything that can be cut into tokens will do: patches of images, pieces of audio, points, "
                "atoms.",
                "Falsch: Es eignet sich alles, was sich in Token zerlegen lässt: Bildausschnitte, Tonabschnitte, "
                "Punkte, Atome.",
            ),
            holds=False,
        ),
        Statement(
            "convolutions-for-context",
            T(
                "They use convolutions to collect information from the neighbourhood of a token.",
                "Informationen aus der Umgebung eines Tokens sammeln sie mit Faltungen.",
            ),
            T(
                "Wrong: context comes in by attention, which reaches every token in one step, near or far.",
                "Falsch: Der Kontext kommt über Attention herein, die jeden Token in einem Schritt erreicht, ob nah "
                "oder fern.",
            ),
            holds=False,
        ),
        Statement(
            "masked-decoder",
            T(
                "Thanks to the mask in its attention, what the decoder puts out depends only on its earlier "
                "outputs and the encoder.",
                "Durch die Maske in der Attention hängt die Ausgabe des Decoders nur von seinen früheren Ausgaben und "
                "vom Encoder ab.",
            ),
            T(
                "Right: the mask takes the weight from everything that comes later; else training would show the "
                "decoder its own answer.",
                "Richtig: Die Maske nimmt allem, was später kommt, das Gewicht; sonst bekäme der Decoder im Training "
                "die Lösung gezeigt.",
            ),
            evidence=_only_previous,
        ),
        Statement(
            "weights-sum-to-one",
            T(
                "The attention weights with which one token looks at all tokens add up to 1.",
                "Die Attention-Gewichte, mit denen ein Token auf alle Token schaut, ergeben zusammen 1.",
            ),
            T(
                "Right: they come out of a softmax over the keys.",
                "Richtig: Sie kommen aus einem Softmax über die Schlüssel (Keys).",
            ),
            evidence=_weights_sum_to_one,
        ),
        Statement(
            "parameters-grow",
            T(
                "An attention layer needs additional parameters for every additional token.",
                "Eine Attention-Schicht braucht für jeden weiteren Token weitere Parameter.",
            ),
            T(
                "Wrong: the matrices for queries, keys and values belong to the features and serve every token.",
                "Falsch: Die Matrizen für Queries, Keys und Values gehören zu den Merkmalen und dienen jedem Token.",
            ),
            evidence=_parameters_grow,
        ),
        Statement(
            "scores-quadratic",
            T(
                "A sequence twice as long has four times as many attention scores.",
                "Zu einer doppelt so langen Folge gehören viermal so viele Attention-Scores.",
            ),
            T(
                "Right: every token is scored against every token, $n \\cdot n$ in all.",
                "Richtig: Jeder Token wird mit jedem Token verglichen, insgesamt $n \\cdot n$ Mal.",
            ),
            evidence=_quadratic,
        ),
        Statement(
            "needs-recurrence",
            T(
                "The encoder has to work through the tokens one after the other, since each result enters the next.",
                "Der Encoder muss die Token nacheinander abarbeiten, da jedes Ergebnis in das nächste eingeht.",
            ),
            T(
                "Wrong: within a layer every output comes from the inputs alone, all at once. That is its advantage "
                "over recurrent networks.",
                "Falsch: Innerhalb einer Schicht entsteht jede Ausgabe allein aus den Eingaben, alle zugleich. Das "
                "ist ihr Vorteil gegenüber rekurrenten Netzen.",
            ),
            evidence=_needs_recurrence,
        ),
        Statement(
            "scaling-by-root",
            T(
                "Dividing the scores by $\\sqrt d$ keeps their variance independent of the dimension $d$ when the "
                "entries of queries and keys are independent, with mean 0 and variance 1.",
                "Teilt man die Scores durch $\\sqrt d$, so hängt ihre Varianz nicht von der Dimension $d$ ab, wenn "
                "die Einträge von Queries und Keys unabhängig sind, mit Mittelwert 0 und Varianz 1.",
            ),
            T(
                "Right: the variance of a product of $d$ such pairs is $d$. Without the division the softmax would "
                "saturate.",
                "Richtig: Die Varianz eines Skalarprodukts aus $d$ solchen Paaren ist $d$. Ohne die Teilung würde der "
                "Softmax sättigen.",
            ),
            evidence=_scaling,
        ),
        Statement(
            "equivariant-with-positions",
            T(
                "After position vectors have been added, attention still only shuffles its outputs when the words are "
                "shuffled.",
                "Auch nachdem Positionsvektoren addiert wurden, vertauscht Attention bei vertauschten Wörtern nur "
                "ihre Ausgaben.",
            ),
            T(
                "Wrong: a word at another place is now another token, and all outputs change. That is what positions "
                "are for.",
                "Falsch: Ein Wort an anderer Stelle ist nun ein anderer Token, und alle Ausgaben ändern sich. Dafür "
                "sind Positionen da.",
            ),
            evidence=_equivariant_with_positions,
        ),
        Statement(
            "mask-hides-previous",
            T(
                "The decoder's mask hides the words that have already been produced.",
                "Die Maske des Decoders verbirgt die bereits erzeugten Wörter.",
            ),
            T(
                "Wrong: it hides those that are still to come. What has been produced is exactly what it may look at.",
                "Falsch: Sie verbirgt die noch kommenden. Gerade auf das bereits Erzeugte darf er schauen.",
            ),
            evidence=_hides_previous,
        ),
    )
