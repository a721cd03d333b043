"""Marking 2,000 answer files of an exam on two cores, each candidate with a version of their own.

    python benchmarks/marking.py [CANDIDATES] [EXAM]

Target: ≤ 10 s for 2,000 files of 40 answers. Timed is the whole command `rechenweg mark … --no-pages`: start-up,
reading and checking the files, drawing every candidate's version, marking, writing results.csv. Three runs, the
median counts.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rechenweg.exams import exam
from rechenweg.marking.simulated import BEHAVIOURS, simulate


def write_chunk(exam_id: str, folder: str, first: int, last: int) -> None:
    """Answer files of simulated candidates `first` to `last`."""
    e = exam(exam_id)
    for i in range(first, last):
        answers = simulate(e, f"SIM-{i:05d}", 1 + 37 * i, BEHAVIOURS[i % len(BEHAVIOURS)])
        Path(folder, f"{i:05d}.json").write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Print the time for each run and the rate."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    exam_id = sys.argv[2] if len(sys.argv) > 2 else "tum-2024"
    with tempfile.TemporaryDirectory() as folder:
        edges = [*range(0, count, 100), count]
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(write_chunk, [exam_id] * len(edges), [folder] * len(edges), edges[:-1], edges[1:]))
        fields = sum(len(q.fields(p.version(0))) for p, q in exam(exam_id).questions.values())
        print(f"{count} answer files, {len(exam(exam_id).questions)} questions with {fields} answer fields each")
        times = []
        for _ in range(3):
            out = Path(folder, "results.csv")
            command = [sys.executable, "-m", "rechenweg", "mark", exam_id, folder, "--out", str(out), "--no-pages"]
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times.append(time.perf_counter() - started)
        median = statistics.median(times)
        runs = ", ".join(f"{t:.1f} s" for t in times)
        print(f"runs: {runs}; median {median:.1f} s, {count / median:.0f} files a second")


if __name__ == "__main__":
    main()
