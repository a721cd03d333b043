"""Documents as LaTeX, for plain pdflatex or lualatex: amsmath and booktabs, nothing else that must be
installed.

A drawing appears as a frame that holds its description: a picture that LaTeX could draw would need TikZ, and
the other forms show the real one.
"""

from __future__ import annotations

from collections.abc import Iterable

from rechenweg.numbers.notation import Op, to_latex
from rechenweg.text import Language, T
from rechenweg.working.document import (
    CALLOUT_TITLES,
    Block,
    Callout,
    Cell,
    Code,
    Document,
    Equation,
    Figure,
    Heading,
    Listing,
    PageBreak,
    Prose,
    Table,
    credit_text,
    with_credits,
)
from rechenweg.working.prose import plain
from rechenweg.working.prose.latex import escape, math, prose
from rechenweg.working.writers.chains import cells, chain_lines, extent

LATEX_WIDTH = 76

_PREAMBLE = r"""\documentclass[11pt,a4paper,fleqn]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{textcomp}
\usepackage{amsmath,amssymb}
\usepackage{booktabs}
\usepackage[margin=25mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.55em plus 0.15em}
\allowdisplaybreaks
% The credit of a step, in a box at the right margin.
\newcommand{\rwcredit}[2]{\par\nopagebreak\vspace{-0.4\baselineskip}\noindent\hspace*{\fill}%
  {\footnotesize #2}\enspace\fbox{\strut\textbf{#1}}\par}
% Something set apart: title, text.
\newcommand{\rwcallout}[2]{\par\smallskip\noindent\hspace*{1em}%
  \parbox{\dimexpr\linewidth-2em}{\setlength{\parskip}{0.4em}\textbf{#1}\enspace #2}\par\smallskip}
\newcommand{\rwfigure}[1]{\par\medskip\begin{center}%
  \fbox{\parbox{0.8\linewidth}{\centering\small #1}}\end{center}}
\newcommand{\rwcaption}[1]{\begin{center}\parbox{0.85\linewidth}{\centering\small #1}\end{center}}
"""


def write(document: Document, language: Language, width: int | None = None) -> str:
    r"""The document's body; it needs the commands of :func:`latex_page`'s preamble.

    >>> from rechenweg.text import T
    >>> print(write(Document.of(T("50 % of **$x_1$**", "")), "en"))
    50 \% of \textbf{$x_1$}
    """
    return _blocks(document, language, width or LATEX_WIDTH)


def latex_page(title: str, body: str, language: Language) -> str:
    """A LaTeX file that compiles by itself; `title` is plain text, `body` what :func:`write` returned."""
    heading = f"{{\\LARGE\\bfseries {escape(title)}\\par}}\\bigskip\n\n" if title else ""
    return f"% language: {language}\n{_PREAMBLE}\\begin{{document}}\n{heading}{body}\n\\end{{document}}\n"


def cell(content: Cell, language: Language) -> str:
    """A table's cell."""
    if isinstance(content, T):
        return phrase(content, language)
    if isinstance(content, str):
        return escape(content)
    return math(content, language)


def phrase(text: T, language: Language) -> str:
    """Marked-up prose for where no paragraph may end."""
    return prose(text.in_(language), language).replace("\n\n", r" \newline ")


# ---- blocks ----


def _blocks(blocks: Iterable[Block], language: Language, width: int) -> str:
    parts: list[str] = []
    for block, credits in with_credits(blocks):
        parts.append(_block(block, language, width))
        parts.extend(_credit(credit, language) for credit in credits)
    return "\n\n".join(part for part in parts if part)


def _block(block: Block, language: Language, width: int) -> str:
    match block:
        case Prose(text):
            return prose(text.in_(language), language)
        case Heading(text, level):
            command = ("section", "subsection", "subsubsection", "paragraph")[level - 1]
            return f"\\{command}*{{{phrase(text, language)}}}"
        case Equation():
            return _equation(block, language, width)
        case Table():
            return _table(block, language, width)
        case Code(source, _):
            lines = (_code_line(line) for line in source.rstrip().expandtabs(4).split("\n"))
            return "\\begin{flushleft}\\ttfamily\\small\n" + " \\\\\n".join(lines) + "\n\\end{flushleft}"
        case Figure(_, caption, alt):
            below = f"\n\\rwcaption{{{phrase(caption, language)}}}" if caption else ""
            return f"\\rwfigure{{{phrase(alt, language)}}}{below}"
        case Callout(kind, text, _):
            if kind == "credit":
                return _credit(block, language)
            title = escape(CALLOUT_TITLES[kind].in_(language))
            return f"\\rwcallout{{{title}}}{{{prose(text.in_(language), language)}}}"
        case Listing():
            name = "enumerate" if block.ordered else "itemize"
            inner = "\n".join("\\item " + _entry(entry, language, width - 6) for entry in block.entries())
            return f"\\begin{{{name}}}\n{inner}\n\\end{{{name}}}" if inner else ""
        case PageBreak():
            return "\\clearpage"


def _entry(blocks: tuple[Block, ...], language: Language, width: int) -> str:
    """An entry of a list; the empty box keeps the bullet beside a block that is not a line of text."""
    return ("" if isinstance(blocks[0], Prose) else "\\mbox{}") + _blocks(blocks, language, width)


def _code_line(line: str) -> str:
    code = line.lstrip(" ")
    indent = "~" * (len(line) - len(code))
    return "\\mbox{}" + indent + escape(code).replace(" ", "\\ ")


def _credit(callout: Callout, language: Language) -> str:
    assert callout.credit is not None
    return f"\\rwcredit{{{escape(credit_text(callout.credit))}}}{{{phrase(callout.text, language)}}}"


def _equation(equation: Equation, language: Language, width: int) -> str:
    lines: list[str] = []
    for line in chain_lines(equation, width, extent):
        parts: list[str] = []
        if line.lhs is not None:
            parts.append(to_latex(line.lhs, language))
        if line.links or line.lhs is None:
            parts.append("&")
        if line.more:
            parts.append(r"\qquad {}")
        for sign, formula in line.links:
            parts += [to_latex(Op(sign), language).strip(), to_latex(formula, language)]
        if line.note:
            fill = "&&" if line.links else "&&&"
            parts.append(f"{fill} \\text{{\\footnotesize {phrase(line.note, language)}}}")
        lines.append(" ".join(parts))
    return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"


def _table(table: Table, language: Language, width: int) -> str:
    rows = [" & ".join(cell(content, language) for content in row) + r" \\" for row in table.rows]
    header = [cell(content, language) for content in table.header]
    head = [" & ".join(f"\\textbf{{{text}}}" for text in header) + r" \\", r"\midrule"] if header else []
    caption = f"{phrase(table.caption, language)}\\par\\smallskip\n" if table.caption else ""
    body = "\n".join([r"\toprule", *head, *rows, r"\bottomrule"])
    columns = _columns(table, language, width)
    table_text = f"\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}"
    return f"\\par\\medskip\\noindent {caption}{table_text}\\par\\medskip"


def _columns(table: Table, language: Language, width: int) -> str:
    """The column specification: columns of prose that would not fit get a width of their own and wrap."""
    every = [table.header, *table.rows] if table.header else list(table.rows)
    widths = [max((_length(row[at], language) for row in every), default=0.0) for at in range(table.columns)]
    room = width - 3 * len(widths)
    narrow = sum(w for w in widths if w <= _NARROW)
    wide = sum(w for w in widths if w > _NARROW)
    if narrow + wide <= room or not wide:
        return table.alignment
    share = max(room - narrow, 0.3 * room) / wide / width
    return "".join(
        letter if w <= _NARROW else f"p{{{w * share:.3f}\\linewidth}}"
        for letter, w in zip(table.alignment, widths, strict=True)
    )


_NARROW = 16


def _length(content: Cell, language: Language) -> float:
    if isinstance(content, T):
        return cells(plain(content.in_(language), language))
    return cells(content) if isinstance(content, str) else extent(content)
