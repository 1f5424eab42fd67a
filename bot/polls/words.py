"""What is said about polls: their forms, the poll in the group's home, and what came of it. Values in, messages out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.actions import action
from bot.counts import LEAST
from bot.groups.rules import Group
from bot.groups.words import note
from bot.i18n import Translator
from bot.markup import Spans, fill, literal
from bot.messages import Block, Button, Chart, Facts, Heading, List, Message, Series, Text
from bot.people.rules import Person
from bot.polls.rules import Poll, Standing, best
from bot.schedule.rules import LAST, Slot

People = Mapping[int, Person]
Values = Mapping[str, str | tuple[str, ...]]
MOST_MOVES = 3
"""Buttons to move to one of the times that suit best; with more, the poll has not decided anything."""


def slot_name(t: Translator, slot: Slot) -> str:
    """ "Tuesday 16:00", in the group's zone; where it is monthly "second Tuesday 16:00"."""
    said = {
        None: t("{day} {time}"),
        1: t("first {day} {time}"),
        2: t("second {day} {time}"),
        3: t("third {day} {time}"),
        4: t("fourth {day} {time}"),
        LAST: t("last {day} {time}"),
    }[slot.nth]
    return said.format(day=t.weekday(slot.weekday), time=t.time(slot.at))


def labels(t: Translator, poll: Poll) -> tuple[str, ...]:
    """The poll's choices as people read them."""
    return tuple(slot_name(t, slot) for slot in poll.slots) or poll.options


def question(t: Translator, poll: Poll) -> str:
    return t("Which meeting times would suit you?") if poll.slots else poll.question


# ── in the group's home ──────────────────────────────────────────────────────────────────────────────────────────────


def poll(t: Translator, group: Group, shown: Standing, people: People) -> Message:
    """The poll as it stands: while it is open with what to press, afterwards with its result."""
    blocks: list[Block] = [Heading(literal(question(t, shown.poll)))]
    if shown.closed:
        blocks += [Text(result(t, shown)), *_results(t, shown, people, t("Result"))]
        blocks.append(Text(literal(_closed(t, group, shown)), "quiet"))
        return Message(tuple(blocks))
    so_far = _results(t, shown, people, t("So far"))
    if shown.poll.slots:
        said = t("Tick every time that would work for you. They are in {zone}; the form also shows them in your zone.")
        blocks.append(Text(literal(said.format(zone=group.schedule.zone))))
    if shown.poll.several and not so_far:
        blocks.append(List(tuple(literal(label) for label in labels(t, shown.poll))))
    blocks += [*so_far, Text(literal(_rules(t, group, shown)), "quiet"), *_to_press(t, shown.poll)]
    return Message(tuple(blocks))


def _to_press(t: Translator, poll: Poll) -> list[Block]:
    about = Button(t("Who sees my vote?"), action("secrecy", poll.id))
    if poll.slots:
        return [Button(t("Tick what suits me"), action("tick", poll.id), "primary"), about]
    if poll.several:
        return [Button(t("Choose"), action("tick", poll.id), "primary"), about]
    votes = (Button(label, action("vote", poll.id, n)) for n, label in enumerate(poll.options))
    return [*votes, about]


def _rules(t: Translator, group: Group, shown: Standing) -> str:
    """Until when, how many have answered, and who sees what: one paragraph of small print."""
    when = _when(t, shown.poll.closes, group)
    until = t("Open until {when}; you can change your vote until then.").format(when=when)
    answered = t("{n} of {all} have answered.").format(n=shown.tally.answers, all=shown.tally.asked)
    if shown.poll.anonymous:
        said = t("Anonymous: nobody sees what you choose. The result comes when the poll closes.")
    else:
        said = t("Your name is shown with what you choose.")
    return t("{until} {answered} {secrecy}").format(until=until, answered=answered, secrecy=said)


def _closed(t: Translator, group: Group, shown: Standing) -> str:
    said = t("Closed on {when}. {n} of {all} answered.")
    return said.format(when=_when(t, shown.poll.closes, group), n=shown.tally.answers, all=shown.tally.asked)


def _when(t: Translator, at: datetime, group: Group) -> str:
    return t("{moment} ({zone})").format(moment=t.moment(at, group.schedule.zone), zone=group.schedule.zone)


def _results(t: Translator, shown: Standing, people: People, title: str) -> list[Block]:
    """The numbers as a chart with its words and, where votes are open, the names behind each choice."""
    if shown.shown != "numbers" or not shown.tally.answers:
        return []
    names, counts = labels(t, shown.poll), shown.tally.counts
    said = t.list([t("{option}: {n}").format(option=name, n=n) for name, n in zip(names, counts, strict=True)])
    series = Series(t("Votes"), tuple(float(n) for n in counts))
    blocks: list[Block] = [Chart("bar", title, names, (series,), said, "", t("Votes"))]
    chosen = [(name, names_of(t, who, people)) for name, who in zip(names, shown.voters, strict=True) if who]
    return [*blocks, Facts(tuple((name, literal(who)) for name, who in chosen))] if chosen else blocks


def names_of(t: Translator, who: Sequence[int], people: People) -> str:
    # Names, not mentions: a message that changes with every vote must not ring for anybody.
    return t.list([people[person].name for person in who if person in people])


def result(t: Translator, shown: Standing) -> Spans:
    """What came of it, in a sentence."""
    tally = shown.tally
    most = [labels(t, shown.poll)[n] for n in tally.most_chosen]
    if not tally.answers:
        return literal(t("Nobody has answered."))
    if shown.shown == "nothing":
        # The same for whatever reason: which of them it is would tell something.
        said = t(
            "Nothing is shown: fewer than {n} answers, or answers so much alike that they would give somebody away."
        )
        return literal(said.format(n=LEAST))
    if not most:
        return literal(t("None of the choices suits anybody."))
    several = len(most) > 1
    said = (
        t("**{options}** were chosen most, {n} of {all} each.")
        if several
        else t("**{options}** was chosen most, {n} of {all}.")
    )
    return fill(said, options=literal(t.list(most)), n=tally.counts[tally.most_chosen[0]], all=tally.answers)


def closed(t: Translator, shown: Standing) -> Message:
    """Said once in the home, since nobody notices that a message has changed."""
    said = t("The poll “{question}” is closed.")
    return Message((Text(fill(said, question=literal(question(t, shown.poll)))), Text(result(t, shown))))


# ── to one person ────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(t: Translator, poll: Poll, group: Group) -> Message:
    """To whoever asked."""
    said = t("“{question}” is on its way to **{group}**. It closes on {when}.")
    about = {"question": literal(question(t, poll)), "group": literal(group.name)}
    few = [Text(literal(shows_nothing(t, group)), "quiet")] if poll.anonymous and is_small(group) else []
    return note(fill(said, **about, when=_when(t, poll.closes, group)), *few, close_button(t, poll))


def is_small(group: Group) -> bool:
    """Whether an anonymous poll could never have a result here."""
    return len(group.present) < LEAST


def shows_nothing(t: Translator, group: Group) -> str:
    said = t(
        "With fewer than {least} answers an anonymous poll shows nothing; an open one does. {group} has {n} people."
    )
    return said.format(least=LEAST, group=group.name, n=len(group.present))


def close_button(t: Translator, poll: Poll) -> Button:
    return Button(t("Close the poll now"), action("endpoll", poll.id))


def voted(t: Translator, poll: Poll, group: Group, chosen: Sequence[int], *, lead: bool) -> Message:
    """To whoever has voted, and to nobody else."""
    names = [labels(t, poll)[n] for n in chosen]
    said = t("Your vote: **{options}**.") if names else t("Noted: none of them.")
    until = t("You can change it until {when}.").format(when=_when(t, poll.closes, group))
    buttons = (close_button(t, poll),) if lead else ()
    about = Button(t("Who sees my vote?"), action("secrecy", poll.id))
    options = literal(t.list(names))
    return note(fill(said, options=options), Text(literal(until), "quiet"), about, *buttons)


def secrecy(t: Translator, poll: Poll, group: Group) -> Message:
    """Who sees what of a vote, in plain words."""
    said: tuple[str, ...]
    if not poll.anonymous:
        said = (
            t("Everybody in the conversation of **{group}** sees what you choose, with your name."),
            t("You can change it until the poll closes. If you leave before that, your vote goes with you."),
            t("Nobody else gets to see it: not your manager, not other groups."),
        )
    else:
        said = (
            t("Nobody sees what you choose: not **{group}**, not whoever asked, not I in any list or log."),
            t("Until the poll closes it is kept encrypted, so that you can change it. Then it is deleted for good."),
            t("Only sums that are shown are kept. They come when the poll closes, never vote by vote."),
            t("With fewer than {least} answers nothing is shown, nor where all, or all but one, chose the same."),
            t("What nobody can prevent: sums also say what nobody has chosen."),
        )
    values: dict[str, str | int] = {"group": group.name, "least": LEAST}
    sentences = List(tuple(fill(one, **values) for one in said))
    more = Button(t("And of my checkpoint answers?"), action("privacy", group.id))
    return Message((Heading(literal(question(t, poll))), sentences, more))


# ── a new meeting time ───────────────────────────────────────────────────────────────────────────────────────────────


def _could_come(t: Translator, shown: Standing, option: int, people: People) -> str:
    who = shown.voters[option]
    return t("{names} ({n} of {all})").format(names=names_of(t, who, people), n=len(who), all=shown.tally.asked)


def slot_result(t: Translator, group: Group, shown: Standing, people: People) -> Message:
    """To whoever may move the group: what suits best, who could come, and a button for each of the best."""
    said = t("The poll for a new time of **{group}** is closed.")
    blocks: list[Block] = [Text(fill(said, group=literal(group.name)))]
    found = best(shown.tally)[:MOST_MOVES]
    if not found:
        blocks.append(Text(result(t, shown)))
        return Message((*blocks, Button(t("Ask with other times"), action("slots", group.id))))
    names = labels(t, shown.poll)
    rows = tuple((names[n], literal(_could_come(t, shown, n, people))) for n in found)
    blocks += [Text(literal(t("These times suit most. Who could come:"))), Facts(rows)]
    for place, n in enumerate(found):
        label = t("Move to {slot}").format(slot=names[n])
        blocks.append(Button(label, action("movethere", shown.poll.id, n), "plain" if place else "primary"))
    said = t("Nothing changes unless you press one; then {group} is told.")
    blocks.append(Text(literal(said.format(group=group.name)), "quiet"))
    return Message(tuple(blocks))
