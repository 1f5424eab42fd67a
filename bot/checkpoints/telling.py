"""Published figures as charts with their words; where there is none, why not. Values in, blocks out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.actions import action
from bot.checkpoints.disclosure import added
from bot.checkpoints.figures import LEAST_IN_BAR, bars, mean, shares, total
from bot.checkpoints.rules import ideas, reads_texts
from bot.checkpoints.terms import decimal, role_plural, signed, title, when
from bot.checkpoints.waves import Line, Program, lines_of, wave_of
from bot.counts import LEAST, Counts
from bot.guides.items import FREE, Item, in_language
from bot.i18n import Translator
from bot.markup import Spans, fill, join, literal
from bot.messages import Block, Button, Chart, Divider, Heading, List, Series, Text


def everything(t: Translator, program: Program) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading(literal(t("Results: {guide}").format(guide=program.title))), _about(t, program)]
    followed = {item: lines_of(program, item) for item in program.items if item.repeated}
    shown = {item: lines for item, lines in followed.items() if any(line.told for line in lines)}
    for item, lines in shown.items():
        blocks.append(_chart(t, item, lines))
    blocks += _method(t, shown)
    silent = [item for item in followed if item not in shown]
    if silent:
        blocks.append(Text(literal(t("Nothing to show about these:")), "quiet"))
        blocks.append(List(tuple(literal(in_language(item.text, t.language)) for item in silent)))
        blocks.append(_why_not(t))
    for item in program.items:
        if item.kind == "ideas" and reads_texts(item, organiser=program.organiser):
            blocks.append(_asked(t, item))
            blocks += _texts(t, program, item, item.polls)
    for poll in program.closed:
        blocks.append(Button(title(t, poll), action("results", program.group, poll)))
    blocks.append(Button(t("How answers are protected"), action("privacy", program.group)))
    return tuple(blocks)


def _about(t: Translator, program: Program) -> Text:
    said = (
        t.count("{n} pair, mentors and mentees apart.", "{n} pairs, mentors and mentees apart.", program.size)
        if program.kind == "pair"
        else t.count("{n} circle.", "{n} circles, all together.", program.size)
    )
    return Text(literal(said.format(n=program.size)), "quiet")


def _why_not(t: Translator) -> Text:
    said = t(
        "Figures come when a poll has closed in all groups that are answering it. Nothing is shown of fewer than {n} "
        "people, of one group only, or of answers too much alike to show without giving somebody away. Start and end "
        "are told together, of the people who answered both: told apart, they would give away whoever left in between."
    )
    return Text(literal(said.format(n=LEAST)), "quiet")


def _hidden(t: Translator, roles: str) -> str:
    """The same whatever the reason is: which of them it is would be a figure."""
    said = t(
        "{role}: nothing is shown here. Fewer than {n} people, one group only, or answers too much alike to show "
        "without giving somebody away."
    )
    return said.format(role=roles, n=LEAST)


def _left_out(t: Translator, role: str) -> str:
    said = t(
        "{role}: some answers are left out. Fewer than {n} people, one group only, or too much alike to show without "
        "giving somebody away."
    )
    return said.format(role=role_plural(t, role), n=LEAST)


def _method(t: Translator, shown: Mapping[Item, Sequence[Line]]) -> list[Block]:
    """How a change is computed, for the ends between which one is told."""
    ends = {item.tracked for item, lines in shown.items() if any(line.change is not None for line in lines)}
    said = t(
        "Change: the mean of what each person moved by between {first} and {last}, and in brackets its 95 % interval "
        "(Student's t for paired differences). An interval that contains 0 may be chance. These two points are of the "
        "same people; any other point is of everybody who answered then."
    )
    return [
        Text(literal(said.format(first=when(t, both[0]), last=when(t, both[1]))), "quiet")
        for both in sorted(one for one in ends if one is not None)
    ]


# ── over time ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _chart(t: Translator, item: Item, lines: Sequence[Line]) -> Chart:
    """The means at each poll, a line for each role, and in the words what each of them moved by."""
    polls = [poll for poll, _ in lines[0].points]
    series = [
        Series(
            role_plural(t, line.role),
            tuple(mean(wave.counts) if wave is not None and wave.counts else None for _, wave in line.points),
        )
        for line in lines
    ]
    return Chart(
        "line",
        in_language(item.text, t.language),
        tuple(when(t, poll) for poll in polls),
        tuple(series),
        " ".join(_line_words(t, line) for line in lines),
        y_label=t("mean, {low} to {high}").format(low=item.low, high=item.high),
    )


def _line_words(t: Translator, line: Line) -> str:
    points = [
        t("{when} {mean} (n = {n})").format(
            when=when(t, poll), mean=decimal(t, mean(wave.counts)), n=total(wave.counts)
        )
        for poll, wave in line.told
    ]
    if not points:
        return _hidden(t, role_plural(t, line.role))
    said = t("{role}: {points}.").format(role=role_plural(t, line.role), points=t.list(points))
    if line.change is not None:
        moved = line.change
        said = t("{said} Change of the {n} who answered both: {change} ({low} to {high}).").format(
            said=said,
            n=moved.n,
            change=signed(t, moved.mean),
            low=signed(t, moved.low),
            high=signed(t, moved.high),
        )
    return f"{said} {_left_out(t, line.role)}" if line.partial else said


# ── one poll ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def one_poll(t: Translator, program: Program, poll: str) -> tuple[Block, ...]:
    blocks: list[Block] = [
        Heading(literal(t("{poll}: {guide}").format(poll=title(t, poll), guide=program.title))),
        _about(t, program),
    ]
    for item in (one for one in program.items if poll in one.polls):
        blocks += _question(t, program, item, poll)
    blocks.append(Divider())
    blocks.append(Button(t("Start, middle and end"), action("results", program.group, "all")))
    blocks += [
        Button(title(t, other), action("results", program.group, other)) for other in program.closed if other != poll
    ]
    return tuple(blocks)


def _asked(t: Translator, item: Item) -> Text:
    return Text(fill("**{question}**", question=literal(in_language(item.text, t.language))))


def _question(t: Translator, program: Program, item: Item, poll: str) -> Iterator[Block]:
    yield _asked(t, item)
    if item.kind in FREE:
        yield from _texts(t, program, item, (poll,))
        return
    hidden: list[str] = []
    for role in item.roles:
        wave = wave_of(program, item, role, poll)
        if wave is not None and wave.counts:
            yield _distribution(t, item, role, wave.counts)
            if wave.partial:
                yield Text(literal(_left_out(t, role)), "quiet")
        elif item.tracked is not None and poll == item.tracked[0] and item.tracked[1] not in program.closed:
            said = t("{role}: the start is told together with the end, of those who answer both.")
            yield Text(literal(said.format(role=role_plural(t, role))), "quiet")
        else:
            hidden.append(role_plural(t, role))
    if hidden:
        yield Text(literal(_hidden(t, t.list(hidden))), "quiet")


def _distribution(t: Translator, item: Item, role: str, counts: Counts) -> Block:
    """Bars of three people or more; where there is only one, the mean alone."""
    n = total(counts)
    name = role_plural(t, role)
    if item.kind == "choice":
        parts = [(_option(t, item, value), n_) for value, n_ in shares(counts, item.values)]
        heading = t("{role} (n = {n})").format(role=name, n=n)
    else:
        found = bars(counts, item.values)
        parts = [(bar.first if bar.first == bar.last else f"{bar.first}–{bar.last}", bar.n) for bar in found]
        heading = t("{role}: mean {mean} (n = {n})").format(role=name, mean=decimal(t, mean(counts)), n=n)
    if not parts:
        said = t("{figure}. Too few for a distribution: no bar is drawn for fewer than {least} people.")
        return Text(literal(said.format(figure=heading, least=LEAST_IN_BAR)))
    words = t.list(
        [
            t.count("{answer}: {n} person", "{answer}: {n} people", count).format(answer=label, n=count)
            for label, count in parts
        ]
    )
    return Chart(
        "bar",
        heading,
        tuple(label for label, _ in parts),
        (Series(t("People"), tuple(float(count) for _, count in parts)),),
        words,
        y_label=t("People"),
    )


def _option(t: Translator, item: Item, value: str) -> str:
    return in_language(dict(item.options)[value], t.language) if value else t("other answers")


def _texts(t: Translator, program: Program, item: Item, polls: Sequence[str]) -> Iterator[Block]:
    """What people wrote, to whom they were told; without names but where they wanted theirs shown."""
    if not reads_texts(item, organiser=program.organiser):
        said = (
            t("Nobody but whoever wrote it can read this.")
            if item.read_by == "nobody"
            else t("Only whoever set the program up reads this.")
        )
        yield Text(literal(said), "quiet")
        return
    ours = [one for one in program.figures if one.is_about(item) and one.poll in polls]
    named = [
        join([literal(program.names.get(person, t("somebody who has left"))), literal(idea)], ": ")
        for one in ours
        for person, idea in one.named
    ]
    counts = added(one.batch.counts for one in ours if one.batch is not None and one.batch.counts is not None)
    lines = [line for value, n in counts for line in _lines(item, value) * n]
    shown: list[Spans] = [*sorted(named, key=str), *(literal(line) for line in sorted(lines))]
    if shown:
        yield List(tuple(shown))
    else:
        said = t("Words without names are shown once {n} people of more than one group have written some.")
        yield Text(literal(said.format(n=LEAST)), "quiet")


def _lines(item: Item, value: str) -> list[str]:
    return list(ideas(value).lines) if item.kind == "ideas" else [value]
