"""The tables of groups, their members and goals. ``store.py`` and ``members.py`` read and write them."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, Table, Text

from bot.storage import Instant, metadata

groups = Table(
    "groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("guide", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("organiser_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("facilitator_id", Integer, ForeignKey("people.id")),
    Column("standin_id", Integer, ForeignKey("people.id")),
    Column("standin_until", Date),
    Column("zone", Text, nullable=False),
    Column("start", Date, nullable=False),
    # [[valid from, weekday, "HH:MM"], …], with how often and which one of the month where it is not every week, and
    # [[first day off, first day on again or null, "skip" or "pause"], …]
    Column("slots", JSON, nullable=False),
    Column("off", JSON, nullable=False),
    Column("territory", Text),
    Column("conversation", Text),
    Column("created_at", Instant, nullable=False),
    Column("planned_through", Instant, nullable=False),
    Column("next_due", Instant, index=True),
    # [[first session, digest], …]: which text of the guide is followed from where on; null: the installed one.
    Column("editions", JSON(none_as_null=True)),
    # What is spoken in its home; null: its facilitator's language.
    Column("language", Text),
)

memberships = Table(
    "memberships",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, index=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("paused_until", Date),
    # How often they were invited: each invitation is a message of its own.
    Column("invitations", Integer, nullable=False),
    Column("answered_at", Instant),
    # The workspace of somebody who is in from another one of the organisation.
    Column("elsewhere_id", Integer),
)

goals = Table(
    "goals",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
