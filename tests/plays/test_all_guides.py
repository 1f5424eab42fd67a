"""Every guide that comes with Circlet, from its invitation to its closing, on every platform and in each language.

In simulated time and without a server: what the core says is drawn by each platform's own renderer and held against
that platform's limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from adapters.gallery.page import in_slack, in_teams
from adapters.slack.render import message_payloads
from adapters.slack.render import view as slack_view
from adapters.teams.render import activities, dialog
from adapters.web.render import draw, form_json
from bot.app import Bot
from bot.checkpoints import words as _checkpoints  # noqa: F401  # their posts come along
from bot.forms import Form
from bot.guides.library import lines as block_lines
from bot.guides.rules import ROLES, Guide, Guides
from bot.i18n import languages
from bot.inbound import Actor, Command, Place, Press
from bot.markup import plain
from bot.messages import Ask, Block, Direct, Home, Message, OpenForm, Post, Receipt, Say
from bot.spoken import words
from bot.storage import Store, metadata, open_store
from tests.conftest import CIPHER, ROOT
from tests.slack.lint import payload_problems, view_problems
from tests.teams.lint import activity_problems, dialog_problems

BEGIN = datetime(2026, 11, 30, 9, tzinfo=UTC)
NAMES = ("ana", "ben", "chloe", "dan", "eva", "fay", "gus", "hal", "ida", "jon", "kim", "lea")
FOUND = sorted(
    path.parent.name for path in (ROOT / "guides").glob("*/guide.yaml") if "kind: solo" not in path.read_text("utf-8")
)
"""Every guide of a group; what somebody takes alone is played in test_training."""
MOST_STEPS = 3000


class Rehearsal:
    """A group that goes through its guide with people of one language, and everything that is said to anybody."""

    def __init__(self, guides: Guides, guide: Guide, language: str) -> None:
        self.guide = guide
        self.language = language
        self.store: Store = open_store("sqlite://")
        metadata.create_all(self.store.engine)
        self.bot = Bot(self.store, guides, CIPHER)
        self.workspace = self.bot.workspace("web", "office", "Office")
        size = 2 if guide.kind == "pair" else guide.starts_with
        self.people = tuple(
            Actor(self.workspace, name, name.title(), "Europe/Berlin", language) for name in NAMES[:size]
        )
        self.said: list[tuple[str, Message]] = []
        self.asked: list[tuple[int, str, str]] = []
        """Each check-in as it came: the number of the session, to whom, and its words."""
        self.now = BEGIN

    def types(self, text: str) -> None:
        """Somebody who leads and somebody who does not ask the same, and the answers are kept."""
        for one in (self.people[0], self.people[-1]):
            reply = self.bot.handle(Command(one, Place(f"dm-{one.person}"), text, self.people), self.now)
            match reply:
                case Say(message):
                    self.said.append((text, message))
                case OpenForm(form):
                    self.said.append((text, Message((Ask("Open", form),))))
                case _:
                    raise AssertionError(f"{text}: {reply}")

    def founds(self) -> None:
        mentions = " ".join(f"<@{one.person}>" for one in self.people)
        on = "second tue 18:00" if self.guide.every == "monthly" else "mon 10:00"
        what = "pair" if self.guide.kind == "pair" else 'create "The circle"'
        command = f"{what} {mentions} --guide {self.guide.id} --on {on} --zone Europe/Berlin --start 2026-12-07"
        for one in self.people:
            self.bot.handle(Command(one, Place(f"dm-{one.person}"), f"language {self.language}"), self.now)
        first = self.people[0]
        self.bot.handle(Command(first, Place("dm"), f"{command} --holidays none", self.people), self.now)
        for one in self.people[1:]:
            self.bot.handle(Press(one, Place(f"dm-{one.person}"), "accept:1"), self.now)

    def plays(self) -> None:
        """Time passes until nothing more falls due. Everybody answers what they are asked, each in another way."""
        for _ in range(MOST_STEPS):
            following = self.bot.plan(self.now).next
            lane = self.bot.open_lane(self.workspace, "one", self.now)
            while lane is not None and (posts := self.bot.claim(lane, self.now, 200)):
                for post in posts:
                    self._arrives(post)
            if lane is not None:
                self.bot.close_lane(lane, self.now)
            if following is None or following > BEGIN + timedelta(days=500):
                return
            self.now = max(following, self.now + timedelta(seconds=1))
        raise AssertionError("it never ends")

    def _arrives(self, post: Post) -> None:
        place = "home" if isinstance(post.address, Home) else f"dm-{post.address.person}"
        self.bot.sent(post, Receipt(place, post.key), self.now)
        kind, *args = post.key.split(":")
        self.said.append((kind, post.message))
        if kind == "checkin" and isinstance(post.address, Direct) and post.edits is None:
            who = next(one for one in self.people if one.person == post.address.person)
            self.asked.append((int(args[1]), who.person, words(post.message)))
            how = "met" if who == self.people[0] else "not_held"
            reply = self.bot.handle(Press(who, Place(place), f"attended:{args[0]}:{args[1]}:{how}"), self.now)
            assert not isinstance(reply, OpenForm)


def forms(message: Message) -> Iterator[Form]:
    return (block.form for block in message.blocks if isinstance(block, Ask))


def problems(message: Message) -> list[str]:
    """What any of the platforms would not take."""
    there, elsewhere = in_slack(message), in_teams(message)
    found = [problem for payload in message_payloads(there) for problem in payload_problems(payload)]
    found += [problem for form in forms(there) for problem in view_problems(slack_view(form, metadata="{}"))]
    found += [problem for activity in activities(elsewhere) for problem in activity_problems(activity)]
    found += [
        problem for form in forms(elsewhere) for problem in dialog_problems(dialog(form, place=Place("a", "group")))
    ]
    drawn = draw(message)
    found += [] if drawn.text.strip() else ["nothing is drawn in the local chat"]
    for form in forms(message):
        form_json(form, ())
    return found


@pytest.mark.parametrize("language", ["en", "de", "de@formal"])
@pytest.mark.parametrize("name", FOUND)
def test_a_guide_runs_from_its_invitation_to_its_closing(guides: Guides, name: str, language: str) -> None:
    guide = guides.get(name, language)
    assert guide.language == language, f"{name} is not written in {language}"
    play = Rehearsal(guides, guide, language)
    play.types(f"guide {name}")
    play.founds()
    for session in guide.sessions:
        play.types(f"agenda {session.number}")
        play.types(f"preview {session.number}")
    play.types("roster")
    play.plays()
    told = guide if language in languages() else guides.get(name)
    assert_complete(play, told)
    drawn: dict[Message, list[str]] = {}
    for kind, message in play.said:
        if message not in drawn:
            drawn[message] = problems(message)
        assert drawn[message] == [], f"{kind}: {words(message)[:80]}"


def assert_complete(play: Rehearsal, guide: Guide) -> None:
    """Every session was prompted and asked about, prepared where it should be, and the end was told, once each."""
    told: dict[str, list[str]] = {}
    for kind, message in play.said:
        told.setdefault(kind, []).append(words(message))
    numbers = len(guide.sessions)
    size = len(play.people)
    assert len(told["prompt"]) == numbers
    assert all(session.title in text for session, text in zip(guide.sessions, told["prompt"], strict=True))
    everybody = [one.person for one in play.people]
    roles = dict(zip(everybody, ROLES[guide.kind], strict=False)) if guide.kind == "pair" else {}
    assert sorted((number, who) for number, who, _ in play.asked) == sorted(
        (session.number, who) for session in guide.sessions for who in everybody
    )
    for number, who, text in play.asked:
        assert guide.session(number).question_for(roles.get(who, "participant")) in text, f"{who} in session {number}"
    assert len(told["closing"]) == 1
    assert len(told["opening"]) == 1
    missed = [text for text in told["checkin"] if any(one.missed in text for one in guide.sessions)]
    assert len(missed) >= numbers * (size - 1), "who was not there is asked something else"
    if guide.kind == "pair":
        assert len(told["prepare"]) == numbers
        assert len(told["steps"]) == numbers
    for session in guide.sessions:
        assert any(session.title in text for text in told[f"agenda {session.number}"])
        before = lines((*session.preparation, *session.facilitator_preparation))
        there = [text for text in told[f"preview {session.number}"] if before and all(line in text for line in before)]
        assert len(there) == (min(len(before), 1) if guide.kind == "circle" else 2), f"session {session.number}"
    if guide.kind == "pair":
        for session, text in zip(guide.sessions, told["prepare"], strict=True):
            assert all(line in text for line in lines(session.preparation))


def lines(blocks: Sequence[Block]) -> list[str]:
    """The words of a guide, a paragraph or an item each."""
    return [plain(spans) for block in blocks for spans in block_lines(block)]


def test_every_guide_is_written_in_both_languages(guides: Guides) -> None:
    for name in guides.ids:
        assert guides.get(name, "de").language == "de", name
        assert len(guides.get(name, "de").sessions) == len(guides.get(name).sessions)
