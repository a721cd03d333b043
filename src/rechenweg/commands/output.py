"""What commands print and write: plain text, progress, files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from rechenweg.errors import InputError
from rechenweg.numbers.notation import to_text
from rechenweg.questions.marks import Shown
from rechenweg.text import Language, T
from rechenweg.working.document import Code, Document, Prose
from rechenweg.working.writers import write

console = Console(stderr=True)
"""Progress and remarks go to standard error, so that results can be piped."""

WIDEST = 100
"""Characters of a line of prose at most, however wide the terminal is."""


def plain(content: Shown | None, language: Language) -> str:
    """Prose, a formula or code as plain text."""
    if content is None:
        return ""
    if isinstance(content, Code):
        return content.source.rstrip()
    if isinstance(content, T):
        return write(Document((Prose(content),)), "text", language, 10_000)
    return to_text(content, language)


@contextmanager
def progress(what: str, total: int) -> Iterator[_Bar]:
    """A progress bar over `total` steps."""
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        yield _Bar(bar, bar.add_task(what, total=total))


class _Bar:
    """A running progress bar."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def advance(self, steps: int = 1) -> None:
        """Some more steps are done."""
        self._bar.advance(self._task, steps)

    def reach(self, done: int) -> None:
        """So many steps are done in all."""
        self._bar.update(self._task, completed=done)


@contextmanager
def folder_to_fill(path: Path) -> Iterator[None]:
    """A folder for what is written inside; folders that were made for it go again if that fails.

    Raises:
        InputError: it cannot be made, or not be written to.
    """
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not os.access(path, os.W_OK):
            raise PermissionError(None, "not writable")
    except FileExistsError as error:
        raise InputError(str(path), "a folder to write to", "a file") from error
    except OSError as error:
        raise InputError(str(path), "a folder that can be written to", str(error.strerror)) from error
    try:
        yield
    except BaseException:
        with suppress(OSError):  # not empty: there is something of an earlier run in it
            for folder in made:
                folder.rmdir()
        raise


def write_whole(path: Path, content: str, encoding: str = "utf-8") -> None:
    """Write a file so that it is there whole or not at all.

    Raises:
        InputError: its folder cannot be written to.
    """
    if path.is_dir():
        raise InputError(str(path), "a file to write to", "a folder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    except OSError as error:
        raise InputError(str(path), "a place that can be written to", str(error.strerror)) from error
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
            file.write(content)
        os.chmod(unfinished, 0o644)
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
