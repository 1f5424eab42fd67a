"""What the documentation shows exists: links, commands, settings, modules. A page that lies fails here."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import get_args

import click
import pytest

from adapters.cli import main
from adapters.settings import ROOT, Settings
from bot.app import Bot
from bot.commands import Typed, Unreadable, read
from bot.guides.rules import Guides
from bot.inbound import Inbound
from bot.messages import Reply
from bot.polls.rules import read_closing
from bot.posts import POSTS
from bot.schedule.reading import read_date, read_hours, read_slot, read_time, read_weekday, read_zone
from bot.schedule.rules import is_territory
from bot.verbs import GRAMMARS, VERBS

FOLDERS = ("docs", "guides", ".github")
PAGES = sorted(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md")) + sorted(ROOT.glob("*.md"))
FOR_USERS = sorted(page for who in ("participant", "facilitator") for page in (ROOT / "docs" / who).glob("*.md"))
MOST_BYTES = 200_000
"""Of an image: the README is read on phones."""

TODAY = date(2026, 11, 23)
_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^(?: {4}| {7})(?=\S)(.+)$", re.MULTILINE)
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"(?<!\\)!?\[[^\]]*\]\(([^()\s]+)\)")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def prose(page: Path) -> str:
    """A page without its code."""
    return _CODE.sub("", _INDENTED.sub("", _FENCE.sub("", page.read_text(encoding="utf-8"))))


def snippets(page: Path) -> Iterator[str]:
    """Every line of code on a page: in fences, indented, or within a sentence. Comments behind it are cut off."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in _FENCE.findall(text) for line in block.splitlines()]
    text = _FENCE.sub("", text)
    for line in (*lines, *_INDENTED.findall(text), *_CODE.findall(text)):
        yield line.strip() if line.strip().startswith("/circle") else line.partition(" #")[0].strip()


def anchors(page: Path) -> set[str]:
    """The fragments by which a page's headings are reached."""
    headings = re.findall(r"^#{1,6} +(.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_and_image_leads_somewhere(page: Path) -> None:
    broken = []
    for target in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            broken.append(target)
        elif fragment and fragment not in anchors(there):
            broken.append(f"{target} (the page has no such heading)")
    assert not broken


def test_images_are_small_and_have_words() -> None:
    for page in PAGES:
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^()\s]+)\)", prose(page)):
            assert words, f"{name(page)}: {target} has no words"
            if (image := page.parent / target).exists():
                assert image.stat().st_size < MOST_BYTES, f"{target} is too large"


def test_the_index_leads_to_every_page_of_the_documentation() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / target.partition("#")[0]).resolve() for target in _LINK.findall(prose(index))}
    assert not [name(page) for page in (ROOT / "docs").rglob("*.md") if page != index and page.resolve() not in linked]


# ── /circle ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def typed(snippet: str) -> Typed | Unreadable:
    """A command as the core gets it: without the slash, mentions marked."""
    text = re.sub(r"(?<!\S)@([\w-]+)", r"<@\1>", snippet.removeprefix("/circle"))
    return read(text, GRAMMARS)


def circle_commands() -> list[tuple[str, str]]:
    found = [(name(page), one) for page in PAGES for one in snippets(page) if re.match(r"/circle( |$)", one)]
    return sorted({(page, one) for page, one in found if "…" not in one})


@pytest.mark.parametrize(("page", "command"), circle_commands())
def test_a_documented_command_can_be_read_with_all_its_values(page: str, command: str, guides: Guides) -> None:
    found = typed(command)
    assert isinstance(found, Typed), f"{page}: {command} is not read: {found}"
    for key, value in found.values.items():
        assert isinstance(value, tuple) or _makes_sense(key, value, found.name, guides), f"{page}: {key}={value}"


def _makes_sense(key: str, value: str, command: str, guides: Guides) -> bool:
    """Whether a value is one that this field can be given."""
    match key:
        case "guide":
            return value in guides.ids
        case "on":
            return None not in read_slot(value)[1:]
        case "weekday":
            return read_weekday(value) is not None or read_slot(f"{value} mon 10:00")[0] is not None
        case "time":
            return read_time(value) is not None or None not in read_slot(value)[1:]
        case "zone":
            return read_zone(value) is not None
        case "hours":
            return read_hours(value) is not None
        case "start" | "date":
            return read_date(value, TODAY) is not None
        case "until" if command == "poll":
            return read_closing(value, datetime(2026, 11, 23, tzinfo=UTC), "UTC") is not None
        case "until":
            day = value.removeprefix("me").strip().removeprefix("until").strip()
            return (day == "" and command == "pause") or read_date(day, TODAY) is not None
        case "holidays":
            return value == "none" or is_territory(value)
        case "wanted":
            return value in ("on", "off")
        case "week":
            return value.isdigit()
        case "command":
            return value in {grammar.name for grammar in GRAMMARS}
        case _:
            return bool(value)


def test_every_command_is_described_for_the_people_who_type_it() -> None:
    shown = {found.name for page in FOR_USERS for one in snippets(page) if one.startswith("/circle ")
             and isinstance(found := typed(one), Typed)}  # fmt: skip
    assert {grammar.name for grammar in GRAMMARS} - shown == set()


def test_the_table_of_commands_is_complete() -> None:
    page = (ROOT / "docs" / "facilitator" / "commands.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `/circle ?(\w*)", page, re.MULTILINE)
    assert set(listed) == {"", *(grammar.name for grammar in GRAMMARS)}


def test_every_option_of_starting_a_group_is_explained() -> None:
    page = (ROOT / "docs" / "facilitator" / "starting.md").read_text(encoding="utf-8")
    starting = [grammar for grammar in GRAMMARS if grammar.name in ("create", "pair")]
    flags = {flag for grammar in starting for flag in grammar.flags + grammar.people_flags}
    assert {flag for flag in flags if f"| `--{flag} " not in page} == set()


def test_every_option_of_a_poll_is_explained() -> None:
    page = (ROOT / "docs" / "facilitator" / "polls.md").read_text(encoding="utf-8")
    poll = next(grammar for grammar in GRAMMARS if grammar.name == "poll")
    listed = set(re.findall(r"^\| `--(\w+)", page, re.MULTILINE))
    assert listed == set(poll.flags + poll.switches)


def test_the_guides_are_in_the_program_managers_table(guides: Guides) -> None:
    page = (ROOT / "docs" / "program-manager" / "programs.md").read_text(encoding="utf-8")
    assert {guide for guide in guides.ids if f"| `{guide}` |" not in page} == set()


# ── the command line and make ────────────────────────────────────────────────────────────────────────────────────────


def shell_commands() -> list[tuple[str, str]]:
    """Documented uses of ours in a shell, by page: ``circlet …`` however it is started, and ``make …``."""
    found = set()
    for page in PAGES:
        for snippet in snippets(page):
            line = re.sub(r"^(\.venv/bin/)?python3? -m adapters\b", "circlet", snippet)
            line = re.sub(r"^\.venv/bin/circlet\b", "circlet", line)
            # A file, a package or a program that happens to be called circlet is no command.
            if re.match(r"(circlet|make) [\w-]", line):
                found.add((name(page), line))
    return sorted(found)


@pytest.mark.parametrize(("page", "line"), shell_commands())
def test_a_documented_shell_command_exists(page: str, line: str) -> None:
    program, *words = shlex.split(line)
    if program == "make":
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
        wanted = {word for word in words if "=" not in word}
        assert wanted <= targets, f"{page}: the Makefile lacks {wanted - targets}"
        return
    command: click.Command = main
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert command is not main, f"{page}: there is no command {line}"
    assert not isinstance(command, click.Group) or not words, f"{page}: there is no command {line}"
    # Read as the command would read it, but neither looked up nor run: what a page names need not be on this machine.
    _, left, _ = command.make_parser(click.Context(command)).parse_args(words)
    assert not left, f"{page}: {line}: {left} is too much"


def test_every_command_of_the_command_line_is_documented() -> None:
    page = (ROOT / "docs" / "developer" / "README.md").read_text(encoding="utf-8")
    leaves = list(_leaves(main, "circlet"))
    assert {leaf for leaf in leaves if f"| `{leaf}` |" not in page} == set()


def _leaves(command: click.Command, words: str) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield words
        return
    for sub in command.commands.values():
        yield from _leaves(sub, f"{words} {sub.name}")


def test_every_option_of_simulate_is_documented() -> None:
    page = (ROOT / "docs" / "developer" / "simulate.md").read_text(encoding="utf-8")
    options = {option for one in main.commands["simulate"].params for option in one.opts if option.startswith("--")}
    assert set(re.findall(r"^\| `(--[a-z-]+)` \|", page, re.MULTILINE)) == options


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_administrators_table_has_every_setting_with_its_default_and_no_other() -> None:
    page = (ROOT / "docs" / "administrator" / "settings.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `([A-Z_]+)` \| `?([^|`]*)`? \|", page, re.MULTILINE))
    assert table == {field.upper(): _shown(info.default) for field, info in Settings.model_fields.items()}


def _shown(default: object) -> str:
    if isinstance(default, Path):
        return str(default.relative_to(ROOT))
    if default is None:
        return "not set"
    secret = getattr(default, "get_secret_value", None)
    return str(secret() if secret else default)


# ── the code that ARCHITECTURE.md and CONTRIBUTING.md speak of ───────────────────────────────────────────────────────

ARCHITECTURE = ROOT / "ARCHITECTURE.md"
NOT_OURS = {"SecretStr"}


def tree() -> set[str]:
    """The paths that the tree in ARCHITECTURE.md names: below the folder at the margin, or in a folder of that one."""
    block = _FENCE.findall(ARCHITECTURE.read_text(encoding="utf-8"))[0]
    found, above = set(), ""
    for line in block.splitlines():
        names = re.findall(r"(?<![\w/<])[a-z_0-9]+(?:\.py|/)(?![\w<*])", line)
        if not line.startswith(" "):
            found |= set(names)
            above = names[0]
            continue
        for one in names:
            # A file of a folder that stands on the same line, such as web/'s, is found one step further down.
            deeper = (f"{path.parent.name}/{one}" for path in (ROOT / above).glob(f"*/{one}"))
            found.add(above + (one if (ROOT / above / one).exists() else next(deeper, one)))
    return found


def test_the_tree_names_only_what_exists() -> None:
    assert {path for path in tree() if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("folder", ["bot", "adapters"])
def test_the_tree_names_every_module_and_package(folder: str) -> None:
    there = {f"{folder}/{one.name}" for one in (ROOT / folder).glob("*.py") if one.name != "__init__.py"}
    there |= {f"{folder}/{one.parent.name}/" for one in (ROOT / folder).glob("*/__init__.py")}
    assert there - tree() == set()


@pytest.mark.parametrize("page", [ARCHITECTURE, ROOT / "CONTRIBUTING.md"], ids=name)
def test_every_path_that_is_named_exists(page: Path) -> None:
    code = set(_CODE.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))))
    paths = {one for one in code if re.fullmatch(r"(bot|adapters|tests|docs|guides|migrations)/[\w./-]*", one)}
    paths = {path for path in paths if "/de/" not in path}  # a language that somebody may add
    assert {path for path in paths if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", [ARCHITECTURE, ROOT / "CONTRIBUTING.md"], ids=name)
def test_every_class_function_and_constant_that_is_named_exists(page: Path) -> None:
    files = [file for folder in ("bot", "adapters") for file in (ROOT / folder).rglob("*.py")]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    defined = set(re.findall(r"(?:class|def) (\w+)|^([A-Z]\w+)\b.* = ", source, re.MULTILINE))
    known = {one for pair in defined for one in pair}
    code = _CODE.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
    named = {part for one in code if re.fullmatch(r"[A-Z]\w+(\.\w+)?", one) for part in one.split(".")}
    assert named - known - NOT_OURS == set()


def test_every_folder_of_tests_is_explained() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = {f"tests/{test.relative_to(ROOT / 'tests').parts[0]}" for test in (ROOT / "tests").glob("*/**/test_*.py")}
    assert {folder for folder in folders if f"| `{folder}` |" not in page} == set()


def test_the_surface_of_the_bot_is_described_as_it_is() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    assert set(re.findall(r"`Bot\.(\w+)`", text)) == {one for one in vars(Bot) if not one.startswith("_")}
    for union in (Inbound, Reply):
        assert {kind.__name__ for kind in get_args(union) if f"`{kind.__name__}`" not in text} == set()


def test_the_walk_goes_where_it_says() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    named = (*re.findall(r'`(POSTS|VERBS)\["(\w+)"\]` is `(\w+)` in\s+`([\w/]+)\.py`', text),)
    assert len(named) == 2
    for table, key, function, module in named:
        does = POSTS[key] if table == "POSTS" else VERBS[key].run
        assert (does.__module__, does.__name__) == (module.replace("/", "."), function)


def test_the_layers_are_those_that_are_enforced() -> None:
    text = " ".join(ARCHITECTURE.read_text(encoding="utf-8").split())
    layers = re.findall(r"^    ([\w |]+)$", (ROOT / ".importlinter").read_text(encoding="utf-8"), re.MULTILINE)
    core = layers[layers.index("app") : layers.index("outbox") + 1]
    told = [text.index(f"`{layer.split(' | ')[0]}`", text.index("In `bot`, from the top")) for layer in core]
    assert all(before < after for before, after in pairwise(told))
