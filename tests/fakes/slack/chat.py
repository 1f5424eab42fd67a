"""chat.*: messages that everyone in a conversation sees, and those that only one person sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.limits import LONGEST_TEXT, problems
from tests.fakes.slack.views import with_ids
from tests.fakes.slack.world import Channel, Json, Message, Refusal


def post_message(call: Call) -> Json:
    call.need("chat:write")
    text, blocks = _content(call)
    metadata = _metadata(call)
    channel = _where(call)
    team = call.world.teams[channel.team]
    message = Message(call.world.new_ts(), channel.id, channel.team, team.bot, text, blocks, metadata, team.bot_id)
    message.thread_ts = call.text("thread_ts") or None
    channel.messages[message.ts] = message
    call.world.emit_metadata(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.shown(metadata=True)}


def _where(call: Call) -> Channel:
    """Where one may post: in conversations with the bot, and to a person by their id."""
    wanted = call.required("channel", "channel_not_found")
    if wanted[0] in "UW":
        try:
            person = call.user(wanted)
        except Refusal:
            raise Refusal("channel_not_found") from None
        bot = call.world.teams[person.team].bot
        channel = call.world.conversation_of(person.team, (bot, person.id))
    else:
        channel = call.channel()
    _open_for(call, channel)
    return channel


def _open_for(call: Call, channel: Channel) -> None:
    people = [call.world.users[id] for id in channel.members]
    if channel.archived or (channel.kind == "im" and any(person.deleted for person in people)):
        raise Refusal("is_archived")
    if not call.bot_in(channel) and "chat:write.public" not in call.token.scopes:
        raise Refusal("not_in_channel")


def _content(call: Call) -> tuple[str, list[Json]]:
    text = call.text("text")
    blocks = call.json("blocks", "invalid_blocks_format") or []
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > LONGEST_TEXT:
        raise Refusal("msg_too_long")
    call.refuse("invalid_blocks", problems(blocks))
    return text, [with_ids(block, call.world.new_id) for block in blocks]


def _metadata(call: Call) -> Json | None:
    value = call.json("metadata", "invalid_metadata_format")
    if value is None:
        return None
    call.refuse("invalid_metadata_format", _metadata_problems(value))
    return dict(value)


def _metadata_problems(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "metadata must be an object"
        return
    if not isinstance(value.get("event_type"), str) or not value["event_type"]:
        yield "metadata.event_type must be a string"
    if not isinstance(value.get("event_payload"), dict):
        yield "metadata.event_payload must be an object"
    if extra := sorted(set(value) - {"event_type", "event_payload"}):
        yield f"metadata has unsupported properties: {', '.join(extra)}"


def _own(call: Call, verb: str) -> Message:
    channel = call.channel()
    message = channel.messages.get(call.required("ts", "message_not_found"))
    if message is None or message.only_for is not None:
        raise Refusal("message_not_found")
    if message.bot_id != call.world.teams[channel.team].bot_id:
        raise Refusal(f"cant_{verb}_message")
    if channel.archived and verb == "update":
        raise Refusal("is_archived")
    return message


def update(call: Call) -> Json:
    """Text, blocks or metadata that are left out stay as they were."""
    call.need("chat:write")
    message = _own(call, "update")
    text, blocks = _content(call)
    if "text" in call.args:
        message.text = text
    if "blocks" in call.args:
        message.blocks = blocks
    metadata = _metadata(call)
    message.metadata = metadata if metadata is not None else message.metadata
    message.edits += 1
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.shown(metadata=True)}


def delete(call: Call) -> Json:
    call.need("chat:write")
    message = _own(call, "delete")
    del call.world.channels[message.channel].messages[message.ts]
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    call.need("chat:write")
    text, blocks = _content(call)
    channel = call.channel()
    _open_for(call, channel)
    user = call.required("user")
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    team = call.world.teams[channel.team]
    message = Message(call.world.new_ts(), channel.id, team.id, team.bot, text, blocks, None, team.bot_id, user)
    channel.messages[message.ts] = message
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = channel.messages.get(call.required("message_ts", "message_not_found"))
    if message is None:
        raise Refusal("message_not_found")
    return {"channel": channel.id, "permalink": f"https://fake.slack.test/archives/{channel.id}/p{message.ts}"}
