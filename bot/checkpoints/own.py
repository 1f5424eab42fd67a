"""What is said to somebody about their own answers: who can see what of them, and what they were. Values in, messages
out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import action
from bot.checkpoints.asking import Asked, readers
from bot.checkpoints.rules import Answer, ideas, is_counted
from bot.checkpoints.terms import title, value_words, when
from bot.counts import LEAST
from bot.groups.rules import Group
from bot.guides.items import POLLS, Item, in_language
from bot.i18n import Translator
from bot.markup import fill, literal
from bot.messages import Block, Button, Divider, Heading, List, Message, Table, Text

# ── who sees what ────────────────────────────────────────────────────────────────────────────────────────────────────


def privacy(t: Translator, organiser: str, items: Sequence[Item]) -> Message:
    """What others can see of one's answers, in plain words. ``items``: the questions that this person is asked."""
    free = [item for item in items if not item.values]
    fit = any(item.kind == "fit" for item in items)
    rules = (
        t("Your answers are encrypted where they are kept. I show them to you alone, but for the words below.")
        if any(is_counted(item) for item in free)
        else t("Your answers are encrypted where they are kept. I show them to you and to nobody else."),
        t(
            "{name}, who set up your group, and those who look after a circle see figures: how many answered, the "
            "mean, how the answers are spread, how they have moved."
        ),
        t("A figure is made of at least {n} people of more than one group. Fewer, and nothing is shown."),
        t("If nearly everybody gave the same answer, nothing is shown either: it would tell yours."),
        *([t("Whether the two of you are a good fit is in no figure at all.")] if fit else []),
        t(
            "A figure that was shown never changes. So nobody can compare before and after you came, left or changed "
            "your mind."
        ),
        t("Nobody is shown who has answered."),
    )
    blocks: list[Block] = [
        Heading(literal(t("What others can see of my answers"))),
        List(tuple(literal(rule.format(name=organiser, n=LEAST)) for rule in rules)),
    ]
    if free:
        blocks.append(Text(fill(t("**What you write in your own words**"))))
        blocks.append(
            List(
                tuple(
                    fill(
                        "{question} {readers}",
                        question=literal(in_language(item.text, t.language)),
                        readers=literal(readers(t, item, organiser)),
                    )
                    for item in free
                )
            )
        )
        own = t(
            "Your name is shown only beside ideas, and only if you tick that. A text may still give you away: write "
            "accordingly."
        )
        blocks.append(Text(literal(own), "quiet"))
    return Message(tuple(blocks))


# ── one's own answers ────────────────────────────────────────────────────────────────────────────────────────────────


def mine(
    t: Translator,
    group: Group,
    items: Sequence[Item],
    answers: Sequence[Answer],
    waiting: Asked | None,
    *,
    lead: bool,
    former: Sequence[Group] = (),
) -> Message:
    """Somebody's own answers over time. ``waiting``: the poll they can answer now. ``lead``: may see the figures.
    ``former``: groups that they have left, and answers of theirs are kept of."""
    blocks: list[Block] = [Heading(literal(t("My answers in {group}").format(group=group.name)))]
    polls = [poll for poll in POLLS if any(answer.poll == poll for answer in answers)]
    measured = [item for item in items if item.values and any(answer.question == item.key for answer in answers)]
    found = {(answer.question, answer.poll): answer.value for answer in answers}
    if measured:
        columns = (t("Question"), *(when(t, poll) for poll in polls))
        rows = tuple(
            (
                literal(in_language(item.text, t.language)),
                *(literal(value_words(t, item, found.get((item.key, poll), ""))) for poll in polls),
            )
            for item in measured
        )
        blocks.append(Table(t("What you answered, over time. Only you see this."), columns, rows))
    for item in items:
        for poll in polls if not item.values else ():
            if text := found.get((item.key, poll)):
                heading = fill(
                    "**{question}** ({when})",
                    question=literal(in_language(item.text, t.language)),
                    when=literal(when(t, poll)),
                )
                blocks += [Text(heading), *_own_words(item, text)]
    if not answers:
        blocks.append(Text(literal(t("You have not answered any questions here yet."))))
    if waiting is not None:
        label = t("Change my answers") if waiting.given else t("Answer: {poll}").format(poll=title(t, waiting.poll))
        # A button, and no form in place: this message stays as it is, and would miss what is answered later.
        blocks.append(Button(label, action("checkpoint", group.id, waiting.poll), "primary"))
    if lead:
        blocks += [Divider(), Button(t("Results of the program"), action("results", group.id, "all"))]
    blocks.append(Button(t("Who sees my answers?"), action("privacy", group.id)))
    title_ = t("My answers in {group}")
    blocks += [Button(title_.format(group=one.name), action("results", one.id)) for one in former]
    return Message(tuple(blocks))


def _own_words(item: Item, text: str) -> list[Block]:
    if item.kind == "ideas":
        return [List(tuple(literal(line) for line in ideas(text).lines))]
    return [Text(literal(text), "quote")]
