"""The house stands as it is drawn: who may use whom, how long a file may be, what is locked."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"

# A room may use what stands before it in this list, never what stands after it. Rooms that do not exist yet
# have their place already.
HOUSE = (
    "errors",
    "text",
    "numbers",
    "nn",
    "working",
    "learning",
    "sandbox",
    "questions",
    "bank",
    "exams",
    "marking",
    "record",
    "paper",
    "web",
    "commands",
    "cli",
    "demo",
    "__main__",
)
LONGEST_FILE = 600
# What the product can work with but does not need: imported in the function that uses it, never at the top.
OPTIONAL = {"torch"}


class Import(NamedTuple):
    """One imported module: its full name, the line, and whether it is loaded together with the file."""

    module: str
    line: int
    at_load: bool


def imports(tree: ast.Module, module: str, is_package: bool) -> Iterator[Import]:
    """All imports of the file `module`: also relative, in functions, for types, by `import_module("…")`."""
    later = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _is_for_types(node)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
            for name in _named_modules(node, module, is_package):
                yield Import(name, node.lineno, node not in later)


def _named_modules(node: ast.AST, module: str, is_package: bool) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=target, names=names, level=level):
            parts = module.split(".")
            above = parts[: len(parts) - level + is_package] if level else []
            base = ".".join([*above, *([target] if target else [])])
            # `from rechenweg import nn` names the room only in its second half
            return [f"{base}.{name.name}" for name in names] if base == "rechenweg" else [base]
        case ast.Call(
            func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(target)), *_],
        ):
            return [target]
    return []


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).split(".")[-1] == "TYPE_CHECKING"


class SourceFile(NamedTuple):
    """A file of the package: path from the source folder, room and imports."""

    path: Path
    room: str
    imports: tuple[Import, ...]


def source_files(source: Path) -> list[SourceFile]:
    """Every Python file under `source`/rechenweg; the package's own `__init__.py` belongs to no room ("")."""
    files = []
    for path in sorted((source / "rechenweg").rglob("*.py")):
        relative = path.relative_to(source)
        parts = relative.with_suffix("").parts
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        room = (*module.split("."), "")[1]
        tree = ast.parse(path.read_text("utf-8"), filename=str(path))
        files.append(SourceFile(relative, room, tuple(imports(tree, module, is_package))))
    return files


def wrong_imports(source: Path) -> list[str]:
    """The house's rule, applied: a line for each import that goes down and each room without a place."""
    complaints = []
    for file in source_files(source):
        if file.room and file.room not in HOUSE:
            complaints.append(f"{file.path}: '{file.room}' has no place in the house; give it one in HOUSE")
            continue
        for used in file.imports:
            package, room, *_ = (*used.module.split("."), "")
            if package != "rechenweg" or room not in HOUSE:
                continue  # another package's, or a plain name such as rechenweg.__version__
            if not file.room or HOUSE.index(room) > HOUSE.index(file.room):
                complaints.append(f"{file.path}:{used.line}: {file.room or 'rechenweg'} must not use {room}")
    return complaints


def test_rooms_use_only_the_rooms_above_them() -> None:
    assert wrong_imports(SOURCE) == []


def test_product_needs_only_what_it_declares() -> None:
    """`make run` installs the declared dependencies and nothing else: no file may need more to be loaded."""
    declared = {_distribution(d) for d in _pyproject()["project"]["dependencies"]}
    provided_by = packages_distributions()
    complaints = []
    for file in source_files(SOURCE):
        for used in file.imports:
            package = used.module.split(".")[0]
            if package in sys.stdlib_module_names or package in {"rechenweg", "__future__"}:
                continue
            if package in OPTIONAL and not used.at_load:
                continue
            if not declared & {_distribution(d) for d in provided_by.get(package, [])}:
                complaints.append(f"{file.path}:{used.line}: {package} is not declared in pyproject.toml")
    assert complaints == []


def test_no_file_is_too_long_to_read() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for folder in ("src", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {path: n for path, n in lengths.items() if n > LONGEST_FILE} == {}


def test_folders_of_tests_are_packages() -> None:
    """Else two test files of one name collide, and tests/numbers would hide Python's own `numbers`."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [folder.name for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("lock", ["run", "test"])
def test_locks_hold_versions_and_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    lines = text.replace("\\\n", " ").splitlines()
    entries = [line for line in lines if line and not line.lstrip().startswith("#")]
    pinned = re.compile(r"[a-z0-9-]+==[^\s;]+ *(;[^#]*?)?( +--hash=sha256:[0-9a-f]{64})+ *")
    assert [entry for entry in entries if not pinned.fullmatch(entry)] == []
    assert "//" not in text


def test_locks_hold_everything_that_is_declared() -> None:
    project = _pyproject()
    groups = project["dependency-groups"]
    run = [*project["project"]["dependencies"], *groups["build"]]
    needed = {"run": run, "test": [*run, *groups["test"], *groups["torch-needs"]]}
    locked = {name: _locked(name) for name in needed}
    for name, requirements in needed.items():
        assert {_distribution(r) for r in requirements} - locked[name].keys() == set(), "run `make lock`"
    # `make test` must test the versions that `make run` runs
    assert locked["run"].items() <= locked["test"].items()
    assert project["build-system"]["requires"] == groups["build"]


@pytest.mark.parametrize(
    ("place", "text", "complaint"),
    [
        ("nn/linear.py", "from rechenweg.working.run import work, given", ":1: nn must not use working"),
        ("nn/linear.py", "from rechenweg import exams", ":1: nn must not use exams"),
        ("nn/linear.py", "from ..bank import fau", ":1: nn must not use bank"),
        ("nn/__init__.py", "from .. import cli", ":1: nn must not use cli"),
        ("nn/linear.py", "def f():\n    import rechenweg.web", ":2: nn must not use web"),
        (
            "bank/a/b.py",
            "import importlib as i\ni.import_module('rechenweg.exams')",
            ":2: bank must not use exams",
        ),
        ("errors.py", "import rechenweg.text", ":1: errors must not use text"),
        ("__init__.py", "from .nn import Linear", ":1: rechenweg must not use nn"),
        ("helpers/x.py", "", ": 'helpers' has no place in the house; give it one in HOUSE"),
    ],
)
def test_an_import_downwards_is_found(tmp_path: Path, place: str, text: str, complaint: str) -> None:
    _write(tmp_path, place, text)
    assert wrong_imports(tmp_path) == [f"rechenweg/{place}{complaint}"]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (
            "working/run.py",
            "from rechenweg.nn import Network\nfrom ..numbers import exact\nfrom .shapes import s",
        ),
        ("working/__init__.py", "from .run import work"),
        ("cli.py", "from rechenweg import __version__, marking"),
        ("nn/linear.py", "import numpy.linalg\nfrom rechenweg.text import T"),
    ],
)
def test_an_import_upwards_is_allowed(tmp_path: Path, place: str, text: str) -> None:
    _write(tmp_path, place, text)
    assert [file.path.as_posix() for file in source_files(tmp_path)] == [f"rechenweg/{place}"]
    assert wrong_imports(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "at_load"),
    [
        ("import torch", True),
        ("try:\n    import torch\nexcept ImportError:\n    pass", True),
        ("def f():\n    from torch import nn", False),
        ("if TYPE_CHECKING:\n    import torch", False),
    ],
)
def test_what_loads_with_a_file_is_told_from_what_loads_later(text: str, at_load: bool) -> None:
    (used,) = imports(ast.parse(text), "rechenweg.nn.linear", is_package=False)
    assert (used.module, used.at_load) == ("torch", at_load)


def _write(source: Path, place: str, text: str) -> None:
    path = source / "rechenweg" / place
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _distribution(requirement: str) -> str:
    """The name in a requirement, as an index would normalise it: 'Jinja2>=3' is 'jinja2'."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def _locked(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))
