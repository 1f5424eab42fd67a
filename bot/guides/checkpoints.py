"""checkpoints.yaml: the questions of a guide's checkpoints, read from their text. Pure; constructs no YAML object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar, get_args

import yaml

from bot.guides.items import (
    ENGLISH,
    FREE,
    POLLS,
    AskedRole,
    Item,
    ItemKind,
    Poll,
    ReadBy,
    Words,
)
from bot.guides.rules import Finding, forbidden

T = TypeVar("T")

MOST_ITEMS = 12
"""In one poll for one role: a form that takes a few minutes."""

LONGEST_TEXT = 300
LONGEST_LABEL = 60
MOST_OPTIONS = 10

_KINDS: dict[str, ItemKind] = {kind: kind for kind in get_args(ItemKind)}
_ROLES: dict[str, AskedRole] = {role: role for role in get_args(AskedRole)}
_POLLS: dict[str, Poll] = {poll: poll for poll in POLLS}
_READERS: dict[str, ReadBy] = {reader: reader for reader in get_args(ReadBy)}
_KEYS = ("id", "version", "kind", "for", "polls", "text")
_MORE: dict[ItemKind, tuple[str, ...]] = {
    "scale": ("low", "high", "low_label", "high_label"),
    "zero-to-ten": ("low_label", "high_label"),
    "choice": ("options",),
    "text": ("read_by",),
    "ideas": ("read_by",),
    "fit": (),
}
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,3}")


def read(text: str, *, own: bool = False) -> tuple[tuple[Item, ...], tuple[Finding, ...]]:
    """The questions of a file; they count only where there are no findings. ``own``: an organisation's own."""
    try:
        findings = _style(text)
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return (), (Finding(mark.line + 1 if mark else 1, f"not YAML: {error.problem}"),)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return (), (Finding(1, "not YAML"),)
    if findings:
        return (), tuple(dict.fromkeys(findings))
    reader = _Reader(own=own)
    items = reader.file(root)
    return items, tuple(reader.findings)


def _style(text: str) -> list[Finding]:
    """YAML that only programmers read: brackets, anchors, aliases, tags."""
    found: list[Finding] = []
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent) and event.flow_style:
            found.append(Finding(line, "[ ] and { } are not used here; write one entry per line"))
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            found.append(Finding(line, "anchors, aliases and tags are not used here; write the value out"))
    return found


class _Reader:
    """Takes the questions out of the composed nodes, and gathers what is wrong with them."""

    def __init__(self, *, own: bool) -> None:
        self.own = own
        self.findings: list[Finding] = []
        self.languages: frozenset[str] | None = None

    def file(self, root: yaml.Node | None) -> tuple[Item, ...]:
        top = self._mapping(root, 1, "the file must be lines of the form key: value")
        self._only(top, 1, ("licence", "questions"), ())
        licence = self._line(top.get("licence"), "licence", LONGEST_LABEL)
        listed = top.get("questions")
        if not isinstance(listed, yaml.SequenceNode) or not listed.value:
            self._say(1, "questions must be a list, one entry per question after a hyphen")
            return ()
        items = [(node, self._item(node, licence)) for node in listed.value]
        seen: dict[str, int] = {}
        for node, item in items:
            if item is not None and seen.setdefault(item.id, _at(node)) != _at(node):
                self._say(_at(node), f"the id {item.id} is used in line {seen[item.id]} already")
        return tuple(item for _, item in items if item is not None)

    def _item(self, node: yaml.Node, licence: str) -> Item | None:
        line, before = _at(node), len(self.findings)
        values = self._mapping(node, line, "a question must be lines of the form key: value")
        kind = self._one_of(values.get("kind"), "kind", _KINDS)
        more = _MORE[kind] if kind else tuple({key for keys in _MORE.values() for key in keys})
        self._only(values, line, _KEYS, more)
        item_id = self._line(values.get("id"), "id", LONGEST_LABEL)
        if item_id and not _ID.fullmatch(item_id):
            self._say(line, "id must be small letters and digits with hyphens")
        low, high = self._ends(values, kind)
        item = Item(
            id=item_id,
            version=self._number(values.get("version"), "version", 1, 999),
            kind=kind or "text",
            roles=self._list(values.get("for"), "for", _ROLES),
            polls=self._list(values.get("polls"), "polls", _POLLS),
            text=self._words(values.get("text"), line, "text", LONGEST_TEXT),
            low=low,
            high=high,
            low_label=self._words(values.get("low_label"), line, "low_label") if "low_label" in more else (),
            high_label=self._words(values.get("high_label"), line, "high_label") if "high_label" in more else (),
            options=self._options(values.get("options")) if kind == "choice" else (),
            read_by=(self._one_of(values.get("read_by"), "read_by", _READERS) or "nobody")
            if kind in FREE
            else "nobody",
            licence=licence,
            own=self.own,
        )
        if (kind == "fit" and item.polls != ("fit",)) or (kind != "fit" and "fit" in item.polls):
            self._say(line, "a question of kind fit, and no other, is asked in the poll fit")
        return item if len(self.findings) == before else None

    def _ends(self, values: Mapping[str, yaml.Node], kind: ItemKind | None) -> tuple[int, int]:
        if kind == "zero-to-ten":
            return 0, 10
        if kind != "scale":
            return 1, 5
        low = self._number(values.get("low"), "low", 0, 1)
        high = self._number(values.get("high"), "high", 3, 10)
        return low, high

    # one value at a time

    def _say(self, line: int, problem: str) -> None:
        self.findings.append(Finding(line, problem))

    def _mapping(self, node: yaml.Node | None, line: int, problem: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._say(_at(node) if node else line, problem)
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in found:
                self._say(_at(key), f"duplicate key: {_shown(name)}")
            found[name] = value
        return found

    def _only(self, values: Mapping[str, yaml.Node], line: int, needed: tuple[str, ...], more: tuple[str, ...]) -> None:
        for key in (*needed, *more):
            if values and key not in values:
                self._say(line, f"missing key: {key}")
        for key, node in values.items():
            if key not in needed and key not in more:
                self._say(_at(node), f"unknown key here: {_shown(key)}")

    def _line(self, node: yaml.Node | None, key: str, longest: int) -> str:
        if node is None:
            return ""
        text = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if not text.strip() or "\n" in text or forbidden(text):
            self._say(_at(node), f"{key} must be a text in one line")
            return ""
        if len(text) > longest:
            self._say(_at(node), f"{key} has {len(text)} characters; at most {longest}")
        return text

    def _number(self, node: yaml.Node | None, key: str, low: int, high: int) -> int:
        if node is None:
            return low
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not _WHOLE.fullmatch(value) or not low <= int(value) <= high:
            self._say(_at(node), f"{key} must be a whole number from {low} to {high}")
            return low
        return int(value)

    def _one_of(self, node: yaml.Node | None, key: str, choices: Mapping[str, T]) -> T | None:
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode) or node.value not in choices:
            self._say(_at(node), f"{key} must be {' or '.join(choices)}")
            return None
        return choices[node.value]

    def _list(self, node: yaml.Node | None, key: str, choices: Mapping[str, T]) -> tuple[T, ...]:
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self._say(_at(node), f"{key} must be a list, one per line, each after a hyphen")
            return ()
        found = [self._one_of(one, key, choices) for one in node.value]
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def _words(self, node: yaml.Node | None, line: int, key: str, longest: int = LONGEST_LABEL) -> Words:
        """A text in its languages; all texts of a file are in the same ones, and in English."""
        if node is None:
            return ()
        values = self._mapping(node, line, f"{key} must be lines below it, one per language, like en: …")
        for language in values:
            if not _LANGUAGE.fullmatch(language):
                self._say(_at(node), f"{key}: {_shown(language)} is no language, like en or de")
        found = frozenset(values)
        if values and ENGLISH not in found:
            self._say(_at(node), f"{key} must be written in English (en)")
        if self.languages is None:
            self.languages = found
        elif values and found != self.languages:
            self._say(
                _at(node),
                f"{key} must be in the same languages as the texts above: {', '.join(sorted(self.languages))}",
            )
        return tuple((language, self._line(one, key, longest)) for language, one in sorted(values.items()))

    def _options(self, node: yaml.Node | None) -> tuple[tuple[str, Words], ...]:
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not 2 <= len(node.value) <= MOST_OPTIONS:
            self._say(_at(node), f"options must be a list of 2 to {MOST_OPTIONS}, each after a hyphen")
            return ()
        found: list[tuple[str, Words]] = []
        for one in node.value:
            values = self._mapping(one, _at(one), "an option must have the lines value: and text:")
            self._only(values, _at(one), ("value", "text"), ())
            value = self._line(values.get("value"), "value", LONGEST_LABEL)
            if value and not _ID.fullmatch(value):
                self._say(_at(one), "value must be small letters and digits with hyphens")
            if value in dict(found):
                self._say(_at(one), f"the value {value} is used twice")
            found.append((value, self._words(values.get("text"), _at(one), "text")))
        return tuple(found)


def too_long(items: tuple[Item, ...], language: str) -> tuple[str, ...]:
    """What does not fit of the questions' texts in a language that is no line of the file itself, as "de@formal"."""
    found = ((item.id, dict(words).get(language, ""), words is item.text) for item in items for words in item.words)
    limited = ((name, len(text), LONGEST_TEXT if question else LONGEST_LABEL) for name, text, question in found)
    return tuple(f"{name}: a text has {n} characters; at most {most}" for name, n, most in limited if n > most)


def together(items: tuple[Item, ...]) -> tuple[str, ...]:
    """What is wrong with the questions of all files of a guide taken together."""
    problems: list[str] = []
    ids = [item.id for item in items]
    problems += [f"the question {one} is in two files" for one in sorted({one for one in ids if ids.count(one) > 1})]
    for poll in POLLS:
        for role in get_args(AskedRole):
            n = sum(poll in item.polls and role in item.roles for item in items)
            if n > MOST_ITEMS:
                problems.append(f"{n} questions in the poll {poll} for {role}; at most {MOST_ITEMS}")
    return tuple(problems)


def _at(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _shown(key: str) -> str:
    """A key as it can be printed, whatever was escaped in it."""
    return re.sub(r"[^\w.<>-]", "?", key[:40])
