"""Drawing a version with its complete working, for every computing question: median and 99th percentile.

    python benchmarks/versions.py [VERSIONS]

Target: median ≤ 5 ms, 99 % ≤ 25 ms. Timed is what one candidate costs: drawing (rejected draws included), the answer
fields with their computed values, texts, and the worked solution as a document, each question by itself and the
problem's draw with it.
"""

from __future__ import annotations

import statistics
import sys
import time

from rechenweg.exams import EXAMS, exam
from rechenweg.questions.question import Problem, Question


def timed(problem: Problem, question: Question, versions: int) -> list[float]:
    """Milliseconds per version."""
    found: list[float] = []
    for version in range(1, versions + 1):
        started = time.perf_counter()
        s = problem.version(version)
        question.fields(s)
        question.text(s)
        question.given(s)
        question.solution(s)
        found.append(1000 * (time.perf_counter() - started))
    return found


def main() -> None:
    """Print one line per computing question, worst last."""
    versions = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    rows = []
    for identifier in EXAMS:
        for number, (problem, question) in exam(identifier).questions.items():
            if any(f.computed for f in question.fields(problem.version(0))):
                times = sorted(timed(problem, question, versions))
                rows.append((statistics.median(times), times[int(0.99 * versions)], f"{identifier}/{number}"))
    print(f"{'question':<16}{'median ms':>12}{'99 % ms':>12}   ({versions} versions each)")
    for median, late, name in sorted(rows):
        print(f"{name:<16}{median:>12.2f}{late:>12.2f}{'' if median <= 5 and late <= 25 else '   over the target'}")


if __name__ == "__main__":
    main()
