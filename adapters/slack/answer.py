"""Says in Slack what the core returned to somebody who acted: there, in private, in place, or as a form.

Decides nothing but the way: where Slack refuses one, the next best is taken, and the last is a private message.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, assert_never

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.refusals import TROUBLE, code_of, unknown
from adapters.slack.render import Payload, done_view, message_payloads, view
from bot.inbound import Place
from bot.markup import literal
from bot.messages import Ask, FixForm, Form, Message, OpenForm, Replace, Reply, Say, Silence, Text

LONGEST_WAIT = 10.0
"""Seconds that an answer waits when Slack asks for patience; somebody is looking at their screen."""

TRIES = 3


class UrlRefused(Exception):
    """A response URL that takes no more answers."""


FAILURES = (*TROUBLE, UrlRefused)

Json = dict[str, Any]
T = TypeVar("T")
Way = Callable[[Payload], Awaitable[object]]
"""One way of getting words to somebody."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Means:
    """What Slack gave us to answer somebody with.

    ``trigger`` opens a modal within 3 s; ``url`` takes five answers within 30 min; ``modal`` is the view that they have
    open, "" where there is none. ``ephemeral``: they acted in a message that only they see.
    """

    person: str
    surface: Literal["command", "message", "home", "modal"]
    trigger: str = ""
    url: str = ""
    modal: str = ""
    ephemeral: bool = False


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


async def apply(client: AsyncWebClient, by: Means, place: Place, reply: Reply, held: str = "") -> None:
    """``held``: a modal that says "one moment" is open and waits for what is to be in it."""
    match reply:
        case OpenForm(form):
            await _open(client, by, place, form, held or by.modal)
        case Say(message, private):
            if not private:
                await _say(client, by, place, message, private=False)
            if held or (private and not is_conversation(place)):
                await show(client, by, place, message, held or by.modal)
            elif private:
                await _say(client, by, place, message, private=True)
        case Replace(message):
            replaced = await _replace(client, by, place, message)
            if held or not (replaced or is_conversation(place)):
                await show(client, by, place, message, held or by.modal)
            elif not replaced:
                await _say(client, by, place, message, private=True)
        case FixForm(problems):
            words = Message(tuple(Text(literal(problem)) for problem in problems.values()))
            await apply(client, by, place, Say(words), held)
        case Silence():
            if held:
                await show(client, by, place, Message((Text(literal("✓")),)), held)
        case _:
            assert_never(reply)


async def excuse(by: Means, reply: Reply) -> None:
    """Without a token, what can be said where Slack gave us a URL."""
    if by.url and isinstance(reply, Say):
        for payload in message_payloads(reply.message):
            await _first(payload, (lambda part: _respond(by.url, part),))


async def show(client: AsyncWebClient, by: Means, place: Place, message: Message, modal: str) -> None:
    """In the modal that is open, else in a new one, else as a private message."""
    if not await _put(client, by, done_view(message, metadata=metadata(place, by)), modal):
        await _say(client, by, place, message, private=True)


async def _open(client: AsyncWebClient, by: Means, place: Place, form: Form, modal: str) -> None:
    """Where the three seconds are over, a button to open it once more: it carries the form's own token."""
    if not await _put(client, by, view(form, metadata=metadata(place, by)), modal):
        offer = Message((Text(form.intro or literal(form.title)), Ask(form.title, form, "primary")))
        await _say(client, by, place, offer, private=True)


async def _put(client: AsyncWebClient, by: Means, shown: Json, modal: str) -> bool:
    try:
        if modal:
            await patiently(lambda: client.views_update(view_id=modal, view=shown))
        elif by.trigger:
            await patiently(lambda: client.views_open(trigger_id=by.trigger, view=shown))
        else:
            return False
    except FAILURES as problem:
        log.info("view", outcome="refused", reason=code(problem))
        return False
    return True


async def _replace(client: AsyncWebClient, by: Means, place: Place, message: Message) -> bool:
    """Change the message that was acted in. Words that no longer fit into it follow it."""
    if place.message is None and not by.ephemeral:
        return False
    first, *rest = message_payloads(message)

    async def change() -> None:
        if by.ephemeral:
            await _respond(by.url, first, replace_original=True)
        else:
            await patiently(
                lambda: client.chat_update(
                    channel=place.conversation, ts=str(place.message), text=first.text, blocks=first.blocks
                )
            )

    try:
        await change()
    except FAILURES as problem:
        log.info("replace", outcome="refused", reason=code(problem))
        return False
    for payload in rest:
        await _first(payload, _ways(client, by, place, private=True))
    return True


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _say(client: AsyncWebClient, by: Means, place: Place, message: Message, *, private: bool) -> None:
    ways = _ways(client, by, place, private=private)
    for payload in message_payloads(message):
        await _first(payload, ways)


def _ways(client: AsyncWebClient, by: Means, place: Place, *, private: bool) -> tuple[Way, ...]:
    """The best first. A command may come from a conversation that the bot is not in: only its URL answers there."""

    async def post(payload: Payload) -> None:
        await patiently(
            lambda: client.chat_postMessage(
                channel=place.conversation, text=payload.text, blocks=payload.blocks, unfurl_links=False
            )
        )

    async def whisper(payload: Payload) -> None:
        await patiently(
            lambda: client.chat_postEphemeral(
                channel=place.conversation, user=by.person, text=payload.text, blocks=payload.blocks
            )
        )

    async def respond(payload: Payload) -> None:
        await _respond(by.url, payload, in_channel=not private)

    async def directly(payload: Payload) -> None:
        opened = await patiently(lambda: client.conversations_open(users=by.person))
        channel = opened["channel"]["id"]
        await patiently(
            lambda: client.chat_postMessage(
                channel=channel, text=payload.text, blocks=payload.blocks, unfurl_links=False
            )
        )

    by_url = (respond,) if by.url else ()
    if not is_conversation(place):
        return (directly,)
    if not private:
        return (post, *by_url, directly)
    if place.conversation.startswith("D"):
        return (post, *by_url, directly)
    return (*by_url, whisper, directly)


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


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """The call, again when Slack asks for a little patience. Raises what it raises otherwise."""
    for _ in range(TRIES - 1):
        try:
            return await call()
        except SlackApiError as refusal:
            wait = retry_after(refusal)
            if wait is None or wait > LONGEST_WAIT:
                raise
            await asyncio.sleep(wait)
    return await call()


def retry_after(refusal: SlackApiError) -> float | None:
    """Seconds until Slack wants to hear from us again; None where it said nothing of the kind."""
    if code(refusal) != "ratelimited":
        return None
    named = getattr(refusal.response, "headers", {}).get("Retry-After", "1")
    return float(named) if str(named).isdecimal() else 1.0


def code(problem: Exception) -> str:
    """Slack's word for a refusal, or what kind of accident it was. Nothing of what was to be said."""
    return code_of(problem) or type(problem).__name__


def _unknown(problem: Exception) -> bool:
    """Whether the words may have arrived all the same."""
    return not isinstance(problem, UrlRefused) and unknown(problem)
