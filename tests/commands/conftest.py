"""What the tests of the commands share: the command line as a function, and papers and marks made once."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pytest

from rechenweg.cli import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PEOPLE = "Matrikelnummer;Nachname;Vorname\n03710004;Dörfler;Jörg\n03710009;Ivanović;Milica\n"


class Result(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """The last line of standard error: the error, if there is one."""
        return self.err.splitlines()[-1] if self.err.strip() else ""


def run(*arguments: object) -> Result:
    """The command line, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main([str(a) for a in arguments])
    return Result(status, out.getvalue(), err.getvalue())


def refused(*arguments: object) -> str:
    """The message of a command that has to refuse its input: exit status 2, nothing on standard output, one line."""
    result = run(*arguments)
    assert (result.status, result.out) == (2, "")
    assert result.message.startswith("rechenweg: ") and "Traceback" not in result.err
    return result.message.removeprefix("rechenweg: ")


def pdf_text(path: Path) -> str:
    """The text of a PDF, its lines put together."""
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return " ".join(" ".join(pages).split())


@pytest.fixture(scope="session", autouse=True)
def wide() -> Iterator[None]:
    """A terminal in which no table has to wrap."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "240"
    yield
    if before is None:
        del os.environ["COLUMNS"]
    else:
        os.environ["COLUMNS"] = before


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of the two candidates of examples/answers."""
    file = tmp_path_factory.mktemp("people") / "candidates.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def printed(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `rechenweg set` for two candidates."""
    folder = tmp_path_factory.mktemp("set") / "fau"
    result = run(
        "set", "fau-2021", "--candidates", people, "--out", folder, "--seed", 7, "--language", "de", "--workers", 1
    )
    assert result.status == 0, result.err
    return folder


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table of `rechenweg mark` for the two answer files of examples/."""
    table = tmp_path_factory.mktemp("mark") / "results.csv"
    result = run("mark", "fau-2021", EXAMPLES / "answers", "--out", table, "--workers", 1)
    assert result.status == 0, result.err
    return table
