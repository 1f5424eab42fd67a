"""``circlet simulate``: everything everybody will receive and when, before anybody is asked.

Runs the real core on a store of its own in memory, with made-up people; touches no database and no platform.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click

from adapters.crypt import Crypt, new_key
from adapters.settings import ROOT
from bot.actions import action
from bot.app import Bot
from bot.errors import BotError
from bot.groups import store as groups
from bot.groups.rules import rhythm
from bot.guides.rules import Guide, Guides
from bot.guides.store import load
from bot.inbound import Actor, Command, Place, Press
from bot.messages import Direct, Home, Post, Receipt, Say
from bot.schedule.reading import read_zone, zone_suggestions
from bot.schedule.rules import days_off, meetings, to_utc, wall
from bot.spoken import words
from bot.storage import Store, metadata, open_store

NAMES = ("Ana", "Ben", "Chloe", "Dan", "Eva", "Farid")
MOST_STEPS = 2000
THE_GROUP = "the group"


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happens: an instant, for whom (nobody: it is a day of the calendar), and what, in words."""

    at: datetime
    to: tuple[str, ...]
    text: str
    kind: str

    @property
    def said(self) -> tuple[datetime, str, str]:
        """What makes two lines the same message to different people."""
        return self.at, self.kind, self.text


@click.command()
@click.option("--guide", "guide_id", default="peer-circle", show_default=True)
@click.option(
    "--on", "slot", default="", help="Weekday and time of the meeting; else mon 10:00, or the second one of the month."
)
@click.option("--zone", default="Europe/Berlin", show_default=True, help="IANA name of the group's time zone.")
@click.option("--start", default="2026-12-07", show_default=True, help="First meeting on or after this day.")
@click.option("--holidays", default="", help="Country whose public holidays are free, or none; else the zone's.")
@click.option("--people", default=0, help="How many; else what the guide is made for.")
@click.option("--answering", is_flag=True, help="Everybody checks in at once; without it nobody ever does.")
@click.option("--full", is_flag=True, help="The whole text of every message, not only its first line.")
@click.option("--guides", "folder", default=ROOT / "guides", type=click.Path(path_type=Path, exists=True))
@click.argument("rest", nargs=-1, metavar="")
def simulate(
    guide_id: str,
    slot: str,
    zone: str,
    start: str,
    holidays: str,
    people: int,
    answering: bool,
    full: bool,
    folder: Path,
    rest: tuple[str, ...],
) -> None:
    """Print everything everybody would receive over all weeks, and when."""
    # "--on mon 10:00" needs no quotation marks, as in the chat.
    slot = " ".join((slot, *rest)).strip()
    guides = load(folder)
    if guide_id not in guides.ids:
        raise click.BadParameter(
            f"there is no guide {guide_id}; there is: {', '.join(guides.ids)}", param_hint="--guide"
        )
    named = read_zone(zone)
    if named is None:
        near = ", ".join(zone_suggestions(zone))
        raise click.BadParameter(f"there is no time zone {zone}; perhaps: {near}", param_hint="--zone")
    try:
        day = date.fromisoformat(start)
    except ValueError:
        raise click.BadParameter(f"{start} is not a day such as 2026-12-07", param_hint="--start") from None
    begin = to_utc(day - timedelta(days=7), time(9), named)
    rehearsal = _Rehearsal(guides, guide_id, named, answering, begin)
    count = people or (2 if rehearsal.guide.kind == "pair" else max(5, rehearsal.guide.starts_with))
    if not slot:
        slot = "second mon 10:00" if rehearsal.guide.every == "monthly" else "mon 10:00"
    rehearsal.found(count, slot, day.isoformat(), holidays)
    lines = _joined(sorted((*rehearsal.play(), *rehearsal.calendar()), key=lambda line: line.at))
    _print(rehearsal, lines, named, answering=answering, full=full)


class _Rehearsal:
    """One group that goes through its guide with people who do not exist."""

    def __init__(self, guides: Guides, guide: str, zone: str, answering: bool, begin: datetime) -> None:
        self.guide: Guide = guides.get(guide)
        self._store: Store = open_store("sqlite://")
        metadata.create_all(self._store.engine)
        self._bot = Bot(self._store, guides, Crypt(new_key()))
        self._workspace = self._bot.workspace("simulation", "simulation", "Simulation")
        self._zone = zone
        self._answering = answering
        self._begin = begin
        self._names: dict[str, str] = {}

    def found(self, count: int, slot: str, start: str, holidays: str) -> None:
        """Everybody says yes at once. Raises BotError, in the core's own words, where the group cannot be founded."""
        names = (*NAMES, *(f"Guest {n}" for n in range(len(NAMES) + 1, count + 1)))[:count]
        self._names = {name.lower().replace(" ", "-"): name for name in names}
        everybody = tuple(self._actor(person) for person in self._names)
        named = " ".join(f"<@{person}>" for person in self._names)
        what = "pair" if self.guide.kind == "pair" else 'create "The circle"'
        extra = f" --holidays {holidays}" if holidays else ""
        text = f"{what} {named} --guide {self.guide.id} --on {slot} --zone {self._zone} --start {start}{extra}"
        first = everybody[0]
        reply = self._bot.handle(Command(first, _private(first.person), text, everybody), self._begin)
        with self._store.begin() as connection:
            founded = bool(groups.of_person(connection, self._workspace, 1))
        if not founded:
            raise BotError(words(reply.message).splitlines()[0] if isinstance(reply, Say) else "No group came of it.")
        for one in everybody[1:]:
            self._bot.handle(Press(one, _private(one.person), action("accept", 1).token), self._begin)

    def play(self) -> Iterator[Line]:
        """Every message, in the order in which it is sent."""
        now: datetime | None = self._begin
        for _ in range(MOST_STEPS):
            if now is None:
                return
            wake = self._bot.plan(now)
            lane = self._bot.open_lane(self._workspace, "simulation", now)
            while lane is not None and (posts := self._bot.claim(lane, now, 100)):
                for post in posts:
                    yield from self._send(post, now)
            now = self._bot.plan(now).next if wake.workspaces else wake.next

    def _send(self, post: Post, now: datetime) -> Iterator[Line]:
        match post.address:
            case Home():
                place, to = "home", THE_GROUP
            case Direct(person):
                place, to = f"dm-{person}", self._names[person]
        self._bot.sent(post, Receipt(place, post.key), now)
        kind, *args = post.key.split(":")
        if kind != "invite" and post.edits is None:
            yield Line(now, (to,), words(post.message), kind)
        if kind == "checkin" and self._answering and post.edits is None and isinstance(post.address, Direct):
            who = post.address.person
            told = action("attended", args[0], args[1], "met")
            self._bot.handle(Press(self._actor(who), _private(who), told.token), now)

    def calendar(self) -> Iterator[Line]:
        """The meetings themselves, and the days on which there is none."""
        with self._store.begin() as connection:
            group = groups.load(connection, self._workspace, 1)
        numbers = rhythm(self.guide).numbers
        for meeting in meetings(group.schedule, numbers):
            session = self.guide.session(meeting.number)
            yield Line(
                meeting.starts, (), f"Meeting {meeting.number}: {session.title} ({self.guide.minutes} min)", "meeting"
            )
        for missed in days_off(group.schedule, numbers):
            at = to_utc(missed.day, group.schedule.slot.at, self._zone)
            yield Line(
                at, (), f"No meeting: {missed.name or missed.reason}. The place in the guide is kept.", "holiday"
            )

    def _actor(self, person: str) -> Actor:
        return Actor(self._workspace, person, self._names[person], self._zone, "en")


def _joined(lines: list[Line]) -> list[Line]:
    """The same words to several people at the same time, on one line."""
    out: dict[object, Line] = {}
    for line in lines:
        before = out.get(line.said)
        out[line.said] = replace(before, to=(*before.to, *line.to)) if before else line
    return list(out.values())


def _private(person: str) -> Place:
    return Place(f"dm-{person}")


def _print(rehearsal: _Rehearsal, lines: list[Line], zone: str, *, answering: bool, full: bool) -> None:
    guide = rehearsal.guide
    manner = "everybody checks in at once" if answering else "nobody ever checks in, so every nudge goes out"
    click.echo(f"{guide.title}: {len(guide.sessions)} meetings. A rehearsal: {manner}. Times are {zone}.\n")
    for line in lines:
        local = wall(line.at, zone)
        head = f"{local:%a %d %b %Y %H:%M}  {line.kind:<10}"
        first, *rest = line.text.splitlines() or [""]
        to = f"to {', '.join(line.to)}: " if line.to else ""
        click.echo(f"{head}  {to}{first}")
        for text in rest if full else ():
            for wrapped in textwrap.wrap(text, 100) or [""]:
                click.echo(f"{'':>40}{wrapped}")
    told = [name for line in lines for name in line.to]
    public = told.count(THE_GROUP)
    click.echo(f"\n{len(told)} messages: {public} in the group, {len(told) - public} in private.")
