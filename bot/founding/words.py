"""What is said while a group comes to be: forms to start one, the invitation, the welcome. Values in, messages out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.actions import action, fits
from bot.forms import Choice, DateInput, Field, Form, Option, PeopleInput, TextInput, TimeInput, YesNo
from bot.founding.rules import offered
from bot.groups.rules import Group, Member
from bot.groups.words import group_language, length, note, place_choice, role_name
from bot.groups.words import slot as slot_words
from bot.guides.rules import Guide, Guides
from bot.i18n import Translator
from bot.markup import Bold, Spans, fill, join, literal
from bot.messages import Ask, Block, Button, Facts, Heading, Message, Text
from bot.people.rules import Person, Request
from bot.schedule.rules import Meeting

Values = Mapping[str, str | tuple[str, ...]]


def create_form(t: Translator, guides: Guides, values: Values, zone: str, start: date) -> Form:
    """The form of ``create``, with whatever is known already filled in."""
    return Form(
        action("create"),
        t("Start a circle"),
        (
            TextInput("name", t("Name of the circle"), _text(values, "name"), required=True, limit=80),
            PeopleInput(
                "people",
                t("Who is to be invited?"),
                _people(values, "people"),
                required=True,
                most=12,
                hint=t("Everybody decides for themselves; nobody is in before they have said yes."),
            ),
            YesNo("join", t("I take part myself"), value=_text(values, "join") != "no"),
            *_when(t, guides, "circle", values, zone, start),
            PeopleInput(
                "facilitator",
                t("Facilitator"),
                _people(values, "facilitator"),
                hint=t("One of the circle who cares a little more. Empty: you, if you take part."),
            ),
        ),
        t("Invite"),
    )


def pair_form(t: Translator, guides: Guides, values: Values, zone: str, start: date) -> Form:
    """The form of ``pair``."""
    return Form(
        action("pair"),
        t("Start a reverse-mentoring pair"),
        (
            PeopleInput("mentor", t("Mentor (usually junior)"), _people(values, "mentor"), required=True),
            PeopleInput("mentee", t("Mentee (executive)"), _people(values, "mentee"), required=True),
            *_when(t, guides, "pair", values, zone, start),
        ),
        t("Invite both"),
    )


def _when(t: Translator, guides: Guides, kind: str, values: Values, zone: str, start: date) -> tuple[Field, ...]:
    known_guides = [guides.get(name, t.language) for name in offered(guides, kind)]
    options = tuple(Option(guide.id, f"{guide.title} · {length(t, guide)}") for guide in known_guides)
    monthly = any(guide.every == "monthly" for guide in known_guides)
    days = tuple(Option(str(day), t.weekday(day)) for day in range(7))
    guide = _text(values, "guide")
    known = guide if guide in {option.value for option in options} else options[0].value if options else ""
    return (
        Choice("guide", t("Guide"), options, known, required=True),
        *((place_choice(t, _text(values, "nth")),) if monthly else ()),
        Choice("weekday", t("Meets on"), days, _text(values, "weekday") or str(start.weekday()), required=True),
        TimeInput("time", t("At"), _text(values, "time") or "10:00", required=True),
        TextInput("zone", t("Time zone"), _text(values, "zone") or zone, required=True, limit=60),
        DateInput("start", t("First meeting on or after"), _text(values, "start") or start.isoformat(), required=True),
        group_language(t, _text(values, "spoken") or t.language),
    )


def _text(values: Values, name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def _people(values: Values, name: str) -> tuple[str, ...]:
    value = values.get(name, ())
    return tuple(value.split()) if isinstance(value, str) else value


def invite_form(
    t: Translator, group: Group | None, choice: tuple[Choice, ...] = (), elsewhere: tuple[str, ...] = ()
) -> Form:
    """``elsewhere``: the workspaces that this one is linked with, whose people ask to join by themselves."""
    intro: Spans = ()
    if group is not None and elsewhere:
        said = t("Somebody in {places}? Pass on these words, which they send me there: `join {number}`")
        intro = fill(said, places=t.list(elsewhere), number=group.id)
    return Form(
        action("invite", *([group.id] if group else [])),
        t("Invite"),
        (*choice, PeopleInput("people", t("Who is to be invited?"), required=True, most=12)),
        t("Invite"),
        intro,
    )


# ── founding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def written_by(t: Translator, guide: Guide) -> str:
    """Which guide, whose words they are, and under which terms."""
    said = t("{title}, by {authors} ({licence})")
    return said.format(title=guide.title, authors=t.list(guide.authors), licence=guide.licence)


def slot_facts(t: Translator, group: Group, guide: Guide, first: Meeting | None) -> Facts:
    """When the group meets and what it follows."""
    slot = group.schedule.slot
    rows: list[tuple[str, Spans]] = [
        (t("Guide"), literal(written_by(t, guide))),
        (
            t("Meets"),
            fill(
                t("{slot} ({zone}), {minutes} minutes"),
                slot=slot_words(t, slot),
                zone=group.schedule.zone,
                minutes=guide.minutes,
            ),
        ),
    ]
    if first is not None:
        rows.append((t("First meeting"), literal(t.long_day(first.day))))
    return Facts(tuple(rows))


def founded(
    t: Translator, group: Group, guide: Guide, invited: Iterable[Person], first: Meeting | None, *, outside: bool
) -> Message:
    """To the founder: who was asked, and what happens next."""
    names = join([(person.mention,) for person in invited], ", ")
    begins = (
        t("It begins as soon as both have said yes.")
        if group.kind == "pair"
        else t("It begins as soon as {n} people have said yes.").format(n=guide.starts_with)
    )
    blocks: list[Block] = [Heading(literal(group.name))]
    if names:
        blocks.append(Text(fill(t("I have asked {names}. {begins}"), names=names, begins=begins)))
    blocks.append(slot_facts(t, group, guide, first))
    if outside and group.kind == "circle":
        blocks.append(Text(literal(t("You organise this circle and are not in it yourself.")), "quiet"))
        blocks.append(Button(t("Take part myself"), action("join", group.id)))
    blocks.append(Button(t("Look after it"), action("manage", group.id)))
    return Message(tuple(blocks))


def mistaken(t: Translator, problems: Iterable[str], request: Request, form: Form) -> Message:
    """A typed command that could not be carried out: why, what was typed, and the same as a form to go on with."""
    blocks: list[Block] = [Text(literal(problem)) for problem in problems]
    if request.typed:
        blocks.append(Text(fill(t("You typed: `{typed}`"), typed=f"/circle {request.typed}"), "quiet"))
    # Only the button knows what was typed wherever it is pressed; a command too long for it goes with its form.
    mend, label = action("mend", request.command), t("Go on in a form")
    if request.command and fits(mend):
        return Message((*blocks, Button(label, mend, "primary")))
    return Message((*blocks, Ask(label, form, "primary")))


def invited_more(t: Translator, group: Group, people: Iterable[Person]) -> Message:
    names = join([(person.mention,) for person in people], ", ")
    return note(fill(t("I have asked {names} to join **{group}**."), names=names, group=literal(group.name)))


def invitation(
    t: Translator,
    group: Group,
    guide: Guide,
    me: Member,
    organiser: Person,
    others: tuple[Person, ...],
    first: Meeting | None,
) -> Message:
    """The one message that decides: what it is, with whom, when, and two equal answers."""
    said = (
        fill(
            t("{organiser} would like you to be the **{role}** in a reverse-mentoring pair."),
            organiser=organiser.mention,
            role=role_name(t, me.role),
        )
        if group.kind == "pair"
        else fill(
            t("{organiser} invites you to the circle {group}."),
            organiser=organiser.mention,
            group=Bold(group.name),
        )
    )
    blocks: list[Block] = [Heading(literal(t("An invitation"))), Text(said), Text(guide.summary)]
    if others:
        names = join([(person.mention,) for person in others], ", ")
        blocks.append(Text(fill(t("Asked as well: {names}"), names=names), "quiet"))
    if me.person == group.facilitator:
        blocks.append(
            Text(literal(t("You would also be its facilitator: a few minutes a week, and I do the remembering.")))
        )
    blocks += [
        slot_facts(t, group, guide, first),
        Text(literal(t("What is said in the group stays there. You can leave at any time with one click.")), "quiet"),
        Button(t("Yes, I'm in"), action("accept", group.id), "primary"),
        Button(t("No, thanks"), action("decline", group.id)),
    ]
    return Message(tuple(blocks))


def accepted(t: Translator, group: Group, guide: Guide, first: Meeting | None) -> Message:
    if group.state == "forming":
        missing = guide.starts_with - len(group.present)
        more = t.count("One more yes and it begins.", "With {n} more it begins.", missing).format(n=missing)
    else:
        more = t("It is on its way.")
    return Message(
        (
            Text(fill(t("You're in **{group}**. {more}"), group=literal(group.name), more=more)),
            slot_facts(t, group, guide, first),
            Button(t("My goal"), action("goal", group.id)),
            Button(t("Leave"), action("leave", group.id)),
        )
    )


def declined(t: Translator, group: Group) -> Message:
    return note(
        fill(t("All right, you are not in **{group}**. Nothing more will come from it."), group=literal(group.name)),
        Button(t("I've changed my mind"), action("accept", group.id)),
    )


def somebody_declined(t: Translator, group: Group, person: Person, guide: Guide) -> Message:
    n, needed = len(group.present), guide.starts_with
    said = t("{person} would rather not join **{group}** this time.")
    blocks: list[Block] = [Text(fill(said, person=person.mention, group=literal(group.name)))]
    if group.kind == "pair":
        return Message((*blocks, Button(t("Start another pair"), action("pair"))))
    if group.state == "forming":
        count = t("{n} of the {needed} it takes have said yes; still to answer: {waiting}.")
        blocks.append(Text(literal(count.format(n=n, needed=needed, waiting=len(group.waiting))), "quiet"))
    blocks.append(Ask(t("Invite somebody else"), invite_form(t, group)))
    return Message(tuple(blocks))


def waiting(t: Translator, group: Group, guide: Guide) -> Message:
    """To those who said yes, when the start has come and the group is not complete."""
    said = t(
        "**{group}** was to begin now, but only {n} of the {needed} it takes have said yes. "
        "It begins as soon as they are there; your place is kept."
    )
    return note(fill(said, group=literal(group.name), n=len(group.present), needed=guide.starts_with))


def opening(
    t: Translator,
    group: Group,
    guide: Guide,
    people: Mapping[int, Person],
    facilitator: Person | None,
    first: Meeting | None,
) -> Message:
    """The first message in a group's home."""
    names = join([(people[member.person].mention,) for member in group.present], ", ")
    blocks: list[Block] = [
        Heading(literal(group.name)),
        Text(names),
        *guide.welcome,
        slot_facts(t, group, guide, first),
    ]
    if facilitator is not None and group.kind == "circle":
        said = t("{person} looks after the circle.")
        blocks.append(Text(fill(said, person=facilitator.mention)))
    blocks += [
        Text(
            literal(t("What is said here stays here. I read no messages; I only answer to buttons and to /circle.")),
            "quiet",
        ),
        Button(t("My goal"), action("goal", group.id), "primary"),
        Button(t("Agenda"), action("agenda", group.id)),
    ]
    return Message(tuple(blocks))
