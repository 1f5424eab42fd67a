"""Where people and conversations of Teams are reached, in our database. Talks to nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, or_, select, update

from adapters.teams.profiles import Account
from adapters.teams.tables import conversations, parts, people, tenants
from bot.messages import Receipt
from bot.storage import Store, insert_new, upsert

Kind = Literal["personal", "groupChat", "channel"]
THREAD = ";messageid="
"""In the id of a channel's thread, after the channel."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation: where its connector answers, and who the bot is there."""

    workspace: int
    tenant: str
    service_url: str
    bot: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that the bot knows. ``present``: the app is installed there."""

    workspace: int
    conversation: str
    kind: Kind
    service_url: str
    team: str | None = None
    present: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody that the bot knows, and how: their chat with it, and where else they were seen."""

    person: str
    user: str
    name: str
    email: str | None
    chat: str | None
    seen_in: str | None


class References:
    """What is kept of everything that came in, so that the bot can speak first. Each call is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tenant(self, workspace: int) -> Tenant | None:
        row = self._one(select(tenants).where(tenants.c.workspace_id == workspace))
        return Tenant(workspace, row["tenant"], row["service_url"], row["bot"]) if row is not None else None

    def talk(self, workspace: int, conversation: str) -> Talk | None:
        ours = and_(conversations.c.workspace_id == workspace, conversations.c.conversation == conversation)
        row = self._one(select(conversations).where(ours))
        return _talk(row) if row else None

    def installed(self, workspace: int, kind: Kind) -> tuple[Talk, ...]:
        """Where the app is, of one kind; of channels not their threads."""
        ours = and_(conversations.c.workspace_id == workspace, conversations.c.kind == kind, conversations.c.present)
        whole = conversations.c.conversation.not_like(f"%{THREAD}%")
        return self._talks(select(conversations).where(ours, whole).order_by(conversations.c.conversation))

    def shared(self, workspace: int) -> tuple[Talk, ...]:
        """Every place of several people where the app is, one conversation for each: a channel's roster is its
        team's."""
        ours = and_(conversations.c.workspace_id == workspace, conversations.c.present)
        several = conversations.c.kind.in_(("groupChat", "channel"))
        talks = self._talks(select(conversations).where(ours, several).order_by(conversations.c.conversation))
        return tuple({talk.team or talk.conversation.partition(THREAD)[0]: talk for talk in talks}.values())

    def within(self, workspace: int, conversation: str) -> tuple[Talk, ...]:
        """A conversation and, of a channel, its threads, as far as we know them."""
        same = conversations.c.conversation == conversation
        threads = conversations.c.conversation.startswith(f"{conversation}{THREAD}", autoescape=True)
        return self._talks(select(conversations).where(conversations.c.workspace_id == workspace, or_(same, threads)))

    def of_team(self, workspace: int, team: str) -> tuple[Talk, ...]:
        """All conversations of a team."""
        ours = and_(conversations.c.workspace_id == workspace, conversations.c.team == team)
        return self._talks(select(conversations).where(ours))

    def contact(self, workspace: int, person: str) -> Contact | None:
        """By either of somebody's ids."""
        either = or_(people.c.person == person, people.c.user == person)
        row = self._one(select(people).where(people.c.workspace_id == workspace, either).limit(1))
        return _contact(row) if row else None

    def without_chat(self, workspace: int) -> frozenset[str]:
        """Those that the bot knows and has no chat with."""
        query = select(people.c.person).where(people.c.workspace_id == workspace, people.c.chat.is_(None))
        with self._store.begin() as connection:
            return frozenset(connection.execute(query).scalars())

    def heard(self, tenant: Tenant, talk: Talk | None, who: Iterable[Account], *, chat: bool = False) -> None:
        """Keep what an activity tells of where we are. ``chat``: the conversation is the one person's own.

        That something comes from a conversation which we took for lost is for whoever hears it to say: ``opened``.
        """
        with self._store.begin() as connection:
            _keep_tenant(connection, tenant)
            if talk is not None:
                _keep_known(connection, talk)
            for one in who:
                seen = {"chat" if chat else "seen_in": talk.conversation} if talk is not None else {}
                _keep_person(connection, tenant.workspace, one, seen)

    def met(self, workspace: int, who: Iterable[Account], seen_in: str | None = None) -> None:
        """Keep people that a roster told of."""
        with self._store.begin() as connection:
            for one in who:
                _keep_person(connection, workspace, one, {"seen_in": seen_in} if seen_in else {})

    def opened(self, talk: Talk, person: str | None = None) -> None:
        """A conversation that we have made; somebody's own chat where ``person`` is given."""
        with self._store.begin() as connection:
            _keep_talk(connection, talk)
            if person is not None:
                _add_person(connection, talk.workspace, Account(person, person))
                _change(connection, talk.workspace, person, {"chat": talk.conversation})

    def gone(self, workspace: int, lost: Iterable[str]) -> None:
        """The app is no longer in these conversations; nobody is reached there."""
        names = list(lost)
        with self._store.begin() as connection:
            ours = and_(conversations.c.workspace_id == workspace, conversations.c.conversation.in_(names))
            connection.execute(update(conversations).where(ours).values(present=False))
            chats = and_(people.c.workspace_id == workspace, people.c.chat.in_(names))
            connection.execute(update(people).where(chats).values(chat=None))

    def hint(self, workspace: int, person: str, now: datetime) -> bool:
        """Take it on us to tell somebody how to add the app. False: they were told."""
        mine = and_(people.c.workspace_id == workspace, people.c.person == person, people.c.hinted_at.is_(None))
        with self._store.begin() as connection:
            return connection.execute(update(people).where(mine).values(hinted_at=now)).rowcount == 1

    def not_hinted(self, workspace: int, person: str) -> None:
        """They were not told after all."""
        mine = and_(people.c.workspace_id == workspace, people.c.person == person)
        with self._store.begin() as connection:
            connection.execute(update(people).where(mine).values(hinted_at=None))

    def parts(self, workspace: int, key: str) -> dict[str, Receipt]:
        """The parts of a post that stand."""
        ours = and_(parts.c.workspace_id == workspace, parts.c.key == key)
        with self._store.begin() as connection:
            rows = connection.execute(select(parts).where(ours)).mappings()
            return {row["part"]: Receipt(row["conversation"], row["message"]) for row in rows}

    def stands(self, workspace: int, key: str, part: str, receipt: Receipt) -> None:
        row = {"workspace_id": workspace, "key": key, "part": part}
        with self._store.begin() as connection:
            upsert(connection, parts, {**row, "conversation": receipt.conversation, "message": receipt.message})

    def keys_with(self, workspace: int, part: str) -> tuple[str, ...]:
        """The posts of which such a part is noted."""
        query = select(parts.c.key).where(parts.c.workspace_id == workspace, parts.c.part == part)
        with self._store.begin() as connection:
            return tuple(connection.execute(query.order_by(parts.c.key)).scalars())

    def forget_part(self, workspace: int, key: str, part: str) -> None:
        ours = and_(parts.c.workspace_id == workspace, parts.c.key == key, parts.c.part == part)
        with self._store.begin() as connection:
            connection.execute(delete(parts).where(ours))

    def forget_parts(self, workspace: int, key: str) -> None:
        """All of a post stands, or is to be said anew."""
        with self._store.begin() as connection:
            connection.execute(delete(parts).where(parts.c.workspace_id == workspace, parts.c.key == key))

    def _one(self, query: Any) -> RowMapping | None:
        with self._store.begin() as connection:
            found: RowMapping | None = connection.execute(query).mappings().one_or_none()
            return found

    def _talks(self, query: Any) -> tuple[Talk, ...]:
        with self._store.begin() as connection:
            return tuple(_talk(row) for row in connection.execute(query).mappings())


def _keep_tenant(connection: Connection, tenant: Tenant) -> None:
    row = {"workspace_id": tenant.workspace, "tenant": tenant.tenant, "service_url": tenant.service_url}
    upsert(connection, tenants, {**row, "bot": tenant.bot})


def _keep_talk(connection: Connection, talk: Talk) -> None:
    row = {"workspace_id": talk.workspace, "conversation": talk.conversation, "kind": talk.kind}
    kept = {"team": talk.team, "service_url": talk.service_url, "present": talk.present}
    upsert(connection, conversations, {**row, **kept})


def _keep_known(connection: Connection, talk: Talk) -> None:
    """As it is told, but for whether we are there, of one that we know."""
    told = {"kind": talk.kind, "team": talk.team, "service_url": talk.service_url}
    row = {"workspace_id": talk.workspace, "conversation": talk.conversation, **told, "present": talk.present}
    insert_new(connection, conversations, [row])
    ours = and_(
        conversations.c.workspace_id == talk.workspace,
        conversations.c.conversation == talk.conversation,
        or_(*(conversations.c[name].is_distinct_from(value) for name, value in told.items())),
    )
    connection.execute(update(conversations).where(ours).values(**told))


def _keep_person(connection: Connection, workspace: int, who: Account, seen: dict[str, str]) -> None:
    """What is told of somebody replaces what was known; what is not told leaves it."""
    told = {"user": who.user, "name": who.name, "email": who.email, **seen}
    _add_person(connection, workspace, who)
    _change(connection, workspace, who.person, {name: value for name, value in told.items() if value})


def _add_person(connection: Connection, workspace: int, who: Account) -> None:
    """Where there is nobody by this id yet."""
    row = {"workspace_id": workspace, "person": who.person, "user": who.user, "name": who.name}
    insert_new(connection, people, [row])


def _change(connection: Connection, workspace: int, person: str, values: dict[str, Any]) -> None:
    differs: ColumnElement[bool] = or_(*(people.c[name].is_distinct_from(value) for name, value in values.items()))
    ours = and_(people.c.workspace_id == workspace, people.c.person == person)
    connection.execute(update(people).where(ours, differs).values(**values))


def _talk(row: RowMapping) -> Talk:
    return Talk(
        row["workspace_id"], row["conversation"], row["kind"], row["service_url"], row["team"], bool(row["present"])
    )


def _contact(row: RowMapping) -> Contact:
    names = ("person", "user", "name", "email", "chat", "seen_in")
    return Contact(*(row[name] for name in names))
