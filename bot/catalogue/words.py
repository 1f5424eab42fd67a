"""What is shown of a guide before a group chooses it, and when a newer text of it is there. Values in, messages out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import action
from bot.groups.rules import Group
from bot.groups.words import length
from bot.guides.rules import Guide
from bot.i18n import Translator
from bot.markup import Spans, fill, literal
from bot.meetings.words import week
from bot.messages import Block, Button, Divider, Facts, Heading, List, Message, Text


def catalogue(t: Translator, guides: Sequence[Guide]) -> Message:
    """Every guide in two lines and a button."""
    blocks: list[Block] = [
        Heading(literal(t("Guides"))),
        Text(literal(t("A guide says what happens in each meeting. Look at one before you begin."))),
    ]
    for guide in guides:
        said = t("**{title}** · {length} · {size}")
        blocks.append(
            Text(fill(said, title=literal(guide.title), length=literal(length(t, guide)), size=_size(t, guide)))
        )
        blocks.append(Button(guide.title, action("guide", guide.id)))
    return Message(tuple(blocks))


def page(t: Translator, guide: Guide) -> Message:
    """All that somebody wants to know before they choose a guide."""
    rows: list[tuple[str, Spans]] = [
        (t("Meetings"), literal(length(t, guide))),
        (t("Group"), literal(_size(t, guide))),
        (t("Written by"), literal(t.list(guide.authors))),
        (t("Licence"), literal(guide.licence)),
        (t("Version"), literal(str(guide.version))),
    ]
    sessions = tuple(literal(f"{week(t, one.number, guide.every)}: {one.title}") for one in guide.sessions)
    verb = "pair" if guide.kind == "pair" else "create"
    start = t("Start a pair with it") if guide.kind == "pair" else t("Start a circle with it")
    return Message(
        (
            Heading(literal(guide.title)),
            Text(guide.summary),
            Facts(tuple(rows)),
            *_titled(t("**For whom**"), guide.for_whom),
            *_titled(t("**Not for**"), guide.not_for),
            *_titled(t("**Roles**"), guide.roles),
            *_titled(t("**What to prepare**"), guide.prepare),
            *_titled(t("**What to expect**"), guide.expect),
            *_titled(t("**The meetings**"), (List(sessions),)),
            *_titled(t("**Sources**"), guide.sources),
            Button(start, action(verb, guide.id), "primary"),
            Button(t("All guides"), action("guide")),
        )
    )


def _size(t: Translator, guide: Guide) -> str:
    if guide.kind == "pair":
        return t("two people")
    return t("{least} to {most} people").format(least=guide.at_least, most=guide.at_most)


def _titled(name: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks under their name, which is a template; nothing where there are none."""
    return (Divider(), Text(fill(name)), *blocks) if blocks else ()


def offer(t: Translator, group: Group, old: Guide, new: Guide, since: int) -> Message:
    """To whoever leads: what would change, and that nothing has to."""
    said = t("**{group}** follows version {old} of its guide. Version {new} is here.")
    at = week(t, since, new.every)
    keep = t("What you have done stays as it is; {week} and all that follows would come from the new version.")
    return Message(
        (
            Text(fill(said, group=literal(group.name), old=old.version, new=new.version)),
            Text(literal(keep.format(week=at))),
            Text(literal(t("You need not change. A group can end with the version it began with.")), "quiet"),
            Button(t("Move to the new one"), action("newer", group.id, "yes"), "primary"),
        )
    )


def moved_on(t: Translator, guide: Guide, since: int) -> Message:
    said = t("From now on we follow version {version} of the guide, beginning with {week}.")
    return Message((Text(fill(said, version=guide.version, week=literal(week(t, since, guide.every)))),))
