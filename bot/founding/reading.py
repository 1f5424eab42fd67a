"""Reads what somebody wants of a new group. Every problem is kept at its field, so that all are shown at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.errors import Invalid
from bot.founding.rules import holidays_of, offered
from bot.groups.rules import LONGEST_NAME
from bot.groups.service import wanted_language
from bot.groups.words import i_speak, which_slot
from bot.guides.rules import Guide
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.cadence import PLACES
from bot.schedule.reading import read_date, read_slot, read_time, read_weekday, read_zone, zone_suggestions
from bot.schedule.rules import Slot, is_territory, wall
from bot.unit import Unit


class Reading:
    """Reads the values of a new group, keeping every problem at its field rather than stopping at the first."""

    def __init__(self, unit: Unit, request: Request, now: datetime) -> None:
        self.unit, self.request, self.now, self.t = unit, request, now, request.t
        self.problems: dict[str, str] = {}

    def guide(self, kind: str) -> Guide | None:
        of_kind = offered(self.unit.guides, kind)
        named = self.request.text("guide") or (of_kind[0] if of_kind else "")
        if named in of_kind:
            return self.unit.guides.get(named, self.request.person.language)
        known = self.t.list(of_kind) or self.t("none")
        self.problems["guide"] = self.t("There is no guide “{guide}” for this. There is: {known}").format(
            guide=named, known=known
        )
        return None

    def slot(self, guide: Guide | None) -> Slot | None:
        """When the group meets, as often as its guide says."""
        every = guide.every if guide else "weekly"
        if self.request.has("on"):
            nth, weekday, when = read_slot(self.request.text("on"))
            day, at = "on", "on"
        else:
            weekday, when = self._weekday(), read_time(self.request.text("time"))
            # Whoever filled in a form could not know whether the guide wants it.
            nth = self._place() if every == "monthly" else None
            day, at = "weekday" if weekday is None else "nth", "time"
        if weekday is None or (nth is None) == (every == "monthly"):
            self.problems[day] = which_slot(self.t, every)
        elif when is None:
            self.problems[at] = self.t("At what time? For example: 10:00")
        else:
            return Slot(weekday, when, every, nth)
        return None

    def _place(self) -> int | None:
        named = self.request.text("nth")
        return int(named) if named in {str(place) for place in PLACES} else None

    def _weekday(self) -> int | None:
        number = self.request.number("weekday")
        return number if number is not None and number <= 6 else read_weekday(self.request.text("weekday"))

    def zone(self) -> str:
        named = self.request.text("zone")
        found = read_zone(named) if named else self.request.person.zone
        if found is None:
            near = self.t.list(zone_suggestions(named)) or "Europe/Berlin"
            self.problems["zone"] = self.t("I don't know the time zone “{zone}”. Perhaps: {near}").format(
                zone=named, near=near
            )
        return found or "UTC"

    def start(self, zone: str, slot: Slot | None) -> date:
        local = wall(self.now, zone)
        named = self.request.text("start")
        found = read_date(named, local.date()) if named else local.date() + timedelta(days=1)
        if found is None:
            self.problems["start"] = self.t("I can't read that day. For example: 2026-12-07")
        elif found < local.date():
            self.problems["start"] = self.t("{day} is in the past.").format(day=self.t.day(found))
        elif found > local.date() + timedelta(days=3 * 366):
            self.problems["start"] = self.t("That is more than three years away.")
        elif slot is not None and found == local.date() and found.weekday() == slot.weekday and slot.at <= local.time():
            return found + timedelta(days=1)
        return found or local.date()

    def territory(self, zone: str) -> str | None:
        found = holidays_of(zone, self.request.text("holidays"))
        if found is not None and not is_territory(found):
            self.problems["holidays"] = self.t(
                "I know no public holidays of “{country}”. Use a country code such as DE, or none."
            ).format(country=found)
        return found

    def language(self) -> str:
        """What is to be spoken in the group's home; the founder's language where nothing is said."""
        found = wanted_language(self.request, self.t.language)
        if found is None:
            self.problems["spoken"] = i_speak(self.t)
        return found or self.t.language

    def people(self, field: str) -> tuple[Person, ...]:
        found = [
            people.find(self.unit.connection, self.request.person.workspace, e) for e in self.request.people(field)
        ]
        if any(person is None or not person.active for person in found):
            self.problems[field] = self.t("One of these people is not here any more.")
        return tuple(dict.fromkeys(person for person in found if person is not None))

    def name(self, fallback: str) -> str:
        name = " ".join(self.request.text("name").split()) or fallback
        if not name:
            self.problems["name"] = self.t("A circle needs a name.")
        if len(name) > LONGEST_NAME:
            self.problems["name"] = self.t("A name has at most {n} characters.").format(n=LONGEST_NAME)
        return name

    def done(self) -> None:
        if self.problems:
            raise Invalid(self.problems)
