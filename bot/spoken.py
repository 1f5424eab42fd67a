"""A message in plain words, and as it is said in somebody's workspace and language."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from bot.forms import Form
from bot.markup import heard_in, plain
from bot.messages import (
    Ask,
    Block,
    Button,
    Chart,
    Divider,
    Facts,
    FixForm,
    Heading,
    LinkButton,
    List,
    Message,
    OpenForm,
    Progress,
    Replace,
    Reply,
    Say,
    Silence,
    Table,
    Text,
)


def words(message: Message) -> str:
    """All of a message as plain words, a line each: for search, notifications, screen readers and tests."""
    return "\n".join(line for block in message.blocks if (line := _block_words(block)))


def _block_words(block: Block) -> str:
    match block:
        case Text(spans, _) | Heading(spans):
            return plain(spans)
        case Facts(rows):
            return "\n".join(f"{label}: {plain(value)}" for label, value in rows)
        case List(items, ordered):
            return "\n".join(f"{f'{n}.' if ordered else '•'} {plain(item)}" for n, item in enumerate(items, 1))
        case Table(caption, columns, rows):
            lines = (" | ".join(plain(cell) for cell in row) for row in rows)
            return "\n".join((caption, " | ".join(columns), *lines))
        case Chart():
            return f"{block.title}{'' if block.title.endswith('?') else ':'} {block.words}"
        case Progress(label, value, total):
            return f"{label}: {value}/{total}"
        case Button(label) | LinkButton(label) | Ask(label):
            return f"[{label}]"
        case Divider():
            return ""
        case _:
            assert_never(block)


# ── said in another workspace ────────────────────────────────────────────────────────────────────────────────────────


def said_in(message: Message, workspace: int, language: str) -> Message:
    """The message as it is said in a workspace, in this language: who cannot be mentioned there is named."""
    return Message(tuple(_block_in(block, workspace, language) for block in message.blocks), language)


def reply_in(reply: Reply, workspace: int, language: str) -> Reply:
    """The reply as it is said in a workspace, in this language."""
    match reply:
        case Say(message, private):
            return Say(said_in(message, workspace, language), private)
        case Replace(message):
            return Replace(said_in(message, workspace, language))
        case OpenForm(form):
            return OpenForm(_form_in(form, workspace, language))
        case FixForm(problems, form):
            return FixForm(problems, form and _form_in(form, workspace, language))
        case Silence():
            return reply
        case _:
            assert_never(reply)


def _form_in(form: Form, workspace: int, language: str) -> Form:
    return replace(form, intro=heard_in(form.intro, workspace), language=language)


def _block_in(block: Block, workspace: int, language: str) -> Block:
    match block:
        case Text(spans) | Heading(spans):
            return replace(block, spans=heard_in(spans, workspace))
        case Facts(rows):
            return Facts(tuple((label, heard_in(value, workspace)) for label, value in rows))
        case List(items):
            return replace(block, items=tuple(heard_in(item, workspace) for item in items))
        case Table(rows=cells):
            return replace(block, rows=tuple(tuple(heard_in(cell, workspace) for cell in row) for row in cells))
        case Ask(form=form):
            return replace(block, form=_form_in(form, workspace, language))
        case Chart() | Progress() | Button() | LinkButton() | Divider():
            return block
        case _:
            assert_never(block)
