"""The table of all that one can do: verb -> service function, and how it is typed. Nothing is registered elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.checkins import service as checkins
from bot.commands import Grammar
from bot.founding import service as founding
from bot.groups import service as groups
from bot.home import service as home
from bot.meetings import service as meetings
from bot.messages import Form, Reply
from bot.people import service as people
from bot.people.rules import Request
from bot.unit import Unit

Run = Callable[[Unit, Request, datetime], Reply]
MakeForm = Callable[[Unit, Request, datetime], Form]


@dataclass(frozen=True, slots=True)
class Verb:
    """Something one can do.

    ``args`` names the arguments of its action token. A verb with a form opens it when its button is pressed, and when
    it is typed without all that it ``needs``; a sent form, or a full command, runs it.
    """

    run: Run
    form: MakeForm | None = None
    needs: tuple[str, ...] = ()
    args: tuple[str, ...] = ("group",)


VERBS: dict[str, Verb] = {
    "home": Verb(home.home, args=()),
    "create": Verb(founding.create, founding.create_form, ("name", "people", "on"), args=()),
    "pair": Verb(founding.pair, founding.pair_form, ("people", "on"), args=()),
    "again": Verb(founding.again),
    "invite": Verb(founding.invite, founding.invite_form, ("people",)),
    "accept": Verb(founding.accept),
    "decline": Verb(founding.decline),
    "join": Verb(founding.join),
    "agenda": Verb(meetings.agenda, args=("group", "week", "edition")),
    "preview": Verb(meetings.preview, args=("group", "week")),
    "resend": Verb(meetings.resend, args=("group", "week")),
    "repost": Verb(meetings.repost),
    "skip": Verb(meetings.skip, meetings.skip_form),
    "pause": Verb(meetings.pause, meetings.pause_form),
    "resume": Verb(meetings.resume),
    "move": Verb(meetings.move, meetings.move_form, ("weekday", "time")),
    "checkin": Verb(checkins.checkin, checkins.form, ("met",), args=("group", "session")),
    "attended": Verb(checkins.attended, args=("group", "session", "attendance")),
    "status": Verb(checkins.status),
    "nudge": Verb(checkins.nudge),
    "goal": Verb(groups.goal, groups.goal_form, ("text",)),
    "roster": Verb(groups.roster),
    "facilitator": Verb(groups.facilitator, groups.facilitator_form, ("person",)),
    "volunteer": Verb(groups.volunteer),
    "leave": Verb(groups.leave),
    "comeback": Verb(groups.comeback),
    "manage": Verb(home.manage),
    "rehome": Verb(home.rehome),
    "settings": Verb(people.settings, args=()),
    "zone": Verb(people.zone, people.zone_form, ("zone",), args=()),
    "quiet": Verb(people.quiet, people.quiet_form, ("hours",), args=()),
    "language": Verb(people.language, people.language_form, ("language",), args=()),
    "reminders": Verb(people.reminders, args=("wanted",)),
}

_WHEN = ("guide", "on", "zone", "start", "holidays")

GRAMMARS: tuple[Grammar, ...] = (
    Grammar("help", "help [command]", "what you can ask me", ("command",)),
    Grammar(
        "create",
        'create "Name" @one @two … --guide peer-circle --on mon 10:00 --zone Europe/Berlin --start 2026-12-07 '
        "[--facilitator @one] [--holidays DE]",
        "start a circle; everybody is asked first",
        ("name",),
        "people",
        _WHEN,
        ("facilitator",),
    ),
    Grammar(
        "pair",
        "pair @mentor @mentee --guide reverse-mentoring --on tue 16:00 [--zone …] [--start …]",
        "start a reverse-mentoring pair",
        (),
        "people",
        _WHEN,
    ),
    Grammar("agenda", "agenda [week]", "the meeting, minute by minute", ("week",)),
    Grammar("checkin", "checkin", "say how the meeting was, in a minute"),
    Grammar("goal", "goal [text]", "keep or change your own goal", ("text",), free=True),
    Grammar("roster", "roster", "who is in, and what time it is for them"),
    Grammar("status", "status", "who met, who checked in, streaks (facilitator)"),
    Grammar("nudge", "nudge", "remind those who have not checked in (facilitator)"),
    Grammar("preview", "preview [week]", "see what the group will get; post a prompt again (facilitator)", ("week",)),
    Grammar("skip", "skip [date]", "leave out one meeting and keep your place (facilitator)", ("date",)),
    Grammar("pause", "pause [me] [until date]", "take a break: the group's, or only yours", ("until",)),
    Grammar("resume", "resume", "end a break"),
    Grammar("move", "move <weekday> <time>", "meet at another time from now on (facilitator)", ("weekday", "time")),
    Grammar("facilitator", "facilitator @person [until date]", "hand over, or name a stand-in", ("until",), "person"),
    Grammar("invite", "invite @person …", "ask somebody to join (facilitator)", (), "people"),
    Grammar("leave", "leave", "leave, with one click and no questions"),
    Grammar("quiet", "quiet <from>-<to>", "your quiet hours, for example 18:00-8:00", ("hours",)),
    Grammar("zone", "zone <IANA>", "your time zone, for example Europe/Berlin", ("zone",)),
    Grammar("language", "language en", "the language I speak with you", ("language",)),
    Grammar("reminders", "reminders on|off", "a reminder an hour before a meeting", ("wanted",)),
    Grammar("settings", "settings", "your zone, quiet hours, language and reminders"),
)
"""The commands, in the order in which help lists them."""
