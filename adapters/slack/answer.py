"""Says in Slack what the core returned to somebody who acted: there, in private, in place, or as a form.

Decides nothing but the way: where Slack refuses one, the next best is taken, and the last is a private message.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.refusals import TROUBLE, code_of, unknown
from adapters.slack.render import Payload, done_view, message_payloads, view
from adapters.slack.speaking import Voice
from bot.forms import Form
from bot.inbound import Place
from bot.markup import literal
from bot.messages import Ask, FixForm, Message, OpenForm, Replace, Reply, Say, Silence, Text

SETTLED = 0.3
"""Seconds after an acknowledgement that replaces a modal in which Slack has mostly shown it."""


class UrlRefused(Exception):
    """A response URL that takes no more answers."""


FAILURES = (*TROUBLE, UrlRefused)

Json = dict[str, Any]
Way = Callable[[Payload], Awaitable[object]]
"""One way of getting words to somebody."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Means:
    """What Slack gave us to answer somebody with.

    ``trigger`` opens a modal within 3 s; ``url`` takes five answers within 30 min; ``modal`` is the view that they have
    open, "" where there is none. ``ephemeral``: they acted in a message that only they see. ``settling``: the modal is
    being replaced by our own acknowledgement, which may overtake what is put in it next.
    """

    person: str
    surface: Literal["command", "message", "home", "modal"]
    trigger: str = ""
    url: str = ""
    modal: str = ""
    ephemeral: bool = False
    settling: bool = False


def means(body: Mapping[str, Any]) -> Means:
    """Of the payload of a command, a press or a sent form."""
    person = body.get("user_id") or body["user"]["id"]
    container: Mapping[str, Any] = body.get("container") or {}
    shown: Mapping[str, Any] = body.get("view") or {}
    trigger, url = body.get("trigger_id") or "", body.get("response_url") or ""
    if "command" in body:
        return Means(person, "command", trigger, url)
    if shown.get("type") == "home":
        return Means(person, "home", trigger)
    if shown:
        return Means(person, "modal", trigger, modal=shown["id"])
    return Means(person, "message", trigger, url, ephemeral=bool(container.get("is_ephemeral")))


def metadata(place: Place, by: Means) -> str:
    """What a form remembers of where it was opened. An ephemeral message cannot be changed later: it is no origin."""
    message = None if by.ephemeral else place.message
    return json.dumps({"c": place.conversation, "m": message, "k": place.kind}, separators=(",", ":"))


def is_conversation(place: Place) -> bool:
    """Whether words can be put there; somebody's App Home is a place to act in and none to write in."""
    return bool(place.conversation)


# ── a reply ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def apply(voice: Voice, by: Means, place: Place, reply: Reply, held: str = "") -> None:
    """``held``: a modal that says "…" is open and waits for what is to be in it."""
    match reply:
        case OpenForm(form):
            await _open(voice, by, place, form, held or by.modal)
        case Say(message, private):
            if not private:
                await _say(voice, by, place, message, private=False)
            if held or (private and not is_conversation(place)):
                await show(voice, by, place, message, held or by.modal)
            elif private:
                await _say(voice, by, place, message, private=True)
        case Replace(message):
            replaced = await _replace(voice, by, place, message)
            if held or not (replaced or is_conversation(place)):
                await show(voice, by, place, message, held or by.modal)
            elif not replaced:
                await _say(voice, by, place, message, private=True)
        case FixForm(problems):
            words = Message(tuple(Text(literal(problem)) for problem in problems.values()))
            await apply(voice, by, place, Say(words), held)
        case Silence():
            if held:
                await show(voice, by, place, Message((Text(literal("✓")),)), held)
        case _:
            assert_never(reply)


async def excuse(by: Means, reply: Reply) -> None:
    """Without a token, what can be said where Slack gave us a URL."""
    if by.url and isinstance(reply, Say):
        for payload in message_payloads(reply.message):
            await _first(payload, (lambda part: _respond(by.url, part),))


async def show(voice: Voice, by: Means, place: Place, message: Message, modal: str) -> None:
    """In the modal that is open, else in a new one, else as a private message."""
    if not await put(voice, by, done_view(message, metadata=metadata(place, by)), modal):
        await _say(voice, by, place, message, private=True)


async def _open(voice: Voice, by: Means, place: Place, form: Form, modal: str) -> None:
    """Where the three seconds are over, a button to open it once more: it carries the form's own token."""
    if not await put(voice, by, view(form, metadata=metadata(place, by)), modal):
        offer = Message((Text(form.intro or literal(form.title)), Ask(form.title, form, "primary")))
        await _say(voice, by, place, offer, private=True)


async def put(voice: Voice, by: Means, shown: Json, modal: str) -> bool:
    """In the modal that is open, else in a new one; False where there is neither, or Slack refuses."""
    try:
        if modal:
            now = await voice.ask(lambda: voice.client.views_update(view_id=modal, view=shown))
            if by.settling:
                await _settle(voice, modal, shown, now["view"]["hash"])
        elif by.trigger:
            await voice.ask(lambda: voice.client.views_open(trigger_id=by.trigger, view=shown))
        else:
            return False
    except FAILURES as problem:
        log.info("view", outcome="refused", reason=code(problem))
        return False
    return True


async def _settle(voice: Voice, modal: str, shown: Json, seen: str) -> None:
    """Once more where the acknowledgement has overtaken it: then the view is another than the one we were shown."""
    await asyncio.sleep(SETTLED)
    try:
        await voice.client.views_update(view_id=modal, view=shown, hash=seen)
    except FAILURES as problem:
        if code(problem) == "hash_conflict":
            await voice.ask(lambda: voice.client.views_update(view_id=modal, view=shown))


async def _replace(voice: Voice, by: Means, place: Place, message: Message) -> bool:
    """Change the message that was acted in. Words that no longer fit into it follow it."""
    if place.message is None and not by.ephemeral:
        return False
    first, *rest = message_payloads(message)

    async def change() -> None:
        if by.ephemeral:
            await _respond(by.url, first, replace_original=True)
        else:
            await voice.ask(
                lambda: voice.client.chat_update(
                    channel=place.conversation, ts=str(place.message), text=first.text, blocks=first.blocks
                ),
                voice.method("tier 3", "chat.update"),
            )

    try:
        await change()
    except FAILURES as problem:
        log.info("replace", outcome="refused", reason=code(problem))
        return False
    for payload in rest:
        await _first(payload, _ways(voice, by, place, private=True))
    return True


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _say(voice: Voice, by: Means, place: Place, message: Message, *, private: bool) -> None:
    ways = _ways(voice, by, place, private=private)
    for payload in message_payloads(message):
        await _first(payload, ways)


def _ways(voice: Voice, by: Means, place: Place, *, private: bool) -> tuple[Way, ...]:
    """The best first. A command may come from a conversation that the bot is not in: only its URL answers there."""

    async def post(payload: Payload) -> None:
        await _post(voice, place.conversation, payload)

    async def whisper(payload: Payload) -> None:
        await voice.ask(
            lambda: voice.client.chat_postEphemeral(
                channel=place.conversation, user=by.person, text=payload.text, blocks=payload.blocks
            ),
            voice.method("tier 4", "chat.postEphemeral"),
        )

    async def respond(payload: Payload) -> None:
        await _respond(by.url, payload, in_channel=not private)

    async def directly(payload: Payload) -> None:
        opened = await voice.ask(
            lambda: voice.client.conversations_open(users=by.person), voice.method("tier 3", "conversations.open")
        )
        await _post(voice, opened["channel"]["id"], payload)

    by_url = (respond,) if by.url else ()
    if not is_conversation(place):
        return (directly,)
    if not private:
        return (post, *by_url, directly)
    if place.conversation.startswith("D"):
        return (post, *by_url, directly)
    return (*by_url, whisper, directly)


async def _post(voice: Voice, channel: str, payload: Payload) -> None:
    await voice.ask(
        lambda: voice.client.chat_postMessage(
            channel=channel, text=payload.text, blocks=payload.blocks, unfurl_links=False
        ),
        *voice.into(channel),
    )


async def _first(payload: Payload, ways: tuple[Way, ...]) -> None:
    """The first way that Slack does not refuse. One whose outcome is unknown was perhaps heard: no other is tried."""
    for way in ways:
        try:
            await way(payload)
        except FAILURES as problem:
            unknown = _unknown(problem)
            log.info("say", outcome="unknown" if unknown else "refused", reason=code(problem))
            if unknown:
                return
        else:
            return
    log.warning("say", outcome="undelivered")


async def _respond(url: str, payload: Payload, *, in_channel: bool = False, replace_original: bool = False) -> None:
    answer = await AsyncWebhookClient(url, retry_handlers=[]).send(
        text=payload.text,
        blocks=payload.blocks,
        response_type="in_channel" if in_channel else "ephemeral",
        replace_original=replace_original,
    )
    if answer.status_code != 200:
        raise UrlRefused


def code(problem: Exception) -> str:
    """Slack's word for a refusal, or what kind of accident it was. Nothing of what was to be said."""
    return code_of(problem) or type(problem).__name__


def _unknown(problem: Exception) -> bool:
    """Whether the words may have arrived all the same."""
    return not isinstance(problem, UrlRefused) and unknown(problem)
