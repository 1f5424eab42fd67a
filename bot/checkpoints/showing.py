"""Show somebody their own answers, who sees them, and, to whoever runs a program, its figures."""

from __future__ import annotations

from datetime import datetime

from bot.checkpoints import own, store, words
from bot.checkpoints.closing import program_of
from bot.checkpoints.rules import cohort_of, followup_of, roles_of, sees_results
from bot.checkpoints.service import asked_of, opened, the_cipher
from bot.errors import Invalid, Refused
from bot.groups import store as groups
from bot.groups.rights import the_group
from bot.groups.rules import Group, WhichGroup, rhythm
from bot.guides.items import POLLS
from bot.messages import Reply, Say
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.rules import wall
from bot.unit import Unit

# ── results ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def results(unit: Unit, request: Request, now: datetime) -> Reply:
    """One's own answers; for whoever runs a program, its figures: ``poll`` names one, or "all"."""
    t, me = request.t, request.person
    cipher, poll = the_cipher(unit, t), request.text("poll")
    try:
        group = _group_or_former(unit, request, now)
    except WhichGroup as which:
        # Figures are of a whole program: whoever runs one is asked which of those, and not which of its groups.
        programs = _programs(unit, me, now)
        number = [one for one, _ in which.groups]
        if not programs or (
            not poll and any(groups.load(unit.connection, me.workspace, n).is_in(me.id) for n in number)
        ):
            raise
        if len(programs) > 1:
            named = [(unit.guide_of(one, t.language).title, one.id) for one in programs]
            return Say(words.which_program(t, named, poll or "all"))
        group = programs[0]
    lead = sees_results(group, me.id, now)
    if (poll or (not group.is_in(me.id) and group.id not in _answered(unit, me))) and lead:
        program = program_of(unit, cipher, group, me)
        if poll in program.closed:
            return Say(words.results(t, program, poll))
        return Say(words.overview(t, program))
    if poll:
        raise Refused(t("Only who runs the program sees its figures; your own answers are yours alone."))
    return _mine(unit, request, group, now)


def _mine(unit: Unit, request: Request, group: Group, now: datetime) -> Reply:
    t, me = request.t, request.person
    open_ = [one for one in store.calls_of(unit.connection, group.workspace, group.id) if one.is_open(now)]
    asked = [found for call in open_ if (found := asked_of(unit, group, call, me, now)) is not None]
    items = unit.guides.checkpoints_of(group.guide).items
    given = opened(unit, the_cipher(unit, t), group, me.id)
    former = [one for one in _former(unit, me) if one.id != group.id]
    lead = sees_results(group, me.id, now)
    return Say(own.mine(t, group, items, given, asked[0] if asked else None, lead=lead, former=former))


def _group_or_former(unit: Unit, request: Request, now: datetime) -> Group:
    """The group that is meant; where that is none of somebody's any more, one that they left and had answered in."""
    try:
        return the_group(unit, request, now)
    except Refused:
        if request.text("poll"):
            raise
        named = request.number("group")
        left = [one for one in _former(unit, request.person) if not request.has("group") or one.id == named]
        if not left:
            raise
        if len(left) > 1:
            raise WhichGroup(tuple((one.id, one.name) for one in left)) from None
        return left[0]


def _answered(unit: Unit, person: Person) -> tuple[int, ...]:
    return store.answered_in(unit.connection, person.workspace, person.id)


def _former(unit: Unit, person: Person) -> list[Group]:
    """The groups that somebody has left, and answers of theirs are kept of."""
    found = (groups.load(unit.connection, person.workspace, number) for number in _answered(unit, person))
    return [group for group in found if not group.is_in(person.id)]


def _programs(unit: Unit, person: Person, now: datetime) -> tuple[Group, ...]:
    """A group of each program whose figures somebody may see, the newest one."""
    mine = groups.of_person(unit.connection, person.workspace, person.id)
    newest = {cohort_of(group): group for group in mine if sees_results(group, person.id, now)}
    return tuple(newest.values())


def privacy(unit: Unit, request: Request, now: datetime) -> Reply:
    """What others can see of my answers. For whoever is not asked, of everybody's."""
    group = the_group(unit, request, now)
    organiser = people.one(unit.connection, group.workspace, group.organiser).name
    checkpoints = unit.guides.checkpoints_of(group.guide)
    roles = roles_of(group, request.person.id, now)
    polls = [poll for poll in POLLS if request.text("poll") in ("", poll)]
    items = [
        item for item in checkpoints.items if (not roles or roles & set(item.roles)) and set(polls) & set(item.polls)
    ]
    return Say(own.privacy(request.t, organiser, items))


# ── half a year later ────────────────────────────────────────────────────────────────────────────────────────────────


def followup(unit: Unit, request: Request, now: datetime) -> Reply:
    """Whether the group is asked once more, half a year after its last meeting."""
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    the_cipher(unit, t)
    if "followup" not in unit.guides.checkpoints_of(group.guide).polls:
        raise Refused(t("This guide has no questions for half a year later."))
    wanted = request.text("wanted").lower() or "on"
    if wanted not in ("on", "off"):
        raise Invalid({"wanted": t("On or off? For example: followup on")})
    call = followup_of(group, rhythm(unit.guide_of(group)))
    if call is None:
        raise Refused(t("The last meeting is not set yet. Ask me again when the group goes on."))
    standing = store.call(unit.connection, group.workspace, group.id, "followup")
    if standing is not None and standing.state != "wanted":
        raise Refused(t("It has been asked already."))
    store.forget_call(unit.connection, call)
    if wanted == "off" or call.opens <= now:
        return Say(words.followup_set(t, group, None))
    store.keep_calls(unit.connection, [call])
    return Say(words.followup_set(t, group, wall(call.opens, group.schedule.zone).date()))
