"""Ask, keep and show answers. Somebody's answers are opened for them alone; figures come from ``closing``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.checkpoints import forms, store, words
from bot.checkpoints.asking import Asked
from bot.checkpoints.closing import number_of
from bot.checkpoints.rules import (
    MOST_NUDGES,
    Answer,
    Call,
    Ideas,
    asked_as,
    filled,
    longest,
    may_be_told,
    roles_of,
)
from bot.cipher import Cipher
from bot.errors import Invalid, Refused
from bot.forms import Form
from bot.groups.posts import recipient
from bot.groups.rights import the_group
from bot.groups.rules import Group, courtesy
from bot.groups.service import answer
from bot.guides.items import Item
from bot.i18n import Translator
from bot.messages import Message, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.courtesy import APART, polite
from bot.schedule.rules import to_utc, wall
from bot.unit import Unit

MORNING = time(9)
"""When an organiser hears of a re-match, on another day than that of the wish: its minute could say whose it is."""

# ── answering ────────────────────────────────────────────────────────────────────────────────────────────────────────


def form(unit: Unit, request: Request, now: datetime) -> Form:
    group = the_group(unit, request, now)
    return forms.form(request.t, _asked(unit, request, group, now))


def checkpoint(unit: Unit, request: Request, now: datetime) -> Reply:
    """Keep what was given, be it all or little; what was emptied is taken back, and only that: what the form did not
    show, since it was drawn before it was given, stays."""
    group = the_group(unit, request, now, lock=True)
    asked = _asked(unit, request, group, now)
    given, empty = _read(request, asked.items)
    shown = request.text("shown").split(".")
    emptied = [item for item in empty if filled([item]) in shown]
    cipher = the_cipher(unit, request.t)
    me = request.person
    for item, value in given:
        role, wording = asked_as(item, group, me.id), item.wording(request.t.language)
        sealed = Answer(group.id, asked.poll, me.id, role, item.key, wording, cipher.seal(value))
        store.keep_answer(unit.connection, group.workspace, sealed, now)
    store.take_back(unit.connection, group.workspace, group.id, asked.poll, me.id, [item.key for item in emptied])
    kept = {name: value for name, value in asked.given.items() if name not in {item.key for item in emptied}}
    standing = _standing(group.id, asked.poll, me.id)
    outbox.refresh_all(unit.connection, group.workspace, standing, now, unless=request.place.message)
    asked = replace(asked, given=kept | {item.key: value for item, value in given})
    if not asked.given:
        return answer(unit, request, words.request(request.t, asked), standing)
    return answer(unit, request, words.thanks(request.t, asked, may_tell=may_be_told(group)), standing)


def _read(request: Request, items: Sequence[Item]) -> tuple[list[tuple[Item, str]], list[Item]]:
    """What was given and what was left empty. Raises Invalid with every problem at its field."""
    t, problems = request.t, dict[str, str]()
    given: list[tuple[Item, str]] = []
    for item in items:
        field = f"q_{item.id}"
        text = request.text(field)
        if not text:
            continue
        if item.values and text not in item.values:
            problems[field] = t("Choose one of the answers, please.")
        elif len(text) > longest(item):
            said = t("At most {n} characters; this has {count}.")
            problems[field] = said.format(n=longest(item), count=len(text))
        elif item.kind == "ideas":
            lines = tuple(line.strip() for line in text.splitlines() if line.strip())
            given.append((item, Ideas(lines, request.text(f"n_{item.id}") == "yes").kept()))
        else:
            given.append((item, text))
    if problems:
        raise Invalid(problems)
    found = {item.id for item, _ in given}
    return given, [item for item in items if item.id not in found]


def _asked(unit: Unit, request: Request, group: Group, now: datetime) -> Asked:
    """The poll that is meant, open for this person. Raises Refused where there is none."""
    t = request.t
    the_cipher(unit, t)
    calls = store.calls_of(unit.connection, group.workspace, group.id)
    named = request.text("poll")
    if not group.is_in(request.person.id):
        raise Refused(t("Only those who are in {group} are asked.").format(group=group.name))
    open_ = [one for one in calls if one.is_open(now) and (not named or one.poll == named)]
    found = [asked for call in open_ if (asked := asked_of(unit, group, call, request.person, now)) is not None]
    if not found:
        over = any(call.poll == named and call.state == "closed" for call in calls)
        raise Refused(
            t("This poll is closed; its answers can no longer be changed.")
            if over
            else t("There is nothing to answer now. I write to you when there is.")
        )
    # Of several the one that is still unanswered, and of those the oldest.
    return min(found, key=lambda asked: bool(asked.given))


def asked_of(unit: Unit, group: Group, call: Call, person: Person, now: datetime) -> Asked | None:
    """A poll as one person meets it; None where it has no question for them."""
    items = unit.guides.checkpoints_of(group.guide).asked(call.poll, roles_of(group, person.id, now))
    if not items or unit.cipher is None:
        return None
    given = {
        kept.question: kept.value for kept in opened(unit, unit.cipher, group, person.id) if kept.poll == call.poll
    }
    organiser = people.one(unit.connection, group.workspace, group.organiser).name
    return Asked(group, call.poll, items, given, organiser, call.closes, person.zone, call.is_open(now))


def waiting(unit: Unit, group: Group, person: Person, now: datetime) -> tuple[Asked | None, bool]:
    """The open poll that somebody has not answered yet, and whether the group was ever asked anything."""
    calls = store.calls_of(unit.connection, group.workspace, group.id)
    answered = {one.poll for one in store.answers_of(unit.connection, group.workspace, person.id, group.id)}
    for call in calls if group.is_in(person.id) else ():
        if call.is_open(now) and call.poll not in answered:
            asked = asked_of(unit, group, call, person, now)
            if asked is not None:
                return asked, True
    return None, any(call.state != "wanted" for call in calls)


def opened(unit: Unit, cipher: Cipher, group: Group, person: int) -> tuple[Answer, ...]:
    """Somebody's own answers, for their eyes; of questions that read otherwise by now, none."""
    items = {item.key: item for item in unit.guides.checkpoints_of(group.guide).items}
    return tuple(
        replace(kept, value=cipher.open(kept.value))
        for kept in store.answers_of(unit.connection, group.workspace, person, group.id)
        if kept.question in items and kept.wording in items[kept.question].wordings
    )


def the_cipher(unit: Unit, t: Translator) -> Cipher:
    if unit.cipher is None:
        raise Refused(t("Whoever runs me has not set a key yet, so I keep no answers of this kind."))
    return unit.cipher


def _standing(group: int, poll: str, person: int) -> tuple[str, ...]:
    """The keys of a request and its reminders, in their order."""
    nudges = (key("recall", group, poll, n, person) for n in range(1, MOST_NUDGES + 1))
    return (key("checkpoint", group, poll, person), *nudges)


# ── not a good fit ───────────────────────────────────────────────────────────────────────────────────────────────────


def rematch(unit: Unit, request: Request, now: datetime) -> Reply:
    """Tell the organiser, with the consent that this press is, that a pair would like to talk; never who of the two."""
    t, me = request.t, request.person
    group = the_group(unit, request, now)
    cipher = the_cipher(unit, t)
    fits = {item.key for item in unit.guides.checkpoints_of(group.guide).items if item.kind == "fit"}
    said = {kept.value for kept in opened(unit, cipher, group, me.id) if kept.question in fits}
    if not group.is_in(me.id) or "bad" not in said or not may_be_told(group):
        raise Refused(t("Only somebody for whom the pair is not a good fit can ask for that."))
    organiser = people.one(unit.connection, group.workspace, group.organiser)
    # One key for the pair: whether one of them asks or both, whoever hears it cannot tell.
    tomorrow = wall(now, organiser.zone).date() + timedelta(days=1)
    at = polite(to_utc(tomorrow, MORNING, organiser.zone), courtesy(organiser))
    due = Due(key("rematch", group.id), group.workspace, at, group=group.id, person=organiser.id)
    outbox.queue(unit.connection, [due], now)
    return Say(words.rematch_noted(t, group, organiser.name))


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def answered_by(rows: Iterable[Row]) -> frozenset[tuple[int, int]]:
    """Whose answers composing these posts looks for: (group, person) of each request and reminder."""
    asked = (row for row in rows if row.kind in ("checkpoint", "recall"))
    return frozenset((row.group, row.person) for row in asked if row.group and row.person)


def asked_before(row: Row) -> tuple[str, ...]:
    """The keys of what was asked before a reminder, of which ``not_before`` looks how it went; of other rows none."""
    _, poll, n, *_ = (*row.args, "", "", "")
    if row.kind != "recall" or row.group is None or row.person is None or not n.isdecimal():
        return ()
    return _standing(row.group, poll, row.person)[: int(n)]


def not_before(unit: Unit, row: Row, now: datetime) -> datetime | None:
    """A reminder that was held up does not come on the heels of what was held up with it: when it may. None: now."""
    if row.kind != "recall" or row.receipt is not None or row.group is None or row.person is None:
        return None
    keys = asked_before(row)
    rows = outbox.find(unit.connection, row.workspace, keys)
    earlier = [rows[one] for one in keys if one in rows and rows[one].state != "dropped"]
    if not earlier:
        return None
    last = earlier[-1]
    if last.state == "planned":
        return now + APART
    return last.since + APART if last.since > row.not_before and last.since + APART > now else None


def post_checkpoint(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    return _ask(unit, row, group, now, 0)


def post_recall(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    return _ask(unit, row, group, now, int(row.args[2]))


def _ask(unit: Unit, row: Row, group: Group, now: datetime, n: int) -> Message | None:
    """The request (0) or a reminder; the thanks where one stands and was answered; nothing where nothing is left."""
    person = recipient(unit, row, group)
    call = store.call(unit.connection, group.workspace, group.id, row.args[1])
    asked = asked_of(unit, group, call, person, now) if call is not None and group.is_in(person.id) else None
    if asked is None or (not asked.open and row.receipt is None):
        return None
    if asked.given and (row.receipt is not None or not n or not asked.missing):
        thanks = words.thanks(person.t, asked, may_tell=may_be_told(group))
        return thanks if row.receipt is not None else None
    return words.nudge(person.t, asked, n) if n else words.request(person.t, asked)


def post_rematch(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    return words.rematch(recipient(unit, row, group).t, group, number_of(unit, group))


def post_published(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = recipient(unit, row, group)
    return words.published(person.t, group, unit.guide_of(group, person.language).title, row.args[1])
