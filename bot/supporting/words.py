"""What is said of circle mentors, and to them: counts, and never the words or the names of those in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.actions import action
from bot.forms import Choice, Form, PeopleInput
from bot.groups.rules import Group
from bot.guides.further import read_buttons
from bot.guides.library import Article
from bot.i18n import Translator
from bot.markup import fill, literal
from bot.meetings.words import week, when
from bot.messages import Ask, Block, Button, Divider, Facts, Heading, Message, Text
from bot.people.rules import Person
from bot.supporting.rules import Standing, State

# ── for whoever looks after the circle ───────────────────────────────────────────────────────────────────────────────


def mentor_form(t: Translator, group: Group | None, choice: tuple[Choice, ...]) -> Form:
    person = PeopleInput("person", t("Who could stand behind your circle?"), required=True)
    return Form(
        action("mentor", group.id) if group else action("mentor"),
        t("Ask for a circle mentor"),
        (*choice, person),
        t("Ask them"),
        literal(t("Somebody outside the circle whom you can call. They are asked first, and see counts only.")),
    )


def mentors(t: Translator, group: Group, those: Sequence[tuple[Person, State]], *, more: bool) -> Message:
    """Who stands behind a circle, for whoever looks after it."""
    blocks: list[Block] = [Heading(literal(t("Who stands behind {group}").format(group=group.name)))]
    if not those:
        blocks.append(Text(literal(t("Nobody yet. A circle mentor is somebody you can call when it gets difficult."))))
    for person, state in those:
        said = t("{name} supports you.") if state == "supports" else t("{name} has not answered yet.")
        blocks.append(Text(fill(said, name=person.mention)))
        label = t("End it with {name}").format(name=person.name)
        blocks.append(Button(label, action("unmentor", group.id, person.id)))
    if more:
        blocks.append(Ask(t("Ask somebody"), mentor_form(t, group, ())))
    blocks.append(Text(literal(t("They see counts: never words, and never who has not checked in.")), "quiet"))
    return Message(tuple(blocks))


def asked(t: Translator, group: Group, person: Person) -> Message:
    said = t("I am asking {name}. Nothing about **{group}** is shown before they say yes.")
    return Message((Text(fill(said, name=person.mention, group=literal(group.name))),))


def ended(t: Translator, group: Group, person: Person) -> Message:
    said = t("{name} does not support **{group}** any more, and has been told.")
    return Message((Text(fill(said, name=person.mention, group=literal(group.name))),))


# ── for the circle mentor ────────────────────────────────────────────────────────────────────────────────────────────


def request(t: Translator, group: Group, asker: Person) -> Message:
    """Would you? With what it means."""
    said = t("{name} asks whether you would support **{group}** as its circle mentor.")
    means = t(
        "You are not in the circle and do not lead it: you are whom they can call. From me you get counts, never what "
        "anybody said or who was silent, and a word when the circle could use you. You can stop at any time."
    )
    return Message(
        (
            Heading(literal(t("Would you support a circle?"))),
            Text(fill(said, name=asker.mention, group=literal(group.name))),
            Text(literal(means)),
            Button(t("Yes, I will"), action("support", group.id, "yes"), "primary"),
            Button(t("No, thanks"), action("support", group.id, "no")),
            Button(t("Learn how first"), action("train")),
        )
    )


def agreed(t: Translator, group: Group) -> Message:
    said = t(
        "Thank you. You support **{group}** from now on. A first call with whoever looks after it is a good start."
    )
    return Message(
        (
            Text(fill(said, group=literal(group.name))),
            Button(t("How it is going"), action("supported", group.id), "primary"),
            Button(t("Stop supporting it"), action("support", group.id, "stop")),
        )
    )


def declined(t: Translator, group: Group) -> Message:
    return Message((Text(fill(t("That is all right. **{group}** hears that you cannot."), group=literal(group.name))),))


def stopped(t: Translator, group: Group) -> Message:
    said = t("You do not support **{group}** any more. Thank you for the time you gave.")
    return Message((Text(fill(said, group=literal(group.name))),))


def supported(t: Translator, standings: Sequence[Standing], offered: Iterable[Article], zone: str) -> Message:
    """How the circles are doing that somebody supports."""
    blocks: list[Block] = [Heading(literal(t("The circles you support")))]
    if not standings:
        blocks.append(Text(literal(t("None at the moment. A facilitator can ask you with /circle mentor."))))
    for standing in standings:
        blocks += [*card(t, standing, zone, heading=True), Divider()]
    if standings:
        blocks.append(
            Text(literal(t("Counts only: nobody's words, and not who. Who leads can tell you more.")), "quiet")
        )
        for standing in standings:
            label = t("Stop supporting {group}").format(group=standing.group.name)
            blocks.append(Button(label, action("support", standing.group.id, "stop")))
    blocks += read_buttons(t, offered)
    return Message(tuple(blocks))


def card(t: Translator, standing: Standing, zone: str, *, heading: bool = False) -> list[Block]:
    """One circle in a few lines."""
    group = standing.group
    title = fill("**{group}**", group=literal(group.name))
    rows = [(t("Where it is"), literal(_where(t, standing)))]
    if standing.meeting is not None:
        rows.append((t("Next meeting"), literal(when(t, standing.meeting, zone))))
    rows.append((t("People"), literal(str(standing.members))))
    if standing.session is not None:
        said = t("{n} of {all}, about {week}")
        latest = week(t, standing.session, group.schedule.every)
        checked = said.format(n=standing.checked_in, all=standing.members, week=latest)
        held = t("{n} of {all}").format(n=standing.held, all=standing.planned)
        rows += [(t("Checked in"), literal(checked)), (t("Meetings held"), literal(held))]
    if standing.leader:
        rows.append((t("Looked after by"), literal(standing.leader)))
    blocks: list[Block] = [Text(title), Facts(tuple(rows))]
    return blocks if heading else [*blocks, Button(t("How it is going"), action("supported", group.id))]


def _where(t: Translator, standing: Standing) -> str:
    if standing.group.state == "forming":
        return t("waiting for people to say yes")
    if standing.group.state == "finished":
        return t("has come to its end")
    if standing.session is None:
        return t("before its first meeting")
    if not standing.session:
        return week(t, 0, standing.group.schedule.every)
    weekly = standing.group.schedule.every == "weekly"
    said = t("week {n} of {last}") if weekly else t("meeting {n} of {last}")
    return said.format(n=standing.session, last=standing.last)


def hint(
    t: Translator, group: Group, session: int, silent: int, leader: Person | None, offered: Iterable[Article]
) -> Message:
    """After the last nudge: whoever looks after the circle has been told, and may be glad of a call."""
    said = t.count(
        "In **{group}** {n} person has not checked in about {week}.",
        "In **{group}** {n} people have not checked in about {week}.",
        silent,
    )
    blocks: list[Block] = [
        Text(fill(said, group=literal(group.name), n=silent, week=week(t, session, group.schedule.every)))
    ]
    if leader is not None:
        blocks.append(
            Text(fill(t("{name} looks after it and has heard from me. A call may help."), name=leader.mention))
        )
    else:
        blocks.append(Text(literal(t("Nobody looks after it at the moment. A call may help."))))
    blocks += [*read_buttons(t, offered), Button(t("How it is going"), action("supported", group.id))]
    return Message(tuple(blocks))


# ── for the circle, and for who asked ────────────────────────────────────────────────────────────────────────────────


def backed(t: Translator, person: Person, *, ends: bool) -> Message:
    """In the circle's home: who may see what from now on."""
    if ends:
        return Message((Text(fill(t("{name} does not support you as circle mentor any more."), name=person.mention)),))
    said = t(
        "{name} supports you as circle mentor from now on: somebody outside, to call when it gets difficult. They see "
        "how many have checked in, and never who, or what anybody wrote."
    )
    return Message((Text(fill(said, name=person.mention)),))


def cannot(t: Translator, group: Group, person: Person) -> Message:
    said = t("{name} cannot support **{group}** just now.")
    return Message(
        (
            Text(fill(said, name=person.mention, group=literal(group.name))),
            Button(t("Ask somebody else"), action("mentor", group.id)),
        )
    )


def let_go(t: Translator, group: Group) -> Message:
    said = t("**{group}** goes on without a circle mentor. Thank you for standing behind it.")
    return Message((Text(fill(said, group=literal(group.name))),))
