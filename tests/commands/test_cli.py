"""The command line: help with examples, exit statuses, and what is said about bad input."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from rechenweg import cli
from rechenweg.commands import working
from rechenweg.errors import InputError
from rechenweg.working.loading import in_child, load_network

from .conftest import EXAMPLES, ROOT, refused, run

RESIDUAL = f"{EXAMPLES}/residual.py:network"
COMMANDS = ("papers", "work", "shapes", "set", "mark", "check", "proof", "evidence")


def plain(text: str) -> str:
    return " ".join(re.sub(r"\x1b\[[0-9;]*m|[│╭╮╰╯─]", " ", text).split())


# --- help and status ------------------------------------------------------------------------------------------------


def test_every_command_is_listed() -> None:
    assert tuple(typer.main.get_group(cli.app).commands) == COMMANDS
    assert all(name in run("--help").out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.status == 0
    assert f"Example: rechenweg {command} " in plain(result.out)


@pytest.mark.parametrize("command", ["papers", "work", "shapes", "evidence"])
def test_the_example_in_the_help_runs(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    example = str(typer.main.get_group(cli.app).commands[command].epilog).removeprefix("Example: rechenweg ")
    result = run(*shlex.split(example))
    assert result.status == 0 and result.out.strip(), result.err


def test_without_a_command_the_help_is_shown() -> None:
    result = run()
    assert result.status == 2 and "Commands" in result.out and result.err == ""


def test_papers_names_the_problems_and_the_inconsistency() -> None:
    result = run("papers")
    assert result.status == 0
    assert "fau-2021: Deep Learning" in result.out and "tum-2024: Introduction to Deep Learning" in result.out
    assert "! Problem 5: its heading says 12, its questions add up to 9½." in result.out


def test_papers_as_data() -> None:
    fau, tum = json.loads(run("papers", "--json").out)
    assert (fau["exam"], fau["total"], fau["bonus"]) == ("fau-2021", "60", "6")
    assert (tum["exam"], tum["total"], tum["bonus"]) == ("tum-2024", "95", None)
    assert [p["points"] for p in fau["problems"]] == ["8", "10", "7", "12", "19/2", "6", "15/2"]
    assert fau["problems"][3]["questions"][3] == {"number": "4.4", "points": "7"}


def test_work_in_both_languages() -> None:
    english = run("work", RESIDUAL, "--x", "1", "--target", "1").out
    german = run("work", RESIDUAL, "--x", "1", "--target", "1", "-l", "de", "--decimals").out
    # by hand: a = 1/2·1 − 1/2 = 0, so ∂L/∂w₂ = 2(1/2 − 1)·1/4·1/2 = −1/8
    assert "∂L/∂w₂ = ∂L/∂o · h = (−1/4) · 1/2 = −1/8" in english and "Backward pass" in english
    assert "∂L/∂w₂ = ∂L/∂o · h = (−0,25) · 0,5 = −0,125" in german and "Rückwärtsrechnung" in german


def test_work_restarts_from_a_given_value() -> None:
    result = run(
        "work", f"{EXAMPLES}/convolution.py:network", "--x", "2,3,1,2,-1", "--target", "2", "--given", "dL/dy=2"
    )
    assert "∂L/∂m₂ = ∂L/∂y · w₂ = 2 · 3 = 6" in result.out


@pytest.mark.parametrize(("form", "start"), [("html", "<!doctype html>"), ("latex", r"% language: en"), ("typst", "#")])
def test_work_in_other_forms(form: str, start: str) -> None:
    result = run("work", RESIDUAL, "--x", "1", "--target", "1", "--as", form)
    assert result.status == 0 and result.out.lower().startswith(start)


def test_shapes_as_data() -> None:
    table = json.loads(run("shapes", f"{EXAMPLES}/lenet.py:network", "--input", "1,1,32,32", "--json").out)
    rows = {row["quantity"]: row for row in table["rows"]}
    # LeCun et al. 1998: C1 has 156 parameters and 28 × 28 maps; 400 numbers enter the fully connected part
    assert (rows["z_1"]["output_shape"], rows["z_1"]["parameters"]) == ([1, 6, 28, 28], 156)
    assert rows["f"]["output_shape"] == [1, 400] and rows["m_2"]["receptive_field"] == [16, 16]
    assert table["parameters"] == 61_706


def test_evidence_prints_what_the_experiment_found() -> None:
    result = run("evidence", "fau-2021/1.5/bellman-linear")
    # three rooms, γ = 0.9, a coin tossed in each: v(c) = 5 + 0.45·… = 11/2 solves v = r + γPv
    assert result.status == 0 and "1471/800" in result.out and "bellman-linear ✓" in result.out


# --- bad input: one line with place, what was expected, what came ----------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("papers --language fr", "'fr' is not one of 'en', 'de'"),
        ("nonsense", "No such command 'nonsense'."),
        ("set fau-2021", "Missing option '--candidates'."),
        ("proof fau-2020 --key x.json", "exam: expected one of fau-2021, tum-2024, found fau-2020"),
        (
            "check fau-2021/9.9",
            "question: expected FILE.py, an exam, exam/problem or exam/question (fau-2021/1.1 …), found fau-2021/9.9",
        ),
        ("check fau-2021 --versions 0", "Invalid value for '--versions'"),
        (
            "evidence fau-2021/4.2",
            "expected exam/question or exam/question/statement of a choice question, found fau-2021/4.2",
        ),
        ("evidence fau-2021/1.2", "evidence: expected a statement with an experiment behind it, found fau-2021/1.2"),
        ("work none.py:network", "none.py:network: expected a Python file, found no file none.py"),
        ("work none.py", "network: expected FILE.py:NAME, found none.py"),
        ("proof fau-2021 --key none.json", "none.json: expected a key as an answer file, found no such file"),
        ("mark fau-2021 none.json --out r.csv", "none.json: expected an answer file, found no such file"),
        (
            "set fau-2021 --candidates none.csv --out set",
            "none.csv: expected a CSV file with candidates, found no such file",
        ),
    ],
)
def test_what_is_wrong_is_said(arguments: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in refused(*shlex.split(arguments))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--x", "NaN"],
            "--x x: expected numbers such as 2,3,1 or [[1,2],[3,4]], found NaN (character 1 of",
        ),
        (["--x", "1/0"], 'found 1/0 (character 2 of "1/0": a division by 0 has no value)'),
        (["--x", "9**9**9"], "expected exponents of at most 4,096"),
        (["--x", r"\frac{1"], '"{" is never closed'),
        (["--x", "[[1,2],[3]]"], "--x x: expected numbers such as 2,3,1 or [[1,2],[3,4]], found [[1,2],[3]]"),
        (["--x", "z=1"], "--x: expected inputs x, found z"),
        ([], "--x: expected a value for each input (x), found 0 values"),
        (["--x", "1", "--target", "1,2"], "target: expected shape (1,), found shape (2,)"),
        (["--x", "1,2"], 'layer "a" (Linear): expected input (batch, 1), found shape (2,)'),
        (["--x", "1", "--given", "dL/do"], "--given: expected NAME=VALUE, e.g. dL/dm=2,1, found dL/do"),
        (["--x", "1", "--given", "q=1"], "given: no quantity q; there are x, w_1"),
        (["--x", "1", "--target", "1", "--as", "pdf"], "--as: expected one of text, html, latex, typst, found pdf"),
    ],
)
def test_work_refuses(arguments: list[str], message: str) -> None:
    assert message in refused("work", RESIDUAL, *arguments)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (
            "1,3,32,32",
            'layer "z_1" (Conv2d): expected input (batch, 1 channel, height, width), found shape (1, 3, 32, 32)',
        ),
        ("1,1,36,36", 'layer "z_3" (Linear): expected input (batch, 400), found shape (1, 576)'),
        (
            "1,a",
            "--input: expected a shape such as 10,3,32,32, found 1,a (entry 2 of the shape: expected a positive whole",
        ),
    ],
)
def test_a_wrong_shape_names_both(shape: str, message: str) -> None:
    assert message in refused("shapes", f"{EXAMPLES}/lenet.py:network", "--input", shape)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "import nothing_of_that_name",
            "line 1: expected a network, found ModuleNotFoundError: No module named 'nothing_of_that_name'",
        ),
        ("x = 1\ny = x / 0", "line 2: expected a network, found ZeroDivisionError: division by zero"),
        ("def broken(:", "line 1: expected a network, found SyntaxError: invalid syntax"),
        ("raise SystemExit(3)", "expected a file that defines a network, found exit with status 3"),
        ("network = 5", "expected a Network, a list of layers, or a function that returns one, found a int"),
        ("other = 5", "expected the name of a network, found no network in"),
        (
            "from rechenweg.nn import Linear\nnetwork = Linear(weights=[1, 2])",
            "line 2: expected a network, found Linear: expected weights of shape",
        ),
        (
            "def network():\n    raise ValueError('not\\ntoday')",
            "line 2: expected a network, found ValueError: not today",
        ),
    ],
)
def test_a_file_that_is_no_network(source: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text(source, encoding="utf-8")
    said = refused("work", f"{file}:network", "--x", "1")
    assert message in said and str(file) in said


@pytest.mark.parametrize("source", ["while True:\n    pass", "def network():\n    while True:\n        pass"])
def test_a_file_that_never_ends(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "SECONDS", 0.2)
    file = tmp_path / "net.py"
    file.write_text(source, encoding="utf-8")
    assert (
        refused("work", f"{file}:network", "--x", "1")
        == f"{file}:network: expected to be done within 0.2 s, found still running"
    )


def test_a_run_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "SECONDS", 1.0)
    file = tmp_path / "net.py"
    file.write_text(
        "from rechenweg.nn import ReLU\n"
        "class Endless(ReLU):\n    def forward(self, x):\n        while True: pass\n"
        "network = [Endless()]\n",
        encoding="utf-8",
    )
    assert "expected to be done within 1 s, found still running" in refused("work", f"{file}:network", "--x", "1")


# --- lists of candidates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("number,name\n1,A\n2,B\n1,C\n", "line 4: expected each candidate once (line 2 has it too), found 1"),
        ("name\nA\n", 'line 1: expected a column "number" (or "Matrikelnummer"), found name'),
        ("", "expected a header line and one line per candidate, found an empty file"),
    ],
)
def test_set_refuses_a_list(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(content, encoding="utf-8")
    said = refused("set", "fau-2021", "--candidates", tmp_path / "list.csv", "--out", tmp_path / "deep" / "set")
    assert message in said and str(tmp_path / "list.csv") in said
    assert [p.name for p in tmp_path.iterdir()] == ["list.csv"]


@pytest.mark.parametrize("command", ["set", "mark"])
def test_a_folder_that_cannot_be_made(command: str, people: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    below = tmp_path / "file" / "deep"
    if command == "set":
        said = refused("set", "fau-2021", "--candidates", people, "--out", below, "--workers", 1)
    else:
        said = refused("mark", "fau-2021", EXAMPLES / "answers", "--out", below / "r.csv", "--workers", 1)
    assert "expected a folder that can be written to, found Not a directory" in said
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


# --- answer files ----------------------------------------------------------------------------------------------------


def answers(folder: Path, **changes: Any) -> Path:
    content = {"exam": "fau-2021", "candidate": "1", "version": 0, "answers": {}} | changes
    folder.mkdir(exist_ok=True)
    path = folder / f"{len(list(folder.iterdir()))}.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"exam": "tum-2024"}, '"exam": expected "fau-2021", found "tum-2024"'),
        ({"version": -1}, '"version": expected a whole number from 0 to 1000000000, found -1'),
        ({"answers": {"9.9": "1"}}, '"answers": expected questions of fau-2021 (1.1 to 7.2), found "9.9"'),
        ({"answers": {"4.3": float("nan")}}, "expected finite numbers, found NaN"),
        ({"answers": {"4.3": "1" * 10_000_000}}, "expected at most 2 MiB, found 9.5 MiB"),
        ({"answers": {"4.4": {"dL/dw": "1"}}}, 'answer "4.4": expected the keys dL/dyhat, dL/do'),
    ],
)
def test_mark_refuses(changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    path = answers(tmp_path / "in", **changes)
    said = refused("mark", "fau-2021", path, "--out", tmp_path / "r.csv", "--workers", 1)
    assert message in said and str(path) in said
    assert [p.name for p in tmp_path.iterdir()] == ["in"]


def test_mark_refuses_a_candidate_twice(tmp_path: Path) -> None:
    answers(tmp_path / "in")
    answers(tmp_path / "in")
    said = refused("mark", "fau-2021", tmp_path / "in", "--out", tmp_path / "r.csv", "--workers", 1)
    assert '1.json: "candidate": expected each candidate once (' in said and said.endswith("found 1")
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize("out", ["folder", "folder.csv"])
def test_mark_refuses_a_folder_for_its_table(out: str, tmp_path: Path) -> None:
    (tmp_path / out).mkdir()
    said = refused("mark", "fau-2021", EXAMPLES / "answers", "--out", tmp_path / out)
    assert "expected a file to write to, such as results.csv, found a folder" in said
    assert list((tmp_path / out).iterdir()) == [] and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("body", "found"),
    [("os._exit(0)", "a process that ended without one"), ("sum(range(10**13))", "still running")],
)
def test_a_network_that_leaves_or_loops_below_python(body: str, found: str, tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text(f"import os\ndef network():\n    return {body}\n", encoding="utf-8")

    def load() -> str:
        return str(load_network(f"{file}:network"))

    with pytest.raises(InputError, match=found):
        in_child(load, where=str(file), seconds=1.0)
