"""quiz.yaml: the questions of a training, read from its text. Pure; composes YAML nodes, constructs no object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

import yaml

from bot.guides.manifest import Manifest
from bot.guides.rules import QUESTIONS, Finding, Question, forbidden

_KEYS = ("session", "question", "right", "why", "wrong")
_WRONG = (2, 4)
_LONGEST_ANSWER = 150


def read_quiz(text: str, manifest: Manifest) -> tuple[tuple[Question, ...], tuple[Finding, ...]]:
    """The questions, by session; they count only where there are no findings."""
    findings: list[Finding] = []
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return (), (Finding(mark.line + 1 if mark else 1, f"not YAML: {error.problem}"),)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return (), (Finding(1, "not YAML"),)
    listed = _mapping(root).get("questions")
    if not isinstance(listed, yaml.SequenceNode) or not listed.value:
        return (), (Finding(1, "the file must be: questions, and below it one entry per question after a hyphen"),)
    made = [_question(node, findings) for node in listed.value]
    found = [one for one in made if one is not None]
    if len(found) == len(made) and manifest.knows("first_session", "last_session"):
        findings += _counts(found, manifest)
    return tuple(found), tuple(findings)


def _mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}


def _question(node: yaml.Node, findings: list[Finding]) -> Question | None:
    line = node.start_mark.line + 1
    values = _mapping(node)
    problems = [Finding(line, f"missing key: {key}") for key in _KEYS if key not in values]
    problems += [Finding(line, f"unknown key: {key[:40]!r}") for key in values if key not in _KEYS]
    if problems:
        findings += problems
        return None
    number = values["session"]
    if not isinstance(number, yaml.ScalarNode) or not number.value.isdecimal() or len(number.value) > 2:
        problems.append(Finding(number.start_mark.line + 1, "session must be a whole number"))
    texts = {key: _text(values[key], key, problems) for key in ("question", "right", "why")}
    wrong = _wrong(values["wrong"], problems)
    if texts["question"] and not texts["question"].endswith("?"):
        problems.append(Finding(line, "question must end with a question mark"))
    answers = [texts["right"], *wrong]
    if len(set(answers)) != len(answers):
        problems.append(Finding(line, "two answers are the same"))
    if problems or not isinstance(number, yaml.ScalarNode):
        findings += problems
        return None
    return Question(int(number.value), texts["question"], texts["right"], texts["why"], tuple(wrong))


def _wrong(node: yaml.Node, problems: list[Finding]) -> list[str]:
    least, most = _WRONG
    if not isinstance(node, yaml.SequenceNode) or not least <= len(node.value) <= most:
        problems.append(Finding(node.start_mark.line + 1, f"wrong must be a list of {least} to {most} answers"))
        return []
    return [_text(one, "wrong", problems) for one in node.value]


def _text(node: yaml.Node, key: str, problems: list[Finding]) -> str:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip() or "\n" in node.value or forbidden(node.value):
        problems.append(Finding(line, f"{key} must be a text in one line"))
        return ""
    if key in ("right", "wrong") and len(node.value) > _LONGEST_ANSWER:
        problems.append(Finding(line, f"{key}: an answer has at most {_LONGEST_ANSWER} characters"))
    return str(node.value)


def _counts(found: list[Question], manifest: Manifest) -> Iterator[Finding]:
    """Whether each session has its few questions."""
    least, most = QUESTIONS
    counted = Counter(question.session for question in found)
    for number in range(manifest.first, manifest.last + 1):
        if not least <= counted[number] <= most:
            yield Finding(1, f"session {number} has {counted[number]} questions, it should have {least} to {most}")
    for number in sorted(set(counted) - set(range(manifest.first, manifest.last + 1))):
        yield Finding(1, f"there is no session {number}")


def named(quiz: Sequence[Question], english: Sequence[Question]) -> tuple[Question, ...]:
    """The questions with their names, which are made of their English words: whoever changes their language goes on
    where they were."""
    words = {place: one.question for place, one in _placed(english).items()}
    return tuple(
        replace(one, name=sha256(words.get(place, one.question).encode()).hexdigest()[:12])
        for place, one in _placed(quiz).items()
    )


def uneven(quiz: Sequence[Question], english: Sequence[Question]) -> Iterator[Finding]:
    """Whether each session asks as much as in English."""
    ours, theirs = (Counter(one.session for one in questions) for questions in (quiz, english))
    for number in sorted(set(ours) & set(theirs)):
        if ours[number] != theirs[number]:
            yield Finding(1, f"session {number} has {ours[number]} questions, in English {theirs[number]}")


def _placed(quiz: Sequence[Question]) -> dict[tuple[int, int], Question]:
    """Each question by its session and its place in it."""
    counted: Counter[int] = Counter()
    found: dict[tuple[int, int], Question] = {}
    for one in quiz:
        counted[one.session] += 1
        found[one.session, counted[one.session]] = one
    return found
