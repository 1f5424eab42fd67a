"""Somebody who asks for every view there is, as everybody, on every day of a program's life, and subtracts.

The rule itself is attacked in ``tests/rules/test_disclosure.py``; here it is the bot, by its words and its database.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest
from sqlalchemy import select

from adapters.crypt import Crypt, new_key
from bot.actions import action
from bot.app import Bot
from bot.checkpoints import closing
from bot.checkpoints import store as checkpoints
from bot.errors import ConfigError
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Place, Press, Submission
from bot.messages import Message, Receipt, Say
from bot.outbox.store import outbox
from bot.spoken import words
from bot.storage import Store, metadata
from tests.conftest import CIPHER
from tests.core.test_costs import counted
from tests.scenes import Scene, scene, set_scene

BEGIN = datetime(2026, 12, 1, 9, tzinfo=UTC)
END = datetime(2027, 3, 2, 9, tzinfo=UTC)
PAIRS = 7
MENTORS = tuple(f"mentor{n}" for n in range(PAIRS))
MENTEES = tuple(f"mentee{n}" for n in range(PAIRS))
EVERYBODY = ("olga", *MENTORS, *MENTEES, "nora")
POLLS = ("baseline", "midpoint", "final")


class Company:
    """A program of pairs, lived day by day through the core alone."""

    def __init__(self, store: Store, guides: Guides) -> None:
        self.store = store
        self.bot = Bot(store, guides, CIPHER)
        self.workspace = self.bot.workspace("web", "company", "Company")
        self.said: list[Message] = []

    def actor(self, who: str) -> Actor:
        return Actor(self.workspace, who, who.title(), "Europe/Berlin", "en")

    def types(self, who: str, text: str, now: datetime, *named: str) -> str:
        return self._words(
            self.bot.handle(Command(self.actor(who), Place(f"dm-{who}"), text, tuple(map(self.actor, named))), now)
        )

    def presses(self, who: str, verb: str, *args: str | int, now: datetime) -> str:
        return self._words(self.bot.handle(Press(self.actor(who), Place(f"dm-{who}"), action(verb, *args).token), now))

    def answers(self, who: str, group: int, poll: str, now: datetime, **values: str) -> str:
        token = action("checkpoint", group, poll).token
        return self._words(self.bot.handle(Submission(self.actor(who), Place(f"dm-{who}"), token, values), now))

    def _words(self, reply: object) -> str:
        return words(reply.message) if isinstance(reply, Say) else ""

    def delivers(self, now: datetime) -> list[str]:
        self.bot.plan(now)
        lane = self.bot.open_lane(self.workspace, "one", now)
        assert lane is not None
        said = []
        while posts := self.bot.claim(lane, now, 100):
            for post in posts:
                said.append(f"{post.key} {words(post.message)}")
                self.bot.sent(post, Receipt("somewhere", post.key), now)
        self.bot.close_lane(lane, now)
        return said

    def founded(self) -> None:
        for n, (mentor, mentee) in enumerate(zip(MENTORS, MENTEES, strict=True), 1):
            text = f"pair <@{mentor}> <@{mentee}> --on tue 16:00 --zone Europe/Berlin --start 2026-12-08"
            self.types("olga", text, BEGIN, mentor, mentee)
            for who in (mentor, mentee):
                self.presses(who, "accept", n, now=BEGIN)


@pytest.fixture(scope="module")
def founded() -> dict[str, Scene]:
    """What stands in a database when the program was founded, by the kind of database."""
    return {}


@pytest.fixture
def company(store: Store, guides: Guides, founded: dict[str, Scene]) -> Company:
    """Founded once on each database, and set as a scene for all other tests."""
    known = store.engine.dialect.name
    if known in founded:
        set_scene(store, founded[known])
        return Company(store, guides)
    found = Company(store, guides)
    found.founded()
    founded[known] = scene(store)
    return found


CIRCLES = (("ann", "bob", "cat", "dan"), ("eve", "fay", "gus", "hal"))
VIEWS = ("all", *POLLS, "fit")
LEADERS = ("olga", "ann", "eve", "bob")
"""Who may see figures: bob stands in for ann."""

_FIGURE = re.compile(r"(Start|Middle|End|mean) ([0-9.]+) \(n = ([0-9]+)\)")
_BARS = re.compile(r": ([0-9]+) (?:person|people)")


@dataclass(frozen=True)
class Seen:
    """A figure as it stands in a view: the sum of what was answered, as far as the mean tells it, n, and its bars."""

    mean: float
    n: int
    bars: tuple[int, ...]


def figures(told: str, view: str) -> Iterator[tuple[str, Seen]]:
    """What a figure is of (its question, role and poll), and the figure. ``view``: "all", or the poll it is of."""
    of_poll = {"baseline": "Start", "midpoint": "Middle", "final": "End"}.get(view, "")
    question = ""
    for line in told.splitlines():
        head, mark, rest = line.partition("? ")
        question, line = (head, rest) if mark else (line, "") if line.endswith("?") else (question, line)
        for part in re.split(r"(?=Mentors|Mentees|Participants|Facilitators)", line):
            bars = tuple(int(n) for n in _BARS.findall(part))
            for point, mean, n in _FIGURE.findall(part):
                yield (
                    f"{question}? {part.partition(':')[0]} {of_poll if point == 'mean' else point}",
                    Seen(float(mean), int(n), bars),
                )
            if part and not _FIGURE.search(part) and (spread := re.search(r"\(n = ([0-9]+)\)", part)):
                yield f"{question}? {part.partition(' (')[0]} spread", Seen(0, int(spread[1]), bars)


class Everybody:
    """Pairs that begin at two times, one of whom has another pair as well, and two circles; they answer whatever they
    are asked, and one of them leaves."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.pairs = [*zip(MENTORS, MENTEES, strict=True)]

    def begins(self) -> None:
        types, presses = self.company.types, self.company.presses
        for n, (mentor, mentee) in enumerate([*self.pairs, ("mentor0", "nora")], 1):
            start = "2026-12-08" if n <= 5 else "2026-12-15"
            text = f"pair <@{mentor}> <@{mentee}> --on tue 16:00 --zone Europe/Berlin --start {start}"
            types("olga", text, BEGIN, mentor, mentee)
            for who in (mentor, mentee):
                presses(who, "accept", n, now=BEGIN)
        for n, people in enumerate(CIRCLES, len(self.pairs) + 2):
            named = " ".join(f"<@{who}>" for who in people)
            text = f'create "Circle {n}" {named} --guide peer-circle --on mon 10:00 --start 2026-12-07'
            types("olga", f"{text} --zone Europe/Berlin", BEGIN, *people)
            for who in people:
                presses(who, "accept", n, now=BEGIN)
            presses(people[0], "facilitate", n, now=BEGIN)
        types("ann", "facilitator <@bob> until 2027-05-01", BEGIN, "bob")

    def answer(self, now: datetime) -> None:
        """Whoever is asked answers; a month later most have moved, each by something else."""
        for n, (mentor, mentee) in enumerate([*self.pairs, ("mentor0", "nora")], 1):
            for place, poll in enumerate(POLLS):
                moved = str((n + place * (n % 3)) % 5 + 1)
                more = {"q_help": f"Wish of {mentor}", "q_challenge-ideas": f"Idea of {mentor}"}
                choice = {"q_in-the-way": ("time", "nothing", "topic")[n % 3], "q_worth-it": str((n + place) % 4 + 1)}
                self.company.answers(mentor, n, poll, now, **{"q_explain": moved, **choice, **more})
                self.company.answers(mentee, n, poll, now, **{"q_with-ease": moved, **choice})
            for who in (mentor, mentee):
                self.company.answers(who, n, "fit", now, q_match="bad" if n < 4 and who == mentee else "good")
            if n < 4:
                self.company.presses(mentee, "rematch", n, now=now)
        for n, people in enumerate(CIRCLES, len(self.pairs) + 2):
            for m, who in enumerate(people):
                for place, poll in enumerate(POLLS):
                    values = {"q_first-step": str((m + n + place * m) % 5 + 1), "q_worth-it": str((m + n) % 4 + 1)}
                    self.company.answers(who, n, poll, now, **values, **{"q_load": "3"})

    def looks(self, who: str, now: datetime) -> Iterator[tuple[str, str]]:
        """Every view there is, of every group: (what is looked at, all its words)."""
        for program, group in (("pairs", 1), ("circles", len(self.pairs) + 2), ("circles", len(self.pairs) + 3)):
            for view in VIEWS:
                yield f"{program} {view}", self.company.presses(who, "results", group, view, now=now)


def test_no_figure_that_is_ever_shown_moves_by_fewer_than_five_people(sqlite_store: Store, guides: Guides) -> None:
    """Every fourth day everybody asks for everything. One leaves, some change their minds, three pairs do not fit."""
    company = Company(sqlite_store, guides)
    everybody = Everybody(company)
    everybody.begins()
    shown: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    now, said, left = BEGIN, list[str](), False
    while now < END:
        said += company.delivers(now)
        everybody.answer(now)
        if now > datetime(2027, 1, 20, tzinfo=UTC) and not left:
            left = True
            company.presses(MENTORS[6], "leave", 7, now=now)
        for who in (*EVERYBODY, *(one for circle in CIRCLES for one in circle)):
            for view, told in everybody.looks(who, now):
                assert "good fit" not in told.casefold(), (who, view)
                for about, figure in figures(told, view.partition(" ")[2]):
                    assert who in LEADERS, f"{who} is told of {about}"
                    assert who == "olga" or view.startswith("circles"), f"{who} is told of {about}"
                    if figure not in shown[view, about]:
                        shown[view, about].append(figure)
        now += timedelta(days=4)

    assert len([about for view, about in shown if view.startswith("pairs")]) >= 10, "hardly anything was shown"
    assert any(view.startswith("circles") for view, _ in shown)
    assert any(figure.bars for told in shown.values() for figure in told)
    for about, told in shown.items():
        for figure in told:
            assert figure.n >= 5, about
            assert all(bar >= 3 for bar in figure.bars), about
            assert sum(figure.bars) in (0, figure.n), about
        for one, other in combinations(told, 2):
            # What is added to a figure is a whole batch, and so is any difference of two.
            assert abs(one.n - other.n) >= 5, (about, told)
    for view, about in shown:
        for other, same in shown:
            if same == about and other != view:
                for one, two in product(shown[view, about], shown[other, same]):
                    assert one.n == two.n or abs(one.n - two.n) >= 5, (about, one, two)
    # Of seven mentors and one of them twice: nobody is counted twice, and who has left is not told of at the start.
    assert {one.n for (_, about), told in shown.items() if about.endswith("Mentors Start") for one in told} == {6}
    rematches = [line for line in said if line.startswith("rematch:")]
    assert len(rematches) == 3
    assert all("mentee" not in line.partition(" ")[0] for line in rematches)


def test_nobody_sees_an_answer_of_somebody_else(company: Company) -> None:
    now = datetime(2026, 12, 7, 12, tzinfo=UTC)
    company.delivers(datetime(2026, 12, 5, 12, tzinfo=UTC))
    company.answers("mentor0", 1, "baseline", now, q_hope="A secret of mine", q_explain="4")
    company.delivers(now)

    assert "A secret of mine" in company.types("mentor0", "results", now)
    for who in EVERYBODY:
        for view in ("", "all", *POLLS):
            if who != "mentor0":
                assert "secret" not in company.presses(who, "results", 1, view, now=now)
        assert "secret" not in company.types(who, "", now)
        assert "secret" not in company.presses(who, "status", 1, now=now)


def test_answers_and_figures_are_sealed_in_the_database_and_no_key_but_ours_opens_them(company: Company) -> None:
    now = datetime(2026, 12, 7, 12, tzinfo=UTC)
    company.delivers(datetime(2026, 12, 5, 12, tzinfo=UTC))
    company.answers("mentor0", 1, "baseline", now, q_hope="A secret of mine", q_explain="4")

    with company.store.begin() as connection:
        kept = connection.execute(select(checkpoints.answers)).mappings().all()
        rows = connection.execute(select(outbox)).mappings().all()
    assert len(kept) == 2
    for row in kept:
        assert "secret" not in str(dict(row))
        assert CIPHER.open(row["sealed"]) in ("A secret of mine", "4")
        with pytest.raises(ConfigError):
            Crypt(new_key()).open(row["sealed"])
    assert not [row for row in rows if "secret" in str(dict(row))]
    with company.store.begin() as connection:
        for table in metadata.sorted_tables:
            found = [str(dict(row)) for row in connection.execute(table.select()).mappings()]
            assert not [row for row in found if "A secret of mine" in row], table.name


def test_without_a_key_nobody_is_asked_and_nothing_is_kept(sqlite_store: Store, guides: Guides) -> None:
    company = Company(sqlite_store, guides)
    company.bot = Bot(sqlite_store, guides)
    company.founded()
    now = datetime(2026, 12, 7, 12, tzinfo=UTC)

    assert not [line for line in company.delivers(now) if line.startswith("checkpoint:")]
    assert "has not set a key yet" in company.answers("mentor0", 1, "baseline", now, q_explain="4")
    with sqlite_store.begin() as connection:
        assert not connection.execute(select(checkpoints.answers)).all()


# ── a key that is lost, late ones, what is said of answering ─────────────────────────────────────────────────────────


def test_a_lost_key_holds_up_nothing_else(company: Company, guides: Guides) -> None:
    company.delivers(datetime(2026, 12, 5, 12, tzinfo=UTC))
    now = datetime(2026, 12, 7, 12, tzinfo=UTC)
    for n, who in enumerate(MENTORS, 1):
        company.answers(who, n, "baseline", now, q_explain=str(n % 3 + 1))
        company.answers(MENTEES[n - 1], n, "baseline", now, **{"q_with-ease": str(n % 3 + 1)})
    company.types("olga", 'poll "Tea?" "Yes" "No" --until 2027-02-01', now)
    middle = datetime(2027, 1, 8, 12, tzinfo=UTC)
    company.delivers(middle)
    for n, who in enumerate(MENTORS, 1):
        company.answers(who, n, "midpoint", middle, q_explain=str(n % 3 + 1))
    right, company.bot = company.bot, Bot(company.store, guides, Crypt(new_key()))

    closes = datetime(2027, 1, 15, 12, tzinfo=UTC)
    company.delivers(closes)
    wake = company.bot.plan(closes)
    assert wake.next is not None
    assert wake.next <= closes + timedelta(hours=1), "it is tried again within the hour"
    # What the calendar says goes on, weeks later.
    assert any(line.startswith("prompt:") for line in company.delivers(datetime(2027, 1, 19, 16, tzinfo=UTC)))

    company.bot = right
    later = company.delivers(datetime(2027, 1, 20, 12, tzinfo=UTC))
    assert any("can be seen now" in line for line in later)
    assert "Middle 2.0 (n = 7)" in company.presses("olga", "results", 1, "all", now=closes)


def test_many_polls_close_in_lots_and_are_told_together(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is the database's and not the figures': half of a program is never told alone."""
    monkeypatch.setattr(closing, "BATCH", 3)
    now = datetime(2027, 1, 8, 12, tzinfo=UTC)
    company.delivers(now)
    for n, who in enumerate(MENTORS, 1):
        company.answers(who, n, "midpoint", now, q_explain=str(n % 3 + 1))
    company.delivers(datetime(2027, 1, 15, 18, tzinfo=UTC))

    assert "Middle 2.0 (n = 7)" in company.presses("olga", "results", 1, "all", now=now)


def test_asking_everybody_costs_a_few_statements_and_not_a_few_for_each_group(company: Company) -> None:
    """Seven pairs are asked for the middle at once."""
    at = datetime(2027, 1, 7, 15, tzinfo=UTC)
    company.delivers(at - timedelta(minutes=1))
    with counted(company.store) as statements:
        company.bot.plan(at)

    on_calls = [one for one in statements if "checkpoint_calls" in one]
    assert len([one for one in on_calls if one.startswith("INSERT")]) == 1
    assert len(on_calls) <= 6, on_calls

    with counted(company.store) as statements:
        lane = company.bot.open_lane(company.workspace, "one", at)
        assert lane is not None
        assert len([post for post in company.bot.claim(lane, at, 100) if post.key.startswith("checkpoint:")]) == 14
    assert len([one for one in statements if "checkpoint_" in one]) <= 2


def test_answering_and_a_mistake_with_an_answer_in_hand_leave_nothing_in_a_log(
    company: Company, guides: Guides, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    now = datetime(2026, 12, 7, 12, tzinfo=UTC)
    company.delivers(datetime(2026, 12, 5, 12, tzinfo=UTC))
    company.answers("mentor0", 1, "baseline", now, q_hope="A secret of mine", q_explain="4")
    company.answers("mentor0", 1, "baseline", now, q_hope="A secret of mine" * 100, q_explain="no number, a secret")
    company.bot = Bot(company.store, guides, Crypt(new_key()))
    with pytest.raises(ConfigError) as failed:
        company.answers("mentor0", 1, "baseline", now, q_hope="A secret of mine", q_explain="4")

    out, err = capfd.readouterr()
    assert "secret" not in caplog.text + out + err
    assert "A secret" not in str(failed.value)
