"""A group ends with the words it began with, unless whoever leads it wants the new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.editions.store import versions
from bot.guides.rules import Edition, Guides
from bot.guides.texts import digest_of, read_edition
from bot.storage import Store
from tests.plays.conftest import STAGES
from tests.plays.stage import Human, Stage

OLD = "Some you see every day."
NEW = "Some of them sit two doors away."

LONG = True

Install = Callable[[Guides], Stage]


@pytest.fixture
def install(where: str, store: Store, circle: tuple[Human, ...], stage: Stage) -> Iterator[Install]:
    """Stop the bot, and start it with other guides at the same moment of the same world."""
    del circle
    stages: list[Stage] = []

    def restarted(guides: Guides) -> Stage:
        now = (stages[0] if stages else stage).now
        for one in stages:
            one.close()
        stages[:] = [STAGES[where](store, guides, now.isoformat())]
        return stages[0]

    yield restarted
    for one in stages:
        one.close()


def changed(guides: Guides, *changes: tuple[str, str, str]) -> Guides:
    """The guides with other words in the peer circle: (file, words, other words)."""
    before = next(edition for edition in guides.editions if edition.guide == "peer-circle")
    texts = dict(before.files)
    for file, old, new in changes:
        assert old in texts[file]
        texts[file] = texts[file].replace(old, new)
    files = tuple(sorted(texts.items()))
    version = int(texts["guide.yaml"].partition("version: ")[2].split()[0])
    edition = Edition(digest_of(files), "peer-circle", version, files)
    others = tuple(guide for guide in guides.all if guide.id != "peer-circle")
    kept = tuple(edition for edition in guides.editions if edition.guide != "peer-circle")
    return replace(guides, all=(*others, *read_edition(edition)), editions=(*kept, edition))


WORDS = ("en/week-02.md", OLD, NEW)
COUNTED = ("guide.yaml", "version: 3", "version: 4")


def ana_of(stage: Stage) -> Human:
    return Human(stage, "ana")


def test_a_running_group_keeps_the_words_it_began_with(install: Install, guides: Guides) -> None:
    stage = install(changed(guides, WORDS, COUNTED))
    stage.until("2026-12-21T08:30:00Z")
    ana_of(stage).goes_to("North").sees(OLD).sees_not(NEW)


def test_words_that_were_changed_without_counting_up_are_for_later_groups(
    install: Install, guides: Guides, store: Store
) -> None:
    stage = install(changed(guides, WORDS))
    stage.until("2026-12-21T08:30:00Z")
    ana = ana_of(stage)
    ana.goes_to("North").sees(OLD).sees_not(NEW)
    ana.types("newer").is_told("North follows the newest version of its guide.")
    assert not ana.types("").presses("Look after it").can_press("A newer version of the guide")
    with store.begin() as connection:
        assert [(guide, version) for guide, version, _ in versions(connection)] == [("peer-circle", 3)]


def test_the_facilitator_moves_to_the_new_version_from_the_next_week_on(install: Install, guides: Guides) -> None:
    other_past = ("en/week-00.md", "# ", "# Anew: ")
    stage = install(changed(guides, WORDS, COUNTED, other_past))
    stage.until("2026-12-15T09:30:00Z")
    ana = ana_of(stage)
    ana.types("").presses("Look after it").presses("A newer version of the guide")
    ana.is_told("North follows version 3 of its guide. Version 4 is here.")
    ana.is_told("Week 2 and all that follows would come from the new version.")
    ana.presses("Move to the new one").is_told("From now on we follow version 4 of the guide, beginning with Week 2.")
    Human(stage, "ben").goes_to("North").sees("From now on we follow version 4 of the guide, beginning with Week 2.")
    stage.until("2026-12-21T08:30:00Z")
    ana.goes_to("North").sees(NEW).sees_not(OLD)
    ana.types("agenda 0").is_not_told("Anew: ")  # what is past stays as it was
    ana.types("newer").is_told("North follows the newest version of its guide.")


def test_whoever_leads_hears_once_of_a_newer_version_at_a_polite_hour(install: Install, guides: Guides) -> None:
    stage = install(changed(guides, WORDS, COUNTED))
    ana, ben = ana_of(stage), Human(stage, "ben")
    said = "North follows version 3 of its guide. Version 4 is here."
    ana.types("quiet 7:00-15:00")
    stage.until("2026-12-07T13:30:00Z")  # the group was prompted in the morning
    assert ana.got(said) == []
    stage.until("2027-01-19T09:30:00Z")
    assert [at.isoformat() for at in ana.got(said)] == ["2026-12-07T14:00:00+00:00"]
    assert ben.got(said) == []
    ana.presses("Move to the new one").is_told("From now on we follow version 4 of the guide")
    stage = install(changed(guides, (*COUNTED[:2], "version: 5")))
    ana = ana_of(stage)
    stage.until("2027-02-02T09:30:00Z")
    assert len(ana.got("North follows version 4 of its guide. Version 5 is here.")) == 1
    assert len(ana.got(said)) == 1


def test_nobody_hears_of_a_version_that_their_group_cannot_change_to(install: Install, guides: Guides) -> None:
    stage = install(changed(guides, COUNTED, ("guide.yaml", "rhythm: weekly", "rhythm: fortnightly")))
    stage.until("2027-01-05T09:30:00Z")
    ana_of(stage).sees_not("is here")


def test_who_does_not_lead_cannot_move_to_a_new_version(install: Install, guides: Guides) -> None:
    stage = install(changed(guides, WORDS, COUNTED))
    ben = Human(stage, "ben")
    ben.types("newer").is_not_told("Version 4")
    stage.until("2026-12-21T08:30:00Z")
    ben.goes_to("North").sees(OLD)


def test_a_version_with_another_rhythm_is_for_the_next_group(install: Install, guides: Guides) -> None:
    stage = install(changed(guides, COUNTED, ("guide.yaml", "rhythm: weekly", "rhythm: fortnightly")))
    ana_of(stage).types("newer").is_told("The newer version is too different to change to half-way.")


def test_a_guide_that_was_taken_away_is_followed_to_its_end(install: Install, guides: Guides) -> None:
    left = replace(guides, all=tuple(guide for guide in guides.all if guide.id != "peer-circle"))
    stage = install(left)
    ana_of(stage).types("newer").is_told("North follows the newest version of its guide.")
    ana_of(stage).types("").presses("Look after it").presses("Preview the week")
    stage.until("2027-03-10T09:00:00Z")
    ana_of(stage).goes_to("North").sees("North: the last week")


def test_the_guides_can_be_looked_at_before_one_begins(stage: Stage) -> None:
    ana = stage.person("Ana")
    ana.types("").presses("Guides").is_told("A guide says what happens in each meeting.")
    ana.types("guide peer-circle").is_told("For whom").is_told("What to expect").is_told("CC-BY-4.0")
    ana.presses("Start a circle with it").has_open("Start a circle", guide="peer-circle")
    ana.types("guide monthly-circle").is_told("monthly, 120 min").is_told("8 to 12 people")
    ana.presses("All guides").is_told("A guide says what happens in each meeting.")
    ana.types("guide reverse-mentoring").presses("Start a pair with it").has_open("Start a reverse-mentoring pair")
    ana.types("guide knitting").is_told("There is no guide “knitting”. There is: ")
    ana.types("guide mentor-preparation").is_told("There is no guide “mentor-preparation”.")


def test_the_form_says_how_often_and_how_long_each_guide_is(stage: Stage) -> None:
    ana = stage.person("Ana")
    ana.types("create").has_open("Start a circle", guide="peer-circle")
    ana.is_told("13 meetings, weekly, 60 min").is_told("9 meetings, monthly, 120 min")


def test_the_invitation_says_whose_words_the_guide_is_and_under_which_licence(stage: Stage) -> None:
    ana, ben, _ = stage.people("Ana", "Ben", "Chloe")
    ana.types('create "North" @ana @ben @chloe --on mon 10:00')
    ben.sees("Peer circle, by The Circlet authors (CC-BY-4.0)")
