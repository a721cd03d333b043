"""`rechenweg set` with solutions, against bare Typst on the same pages and auto-multiple-choice on an equal paper.

    python benchmarks/printing.py [CANDIDATES] [EXAM]

* ours: the whole command `rechenweg set`: start-up, drawing, working out, writing Typst, compiling, files.
* bare Typst: the sources that ours made, compiled by the same Typst in the same number of processes, nothing else. This
  is what no system on Typst can beat; the target is at most 1.5 × its time.
* auto-multiple-choice (Debian package, LaTeX): `auto-multiple-choice prepare --mode s` for the same texts, formulas,
  options and room to write, a fifth of the copies, shuffled per copy; pages a second count. The target is at least 5 ×.

The three run interleaved, three rounds; medians. Peak memory is that of all processes of `set` together, polled.
"""

from __future__ import annotations

import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from rechenweg.commands.printing import Job, documents
from rechenweg.exams import exam
from rechenweg.exams.candidates import assign, read_candidates
from rechenweg.paper.compile import compile_pdf
from rechenweg.questions.asking import CodeSpace, Space, Ticks
from rechenweg.working.document import Document, Prose
from rechenweg.working.writers import latex_page, write

CORES = os.cpu_count() or 1
AMC_SHARE = 5


def sources_of(job: Job) -> list[str]:
    """The Typst sources of a job."""
    return [document.source for document in documents(job)]


def compile_all(sources: list[str]) -> int:
    """Bytes of PDF: keeps the result from being dropped unseen."""
    return sum(len(compile_pdf(source)) for source in sources)


def peak_of(process: subprocess.Popen[bytes]) -> float:
    """Peak of the resident memory of a process and all below it, in MiB."""
    peak = 0.0

    def below(pid: int) -> list[int]:
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []
        return [pid, *(p for child in children for p in below(int(child)))]

    while process.poll() is None:
        total = 0
        for pid in below(process.pid):
            try:
                total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            except (OSError, IndexError):
                continue
        peak = max(peak, total / 2**20)
        time.sleep(0.05)
    return peak


def timed_set(exam_id: str, people: Path, out: Path) -> tuple[float, float]:
    """Seconds and peak memory in MiB of the whole command."""
    command = [sys.executable, "-m", "rechenweg", "set", exam_id, "--candidates", str(people), "--out", str(out)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    memory = [0.0]
    watcher = threading.Thread(target=lambda: memory.__setitem__(0, peak_of(process)))
    watcher.start()
    assert process.wait() == 0
    seconds = time.perf_counter() - started
    watcher.join()
    return seconds, memory[0]


def timed_bare(sources: list[list[str]]) -> float:
    """Seconds to compile the same sources with nothing around it, start of the processes included."""
    started = time.perf_counter()
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        sum(pool.map(compile_all, sources, chunksize=4))
    return time.perf_counter() - started


def amc_source(exam_id: str) -> str:
    """The same paper for auto-multiple-choice: the same texts, formulas, options and room to write, from our LaTeX
    writer (which puts a frame in place of every figure: cheaper than ours), questions and options shuffled per copy."""
    preamble, _, _ = latex_page("", "", "en").partition(r"\begin{document}")
    parts = [preamble, r"\usepackage[bloc]{automultiplechoice}\begin{document}"]
    for i, (problem, question) in enumerate(exam(exam_id).questions.values()):
        s = problem.version(0)
        body = write(Document((Prose(question.text(s)), *question.given(s))), "latex", "en")
        parts.append(rf"\element{{all}}{{\begin{{questionmult}}{{q{i}}}" + body)
        asks = question.asks(s)
        options = [o for ask in asks if isinstance(ask, Ticks) for o in ask.options]
        if not options:  # its questions must have boxes: one for the corrector
            room = sum(8 * ask.lines if isinstance(ask, Space | CodeSpace) else 12 for ask in asks)
            parts.append(rf"\par\vspace{{{room}mm}}\begin{{choices}}\correctchoice{{marked}}\end{{choices}}")
        else:
            lines = (
                rf"\{'correct' if o.right else 'wrong'}choice{{{write(Document((Prose(o.text),)), 'latex', 'en')}}}"
                for o in options
            )
            parts.append(r"\begin{choices}" + "\n".join(lines) + r"\end{choices}")
        parts.append(r"\end{questionmult}\par\bigskip}")
    parts.append(r"\onecopy{1}{\noindent{\bf Exam}\hfill\namefield{\fbox{Name\hspace*{5cm}}}\par\bigskip")
    parts.append(r"\shufflegroup{all}\insertgroup{all}}\end{document}")
    return "\n".join(parts)


def timed_amc(source: str, copies: int, folder: Path) -> tuple[float, int]:
    """Seconds and pages of auto-multiple-choice."""
    folder.mkdir()
    (folder / "exam.tex").write_text(source, encoding="utf-8")
    (folder / "data").mkdir()
    command = ["auto-multiple-choice", "prepare", "--mode", "s", "--prefix", f"{folder}/", "--n-copies", str(copies)]
    command += [
        "--data",
        f"{folder}/data",
        "--out-sujet",
        f"{folder}/subject.pdf",
        "--out-corrige",
        f"{folder}/correction.pdf",
    ]
    command += ["--out-calage", f"{folder}/layout.xy", "--with", "pdflatex", f"{folder}/exam.tex"]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    seconds = time.perf_counter() - started
    return seconds, sum(
        pages_of(folder / name) for name in ("subject.pdf", "correction.pdf") if (folder / name).exists()
    )


def pages_of(path: Path) -> int:
    """Pages of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    count = len(document)
    document.close()
    return count


def main() -> None:
    """Print a table with medians and ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    exam_id = sys.argv[2] if len(sys.argv) > 2 else "tum-2024"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = folder / "people.csv"
        with people.open("w", newline="") as file:
            csv.writer(file).writerows([("number", "name"), *((f"{i:08d}", f"Candidate {i}") for i in range(count))])
        assignments = assign(exam_id, read_candidates(people), 0)
        jobs = [Job(exam_id, "en", tuple(assignments), lists=True), *(Job(exam_id, "en", (a,)) for a in assignments)]
        with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
            sources = list(pool.map(sources_of, jobs, chunksize=4))
        ours, bare, amc, memory = [], [], [], []
        pages = amc_pages = 0
        for turn in range(3):
            seconds, peak = timed_set(exam_id, people, folder / "out")
            ours.append(seconds)
            memory.append(peak)
            bare.append(timed_bare(sources))
            if not pages:
                pages = sum(pages_of(p) for p in (folder / "out").rglob("*.pdf"))
            shutil.rmtree(folder / "out")
            if shutil.which("auto-multiple-choice"):
                copies = max(1, count // AMC_SHARE)
                seconds, amc_pages = timed_amc(amc_source(exam_id), copies, folder / f"amc{turn}")
                amc.append(seconds)
        a, b = statistics.median(ours), statistics.median(bare)
        print(f"{exam_id}, {count} candidates with solutions: {pages} pages, {CORES} cores")
        print(f"{'':<24}{'seconds':>10}{'pages/s':>10}   runs")
        for label, times, n in (
            ("rechenweg set", ours, pages),
            ("bare Typst", bare, pages),
            ("auto-multiple-choice", amc, amc_pages),
        ):
            if times:
                median = statistics.median(times)
                print(f"{label:<24}{median:>10.1f}{n / median:>10.0f}   {', '.join(f'{t:.1f}' for t in times)}")
        print(f"rechenweg / bare Typst: {a / b:.2f} (target at most 1.5)")
        if amc:
            ratio = (pages / a) / (amc_pages / statistics.median(amc))
            print(f"pages a second, rechenweg / auto-multiple-choice: {ratio:.1f} (target at least 5)")
        print(f"peak memory of rechenweg set: {max(memory):.0f} MiB (target at most 1024)")


if __name__ == "__main__":
    main()
