"""What leaves the core says in which language it is, for the words that a renderer adds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.groups import store as groups
from bot.inbound import Actor, Command, Place, Press, Submission
from bot.messages import Ask, FixForm, Message, OpenForm, Replace, Reply, Say
from bot.outbox.rules import Due, key
from bot.people import store as people
from tests.core.office import NOW, Office

ALONE = Place("dm-ana")


@pytest.fixture
def ana(office: Office) -> Actor:
    """She reads German; nobody else does."""
    with office.store.begin() as connection:
        people.choose_language(connection, office.staff[0], "de")
    return Actor(office.workspace, "ana", "Ana", "Europe/Berlin", "de")


def languages(said: Message | Reply) -> set[str]:
    """Of a message or a form, and of every form in it."""
    match said:
        case Message(blocks, language):
            return {language} | {block.form.language for block in blocks if isinstance(block, Ask)}
        case Say(message) | Replace(message):
            return languages(message)
        case OpenForm(form) | FixForm(_, form) if form is not None:
            return {form.language}
        case _:
            return set()


@pytest.mark.parametrize(
    "text", ["help", "help goal", "settings", "nonsense", "create", "create --guide none", "goal x"]
)
def test_what_is_typed_is_answered_in_ones_own_language(office: Office, ana: Actor, text: str) -> None:
    assert languages(office.bot.handle(Command(ana, ALONE, text), NOW)) == {"de"}


def test_what_is_pressed_and_filled_in_is_answered_in_ones_own_language(office: Office, ana: Actor) -> None:
    group = office.circle()
    wrong = office.bot.handle(Submission(ana, ALONE, "create", {"name": "", "people": ()}), NOW)

    assert isinstance(wrong, FixForm)
    assert languages(wrong) == {"de"}
    for token in ("help", "goal:" + str(group.id), "long:gone", "settings"):
        assert languages(office.bot.handle(Press(ana, ALONE, token), NOW)) == {"de"}
    assert languages(office.bot.home(ana, NOW)) == {"de"}
    ben = replace(ana, person="ben", name="Ben", language="en")
    assert languages(office.bot.home(ben, NOW)) == {"en"}


def test_a_post_is_in_the_language_of_whom_it_is_for(office: Office, ana: Actor) -> None:
    group = office.circle()
    with office.store.begin() as connection:
        groups.keep_language(connection, group, "de@formal")
    office.queue(group, 1)
    for person in office.staff[:2]:
        asked = key("looks-after", group.id, person.id, 1)
        office.keep([Due(asked, office.workspace, NOW, None, group.id, person.id)])

    posts = {post.key: post for post in office.claim(office.lane())}
    assert posts[office.key(group, 1)].message.language == "de@formal"
    told = [posts[key("looks-after", group.id, person.id, 1)].message.language for person in office.staff[:2]]
    assert told == ["de@formal", "en"], "in their own language, in the way of the group"
