"""The local chat's own server: conversations, messages, what was read, and the simulated clock. Decides nothing.

It is the platform here, as Slack is there: it outlives restarts and keeps a post with the same key only once. Who is
there comes from the core's people; everything else is in its own tables. Every query names its workspace.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, delete, func, or_, select, update

from adapters.web.parse import DIRECT
from adapters.web.render import BOT, Drawn, Entry, asks
from adapters.web.tables import clocks, conversations, members, messages, reads
from bot.errors import BotError
from bot.storage import Row, insert_new, upsert

Kind = Literal["circle", "pair", "direct"]


class NotThere(BotError):
    """No such conversation or message, or not one that this person may see; the text does not tell which."""


@dataclass(frozen=True, slots=True)
class Conversation:
    id: str
    kind: Kind
    name: str
    members: tuple[str, ...]


# ── conversations ────────────────────────────────────────────────────────────────────────────────────────────────────


def direct(person: str) -> Conversation:
    """Everybody's private conversation with the bot. It is there without anybody making it."""
    return Conversation(f"{DIRECT}{person}", "direct", "Circlet", (person,))


def groups(connection: Connection, workspace: int) -> tuple[Conversation, ...]:
    """The conversations of circles, then of pairs, in the order of their names."""
    rows = connection.execute(
        select(members.c.conversation, members.c.person)
        .where(members.c.workspace_id == workspace)
        .order_by(members.c.person)
    )
    people: dict[str, list[str]] = defaultdict(list)
    for conversation, person in rows:
        people[conversation].append(person)
    found = connection.execute(
        select(conversations)
        .where(conversations.c.workspace_id == workspace, conversations.c.kind != "direct")
        .order_by(conversations.c.kind, conversations.c.name, conversations.c.id)
    )
    return tuple(
        Conversation(row["id"], row["kind"], row["name"], tuple(people[row["id"]])) for row in found.mappings()
    )


def enter(connection: Connection, workspace: int, conversation: str, person: str) -> Conversation:
    """The conversation, for a member of it. Raises NotThere for everybody else, as if there were none."""
    own = direct(person)
    if conversation == own.id:
        return own
    found = _conversation(connection, workspace, conversation)
    if found is None or person not in found.members or found.kind == "direct":
        raise NotThere(f"conversation: there is no {conversation!r} for {person!r}")
    return found


def settle(connection: Connection, workspace: int, wanted: Conversation) -> bool:
    """Make the conversation what it should be: its name, who joins, who is gone. True where anything changed."""
    before = _conversation(connection, workspace, wanted.id)
    if before is not None and before.name == wanted.name and set(before.members) == set(wanted.members):
        return False
    ours = and_(conversations.c.workspace_id == workspace, conversations.c.id == wanted.id)
    place = {"workspace_id": workspace, "id": wanted.id, "kind": wanted.kind, "name": wanted.name}
    insert_new(connection, conversations, [place])
    connection.execute(update(conversations).where(ours).values(name=wanted.name))
    gone = and_(members.c.workspace_id == workspace, members.c.conversation == wanted.id)
    connection.execute(delete(members).where(gone, members.c.person.not_in(wanted.members)))
    joined = [{"workspace_id": workspace, "conversation": wanted.id, "person": one} for one in wanted.members]
    insert_new(connection, members, joined)
    return True


# Every post asks for where it goes. Made once: to make such a statement costs more than to run it.
_WITH_MEMBERS = (
    select(conversations.c.kind, conversations.c.name, members.c.person)
    .select_from(
        conversations.outerjoin(
            members,
            and_(members.c.workspace_id == conversations.c.workspace_id, members.c.conversation == conversations.c.id),
        )
    )
    .where(conversations.c.workspace_id == bindparam("workspace"), conversations.c.id == bindparam("conversation"))
    .order_by(members.c.person)
)


def _conversation(connection: Connection, workspace: int, conversation: str) -> Conversation | None:
    """As it stands, its members in the order of their ids."""
    rows = connection.execute(_WITH_MEMBERS, {"workspace": workspace, "conversation": conversation}).all()
    if not rows:
        return None
    present = tuple(row.person for row in rows if row.person is not None)
    return Conversation(conversation, rows[0].kind, rows[0].name, present)


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def say(
    connection: Connection,
    workspace: int,
    place: Conversation,
    drawn: Drawn,
    at: datetime,
    *,
    author: str = BOT,
    seen_by: str | None = None,
) -> Entry:
    """Put a message into a conversation: for all its members, or for one person."""
    if place.kind == "direct":
        settle(connection, workspace, place)
    row = _row(workspace, place, drawn, at, author=author, seen_by=seen_by)
    ((new,),) = insert_new(connection, messages, [row])
    return _entry({**row, "id": new})


def post(
    connection: Connection,
    workspace: int,
    place: Conversation,
    drawn: Drawn,
    at: datetime,
    *,
    key: str,
    lane: int,
    doubtful: bool,
) -> Entry:
    """Put a post into a settled conversation, once: where its key stands already, that message is the answer.

    A later holder of the lane who is in no doubt was asked to say it once more: then it is a new message.
    """
    row = _row(workspace, place, drawn, at, post_key=key, lane=lane)
    # Of workers who bring the same post at once each waits here for the one before, and then looks again.
    while not (found := insert_new(connection, messages, [row])):
        ours = and_(messages.c.workspace_id == workspace, messages.c.post_key == key)
        standing = connection.execute(select(messages).where(ours).with_for_update()).mappings().one_or_none()
        if standing is None:
            continue
        if doubtful or lane <= standing["lane"]:
            return _entry(standing)
        connection.execute(update(messages).where(ours).values(post_key=None))
    ((new,),) = found
    return _entry({**row, "id": new})


def _row(
    workspace: int,
    place: Conversation,
    drawn: Drawn,
    at: datetime,
    *,
    author: str = BOT,
    seen_by: str | None = None,
    post_key: str | None = None,
    lane: int = 0,
) -> Row:
    return {
        "workspace_id": workspace,
        "conversation": place.id,
        "at": at,
        "author": author,
        # In a private conversation everything is for that person; saying so again would only be noise.
        "seen_by": None if place.kind == "direct" else seen_by,
        "text": drawn.text,
        "blocks": _packed(drawn),
        "edited": False,
        "post_key": post_key,
        "lane": lane,
    }


def edit(connection: Connection, workspace: int, entry: Entry, drawn: Drawn) -> Entry:
    """Change a message in place. Words that stay the same are no edit."""
    row = _message(connection, workspace, entry.id)
    if row is None:
        raise NotThere(f"message: there is no {entry.id!r}")
    if (row["text"], row["blocks"]) == (drawn.text, _packed(drawn)):
        return _entry(row)
    changed = {"text": drawn.text, "blocks": _packed(drawn), "edited": True}
    ours = and_(messages.c.workspace_id == workspace, messages.c.id == row["id"])
    connection.execute(update(messages).where(ours).values(**changed))
    return _entry({**row, **changed})


def posted(connection: Connection, workspace: int, conversation: str, message: str) -> Entry | None:
    """One of the bot's own posts, whoever sees it."""
    row = _message(connection, workspace, message)
    return _entry(row) if row is not None and row["conversation"] == conversation else None


def seen(connection: Connection, workspace: int, conversation: str, person: str) -> tuple[Entry, ...]:
    """What the person sees there, the oldest first. That they are a member is for ``enter`` to say."""
    query = select(messages).where(_visible(workspace, conversation, person)).order_by(messages.c.id)
    return tuple(_entry(row) for row in connection.execute(query).mappings())


def look(connection: Connection, workspace: int, conversation: str, person: str, message: str) -> Entry:
    """One message that the person sees there. Raises NotThere."""
    number = _number(message)
    if number is not None:
        query = select(messages).where(_visible(workspace, conversation, person), messages.c.id == number)
        if (row := connection.execute(query).mappings().one_or_none()) is not None:
            return _entry(row)
    raise NotThere(f"message: there is no {message!r} in {conversation!r} for {person!r}")


def latest_ask(connection: Connection, workspace: int, conversation: str, person: str, token: str) -> str | None:
    """The latest message that the person sees there with the form that is sent back with this token."""
    likely = and_(_visible(workspace, conversation, person), messages.c.blocks.contains(token, autoescape=True))
    query = select(messages).where(likely).order_by(messages.c.id.desc())
    for row in connection.execute(query).mappings():
        if asks(_entry(row).drawn.blocks, token):
            return str(row["id"])
    return None


def _visible(workspace: int, conversation: str, person: str) -> ColumnElement[bool]:
    return and_(
        messages.c.workspace_id == workspace,
        messages.c.conversation == conversation,
        or_(messages.c.seen_by.is_(None), messages.c.seen_by == person),
    )


def _message(connection: Connection, workspace: int, message: str) -> RowMapping | None:
    query = select(messages).where(messages.c.workspace_id == workspace, messages.c.id == _number(message))
    return connection.execute(query).mappings().one_or_none()


def _number(message: str) -> int | None:
    """A message's id as the database has it; None for a text that can be none of ours."""
    return int(message) if message.isascii() and message.isdigit() and len(message) < 10 else None


def _packed(drawn: Drawn) -> str:
    return json.dumps(drawn.blocks, ensure_ascii=False, separators=(",", ":"))


def _entry(row: RowMapping | Row) -> Entry:
    return Entry(
        id=str(row["id"]),
        conversation=row["conversation"],
        at=row["at"],
        author=row["author"],
        seen_by=row["seen_by"],
        drawn=Drawn(row["text"], tuple(json.loads(row["blocks"]))),
        edited=row["edited"],
    )


# ── what was read, and the clock ─────────────────────────────────────────────────────────────────────────────────────


def mark_read(connection: Connection, workspace: int, conversation: str, person: str) -> None:
    """The person has seen all that stands there now."""
    last = select(func.max(messages.c.id)).where(_visible(workspace, conversation, person))
    seen_now = connection.execute(last).scalar_one()
    if seen_now is not None:
        mark = {"workspace_id": workspace, "conversation": conversation, "person": person, "seen": seen_now}
        upsert(connection, reads, mark)


def unread(connection: Connection, workspace: int) -> dict[str, dict[str, int]]:
    """How many messages of others each person has not seen, by person and conversation; only where there are any."""
    here = and_(members.c.workspace_id == messages.c.workspace_id, members.c.conversation == messages.c.conversation)
    mark = and_(
        reads.c.workspace_id == members.c.workspace_id,
        reads.c.conversation == members.c.conversation,
        reads.c.person == members.c.person,
    )
    query = (
        select(members.c.person, members.c.conversation, func.count())
        .select_from(messages.join(members, here).outerjoin(reads, mark))
        .where(messages.c.workspace_id == workspace, messages.c.author != members.c.person)
        .where(or_(messages.c.seen_by.is_(None), messages.c.seen_by == members.c.person))
        .where(messages.c.id > func.coalesce(reads.c.seen, 0))
        .group_by(members.c.person, members.c.conversation)
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for person, conversation, count in connection.execute(query):
        counts[person][conversation] = count
    return dict(counts)


def start_clock(connection: Connection, workspace: int, at: datetime) -> datetime:
    """The simulated now; ``at`` where no clock was ever started here."""
    insert_new(connection, clocks, [{"workspace_id": workspace, "now": at}])
    return read_clock(connection, workspace)


def read_clock(connection: Connection, workspace: int) -> datetime:
    found: datetime = connection.execute(select(clocks.c.now).where(clocks.c.workspace_id == workspace)).scalar_one()
    return found


def set_clock(connection: Connection, workspace: int, at: datetime) -> None:
    """Forward only: where another process has gone further, its time stands."""
    behind = and_(clocks.c.workspace_id == workspace, clocks.c.now < at)
    connection.execute(update(clocks).where(behind).values(now=at))


def viewers(place: Conversation, entry: Entry) -> Iterable[str]:
    """Who sees this message."""
    return place.members if entry.seen_by is None else (entry.seen_by,)
