"""The table of all that one can do: verb -> service function, and how it is typed. Nothing is registered elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue import service as catalogue
from bot.checkins import service as checkins
from bot.checkpoints import service as checkpoints
from bot.checkpoints import showing
from bot.commands import Grammar
from bot.forms import Form
from bot.founding import inviting
from bot.founding import service as founding
from bot.groups import service as groups
from bot.home import service as home
from bot.joining import service as joining
from bot.library import service as library
from bot.meetings import service as meetings
from bot.messages import Reply
from bot.people import service as people
from bot.people.rules import Request
from bot.polls import service as polls
from bot.polls import voting
from bot.supporting import service as supporting
from bot.training import service as training
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
    "create": Verb(founding.create, founding.create_form, ("name", "people", "on"), args=("guide",)),
    "pair": Verb(founding.pair, founding.pair_form, ("people", "on"), args=("guide",)),
    "guide": Verb(catalogue.guide, args=("guide",)),
    "library": Verb(library.library, args=("words",)),
    "search": Verb(library.library, library.search_form, ("words",), args=()),
    "article": Verb(library.article, args=("slug",)),
    "train": Verb(training.train, args=("guide",)),
    "course": Verb(training.course, args=("guide",)),
    "lesson": Verb(training.lesson, args=("guide", "session", "part")),
    "did": Verb(training.did, args=("guide", "session", "done")),
    "quiz": Verb(training.quiz, training.quiz_form, args=("guide", "session")),
    "reflect": Verb(training.reflect, training.reflect_form, args=("guide", "session")),
    "certificate": Verb(training.certificate, args=("guide",)),
    "newer": Verb(catalogue.newer, args=("group", "sure")),
    "again": Verb(founding.again),
    "invite": Verb(inviting.invite, inviting.invite_form, ("people",)),
    "accept": Verb(inviting.accept),
    "decline": Verb(inviting.decline),
    "join": Verb(joining.join),
    "letin": Verb(joining.letin, args=("group", "who")),
    "notnow": Verb(joining.notnow, args=("group", "who")),
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
    "checkpoint": Verb(checkpoints.checkpoint, checkpoints.form, ("answers",), args=("group", "poll", "shown")),
    "results": Verb(showing.results, args=("group", "poll")),
    "privacy": Verb(showing.privacy, args=("group", "poll")),
    "rematch": Verb(checkpoints.rematch),
    "followup": Verb(showing.followup, args=("group", "wanted")),
    "poll": Verb(polls.poll, polls.poll_form, ("question", "options")),
    "slots": Verb(polls.slots, polls.slots_form, ("slots",)),
    "vote": Verb(voting.vote, args=("poll", "option")),
    "tick": Verb(voting.tick, voting.tick_form, ("chosen",), args=("poll",)),
    "secrecy": Verb(voting.secrecy, args=("poll",)),
    "endpoll": Verb(polls.end, args=("poll",)),
    "movethere": Verb(polls.move_there, args=("poll", "option")),
    "goal": Verb(groups.goal, groups.goal_form, ("text",)),
    "roster": Verb(groups.roster),
    "speak": Verb(groups.speak, groups.speak_form, ("language",)),
    "facilitator": Verb(groups.facilitator, groups.facilitator_form, ("person",)),
    "volunteer": Verb(groups.volunteer),
    "mentor": Verb(supporting.mentor, supporting.mentor_form, ("person",)),
    "mentors": Verb(supporting.mentors),
    "unmentor": Verb(supporting.unmentor, args=("group", "who")),
    "support": Verb(supporting.support, args=("group", "answer")),
    "supported": Verb(supporting.supported),
    "leave": Verb(home.leave),
    "comeback": Verb(groups.comeback),
    "manage": Verb(home.manage),
    "rehome": Verb(home.rehome, args=("group", "home")),
    "settings": Verb(people.settings, args=()),
    "zone": Verb(people.zone, people.zone_form, ("zone",), args=()),
    "quiet": Verb(people.quiet, people.quiet_form, ("hours",), args=()),
    "language": Verb(people.language, people.language_form, ("language",), args=()),
    "reminders": Verb(people.reminders, args=("wanted",)),
}

_WHEN = ("guide", "on", "zone", "start", "holidays", "language")

GRAMMARS: tuple[Grammar, ...] = (
    Grammar("help", "help [command]", "what you can ask me", ("command",)),
    Grammar(
        "create",
        'create "Name" @one @two … --guide peer-circle --on mon 10:00 --zone Europe/Berlin --start 2026-12-07 '
        "[--facilitator @one] [--holidays DE] [--language de] [--formal]",
        "start a circle; everybody is asked first",
        ("name",),
        "people",
        _WHEN,
        ("facilitator",),
        switches=("formal",),
    ),
    Grammar(
        "pair",
        "pair @mentor @mentee --guide reverse-mentoring --on tue 16:00 [--zone …] [--start …]",
        "start a reverse-mentoring pair",
        (),
        "people",
        _WHEN,
        switches=("formal",),
    ),
    Grammar("library", "library [words]", "short articles for when something is in the way", ("words",), free=True),
    Grammar("train", "train [guide]", "learn at your own pace, to support circles or to get ready", ("guide",)),
    Grammar("guide", "guide [name]", "the guides there are, and what each is for", ("guide",)),
    Grammar("newer", "newer", "follow a newer version of the guide from next week on (facilitator)"),
    Grammar("agenda", "agenda [week]", "the meeting, minute by minute", ("week",)),
    Grammar("checkin", "checkin", "say how the meeting was, in a minute"),
    Grammar("checkpoint", "checkpoint", "answer the questions that are open, or change your answers"),
    Grammar("results", "results [all]", "your own answers over time; with all, a program's figures", ("poll",)),
    Grammar("privacy", "privacy", "what others can see of your answers"),
    Grammar("followup", "followup on|off", "questions half a year after the end (facilitator)", ("wanted",)),
    Grammar("goal", "goal [text]", "keep or change your own goal", ("text",), free=True),
    Grammar("roster", "roster", "who is in, and what time it is for them"),
    Grammar("status", "status", "who met, who checked in, streaks (facilitator)"),
    Grammar("nudge", "nudge", "remind those who have not checked in (facilitator)"),
    Grammar("preview", "preview [week]", "see what the group will get; post a prompt again (facilitator)", ("week",)),
    Grammar("skip", "skip [date]", "leave out one meeting and keep your place (facilitator)", ("date",)),
    Grammar("pause", "pause [me] [until date]", "take a break: the group's, or only yours", ("until",)),
    Grammar("resume", "resume", "end a break"),
    Grammar("move", "move <weekday> <time>", "meet at another time from now on (facilitator)", ("weekday", "time")),
    Grammar(
        "poll",
        'poll "Question?" "One" "Two" … [--multiple] [--anonymous] [--until fri 17:00]',
        "ask the group something; poll slot looks for a new meeting time (facilitator)",
        ("question",),
        flags=("until",),
        switches=("multiple", "anonymous"),
        rest="options",
    ),
    Grammar(
        "speak",
        "speak <language> [--formal]",
        "what I speak in the group's conversation (facilitator)",
        ("language",),
        switches=("formal",),
    ),
    Grammar("facilitator", "facilitator @person [until date]", "hand over, or name a stand-in", ("until",), "person"),
    Grammar("mentor", "mentor @person", "ask somebody outside to stand behind your circle (facilitator)", (), "person"),
    Grammar("supported", "supported", "how the circles are doing that you support, in counts"),
    Grammar("invite", "invite @person …", "ask somebody to join (facilitator)", (), "people"),
    Grammar("join", "join <number>", "ask to join a circle that lives on another platform", ("group",)),
    Grammar("leave", "leave", "leave, with one click and no questions"),
    Grammar("quiet", "quiet <from>-<to>", "your quiet hours, for example 18:00-8:00", ("hours",)),
    Grammar("zone", "zone <IANA>", "your time zone, for example Europe/Berlin", ("zone",)),
    Grammar("language", "language en", "the language I speak with you", ("language",)),
    Grammar("reminders", "reminders on|off", "a reminder an hour before a meeting", ("wanted",)),
    Grammar("settings", "settings", "your zone, quiet hours, language and reminders"),
)
"""The commands, in the order in which help lists them."""


def opens_form(verb: str) -> bool:
    """Whether a button of this verb begins with a form, for platforms that have to say so before it is pressed."""
    return verb == "mend" or (verb in VERBS and VERBS[verb].form is not None)
