"""``make run``: both exams set, answered by simulated candidates, marked; all of it opens from ``build/index.html``."""

from __future__ import annotations

import json
import shutil
import sys
import time
from dataclasses import dataclass
from html import escape
from pathlib import Path

from rich.console import Console

from rechenweg.commands.marking import decimal, mark_answers, summary
from rechenweg.commands.output import progress, write_whole
from rechenweg.commands.printing import file_name, set_papers
from rechenweg.errors import RechenwegError
from rechenweg.exams import EXAMS, exam
from rechenweg.exams.candidates import Assignment
from rechenweg.exams.exam import Exam
from rechenweg.marking.marking import ExamMark
from rechenweg.marking.simulated import BEHAVIOURS, simulate
from rechenweg.text import Language, T
from rechenweg.working.writers import html_page

BUILD = Path("build")
CANDIDATES = 10
STYLE = """<style>
body { max-width: 82rem; }
main > p, body > p { max-width: 46rem; }
table { font-size: .82rem; width: auto; }
th, td { padding: .2rem .4rem; }
td { white-space: nowrap; }
th { vertical-align: bottom; }
.n { text-align: right; }
.warning { border-left: 3px solid var(--warn); padding-left: .7rem; }
</style>"""
"""The tables are wider than prose may be."""

LANGUAGES: dict[str, Language] = {"fau-2021": "de", "tum-2024": "en"}
"""Each of the two papers is shown in another language; further exams in English."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was made of one exam."""

    exam: Exam
    assignments: list[Assignment]
    marks: list[ExamMark]


def run(build: Path = BUILD, candidates: int = CANDIDATES) -> list[Shown]:
    """Set, answer and mark both exams below `build`."""
    console = Console()
    shown: list[Shown] = []
    for identifier in EXAMS:
        e, language = exam(identifier), LANGUAGES.get(identifier, "en")
        folder = build / identifier
        shutil.rmtree(folder, ignore_errors=True)
        people = folder / "candidates.csv"
        write_whole(people, _simulated_candidates(e, candidates, language))
        assignments = set_papers(e, people, folder, 1, True, language, None, quiet=True)
        _answer(e, assignments, folder / "answers")
        marks = mark_answers(e, [folder / "answers"], folder / "results.csv", folder, True, language, None, quiet=True)
        console.print(summary(e, marks, language))
        for warning in e.warnings():
            console.print(f"[yellow]![/] {warning.in_(language)}")
        shown.append(Shown(e, assignments, marks))
    write_whole(build / "index.html", index(shown))
    return shown


def _simulated_candidates(e: Exam, count: int, language: Language) -> str:
    rows = ["number;name"]
    for i in range(1, count + 1):
        rows.append(
            f"SIM-{e.id[:3].upper()}-{i:04d};"
            + T(f"Simulated candidate {i}", f"Simulierter Kandidat {i}").in_(language)
        )
    return "\n".join(rows) + "\n"


def _answer(e: Exam, assignments: list[Assignment], folder: Path) -> None:
    with progress(f"{e.id}: simulated answers", len(assignments)) as bar:
        for i, a in enumerate(assignments):
            answers = simulate(e, a.candidate.number, a.version, BEHAVIOURS[i % len(BEHAVIOURS)])
            write_whole(
                folder / f"{file_name(a.candidate.number)}.json", json.dumps(answers, ensure_ascii=False, indent=1)
            )
            bar.advance()


def index(shown: list[Shown]) -> str:
    """The page from which every paper, solution and marked page opens."""
    parts = [
        STYLE,
        "<h1>Rechenweg</h1>",
        "<p>Two real exams, one version per candidate. Every answer, every worked solution and every mark below was "
        "computed; none was typed in. The candidates are <strong>simulated</strong>: each makes slips and leaves "
        "questions out at the rates stated.</p>",
    ]
    for one in shown:
        e = one.exam
        parts.append(f"<h2>{escape(e.title.en)} <small>{escape(e.id)}</small></h2>")
        parts.append(
            f"<p>{escape(e.institution.en)}, {e.date:%d %B %Y}, {e.minutes} minutes, {e.total} {e.credit_word}.</p>"
        )
        parts += [f'<p class="warning">{escape(w.en)}</p>' for w in e.warnings()]
        parts.append(
            f'<p><a href="{e.id}/attendance-list.pdf">attendance list</a> · '
            f'<a href="{e.id}/stickers.pdf">stickers</a> · <a href="{e.id}/results.csv">results.csv</a> · '
            f'<a href="{e.id}/candidates.csv">candidates.csv</a> · <a href="{e.id}/versions.csv">versions.csv</a></p>'
        )
        heads = "".join(f"<th class=n>P{p.number}</th>" for p in e.problems)
        parts.append(
            '<div class="rw-table"><table><thead><tr><th>simulated candidate</th><th>slips</th>'
            "<th>left out</th><th class=n>version</th>"
            "<th>open</th>"
            f"{heads}<th class=n>total</th><th class=n>to be marked</th></tr></thead><tbody>"
        )
        for i, (a, mark) in enumerate(zip(one.assignments, one.marks, strict=True)):
            behaviour = BEHAVIOURS[i % len(BEHAVIOURS)]
            name = file_name(a.candidate.number)
            links = " · ".join(
                f'<a href="{e.id}/{path}">{label}</a>'
                for label, path in (
                    ("paper", f"papers/{name}.pdf"),
                    ("solution", f"solutions/{name}.pdf"),
                    ("answers", f"answers/{name}.json"),
                    ("marked", f"results/{name}.pdf"),
                )
            )
            credits = "".join(f"<td class=n>{decimal(c)}</td>" for c in mark.by_problem.values())
            parts.append(
                f"<tr><td>{escape(a.candidate.number)}</td><td>{behaviour.slip:.0%}</td><td>{behaviour.blank:.0%}</td>"
                f"<td class=n>{a.version}</td><td>{links}</td>{credits}"
                f"<td class=n><strong>{decimal(mark.total)}</strong></td><td class=n>{decimal(mark.open)}</td></tr>"
            )
        parts.append("</tbody></table></div>")
    return html_page("Rechenweg", "\n".join(parts), "en")


def main() -> int:
    """Run the demonstration; the exit status."""
    started = time.perf_counter()
    try:
        run()
    except RechenwegError as error:
        print(f"rechenweg: {error}", file=sys.stderr)
        return 2
    Console().print(f"\nOpen [bold]{BUILD / 'index.html'}[/] ({time.perf_counter() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
