"""What import-linter cannot see: that its contracts name everything, and what the core's source must not do.

The contracts themselves are in ``.importlinter`` and run in ``make check``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CORE = sorted((ROOT / "bot").rglob("*.py"))
EDGES = ("slack", "teams", "web")
ANATOMY = {"listen", "parse", "render", "send"}

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "monotonic"),
    ("time", "sleep"),
    ("func", "now"),
    ("func", "current_timestamp"),
}
CHANCE = {"random", "secrets", "uuid"}
TALK = {"logging", "structlog", "print", "warnings", "asyncio", "threading", "socket", "subprocess"}


def contracts() -> ConfigParser:
    found = ConfigParser()
    found.read(ROOT / ".importlinter")
    return found


def layers(contract: str) -> set[str]:
    listed = contracts()[f"importlinter:contract:{contract}"]["layers"]
    return {
        name.strip(" ()") for line in listed.splitlines() for name in line.replace("|", ":").split(":") if name.strip()
    }


def modules(package: Path) -> set[str]:
    """The names of a package's own modules and packages."""
    files = {file.stem for file in package.glob("*.py")} - {"__init__"}
    return files | {folder.parent.name for folder in package.glob("*/__init__.py")}


@pytest.mark.parametrize(("package", "contract"), [("bot", "the-core-in-layers"), ("adapters", "the-edges-in-layers")])
def test_every_module_has_its_place_in_the_layers(package: str, contract: str) -> None:
    assert layers(contract) == modules(ROOT / package)


@pytest.mark.parametrize("contract", ["the-core-in-layers", "the-edges-in-layers"])
def test_a_new_module_fails_the_contract_until_it_has_its_place(contract: str) -> None:
    assert contracts()[f"importlinter:contract:{contract}"]["exhaustive"] == "True"


@pytest.mark.parametrize("edge", EDGES)
def test_every_platform_has_the_same_anatomy(edge: str) -> None:
    assert modules(ROOT / "adapters" / edge) >= ANATOMY


def test_every_feature_has_the_same_anatomy() -> None:
    """Rules, store, words, service, and no more kinds of files than the few that a feature says in its own words."""
    features = sorted(folder.parent for folder in (ROOT / "bot").glob("*/__init__.py"))
    assert len(features) > 15
    for feature in features:
        found = modules(feature)
        assert found & {"rules", "store", "words", "service"}, feature.name
        if "store" in found and feature.name != "guides":
            tables = feature / ("tables.py" if "tables" in found else "store.py")
            assert "metadata" in tables.read_text(), f"{feature.name} keeps no table of its own"


def test_the_whole_core_is_looked_at() -> None:
    assert len(CORE) > 100


def named(file: Path) -> Iterator[tuple[int, str, str]]:
    """Line, owner and name of every attribute that is reached for, and of every import."""
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
                yield node.lineno, owner, attribute
            case ast.Import():
                yield from ((node.lineno, alias.name.split(".")[0], "") for alias in node.names)
            case ast.ImportFrom(module=str(module)):
                yield from ((node.lineno, module.split(".")[0], alias.name) for alias in node.names)
            case ast.Name(id=name):
                yield node.lineno, name, ""


@pytest.mark.parametrize("file", CORE, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_core_reads_no_clock_draws_no_lots_and_says_nothing_by_itself(file: Path) -> None:
    for line, owner, name in named(file):
        where = f"{file.relative_to(ROOT)}:{line}"
        assert (owner, name) not in CLOCKS, f"{where}: time is an argument"
        assert owner not in CHANCE, f"{where}: chance is an argument"
        # The database is reached from here, and from nowhere else in the core.
        reaches = owner == "socket" and file.name == "storage.py"
        assert owner not in TALK or reaches, f"{where}: {owner} is for the edges"


@pytest.mark.parametrize("file", CORE, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_core_is_not_async_and_hides_no_errors(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text())):
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith), file
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            assert caught not in ("everything", "Exception", "BaseException"), f"{file}:{node.lineno} catches {caught}"


@pytest.mark.parametrize("file", CORE, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_module_of_the_core_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text()))


def test_only_the_clock_reads_the_clock() -> None:
    edges = sorted((ROOT / "adapters").rglob("*.py"))
    assert len(edges) > 50
    readers = {
        str(file.relative_to(ROOT))
        for file in edges
        for _, owner, name in named(file)
        if (owner, name) in CLOCKS - {("time", "monotonic")}
    }

    assert readers == {"adapters/clock.py"}
