"""What somebody asks, out of a typed command or a sent form; every problem at its field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import Invalid
from bot.groups.rules import Group
from bot.groups.words import which_slot
from bot.people.rules import Request
from bot.polls.rules import (
    LEAST_OPTIONS,
    LONGEST_OPEN,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    Poll,
    is_slot,
    lines,
    read_closing,
    slot_like,
    slot_of,
    twins,
    usual_closing,
)
from bot.schedule.rules import Slot


@dataclass(frozen=True, slots=True)
class Asked:
    """A poll that is not kept yet."""

    question: str
    options: tuple[str, ...]
    slots: tuple[Slot, ...]
    several: bool
    anonymous: bool
    closes: datetime

    def is_same(self, poll: Poll) -> bool:
        """Whether this is what that poll asks."""
        asked = (self.question, self.options, self.slots, self.several, self.anonymous)
        return asked == (poll.question, poll.options, poll.slots, poll.several, poll.anonymous)

    def poll(self, group: Group, author: int) -> Poll:
        """The poll as the store takes it, without an id."""
        return Poll(
            id=0,
            workspace=group.workspace,
            group=group.id,
            author=author,
            question=self.question,
            options=self.options,
            slots=self.slots,
            several=self.several,
            anonymous=self.anonymous,
            closes=self.closes,
        )


def times_typed(request: Request) -> tuple[str, ...] | None:
    """The times of ``poll slot "tue 16:00" …``, with or without quotation marks; None where it asks something else."""
    word, _, rest = request.text("question").partition(" ")
    named = tuple(part.strip() for part in rest.split(",") if part.strip())
    # Somebody may want to ask about a slot machine.
    if request.via != "command" or word.casefold() != "slot" or not all(map(is_slot, named)):
        return None
    return (*named, *lines(request.values.get("options", ())))


class Reading:
    """Reads values one by one and remembers what is wrong with them. ``zone``: in which days and hours are meant."""

    def __init__(self, request: Request, zone: str, now: datetime) -> None:
        self._request = request
        self._t = request.t
        self._zone = zone
        self._now = now
        self.problems: dict[str, str] = {}

    def poll(self, *, sealed: bool) -> Asked:
        """A question with its options. ``sealed``: anonymous votes can be kept as they must. Raises Invalid."""
        question, options, closes = self._question(), self._options(), self.closing()
        anonymous = self._request.text("anonymous") == "yes"
        if anonymous and not sealed:
            said = self._t("Anonymous votes need a key on the server, which is not set yet. An open poll works.")
            self.problems["anonymous"] = said
        self._done()
        several = self._request.text("multiple") == "yes"
        return Asked(question, options, (), several, anonymous, closes)

    def slots(self, present: Slot) -> Asked:
        """Meeting times, ticked or typed, in the rhythm of the present one. Raises Invalid."""
        t, closes = self._t, self.closing()
        ticked = self._request.values.get("chosen", ())
        found = [slot_of(one, present) for one in (ticked if isinstance(ticked, tuple) else ())]
        for text in lines(self._request.values.get("slots", "")):
            slot = slot_like(present, text)
            if slot is None:
                said = t("I can't read “{text}”. {example}")
                self.problems["slots"] = said.format(text=text, example=which_slot(t, present.every))
            found.append(slot)
        slots = tuple(dict.fromkeys(slot for slot in found if slot is not None))
        if "slots" not in self.problems and not LEAST_OPTIONS <= len(slots) <= MOST_OPTIONS:
            said = t("I need {least} to {most} different times; these are {n}.")
            self.problems["slots"] = said.format(least=LEAST_OPTIONS, most=MOST_OPTIONS, n=len(slots))
        if self._request.text("anonymous") == "yes":
            said = t("A poll for a meeting time shows who could come, so it cannot be anonymous.")
            self.problems["anonymous"] = said
        self._done()
        return Asked("", (), tuple(sorted(slots, key=lambda one: (one.weekday, one.at))), True, False, closes)

    def _question(self) -> str:
        t, question = self._t, " ".join(self._request.text("question").split())
        if not question:
            self.problems["question"] = t("What do you want to ask?")
        elif len(question) > LONGEST_QUESTION:
            said = t("At most {n} characters; this has {count}.")
            self.problems["question"] = said.format(n=LONGEST_QUESTION, count=len(question))
        return question

    def _options(self) -> tuple[str, ...]:
        t, options = self._t, lines(self._request.values.get("options", ""))
        long = next((one for one in options if len(one) > LONGEST_OPTION), None)
        twin = twins(options)
        if not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
            said = t("A poll has {least} to {most} options; these are {n}.")
            self.problems["options"] = said.format(least=LEAST_OPTIONS, most=MOST_OPTIONS, n=len(options))
        elif long is not None:
            said = t("An option has at most {n} characters; this one has {count}: {text}")
            self.problems["options"] = said.format(n=LONGEST_OPTION, count=len(long), text=long)
        elif twin is not None:
            self.problems["options"] = t("“{text}” is there twice.").format(text=twin)
        return options

    def closing(self) -> datetime:
        """When it closes; where nothing was said, in three working days."""
        field, text = self._closing_text()
        if not text:
            return usual_closing(self._now, self._zone)
        closes = read_closing(text, self._now, self._zone)
        t = self._t
        if closes is None:
            self.problems[field] = t("I need a day, a time or both, for example: fri 17:00")
        elif closes <= self._now:
            self.problems[field] = t("That is over already. When should it close?")
        elif closes > self._now + LONGEST_OPEN:
            self.problems[field] = t("A poll is open for at most {n} days.").format(n=LONGEST_OPEN.days)
        return closes or self._now

    def closing_or(self, usual: datetime) -> datetime:
        """When it closes, as far as that can be read: to fill in a form."""
        text = self._closing_text()[1]
        return (read_closing(text, self._now, self._zone) if text else None) or usual

    def _closing_text(self) -> tuple[str, str]:
        """The field at which its problems are shown, and what it says."""
        if self._request.has("until"):
            return "until", self._request.text("until")
        return "day", f"{self._request.text('day')} {self._request.text('time')}".strip()

    def _done(self) -> None:
        if self.problems:
            raise Invalid(self.problems)
