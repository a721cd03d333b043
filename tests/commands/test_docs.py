"""What the README and the tutorial show is what the commands print; what they link to is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from .conftest import EXAMPLES, ROOT, run

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
SHOWN = ("work", "shapes", "mark fau-2021", "proof", "check examples/neuron.py --show")
"""The commands that print the same on every machine, within seconds."""


class Session(NamedTuple):
    """A command on a page and the lines that the page shows of what it prints."""

    command: str
    lines: tuple[str, ...]


def sessions(page: Path) -> list[Session]:
    found = []
    fenced = re.split(r"^```", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1::2]
    for block in fenced:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            if command.startswith("rechenweg "):
                shown = (line.rstrip() for line in lines)
                found.append(Session(command.removeprefix("rechenweg "), tuple(s for s in shown if s not in ("", "…"))))
    return found


SESSIONS = [s for page in PAGES for s in sessions(page) if s.command.startswith(SHOWN) and s.lines]


def test_there_are_sessions_to_look_at() -> None:
    assert {s.command.split()[0] for s in SESSIONS} == {"work", "shapes", "mark", "proof", "check"}


@pytest.mark.parametrize("session", SESSIONS, ids=lambda s: s.command)
def test_what_is_shown_is_what_is_printed(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "118")
    (tmp_path / "examples").symlink_to(EXAMPLES)
    printed = [line.rstrip() for line in run(*shlex.split(session.command)).out.splitlines()]
    assert [line for line in session.lines if line not in printed] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))
    assert [t for t in targets if not t.startswith("https://") and not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    later = text.split("Not there yet:")[-1] if "Not there yet:" in text else ""
    named = set(re.findall(r"`rechenweg ([a-z]+)", text)) - set(re.findall(r"`rechenweg ([a-z]+)", later))
    assert [name for name in named if run(name, "--help").status] == []
