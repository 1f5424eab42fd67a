"""conversations.*: channels, private channels, direct and group messages."""

from __future__ import annotations

import re

from tests.fakes.slack.call import Call
from tests.fakes.slack.world import Channel, Json, Kind, Refusal

_PREFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_TYPES: dict[str, Kind] = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def _read(call: Call, channel: Channel) -> Channel:
    call.need(f"{_PREFIX[channel.kind]}:read")
    return channel


def _manage(call: Call, *more: str) -> Channel:
    """A channel that the bot is in and may change."""
    channel = call.channel()
    if channel.kind in ("im", "mpim"):
        raise Refusal("method_not_supported_for_channel_type")
    scope = "channels:manage" if channel.kind == "public" else "groups:write"
    call.need(scope, *(f"{_PREFIX[channel.kind]}:{one}" for one in more))
    if channel.archived:
        raise Refusal("is_archived")
    if not call.bot_in(channel):
        raise Refusal("not_in_channel")
    return channel


def info(call: Call) -> Json:
    channel = _read(call, call.channel())
    shown = channel.shown(call.world.teams[channel.team].bot)
    return {"channel": shown | ({"num_members": len(channel.members)} if call.flag("include_num_members") else {})}


def members(call: Call) -> Json:
    channel = _read(call, call.channel())
    page, more = call.page(list(channel.members), 100)
    return {"members": page, "response_metadata": more}


def listed(call: Call, channels: list[Channel]) -> Json:
    wanted = call.text("types") or "public_channel"
    if unknown := [one for one in wanted.split(",") if one.strip() not in _TYPES]:
        raise Refusal("invalid_types", types=unknown)
    kinds = {_TYPES[one.strip()] for one in wanted.split(",")}
    for kind in kinds:
        call.need(f"{_PREFIX[kind]}:read")
    seen = [one for one in channels if one.kind in kinds and not one.deleted]
    seen = [one for one in seen if one.kind == "public" or call.bot_in(one)]
    if call.flag("exclude_archived"):
        seen = [one for one in seen if not one.archived]
    page, more = call.page(seen, 100)
    return {"channels": [one.shown(call.world.teams[one.team].bot) for one in page], "response_metadata": more}


def list_all(call: Call) -> Json:
    team = call.team()
    return listed(call, [channel for channel in call.world.channels.values() if channel.team == team.id])


def open_direct(call: Call) -> Json:
    """A direct message with one person, a group message with up to eight. The same people share one conversation."""
    if call.text("channel"):
        channel = call.channel()
        if channel.kind not in ("im", "mpim"):
            raise Refusal("channel_not_found")
        return {"channel": {"id": channel.id}, "already_open": True, "no_op": True}
    wanted = call.ids("users")
    if not wanted:
        raise Refusal("users_list_not_supplied")
    people = [call.user(id) for id in wanted]
    if len({person.team for person in people}) > 1:
        raise Refusal("user_not_visible")
    team = call.world.teams[people[0].team]
    others = [person for person in people if person.id != team.bot]
    if any(person.deleted for person in others):
        raise Refusal("user_disabled")
    if len(others) > 8:
        raise Refusal("too_many_users")
    if not others:
        raise Refusal("not_enough_users")
    call.need("im:write" if len(others) == 1 else "mpim:write")
    before = len(call.world.channels)
    channel = call.world.conversation_of(team.id, (team.bot, *(person.id for person in others)))
    shown = channel.shown(team.bot) if call.flag("return_im") else {"id": channel.id}
    if len(call.world.channels) == before:
        return {"channel": shown, "already_open": True, "no_op": True}
    return {"channel": shown}


def create(call: Call) -> Json:
    private = call.flag("is_private")
    call.need("groups:write" if private else "channels:manage")
    team = call.team()
    name = _new_name(call, team.id)
    kind: Kind = "private" if private else "public"
    channel = call.world.add_channel(team.id, name, kind, (team.bot,), by=team.bot)
    return {"channel": channel.shown(team.bot)}


def _new_name(call: Call, team: str) -> str:
    name = call.text("name")
    if not name:
        raise Refusal("invalid_name_required")
    if len(name) > 80:
        raise Refusal("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise Refusal("invalid_name_punctuation")
    if name != name.lower() or not re.fullmatch(r"[\w-]+", name):
        raise Refusal("invalid_name_specials")
    if any(one.name == name and one.team == team and not one.deleted for one in call.world.channels.values()):
        raise Refusal("name_taken")
    return name


def join(call: Call) -> Json:
    call.need("channels:join", "channels:write")
    channel = call.channel()
    if channel.kind != "public":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    bot = call.world.teams[channel.team].bot
    _enter(call, channel, bot, bot)
    return {"channel": channel.shown(bot)}


def _enter(call: Call, channel: Channel, person: str, by: str) -> None:
    if person in channel.members:
        return
    channel.members[person] = None
    kind = "C" if channel.kind == "public" else "G"
    call.world.emit(
        channel.team, "member_joined_channel", user=person, channel=channel.id, channel_type=kind, team=channel.team,
        inviter=by,
    )  # fmt: skip


def invite(call: Call) -> Json:
    """All or nothing, unless ``force`` is given; the first thing wrong is the error, the rest stands beside it."""
    channel = _manage(call, "write.invites")
    bot = call.world.teams[channel.team].bot
    wanted = call.ids("users")
    if not wanted:
        raise Refusal("no_user")
    wrong = [{"user": id, "ok": False, "error": why} for id in wanted if (why := _why_not(call, channel, id, bot))]
    good = [id for id in wanted if id not in {one["user"] for one in wrong}]
    if wrong and (not good or not call.flag("force")):
        raise Refusal(str(wrong[0]["error"]), errors=wrong)
    for id in good:
        _enter(call, channel, id, bot)
    return {"channel": channel.shown(bot)} | ({"errors": wrong} if wrong else {})


def _why_not(call: Call, channel: Channel, id: str, bot: str) -> str:
    person = call.world.users.get(id)
    if person is None or person.team != channel.team or person.deleted:
        return "user_not_found"
    if id == bot:
        return "cant_invite_self"
    return "already_in_channel" if id in channel.members else ""


def kick(call: Call) -> Json:
    channel = _manage(call)
    person = call.required("user", "user_not_found")
    if person == call.world.teams[channel.team].bot:
        raise Refusal("cant_kick_self")
    if channel.general:
        raise Refusal("cant_kick_from_general")
    call.user(person)
    if person not in channel.members:
        raise Refusal("not_in_channel")
    del channel.members[person]
    kind = "C" if channel.kind == "public" else "G"
    team = channel.team
    call.world.emit(team, "member_left_channel", user=person, channel=channel.id, channel_type=kind, team=team)
    return {}


def leave(call: Call) -> Json:
    channel = _manage(call)
    del channel.members[call.world.teams[channel.team].bot]
    return {}


def rename(call: Call) -> Json:
    """Only whoever made it may, which is the bot for channels of its own."""
    channel = _manage(call)
    bot = call.world.teams[channel.team].bot
    if channel.creator != bot:
        raise Refusal("not_authorized")
    channel.name = _new_name(call, channel.team) if call.text("name") != channel.name else channel.name
    kind = "channel_rename" if channel.kind == "public" else "group_rename"
    call.world.emit(channel.team, kind, channel={"id": channel.id, "name": channel.name, "created": 0})
    return {"channel": channel.shown(bot)}


def archive(call: Call) -> Json:
    channel = call.channel()
    if channel.archived:
        raise Refusal("already_archived")
    channel = _manage(call)
    if channel.general:
        raise Refusal("cant_archive_general")
    channel.archived = True
    kind = "channel_archive" if channel.kind == "public" else "group_archive"
    call.world.emit(channel.team, kind, channel=channel.id, user=call.world.teams[channel.team].bot)
    return {}


def set_topic(call: Call) -> Json:
    channel = _manage(call, "write.topic")
    channel.topic = call.text("topic")[:250]
    return {"channel": channel.shown(call.world.teams[channel.team].bot)}


def set_purpose(call: Call) -> Json:
    channel = _manage(call, "write.topic")
    channel.purpose = call.text("purpose")[:250]
    return {"channel": channel.shown(call.world.teams[channel.team].bot)}


def history(call: Call) -> Json:
    """Newest first. Metadata only when it is asked for."""
    channel = call.channel()
    call.need(f"{_PREFIX[channel.kind]}:history")
    if not call.bot_in(channel):
        raise Refusal("not_in_channel")
    oldest, latest = float(call.text("oldest") or 0), float(call.text("latest") or "inf")
    edge = call.flag("inclusive")
    found = [
        message.shown(metadata=call.flag("include_all_metadata"))
        for message in reversed(channel.messages.values())
        if message.only_for is None and message.thread_ts in (None, message.ts)
        if (oldest <= float(message.ts) <= latest if edge else oldest < float(message.ts) < latest)
    ]
    page, more = call.page(found, 100)
    return {"messages": page, "has_more": bool(more["next_cursor"]), "response_metadata": more, "pin_count": 0}
