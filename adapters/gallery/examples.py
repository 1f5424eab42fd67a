"""An example of everything the bot says: each message and form of every words module, in each of its shapes.

The gallery shows them and ``tests/golden`` compares them. The name is "feature.function", and what is special about
this example after a colon. Values only: nothing here is ever said to anybody.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from adapters.gallery.cast import (
    ABSENT,
    ANA,
    BEN,
    BREAK,
    CANCELLED,
    CHLOE,
    CIRCLE,
    CIRCLE_GUIDE,
    DEV,
    FORMING,
    FULL,
    GOAL,
    GUIDES,
    HOLIDAY,
    MEETING,
    MINE,
    NEXT,
    NOW,
    PAIR,
    PAIR_GUIDE,
    PARKED,
    PEOPLE,
    SKIPPED,
    START,
    TAP,
    TOO_LATE,
    WEEK_1,
    WEEK_2,
    T,
)
from adapters.gallery.examples_checkpoints import CHECKPOINTS
from adapters.gallery.examples_guides import CATALOGUE
from adapters.gallery.examples_joining import JOINING
from adapters.gallery.examples_polls import ONE, POLLS, TIMES
from adapters.gallery.examples_training import TRAININGS
from bot.checkins import facilitating
from bot.checkins import words as checkins
from bot.commands import (
    PROBLEM_COMMAND,
    PROBLEM_FLAG,
    PROBLEM_LONG,
    PROBLEM_PERSON,
    PROBLEM_QUOTE,
    PROBLEM_SURPLUS,
    Unreadable,
)
from bot.forms import Form
from bot.founding import words as founding
from bot.groups import words as groups
from bot.guides import words as guides
from bot.home import words as home
from bot.inbound import Place
from bot.markup import fill
from bot.meetings import calendar
from bot.meetings import forms as meeting_forms
from bot.meetings import words as meetings
from bot.messages import Message
from bot.people import words as people
from bot.people.rules import Request
from bot.schedule.rules import Slot
from bot.verbs import GRAMMARS

CHOICE = (groups.group_choice(T, ((7, CIRCLE.name), (8, PAIR.name))),)
ZONE = "Europe/Berlin"
TYPED = Request(ANA, Place("dm-ana"), "command", {"name": "Tuesday", "on": "someday"}, 'create "Tuesday" --on someday')
CARD = home.Card(
    group=CIRCLE,
    guide=CIRCLE_GUIDE,
    session=0,
    meeting=MEETING,
    waiting=0,
    goal=GOAL,
    lead=True,
    invited=False,
)
PAIRED = replace(CARD, group=PAIR, guide=PAIR_GUIDE, session=None, waiting=None, goal=None, lead=False)
WAITING = replace(CARD, group=FORMING, session=None, waiting=None, goal=None, lead=False)
INVITED = replace(WAITING, invited=True)
PAUSED = replace(CARD, session=1, meeting=None, waiting=None, goal=None)


def unreadable(problem: str, word: str, suggestion: str, text: str, usage: str = "") -> Message:
    return home.unreadable(
        T, Unreadable(problem, word, suggestion), text, usage, lambda shown: shown.replace("<@ana>", "@Ana")
    )


EXAMPLES: dict[str, Message | Form] = {
    # ── founding ─────────────────────────────────────────────────────────────────────────────────────────────────────
    "founding.create_form": founding.create_form(T, GUIDES, {}, ZONE, START),
    "founding.create_form: filled in": founding.create_form(
        T, GUIDES, {"name": "Tuesday", "people": ("ana", "ben"), "join": "no", "time": "15:30"}, ZONE, START
    ),
    "founding.pair_form": founding.pair_form(T, GUIDES, {"mentor": ("ana",)}, ZONE, START),
    "founding.invite_form": founding.invite_form(T, CIRCLE),
    "founding.invite_form: which group": founding.invite_form(T, None, CHOICE),
    "founding.founded": founding.founded(T, FORMING, CIRCLE_GUIDE, [BEN, DEV], MEETING, outside=True),
    "founding.founded: a pair": founding.founded(T, PAIR, PAIR_GUIDE, [DEV], None, outside=False),
    "founding.mistaken": founding.mistaken(
        T, ["Which day of the week?"], TYPED, founding.create_form(T, GUIDES, {"name": "Tuesday"}, ZONE, START)
    ),
    "founding.invited_more": founding.invited_more(T, CIRCLE, [BEN, DEV]),
    "founding.invitation": founding.invitation(
        T, FORMING, CIRCLE_GUIDE, FORMING.members[1], DEV, (ANA, CHLOE), MEETING
    ),
    "founding.invitation: a pair": founding.invitation(T, PAIR, PAIR_GUIDE, PAIR.members[1], ANA, (), MEETING),
    "founding.accepted": founding.accepted(T, CIRCLE, CIRCLE_GUIDE, MEETING),
    "founding.declined": founding.declined(T, CIRCLE),
    "founding.somebody_declined": founding.somebody_declined(T, FORMING, BEN, CIRCLE_GUIDE),
    "founding.waiting": founding.waiting(T, FORMING, CIRCLE_GUIDE),
    "founding.opening": founding.opening(T, CIRCLE, CIRCLE_GUIDE, PEOPLE, ANA, MEETING),
    "founding.opening: a pair": founding.opening(T, PAIR, PAIR_GUIDE, PEOPLE, None, MEETING),
    # ── groups ───────────────────────────────────────────────────────────────────────────────────────────────────────
    "groups.note": groups.note(fill("A **word** with `code` and _more_.")),
    "groups.which_group": groups.which_group(T, "agenda", ((7, CIRCLE.name), (8, PAIR.name)), ("2",)),
    "groups.goal_form": groups.goal_form(T, CIRCLE, GOAL),
    "groups.goal_form: which group": groups.goal_form(T, None, None, CHOICE),
    "groups.goal_kept": groups.goal_kept(T, CIRCLE, GOAL),
    "groups.goal_kept: for oneself": groups.goal_kept(T, CIRCLE, MINE),
    "groups.roster": groups.roster(T, CIRCLE, PEOPLE, {ANA.id: GOAL, BEN.id: MINE}, ANA.id, NOW),
    "groups.roster: a pair": groups.roster(T, PAIR, PEOPLE, {}, None, NOW),
    "groups.joined": groups.joined(T, CIRCLE, BEN),
    "groups.left": groups.left(T, CIRCLE, BEN, finished=False, orphaned=False),
    "groups.left: the end of the group": groups.left(T, PAIR, DEV, finished=True, orphaned=False),
    "groups.left: nobody looks after it": groups.left(T, CIRCLE, ANA, finished=False, orphaned=True),
    "groups.you_left": groups.you_left(T, CIRCLE),
    "groups.seen_here": groups.seen_here(T),
    "groups.you_are_back": groups.you_are_back(T, CIRCLE),
    "groups.facilitator_form": groups.facilitator_form(T, CIRCLE, (), None),
    "groups.facilitator_form: which group": groups.facilitator_form(T, None, CHOICE, date(2026, 12, 18)),
    "groups.facilitator_changed": groups.facilitator_changed(T, CIRCLE, BEN, None),
    "groups.facilitator_changed: a stand-in": groups.facilitator_changed(T, CIRCLE, BEN, date(2026, 12, 18)),
    "groups.speak_form": groups.speak_form(T, CIRCLE, "de"),
    "groups.speaks": groups.speaks(T, CIRCLE, "de@formal"),
    "groups.facilitator_hint": groups.facilitator_hint(T, CIRCLE),
    # ── meetings ─────────────────────────────────────────────────────────────────────────────────────────────────────
    "meetings.prompt": meetings.prompt(T, CIRCLE, CIRCLE_GUIDE, WEEK_1, MEETING),
    "meetings.prompt_moved": meetings.prompt_moved(T, CIRCLE, WEEK_1, NEXT),
    "meetings.prompt_moved: a break": meetings.prompt_moved(T, CIRCLE, WEEK_1, None),
    "meetings.preparation": meetings.preparation(T, PAIR, WEEK_2, NEXT, ANA),
    "meetings.steps": meetings.steps(T, PAIR, WEEK_2, NEXT, DEV),
    "meetings.reminder": meetings.reminder(T, CIRCLE, WEEK_1, MEETING, CHLOE),
    "meetings.closing": meetings.closing(T, CIRCLE, CIRCLE_GUIDE),
    "meetings.agenda": meetings.agenda(T, CIRCLE, CIRCLE_GUIDE, WEEK_1, MEETING, short=False, lead=True),
    "meetings.agenda: short": meetings.agenda(T, CIRCLE, CIRCLE_GUIDE, WEEK_2, None, short=True, lead=False),
    "meetings.preview": meetings.preview(T, CIRCLE, CIRCLE_GUIDE, WEEK_1, MEETING, may_post=True),
    "meetings.preview: a pair": meetings.preview(T, PAIR, PAIR_GUIDE, WEEK_2, None, may_post=False),
    "meetings.on_its_way": meetings.on_its_way(T, 0),
    "meetings.missed": meetings.missed(T, CIRCLE, [(0, datetime(2026, 12, 7, 7, tzinfo=UTC)), (1, MEETING.starts)]),
    "meetings.sent_again": meetings.sent_again(T, CIRCLE, 1),
    "meetings.sent_again: nothing is left": meetings.sent_again(T, CIRCLE, 0),
    "meetings.skip_form": meeting_forms.skip_form(T, CIRCLE, (MEETING, NEXT), ()),
    "meetings.skip_form: which group": meeting_forms.skip_form(T, None, (), CHOICE),
    "meetings.pause_form": meeting_forms.pause_form(T, CIRCLE, (), lead=True, only_me=False, until=None),
    "meetings.pause_form: only me": meeting_forms.pause_form(
        T, CIRCLE, (), lead=False, only_me=True, until=date(2026, 12, 21)
    ),
    "meetings.move_form": meeting_forms.move_form(T, CIRCLE, (), None, None, None),
    "meetings.move_form: which group": meeting_forms.move_form(T, None, CHOICE, None, 3, time(15)),
    "meetings.skipped": calendar.skipped(T, CIRCLE, MEETING.day, NEXT),
    "meetings.paused": calendar.paused(T, CIRCLE, date(2026, 12, 21)),
    "meetings.paused: without an end": calendar.paused(T, CIRCLE, None),
    "meetings.i_paused": calendar.i_paused(T, CIRCLE, date(2026, 12, 21)),
    "meetings.i_paused: without an end": calendar.i_paused(T, CIRCLE, None),
    "meetings.resumed": calendar.resumed(T, CIRCLE, NEXT),
    "meetings.i_resumed": calendar.i_resumed(T, CIRCLE),
    "meetings.moved": calendar.moved(T, CIRCLE, Slot(3, time(15, 30)), None),
    # ── check-ins ────────────────────────────────────────────────────────────────────────────────────────────────────
    "checkins.form": checkins.form(T, CIRCLE, WEEK_1, "participant", None),
    "checkins.form: changed": checkins.form(T, CIRCLE, WEEK_1, "participant", FULL),
    "checkins.form: a mentor": checkins.form(T, PAIR, WEEK_1, "mentor", None),
    "checkins.request": checkins.request(T, CIRCLE, WEEK_1, "participant"),
    "checkins.request: a mentee": checkins.request(T, PAIR, WEEK_1, "mentee"),
    "checkins.nudge": checkins.nudge(T, CIRCLE, WEEK_1, "participant", 1),
    "checkins.nudge: the last": checkins.nudge(T, CIRCLE, WEEK_1, "participant", 2),
    "checkins.thanks": checkins.thanks(T, CIRCLE, WEEK_1, "participant", FULL, NEXT, ZONE, open_=True),
    "checkins.thanks: one tap": checkins.thanks(T, CIRCLE, WEEK_1, "participant", TAP, None, ZONE, open_=True),
    "checkins.thanks: closed": checkins.thanks(T, CIRCLE, WEEK_1, "participant", ABSENT, NEXT, ZONE, open_=False),
    "checkins.shared": checkins.shared(T, CIRCLE, WEEK_1, [FULL, TAP, ABSENT], PEOPLE),
    "checkins.shared: nobody's words": checkins.shared(T, CIRCLE, WEEK_1, [TAP], PEOPLE),
    "checkins.hint": facilitating.hint(T, CIRCLE, WEEK_1, [BEN.id, CHLOE.id], [], PEOPLE),
    "checkins.hint: cancellations": facilitating.hint(T, PAIR, WEEK_2, [], [1, 2], PEOPLE),
    "checkins.status": facilitating.status(T, CIRCLE, PEOPLE, [0, 1], [FULL, TAP], [TOO_LATE, PARKED]),
    "checkins.status: a pair": facilitating.status(T, PAIR, PEOPLE, [1], [CANCELLED], []),
    "checkins.status: before the first meeting": facilitating.status(T, CIRCLE, PEOPLE, [], [], []),
    "checkins.nudged": facilitating.nudged(T, CIRCLE, [BEN.id], [(CHLOE.id, MEETING.starts)], [ANA.id, DEV.id], PEOPLE),
    "checkins.nudged: nobody is silent": facilitating.nudged(T, CIRCLE, [], [], [], PEOPLE),
    # ── home ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    "home.home": home.home(T, ANA, [INVITED, CARD, PAIRED, WAITING]),
    "home.home: in no group": home.home(T, DEV, []),
    "home.manage": home.manage(T, CARD, (HOLIDAY, SKIPPED, BREAK), NOW),
    "home.manage: a pair": home.manage(T, PAIRED, (), NOW),
    "home.manage: polls are open": home.manage(T, replace(CARD, polls=(ONE, TIMES)), (), NOW),
    "home.manage: on a break": home.manage(T, PAUSED, (), NOW),
    "home.homeless": home.homeless(T, CIRCLE, "removed"),
    "home.homeless: archived": home.homeless(T, CIRCLE, "archived"),
    "home.homeless: deleted": home.homeless(T, CIRCLE, "deleted"),
    "home.rehomed": home.rehomed(T, CIRCLE),
    "home.new_home": home.new_home(T, CIRCLE),
    "home.help_": home.help_(T, GRAMMARS),
    "home.help_with": home.help_with(T, GRAMMARS[1]),
    "home.refused": home.refused("Only the facilitator can do that.", "Ask Ana."),
    "home.old_button": home.old_button(T),
    "home.unreadable": unreadable(PROBLEM_COMMAND, "agneda", "agenda 3", "agneda 3"),
    "home.unreadable: nothing near": unreadable(PROBLEM_COMMAND, "**xyzzy**", "", "**xyzzy** `now`"),
    "home.unreadable: a flag": unreadable(
        PROBLEM_FLAG, "--zon", "create X <@ana> --zone UTC", "create X <@ana> --zon UTC", GRAMMARS[1].usage
    ),
    "home.unreadable: a quotation mark": unreadable(PROBLEM_QUOTE, '"', "", 'create "X', GRAMMARS[1].usage),
    "home.unreadable: a person": unreadable(PROBLEM_PERSON, "@nobody", "", "invite @nobody"),
    "home.unreadable: a surplus": unreadable(PROBLEM_SURPLUS, "now", "", "roster now", "roster"),
    "home.unreadable: too long": unreadable(PROBLEM_LONG, "x" * 40, "", "x" * 5000),
    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────
    "people.zone_form": people.zone_form(T, ANA),
    "people.quiet_form": people.quiet_form(T, ANA),
    "people.language_form": people.language_form(T, ANA),
    "people.settings": people.settings(T, ANA),
    "people.settings: reminders and no quiet hours": people.settings(T, CHLOE),
    "people.kept": people.kept(T, BEN),
    # ── guides ───────────────────────────────────────────────────────────────────────────────────────────────────────
    "guides.preview": guides.preview(CIRCLE_GUIDE, WEEK_1),
    "guides.preview: a pair": guides.preview(PAIR_GUIDE, WEEK_2),
    # ── polls ────────────────────────────────────────────────────────────────────────────────────────────────────────
    **POLLS,
    **JOINING,
    # ── checkpoints ──────────────────────────────────────────────────────────────────────────────────────────────────
    **CHECKPOINTS,
    **CATALOGUE,
    **TRAININGS,
}
