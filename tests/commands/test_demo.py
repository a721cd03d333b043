"""`make run`: both exams set, answered by simulated candidates, marked, and one page from which all of it opens."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rechenweg import demo
from rechenweg.exams import EXAMS

from .conftest import pdf_text


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "build"
    demo.run(folder, candidates=2)
    return folder


class Links(HTMLParser):
    """The targets of all links of a page, and its visible text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value for key, value in attrs if key in ("href", "src") and value]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_link_of_the_index_leads_somewhere(build: Path) -> None:
    page = Links((build / "index.html").read_text(encoding="utf-8"))
    assert len(page.targets) == len(set(page.targets)) == len(EXAMS) * (5 + 2 * 4)
    assert [t for t in page.targets if not (build / t).is_file()] == []


def test_every_file_is_reached_from_the_index(build: Path) -> None:
    page = Links((build / "index.html").read_text(encoding="utf-8"))
    files = {str(p.relative_to(build)) for p in build.rglob("*") if p.is_file()}
    assert files - set(page.targets) == {"index.html"}


def test_what_is_simulated_says_so_everywhere(build: Path) -> None:
    page = Links((build / "index.html").read_text(encoding="utf-8")).text
    assert page.count("simulated") >= 1 + len(EXAMS)
    for identifier in EXAMS:
        with (build / identifier / "results.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 2 and all(r["simulated"] == "yes" and r["candidate"].startswith("SIM-") for r in rows)
        for path in (build / identifier / "answers").iterdir():
            assert json.loads(path.read_text(encoding="utf-8"))["simulated"] is True
        for path in (build / identifier / "results").iterdir():
            text = pdf_text(path)
            pages = text.count("Simulated: these answers") + text.count("Simuliert: Diese Antworten")
            assert pages >= 2, "on every page of the marked work"
        for path in (build / identifier / "papers").iterdir():
            assert "SIM-" in pdf_text(path) or identifier == "tum-2024"  # anonymous: only the sticker knows


def test_a_faultless_candidate_earns_all_that_a_machine_can_give(build: Path) -> None:
    for identifier, total in (("fau-2021", 60), ("tum-2024", 95)):
        with (build / identifier / "results.csv").open(encoding="utf-8", newline="") as file:
            first, second = csv.DictReader(file)
        assert demo.BEHAVIOURS[0].slip == 0
        assert float(first["total"]) + float(first["open"]) == total
        assert float(second["total"]) < float(first["total"])
