"""The tables of trainings: what somebody has read, done, answered and thought, and their certificates.

A reflection comes and goes as a text that is sealed already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Integer,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
    and_,
    select,
    update,
)

from bot.people.rules import Person
from bot.storage import Instant, insert_new, metadata, upsert
from bot.training.rules import Certificate, Course

sessions = Table(
    "training_sessions",
    metadata,
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True),
    Column("guide", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("read_at", Instant, nullable=False),
    # When the task was ticked. Null: it is not.
    Column("done_at", Instant),
    # Sealed. Null: nothing is written, or it was taken back.
    Column("reflection", Text),
)

answers = Table(
    "training_answers",
    metadata,
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True),
    Column("guide", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    # Its name, which is made of what it asks: an answer counts for no other question.
    Column("question", Text, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("correct", Boolean, nullable=False),
    Column("answered_at", Instant, nullable=False),
)

certificates = Table(
    "certificates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("person_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("guide", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("learned", JSON, nullable=False),
    Column("name", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    # The secret part of its number, kept so that it holds when the installation's key is replaced. "": without a key.
    Column("mark", Text, nullable=False),
    UniqueConstraint("person_id", "guide"),
)


SEALED = {sessions: ("reflection",)}
"""What is encrypted at rest."""


# ── what somebody has done ───────────────────────────────────────────────────────────────────────────────────────────


def courses(connection: Connection, person: Person) -> Mapping[str, Course]:
    """By guide, what somebody has done of it."""
    lines = connection.execute(select(sessions).where(_theirs(sessions, person))).mappings().all()
    given = connection.execute(select(answers).where(_theirs(answers, person))).mappings().all()
    return {
        guide: Course(
            read=frozenset(row["number"] for row in lines if row["guide"] == guide),
            done=frozenset(row["number"] for row in lines if row["guide"] == guide and row["done_at"] is not None),
            reflected=frozenset(row["number"] for row in lines if row["guide"] == guide and row["reflection"]),
            answers={(row["number"], row["question"]): row["correct"] for row in given if row["guide"] == guide},
        )
        for guide in sorted({row["guide"] for row in (*lines, *given)})
    }


def course(connection: Connection, person: Person, guide: str) -> Course:
    return courses(connection, person).get(guide, Course())


def keep_read(connection: Connection, person: Person, guide: str, number: int, now: datetime) -> None:
    """The first time counts; reading it again changes nothing."""
    row = {"person_id": person.id, "guide": guide, "number": number, "workspace_id": person.workspace, "read_at": now}
    insert_new(connection, sessions, [row])


def keep_done(connection: Connection, person: Person, guide: str, number: int, done: datetime | None) -> None:
    connection.execute(update(sessions).where(_session(person, guide, number)).values(done_at=done))


def keep_reflection(connection: Connection, person: Person, guide: str, number: int, sealed: str | None) -> None:
    connection.execute(update(sessions).where(_session(person, guide, number)).values(reflection=sealed))


def reflection(connection: Connection, person: Person, guide: str, number: int) -> str | None:
    """What they wrote, sealed."""
    query = select(sessions.c.reflection).where(_session(person, guide, number))
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def keep_answers(
    connection: Connection, person: Person, guide: str, number: int, given: Mapping[str, bool], now: datetime
) -> None:
    """By the question's name, whether the answer was right. What was right once stays so: two forms may be open."""
    known = course(connection, person, guide).answers
    for question, correct in sorted(given.items()):
        if not known.get((number, question)):
            row = {
                "person_id": person.id,
                "guide": guide,
                "number": number,
                "question": question,
                "workspace_id": person.workspace,
                "correct": correct,
                "answered_at": now,
            }
            upsert(connection, answers, row)


def _theirs(table: Table, person: Person) -> ColumnElement[bool]:
    return and_(table.c.workspace_id == person.workspace, table.c.person_id == person.id)


def _session(person: Person, guide: str, number: int) -> ColumnElement[bool]:
    return and_(_theirs(sessions, person), sessions.c.guide == guide, sessions.c.number == number)


# ── certificates ─────────────────────────────────────────────────────────────────────────────────────────────────────


def award(connection: Connection, made: Certificate) -> Certificate:
    """Keep a certificate; a person has one of each training, and the first one stands. Its id is the database's."""
    row = {
        "workspace_id": made.workspace,
        "person_id": made.person,
        "guide": made.guide,
        "version": made.version,
        "language": made.language,
        "title": made.title,
        "learned": list(made.learned),
        "name": made.name,
        "issued_on": made.issued,
        "mark": "",
    }
    insert_new(connection, certificates, [row])
    here = certificates.c.workspace_id == made.workspace
    query = select(certificates).where(
        here, certificates.c.person_id == made.person, certificates.c.guide == made.guide
    )
    return _certificate(connection.execute(query).mappings().one())


def mark(connection: Connection, one: Certificate, mark: str) -> None:
    here = and_(certificates.c.workspace_id == one.workspace, certificates.c.id == one.id)
    connection.execute(update(certificates).where(here).values(mark=mark))


def certificates_of(connection: Connection, person: Person) -> Mapping[str, Certificate]:
    """By guide, what somebody has completed."""
    rows = connection.execute(select(certificates).where(_theirs(certificates, person))).mappings()
    return {row["guide"]: _certificate(row) for row in rows}


def certificate(connection: Connection, number: int) -> Certificate | None:
    """By its id alone: whoever holds a certificate does not know in which workspace it was made. Its mark is the
    secret; who asks has to show it."""
    row = connection.execute(select(certificates).where(certificates.c.id == number)).mappings().one_or_none()
    return _certificate(row) if row else None


def _certificate(row: RowMapping) -> Certificate:
    issued: date = row["issued_on"]
    learned: Iterable[str] = row["learned"]
    return Certificate(
        id=row["id"],
        workspace=row["workspace_id"],
        person=row["person_id"],
        guide=row["guide"],
        version=row["version"],
        language=row["language"],
        title=row["title"],
        learned=tuple(learned),
        name=row["name"],
        issued=issued,
        mark=row["mark"],
    )
