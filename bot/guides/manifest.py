"""guide.yaml: the figures of a guide, read from its text. Pure; composes YAML nodes and never constructs an object."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import yaml

from bot.guides.rules import Every, Finding, Kind, forbidden

T = TypeVar("T")

_KIND: dict[str, Kind] = {"circle": "circle", "pair": "pair", "solo": "solo"}
_EVERY: dict[str, Every] = {"weekly": "weekly", "fortnightly": "fortnightly", "monthly": "monthly"}
_YES = {"yes": True, "no": False}
_FOR_ROLE = {"mentor": "mentor", "mentee": "mentee", "participant": "participant"}
_RANGES = {
    "version": (1, 9999),
    "minutes": (5, 480),
    "short_minutes": (5, 480),
    "first_session": (0, 99),
    "last_session": (0, 99),
    "checkpoint": (0, 99),
    "group.starts_with": (2, 50),
    "group.at_least": (2, 50),
    "group.at_most": (2, 50),
    "prompt_hours_before": (0, 168),
    "prepare_days_before": (1, 14),
    "tasks_needed": (0, 99),
}
_OTHERS = ("id", "kind", "licence", "authors", "rhythm", "training", "for_guide", "for_role")
_NOT_SOLO = ("rhythm", "training", "tasks_needed", "short_minutes", "checkpoint", "group", "prompt_hours_before")
_ONLY_SOLO = ("for_guide", "for_role")
_OPTIONAL = {"prompt_hours_before": 2, "prepare_days_before": 2}
# A folder of this name among the guides holds the articles.
_ID = re.compile(r"(?!library$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LICENCE = re.compile(r"[A-Za-z0-9][\w.+-]*( (AND|OR|WITH) [A-Za-z0-9][\w.+-]*)*", re.ASCII)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,5}")
_DEEPEST = 8
"""Far more than a good file has, far less than the composer's recursion can bear."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What guide.yaml says. ``doubtful`` are the keys whose value is missing or wrong and here only a stand-in."""

    id: str
    version: int
    kind: Kind
    licence: str
    authors: tuple[str, ...]
    minutes: int
    short_minutes: int
    first: int
    last: int
    checkpoint: int
    starts_with: int
    at_least: int
    at_most: int
    prompt_hours_before: int
    prepare_days_before: int
    doubtful: frozenset[str]
    every: Every = "weekly"
    training: bool = False
    tasks_needed: int | None = None
    for_guide: str = ""
    for_role: str = ""

    def knows(self, *keys: str) -> bool:
        """Whether a check may rely on the values of these keys."""
        return self.doubtful.isdisjoint(keys)


UNREADABLE = Manifest("", 0, "circle", "", (), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, frozenset({*_RANGES, *_OTHERS, "group"}))
"""What is known of a guide whose guide.yaml says nothing."""


def read(text: str, folder: str) -> tuple[Manifest, tuple[Finding, ...]]:
    """The manifest of a guide that stands in a folder of this name."""
    style: list[Finding] = []
    manifest, findings = _read(text, folder, style)
    # A line whose style is wrong has been reported; what follows from it would only repeat that.
    reported = {finding.line for finding in style}
    return manifest, (*dict.fromkeys(style), *(finding for finding in findings if finding.line not in reported))


def _read(text: str, folder: str, style: list[Finding]) -> tuple[Manifest, Sequence[Finding]]:
    try:
        _check_style(text, style)
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return UNREADABLE, (Finding(mark.line + 1 if mark else 1, f"not YAML: {error.problem}"),)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return UNREADABLE, (Finding(line, f"the invisible character U+{ord(text[error.position]):04X}"),)
    except (ValueError, OverflowError):
        # PyYAML lets the errors of chr() and int() escape, for "\\UFFFFFFFF" and the like; they know no line.
        return UNREADABLE, (Finding(1, "not YAML: a number or an escaped character that is too large"),)
    except _TooDeepError as error:
        return UNREADABLE, (Finding(error.line, "too many levels"),)
    if not isinstance(root, yaml.MappingNode):
        return UNREADABLE, (Finding(1, "the file must be lines of the form key: value"),)
    reader = _Reader(root)
    return reader.manifest(folder), reader.findings


class _TooDeepError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _check_style(text: str, findings: list[Finding]) -> None:
    """Finds YAML that only programmers read: brackets, anchors, aliases, tags. Raises what the parser raises."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if event.flow_style:
                findings.append(Finding(line, "[ ] and { } are not used here; write one entry per line"))
            if depth > _DEEPEST:
                raise _TooDeepError(line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if getattr(event, "anchor", None) is not None:
            findings.append(Finding(line, "anchors (&) and aliases (*) are not used here; write the value out"))
        if getattr(event, "tag", None) is not None:
            findings.append(Finding(line, "tags (!) are not used here; write the value alone"))


class _Reader:
    """Takes the values out of the composed nodes one by one, and gathers what is wrong with them."""

    def __init__(self, root: yaml.MappingNode) -> None:
        self.findings: list[Finding] = []
        self.doubtful: set[str] = set()
        self.top = root.start_mark.line + 1
        self.nodes: dict[str, yaml.Node] = {}
        self.lines: dict[str, int] = {}
        self._gather(root, "")

    def manifest(self, folder: str) -> Manifest:
        kind = self._one_of("kind", _KIND)
        if kind == "solo":
            return self._solo(folder)
        self._only("guides of kind solo", *_ONLY_SOLO)
        every = self._one_of("rhythm", _EVERY)
        if "group" not in self.nodes:
            self._say(self.top, "missing key: group")
        manifest = replace(
            self._common(kind or "circle"),
            every=every or "weekly",
            training="training" in self.nodes and bool(self._yes("training")),
            tasks_needed=self._number("tasks_needed") if "tasks_needed" in self.nodes else None,
            short_minutes=self._number("short_minutes"),
            checkpoint=self._number("checkpoint"),
            starts_with=self._number("group.starts_with"),
            at_least=self._number("group.at_least"),
            at_most=self._number("group.at_most"),
            prompt_hours_before=self._number("prompt_hours_before"),
            prepare_days_before=self._number("prepare_days_before") if kind != "circle" else 0,
        )
        self._check(manifest, folder)
        return replace(manifest, doubtful=frozenset(self.doubtful))

    def _solo(self, folder: str) -> Manifest:
        """The little that a guide for one person needs."""
        self._only("guides of kind circle and pair", *_NOT_SOLO)
        manifest = replace(
            self._common("solo"),
            for_guide=self._text("for_guide", _ID, "must be the id of a guide, like reverse-mentoring"),
            for_role=self._one_of("for_role", _FOR_ROLE) or "",
        )
        self._check(manifest, folder)
        return replace(manifest, doubtful=frozenset(self.doubtful))

    def _common(self, kind: Kind) -> Manifest:
        return replace(
            UNREADABLE,
            id=self._text("id", _ID, "must be small letters and digits with hyphens, like peer-circle"),
            version=self._number("version"),
            kind=kind,
            licence=self._text("licence", _LICENCE, "must be an SPDX identifier, like CC-BY-4.0"),
            authors=self._texts("authors"),
            minutes=self._number("minutes"),
            first=self._number("first_session"),
            last=self._number("last_session"),
        )

    def _only(self, where: str, *keys: str) -> None:
        for key in keys:
            if key in self.nodes:
                self._wrong(key, f"{key} is only for {where}")

    # what must be true between the values

    def _check(self, made: Manifest, folder: str) -> None:
        if self._knows("id") and made.id != folder:
            self._wrong("id", f"id is {made.id}, but the folder is {folder}")
        if self._knows("kind") and made.kind != "pair" and "prepare_days_before" in self.nodes:
            self._wrong("prepare_days_before", "prepare_days_before is only for guides of kind pair")
        if self._knows("minutes", "short_minutes") and made.short_minutes > made.minutes:
            self._wrong("short_minutes", f"short_minutes {made.short_minutes} is more than minutes {made.minutes}")
        self._check_tasks(made)
        if self._knows("first_session", "last_session"):
            if made.last < made.first:
                self._wrong("last_session", f"last_session {made.last} is before first_session {made.first}")
            elif made.kind == "solo" and made.first != 1:
                self._wrong("first_session", "first_session of a guide of kind solo is 1")
            elif made.kind != "solo" and self._knows("checkpoint") and not made.first <= made.checkpoint <= made.last:
                self._wrong("checkpoint", f"checkpoint {made.checkpoint} is not from {made.first} to {made.last}")
        sizes = (made.starts_with, made.at_least, made.at_most)
        if not self._knows("group.starts_with", "group.at_least", "group.at_most"):
            return
        if list(sizes) != sorted(sizes):
            rule = "starts_with {} <= at_least {} <= at_most {} is not so".format(*sizes)
            self._wrong("group", f"group: {rule}")
        elif self._knows("kind") and made.kind == "pair" and sizes != (2, 2, 2):
            self._wrong("group", "group: a pair is two people; starts_with, at_least and at_most are 2")

    def _check_tasks(self, made: Manifest) -> None:
        if made.tasks_needed is None or not self._knows("tasks_needed"):
            return
        if not made.training and self._knows("training"):
            self._wrong("tasks_needed", "tasks_needed is only for trainings")
        elif self._knows("first_session", "last_session") and made.tasks_needed > made.last - made.first + 1:
            self._wrong("tasks_needed", f"tasks_needed {made.tasks_needed} is more than there are sessions")

    # one value at a time

    def _gather(self, mapping: yaml.MappingNode, prefix: str) -> None:
        for key_node, value in mapping.value:
            line = key_node.start_mark.line + 1
            key = prefix + key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in self.nodes:
                self._say(line, f"duplicate key: {key}; first in line {self.lines[key]}")
                continue
            if key not in _RANGES and key not in _OTHERS and key != "group":
                self._say(line, f"unknown key: {_shown(key)}")
                continue
            self.nodes[key], self.lines[key] = value, line
            if key == "group" and isinstance(value, yaml.MappingNode):
                self._gather(value, "group.")
            elif key == "group":
                self._wrong(key, "group must be three lines below it: starts_with, at_least, at_most")

    def _say(self, line: int, problem: str) -> None:
        self.findings.append(Finding(line, problem))

    def _wrong(self, key: str, problem: str) -> None:
        self._say(self.lines[key], problem)
        self.doubtful.add(key)

    def _knows(self, *keys: str) -> bool:
        return self.doubtful.isdisjoint(keys)

    def _node(self, key: str) -> yaml.Node | None:
        node = self.nodes.get(key)
        if node is None:
            self.doubtful.add(key)
            parent = key.partition(".")[0]
            if parent == key or (parent in self.nodes and self._knows(parent)):
                self._say(self.lines.get(parent, self.top), f"missing key: {key}")
        return node

    def _number(self, key: str) -> int:
        if key in _OPTIONAL and key not in self.nodes:
            return _OPTIONAL[key]
        node = self._node(key)
        if node is None:
            return 0
        low, high = _RANGES[key]
        plain = isinstance(node, yaml.ScalarNode) and node.style is None
        if not plain or not _WHOLE.fullmatch(node.value) or not low <= int(node.value) <= high:
            self._wrong(key, f"{key} must be a whole number from {low} to {high}")
            return 0
        return int(node.value)

    def _text(self, key: str, form: re.Pattern[str], rule: str) -> str:
        node = self._node(key)
        if node is None:
            return ""
        if not _is_text(node) or not form.fullmatch(node.value):
            self._wrong(key, f"{key} {rule}")
            return ""
        return str(node.value)

    def _one_of(self, key: str, choices: Mapping[str, T]) -> T | None:
        node = self._node(key)
        if node is None:
            return None
        if not _is_text(node) or node.value not in choices:
            self._wrong(key, f"{key} must be {' or '.join(choices)}")
            return None
        return choices[node.value]

    def _yes(self, key: str) -> bool:
        node = self._node(key)
        plain = isinstance(node, yaml.ScalarNode) and node.style is None
        if not isinstance(node, yaml.ScalarNode) or not plain or node.value not in _YES:
            self._wrong(key, f"{key} must be yes or no")
            return False
        return _YES[node.value]

    def _texts(self, key: str) -> tuple[str, ...]:
        node = self._node(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self._wrong(key, f"{key} must be a list, one per line, each after a hyphen")
            return ()
        for item in node.value:
            if not _is_text(item) or not item.value.strip() or "\n" in item.value or forbidden(item.value):
                self._say(item.start_mark.line + 1, f"{key}: each one must be a text in one line")
                self.doubtful.add(key)
        return tuple(str(item.value) for item in node.value)


def is_id(text: str) -> bool:
    """Whether a guide may be called so. Not "yes", "on" or "null", which YAML reads as something else."""
    return _ID.fullmatch(text) is not None and _is_text(yaml.compose(text, yaml.SafeLoader))


def _is_text(node: yaml.Node | None) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str"


def _shown(key: str) -> str:
    """A key as it can be printed, whatever was escaped in it."""
    return re.sub(r"[^\w.<>-]", "?", key[:40])
