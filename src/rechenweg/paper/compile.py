"""From Typst source to files: one document, or the papers of a whole exam at once.

One compiler is kept per thread: it holds the fonts, and Typst remembers what did not change between two documents.
A batch runs in processes, since drawing a version is Python's work; only the calling process writes files, and none
of them stands under its name before all are done.

The fonts are those that Typst brings along, so that the same source gives the same bytes everywhere; they hold Latin,
Greek, Cyrillic, Hebrew, Arabic and more. Only where a source has rarer letters (a name in Chinese), the system's
fonts are asked as well.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Literal, TypeVar

import typst

from rechenweg.paper.calls import AT
from rechenweg.paper.sheets import PaperError

J = TypeVar("J")
R = TypeVar("R")

EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The time written into every file, so that the same paper always has the same bytes."""

# First bytes of letters (in UTF-8) that the fonts at hand may lack: Indic, Thai, Georgian …, CJK, pictographs.
_RARE = {0xE0, 0xE1, *range(0xE3, 0xEE), 0xEF, *range(0xF0, 0xF8)}
_COMMON_BYTES = bytes(byte for byte in range(256) if byte not in _RARE)
_LINE = re.compile(r"\.typ:(\d+):\d+")
_kept = threading.local()


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be written: its path below the output folder, with / between folders, and its Typst source."""

    path: str
    source: str

    def __post_init__(self) -> None:
        path = PurePosixPath(self.path)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise PaperError(f"document: expected a path below the output folder, found {self.path!r}")


def compile_pdf(source: str) -> bytes:
    """The PDF of a source.

    Raises PaperError in one line that names the question whose markup Typst cannot read.

    >>> compile_pdf("A page.")[:5]
    b'%PDF-'
    >>> compile_pdf("// at: question 3.2\\n#nothing-like-that")
    Traceback (most recent call last):
    ...
    rechenweg.paper.sheets.PaperError: question 3.2: expected markup that Typst can set, found: unknown variable: ...
    """
    pdf = _compile(source, "pdf", None)
    assert isinstance(pdf, bytes)
    return pdf


def compile_pictures(source: str, ppi: float = 96.0) -> list[bytes]:
    """Every page of a source as a PNG of `ppi` pixels per inch."""
    pictures = _compile(source, "png", ppi)
    return pictures if isinstance(pictures, list) else [pictures]


def _compile(source: str, form: Literal["pdf", "png"], ppi: float | None) -> bytes | list[bytes]:
    encoded = source.encode()
    compiler = _compiler(system_fonts=bool(encoded.translate(None, _COMMON_BYTES)))
    try:
        made = compiler.compile(encoded, format=form, ppi=ppi, timestamp=EPOCH)
    except typst.TypstError as error:
        raise _explained(error, source) from error
    assert made is not None  # only a compilation into a file returns nothing
    return made


def _compiler(system_fonts: bool) -> typst.Compiler:
    """This thread's compiler; reading the fonts takes longer than setting a page."""
    name = "with_system_fonts" if system_fonts else "with_own_fonts"
    compiler: typst.Compiler | None = getattr(_kept, name, None)
    if compiler is None:
        # The root holds nothing but this package: markup cannot read a file of this machine into a paper.
        fonts = typst.Fonts(include_system_fonts=system_fonts)
        compiler = typst.Compiler(root=Path(__file__).parent, font_paths=fonts)
        setattr(_kept, name, compiler)
    return compiler


def _explained(error: typst.TypstError, source: str) -> PaperError:
    """Typst's message with the last named place before the outermost call that led to it."""
    message = " ".join(str(error.message).split())
    lines = [int(line) for line in _LINE.findall(str(error.diagnostic))]
    before = source.split("\n")[: max(lines, default=0)]
    places = [line.removeprefix(AT) for line in before if line.startswith(AT)]
    place = places[-1] if places else "page"
    return PaperError(f"{place}: expected markup that Typst can set, found: {message}")


# ---- many at once ----


def print_all(
    jobs: Sequence[J],
    build: Callable[[J], Iterable[Document]],
    out: Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[Path, ...]:
    """Build and compile the documents of every job and write them below `out`; their paths in the order of jobs.

    build: called in a worker process with one job, so it must be a function at the top of a module (or a partial of
        one) and a job must pickle. It returns the documents of that job.
    workers: processes; None takes one per core, 1 stays in this process. executor: used instead (Dask's
        `Client.get_executor()` works); it is not shut down.
    progress: called after every finished job with the number of jobs done.

    Either all files appear or none: they are written beside `out` and moved in at the end. Files of an earlier run
    are replaced. Raises whatever a job raises, after the other jobs have been called off.
    """
    out.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=out))
    try:
        written: dict[int, list[str]] = {}
        with _Pool(workers, executor, len(jobs)) as pool:
            for index, made in pool.each(partial(_make, build), jobs):
                written[index] = [path for path, _ in made]
                for path, pdf in made:
                    target = unfinished / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    if target.exists():
                        raise PaperError(f"{path}: expected one document of this name, found two")
                    target.write_bytes(pdf)
                if progress is not None:
                    progress(len(written))
        paths = [path for index in range(len(jobs)) for path in written[index]]
        for path in paths:
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(unfinished / path, out / path)
        return tuple(out / path for path in paths)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _make(build: Callable[[J], Iterable[Document]], job: J) -> list[tuple[str, bytes]]:
    """What a worker does."""
    made: list[tuple[str, bytes]] = []
    for document in build(job):
        made.append((document.path, compile_pdf(document.source)))
        _forget()
    return made


def _forget() -> None:
    """Let Typst drop what the last documents do not share with the next.

    It keeps the parts of a document until ten further ones have been compiled without using them: 300 MB for a
    20-page paper. Empty documents in between make it two papers; what all copies share is used by each and stays.
    """
    for _ in range(4):
        compile_pdf("")


class _Pool:
    """Runs a function over jobs, a few of them ahead of the caller, so that finished papers do not pile up."""

    def __init__(self, workers: int | None, executor: Executor | None, jobs: int) -> None:
        count = min(workers or os.cpu_count() or 1, jobs)
        self.ahead = 4 * count
        self.own: Executor | None = None
        if executor is None and count > 1:
            # Not fork: Typst's threads, once started in this process, would be missing in a forked one.
            self.own = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))
        self.executor = executor or self.own

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *raised: object) -> None:
        if self.own is not None:
            self.own.shutdown(wait=True, cancel_futures=True)

    def each(self, function: Callable[[J], R], jobs: Sequence[J]) -> Iterator[tuple[int, R]]:
        """Index and result of every job, as they finish."""
        if self.executor is None:
            for index, job in enumerate(jobs):
                yield index, function(job)
            return
        waiting: dict[Future[R], int] = {}
        remaining = iter(enumerate(jobs))
        try:
            while True:
                for index, job in islice(remaining, self.ahead - len(waiting)):
                    waiting[self.executor.submit(function, job)] = index
                if not waiting:
                    return
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(future), future.result()
        finally:
            for future in waiting:
                future.cancel()
