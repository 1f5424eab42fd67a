"""The examples of polls, as ``examples.py`` has them of everything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from adapters.gallery.cast import ANA, BEN, CHLOE, CIRCLE, DEV, NOW, PAIR, PEOPLE, T
from bot.forms import Form
from bot.groups import words as groups
from bot.messages import Message
from bot.polls import forms
from bot.polls import words as polls
from bot.polls.rules import Poll, Standing, Tally, Vote, standing
from bot.polls.slots import Proposal
from bot.schedule.rules import Slot

CLOSES = datetime(2026, 12, 11, 16, tzinfo=UTC)
AFTER = datetime(2026, 12, 12, 9, tzinfo=UTC)
SLOTS = (Slot(1, time(16)), Slot(2, time(10)), Slot(3, time(9, 30)))
ONE = Poll(
    id=5,
    workspace=1,
    group=CIRCLE.id,
    author=ANA.id,
    question="Where do we meet? <!channel> **now**",
    options=("Café *Central*", "Room 7", "On a walk through the park, if it is dry"),
    slots=(),
    several=False,
    anonymous=False,
    closes=CLOSES,
)
SEVERAL = replace(ONE, id=6, question="What shall we read?", options=("Essays", "Poems", "Papers"), several=True)
SECRET = replace(ONE, id=7, question="Shall we go on?", options=("Yes", "No"), anonymous=True)
TIMES = replace(SEVERAL, id=8, question="", options=(), slots=SLOTS)
MONTHLY = replace(TIMES, slots=tuple(replace(slot, every="monthly", nth=n) for n, slot in enumerate(SLOTS, 1)))
HERE = (ANA.id, BEN.id, CHLOE.id)
VOTES = (Vote(ANA.id, (1,)), Vote(BEN.id, (0,)), Vote(CHLOE.id, (1,)))
TICKS = (Vote(ANA.id, (0, 2)), Vote(BEN.id, (0,)), Vote(CHLOE.id, ()))
CHOICE = (groups.group_choice(T, ((7, CIRCLE.name), (8, PAIR.name))),)
FOUND = tuple(Proposal(slot, ()) for slot in SLOTS)
HARD = (Proposal(SLOTS[0], (BEN.id,)), Proposal(SLOTS[1], (BEN.id, DEV.id)))


def standing_(poll: Poll, votes: tuple[Vote, ...], at: datetime = NOW) -> Standing:
    return standing(poll, votes, HERE, at)


def of_many(answers: int, *counts: int) -> Standing:
    """A closed anonymous poll in a larger circle."""
    return standing(replace(SECRET, result=Tally(counts, answers, 8)), (), HERE, AFTER)


POLLS: dict[str, Message | Form] = {
    "polls.poll_form": forms.poll_form(T, CIRCLE, (), {}, CLOSES, "Europe/Berlin", sealed=True),
    "polls.poll_form: which group": forms.poll_form(
        T,
        None,
        CHOICE,
        {"question": "Tea or coffee?", "options": ("Tea", "Coffee"), "multiple": "yes", "anonymous": "yes"},
        CLOSES,
        "Europe/Berlin",
        sealed=True,
    ),
    "polls.poll_form: without a key": forms.poll_form(T, CIRCLE, (), {}, CLOSES, "Europe/Berlin", sealed=False),
    "polls.slots_form": forms.slots_form(T, CIRCLE, FOUND, PEOPLE, {}, CLOSES),
    "polls.slots_form: nothing suits everybody": forms.slots_form(T, CIRCLE, HARD, PEOPLE, {}, CLOSES),
    "polls.slots_form: typed": forms.slots_form(T, CIRCLE, (), PEOPLE, {"slots": ("tue 16:00", "soon")}, CLOSES),
    "polls.asked": polls.asked(T, ONE, CIRCLE),
    "polls.poll": polls.poll(T, CIRCLE, standing_(ONE, ()), PEOPLE),
    "polls.poll: some votes": polls.poll(T, CIRCLE, standing_(ONE, VOTES), PEOPLE),
    "polls.poll: several": polls.poll(T, CIRCLE, standing_(SEVERAL, ()), PEOPLE),
    "polls.poll: several, some votes": polls.poll(T, CIRCLE, standing_(SEVERAL, TICKS), PEOPLE),
    "polls.poll: anonymous": polls.poll(T, CIRCLE, standing_(SECRET, VOTES), PEOPLE),
    "polls.poll: times": polls.poll(T, CIRCLE, standing_(TIMES, TICKS), PEOPLE),
    "polls.poll: times of a month": polls.poll(T, CIRCLE, standing_(MONTHLY, ()), PEOPLE),
    "polls.poll: closed": polls.poll(T, CIRCLE, standing_(ONE, VOTES, AFTER), PEOPLE),
    "polls.poll: closed, nobody answered": polls.poll(T, CIRCLE, standing_(ONE, (), AFTER), PEOPLE),
    "polls.poll: closed, anonymous": polls.poll(T, CIRCLE, of_many(6, 4, 2), PEOPLE),
    "polls.poll: closed, anonymous, few": polls.poll(T, CIRCLE, of_many(4, 3, 1), PEOPLE),
    "polls.asked: anonymous, of few": polls.asked(T, SECRET, CIRCLE),
    "polls.closed": polls.closed(T, standing_(ONE, VOTES, AFTER)),
    "polls.closed: as many": polls.closed(T, standing_(ONE, VOTES[:2], AFTER)),
    "polls.closed: none suits": polls.closed(T, standing_(TIMES, TICKS[2:], AFTER)),
    "polls.voted": polls.voted(T, ONE, CIRCLE, (1,), lead=False),
    "polls.voted: none, by who leads": polls.voted(T, TIMES, CIRCLE, (), lead=True),
    "polls.secrecy": polls.secrecy(T, ONE, CIRCLE),
    "polls.secrecy: anonymous": polls.secrecy(T, SECRET, CIRCLE),
    "polls.tick_form": forms.tick_form(T, SEVERAL, CIRCLE, ANA, (0, 2), NOW),
    "polls.tick_form: times elsewhere": forms.tick_form(T, TIMES, CIRCLE, BEN, (), NOW),
    "polls.slot_result": polls.slot_result(T, CIRCLE, standing_(TIMES, TICKS, AFTER), PEOPLE),
    "polls.slot_result: none": polls.slot_result(T, CIRCLE, standing_(TIMES, (), AFTER), PEOPLE),
}
