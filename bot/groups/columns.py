"""Rows of the tables of groups as values, and values as columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import RowMapping

from bot.editions.rules import Editions
from bot.groups.rules import Group, Member, MemberState, Role
from bot.schedule.rules import Every, Off, Schedule, Slot


def member_of(row: RowMapping) -> Member:
    role: Role = row["role"]
    state: MemberState = row["state"]
    return Member(row["person_id"], role, state, row["paused_until"], row["elsewhere_id"])


def group_of(row: RowMapping, members: Sequence[Member], elsewhere: tuple[tuple[int, str | None], ...]) -> Group:
    """``elsewhere``: its homes in other workspaces."""
    # Who is in from a workspace where it has no home is not: the two are not linked any more.
    known = {None, *(workspace for workspace, _ in elsewhere)}
    return Group(
        id=row["id"],
        workspace=row["workspace_id"],
        kind=row["kind"],
        name=row["name"],
        guide=row["guide"],
        state=row["state"],
        organiser=row["organiser_id"],
        facilitator=row["facilitator_id"],
        standin=row["standin_id"],
        standin_until=row["standin_until"],
        schedule=Schedule(
            zone=row["zone"],
            start=row["start"],
            slots=tuple((date.fromisoformat(since), _slot(*slot)) for since, *slot in row["slots"]),
            off=tuple(
                Off(date.fromisoformat(first), date.fromisoformat(until) if until else None, reason)
                for first, until, reason in row["off"]
            ),
            territory=row["territory"],
        ),
        conversation=row["conversation"],
        planned_through=row["planned_through"],
        members=tuple(member for member in members if member.elsewhere in known),
        elsewhere=elsewhere,
        editions=tuple((since, digest) for since, digest in row["editions"] or ()),
        language=row["language"] or "",
    )


def _slot(weekday: int, at: str, every: Every = "weekly", nth: int | None = None) -> Slot:
    return Slot(weekday, time.fromisoformat(at), every, nth)


def editions_column(editions: Editions) -> list[list[int | str]] | None:
    return [[since, digest] for since, digest in editions] or None


def schedule_columns(schedule: Schedule) -> dict[str, Any]:
    return {
        "zone": schedule.zone,
        "start": schedule.start,
        "slots": [[since.isoformat(), *_slot_columns(slot)] for since, slot in schedule.slots],
        "off": [
            [off.first.isoformat(), off.until.isoformat() if off.until else None, off.reason] for off in schedule.off
        ],
        "territory": schedule.territory,
    }


def _slot_columns(slot: Slot) -> tuple[int | str | None, ...]:
    often = () if slot.every == "weekly" else (slot.every, slot.nth)
    return (slot.weekday, slot.at.strftime("%H:%M"), *often)
