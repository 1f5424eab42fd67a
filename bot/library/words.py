"""What is said of the library: its topics, what was found, an article. Values in, messages out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import action
from bot.forms import Form, TextInput
from bot.guides.library import Article
from bot.i18n import Translator
from bot.markup import fill, literal
from bot.messages import Ask, Block, Button, Divider, Heading, Message, Text

LONGEST_SEARCH = 100
Shelf = tuple[str, Sequence[Article]]
"""An audience, and what is written for it."""


def audience(t: Translator, name: str) -> str:
    """Whom an article is for."""
    names = {
        "participant": t("everybody in a circle"),
        "facilitator": t("facilitators"),
        "mentor": t("mentors"),
        "mentee": t("mentees"),
        "sponsor": t("sponsors"),
        "manager": t("line managers"),
        "organiser": t("those who organise"),
        "assistant": t("assistants"),
        "mentor-of-circles": t("those who support circles"),
    }
    return names[name]


def topics(t: Translator, shelves: Sequence[Shelf], count: int) -> Message:
    """What there is for somebody in their roles."""
    said = t.count("{n} short article, two minutes to read.", "{n} short articles, two minutes each.", count)
    blocks: list[Block] = [Heading(literal(t("Library"))), Text(literal(said.format(n=count))), _search(t)]
    for name, articles in shelves:
        blocks += [Divider(), Text(fill(t("For **{audience}**"), audience=audience(t, name)))]
        blocks += [_open(one) for one in articles]
    return Message(tuple(blocks))


def found(t: Translator, wanted: str, articles: Sequence[Article], more: int) -> Message:
    """The fittest articles, with a sentence on each."""
    blocks: list[Block] = [Heading(fill(t("Articles about “{words}”"), words=literal(wanted)))]
    for one in articles:
        blocks += [Text(fill(t("**{title}** · {summary}"), title=literal(one.title), summary=one.summary)), _open(one)]
    if more:
        said = t.count(
            "And {n} more: one word more finds the fitting one.",
            "And {n} more: one word more finds the fitting ones.",
            more,
        )
        blocks.append(Text(literal(said.format(n=more)), "quiet"))
    blocks.append(_search(t))
    return Message(tuple(blocks))


def nothing_found(t: Translator, wanted: str) -> Message:
    said = t("I found nothing about “{words}”. Try one plain word: time, silence, goal, feedback.")
    return Message((Text(fill(said, words=literal(wanted))), _search(t), Button(t("All topics"), action("library"))))


def article(t: Translator, one: Article, further: Sequence[Article]) -> Message:
    """An article as it is read in a chat, and where it leads."""
    about = t("For {audience} · {licence}")
    whom = t.list([audience(t, name) for name in one.audience])
    return Message(
        (
            Heading(literal(one.title)),
            Text(one.summary),
            Divider(),
            *one.blocks,
            Text(fill(about, audience=whom, licence=literal(one.licence)), "quiet"),
            *(_open(other) for other in further),
            Button(t("All topics"), action("library")),
        )
    )


def search_form(t: Translator) -> Form:
    return Form(
        action("search"),
        t("Search the library"),
        (
            TextInput(
                "words",
                t("What is it about?"),
                required=True,
                hint=t("A word or two: silence, goal too big, cancelled"),
                limit=LONGEST_SEARCH,
            ),
        ),
        t("Search"),
    )


def _search(t: Translator) -> Ask:
    return Ask(t("Search"), search_form(t))


def _open(one: Article) -> Button:
    return Button(one.title, action("article", one.slug))
