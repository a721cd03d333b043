"""The command line: thin. Each command reads its arguments, calls one room, and prints.

Exit status: 0 done, 1 done and something was found (disagreements, warnings asked for), 2 bad input, said in one line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from rechenweg.commands import checking, marking, printing, proofreading, working
from rechenweg.errors import RechenwegError
from rechenweg.exams import EXAMS, exam
from rechenweg.text import Language
from rechenweg.working.document import credit_text
from rechenweg.working.loading import in_child

app = typer.Typer(
    name="rechenweg",
    help="Sets, works out and marks deep-learning exams.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

LanguageOption = Annotated[Language, typer.Option("--language", "-l", help="en or de")]
ExamArgument = Annotated[str, typer.Argument(metavar="EXAM", help=f"one of {', '.join(EXAMS)}")]
JsonOption = Annotated[bool, typer.Option("--json", help="print JSON for scripts")]
WorkersOption = Annotated[int | None, typer.Option("--workers", min=1, help="processes (default: one per core)")]


@app.command(epilog="Example: rechenweg papers --language de")
def papers(language: LanguageOption = "en", as_json: JsonOption = False) -> None:
    """The exams in the bank, their problems and points, and what is inconsistent about them."""
    found = [exam(identifier) for identifier in EXAMS]
    if as_json:
        typer.echo(json.dumps([checking.described(e, language) for e in found], ensure_ascii=False, indent=2))
        return
    console = Console()
    for e in found:
        table = Table(title=f"{e.id}: {e.title.in_(language)}", title_justify="left")
        for heading, justify in checking.PAPER_COLUMNS:
            table.add_column(heading.in_(language), justify=justify)
        for problem in e.problems:
            kinds = checking.kinds_of(problem)
            numbers = [q.number for q in problem.questions]
            table.add_row(
                str(problem.number),
                problem.title.in_(language),
                f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else numbers[0],
                credit_text(problem.credits),
                ", ".join(kinds),
            )
        console.print(table)
        for warning in e.warnings():
            console.print(f"  [yellow]![/] {warning.in_(language)}")


@app.command(epilog="Example: rechenweg work examples/residual.py:network --x 1 --target 1")
def work(
    network: Annotated[str, typer.Argument(help="FILE.py:NAME")],
    x: Annotated[
        list[str] | None, typer.Option("--x", help="input: 2,3,1 or [[1,2],[3,4]]; NAME=… with several inputs")
    ] = None,
    target: Annotated[str | None, typer.Option("--target", help="what the loss compares with")] = None,
    given: Annotated[list[str] | None, typer.Option("--given", help="put in: dL/dm=2,1")] = None,
    form: Annotated[str, typer.Option("--as", help="text, html, latex or typst")] = "text",
    general: Annotated[bool, typer.Option("--general", help="formulas only, no values")] = False,
    decimals: Annotated[bool, typer.Option("--decimals", help="short decimals instead of fractions")] = False,
    language: LanguageOption = "en",
) -> None:
    """Any network worked out, forwards and backwards: formula, values put in, result."""
    arguments = (network, x or [], target, given or [], form, not general, decimals, language)
    typer.echo(in_child(working.worked_out, *arguments, where=network))


@app.command(epilog="Example: rechenweg shapes examples/lenet.py:network --input 1,1,32,32")
def shapes(
    network: Annotated[str, typer.Argument(help="FILE.py:NAME")],
    shape: Annotated[list[str], typer.Option("--input", help="shape of the input: 10,3,32,32 (once per input)")],
    form: Annotated[str, typer.Option("--as", help="text, html, latex or typst")] = "text",
    language: LanguageOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Layer by layer: shape with its formula, parameters with theirs, receptive field."""
    typer.echo(in_child(working.shape_table, network, shape, "json" if as_json else form, language, where=network))


@app.command(name="set", epilog="Example: rechenweg set tum-2024 --candidates examples/candidates.csv --out build/set")
def set_(
    exam_id: ExamArgument,
    candidates: Annotated[Path, typer.Option("--candidates", help="CSV with registration number and name")],
    out: Annotated[Path, typer.Option("--out", help="folder for the papers")],
    seed: Annotated[int, typer.Option("--seed", help="chooses the versions; the same seed gives the same papers")] = 0,
    solutions: Annotated[bool, typer.Option(help="also print every worked solution")] = True,
    language: LanguageOption = "en",
    workers: WorkersOption = None,
) -> None:
    """Papers for all candidates, each a version of its own, with worked solutions, sticker sheet, attendance list."""
    printing.set_papers(exam(exam_id), candidates, out, seed, solutions, language, workers)


@app.command(epilog="Example: rechenweg mark tum-2024 answers/ --out results.csv")
def mark(
    exam_id: ExamArgument,
    answers: Annotated[list[Path], typer.Argument(help="answer files, or folders of them")],
    out: Annotated[Path, typer.Option("--out", help="table of results (CSV)")],
    papers: Annotated[
        Path | None, typer.Option("--papers", help="folder of `set`: checks who has which version")
    ] = None,
    pages: Annotated[bool, typer.Option(help="also print a page per candidate with the reason of every mark")] = True,
    language: LanguageOption = "en",
    workers: WorkersOption = None,
) -> None:
    """Marks with reasons from answer files."""
    marking.mark_answers(exam(exam_id), answers, out, papers, pages, language, workers)


@app.command(epilog="Example: rechenweg check fau-2021/4 --versions 200")
def check(
    questions: Annotated[
        list[str] | None, typer.Argument(help="exam, exam/problem, exam/question or FILE.py; all by default")
    ] = None,
    versions: Annotated[int, typer.Option("--versions", min=1, help="versions drawn of each problem")] = 200,
    show: Annotated[
        int | None, typer.Option("--show", min=0, help="print this version with its solution instead")
    ] = None,
    language: LanguageOption = "en",
    as_json: JsonOption = False,
    workers: WorkersOption = None,
) -> None:
    """Versions by the hundred: distinct ones, rejections by rule, perfect answers, run times; or one, to read."""
    if show is not None:
        typer.echo(checking.show(questions or [], show, language))
        return
    if not checking.check(questions or [], versions, language, as_json, workers):
        raise typer.Exit(1)


@app.command(epilog="Example: rechenweg proof fau-2021 --key examples/fau-2021-key.json")
def proof(
    exam_id: ExamArgument,
    key: Annotated[Path, typer.Option("--key", help="a printed key, written as an answer file")],
    language: LanguageOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Proof-read a printed key against the computed answers."""
    if not proofreading.proof(exam(exam_id), key, language, as_json):
        raise typer.Exit(1)


@app.command(epilog="Example: rechenweg evidence fau-2021/1.5")
def evidence(
    statement: Annotated[str | None, typer.Argument(help="exam/question, or exam/question/statement")] = None,
    language: LanguageOption = "en",
) -> None:
    """Run the evidence behind multiple-choice statements."""
    proofreading.evidence(statement, language)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line (by default with the arguments of this process); the exit status."""
    try:
        status = app(arguments, standalone_mode=False)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except typer.TyperException as error:
        message = " ".join(error.format_message().split())
        if message:  # none where the help was shown instead
            print(f"rechenweg: {message}", file=sys.stderr)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        print("rechenweg: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except RechenwegError as error:
        print(f"rechenweg: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"rechenweg: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 2
    return int(status or 0)
