"""Somebody is stuck, types a word or two, and reads two minutes of what helps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.guides.rules import Guides
from tests.plays.stage import Human, Stage, instant


@pytest.fixture(autouse=True)
def _there_is_a_library(guides: Guides) -> None:
    assert len({one.slug for one in guides.library.all}) >= 40


def test_a_word_or_two_find_the_article_that_helps_and_it_leads_on(stage: Stage) -> None:
    (ana,) = stage.people("Ana")
    ana.types("library silent").is_told("Articles about “silent”").presses("Somebody is silent")
    ana.is_told("Somebody is silent").is_told("CC BY 4.0").presses("All topics").is_told("Library")


def test_an_article_leads_to_the_next(stage: Stage, guides: Guides) -> None:
    (ana,) = stage.people("Ana")
    one = guides.library.get("somebody-is-silent")
    assert one is not None
    further = guides.library.get(one.links[0])
    assert further is not None
    ana.presses_copied("article:somebody-is-silent").presses(further.title).is_told(further.title)


def test_somebody_who_reads_german_searches_and_reads_in_german(stage: Stage, guides: Guides) -> None:
    (ana,) = stage.people("Ana")
    ana.types("language de")
    one = guides.library.get("somebody-is-silent", "de")
    assert one is not None
    assert one.language == "de"
    ana.types("library schweigen").is_told(one.title)
    ana.types("library Gespräche").sees_not("nothing about")


def test_what_nobody_has_written_about_is_said_with_a_way_on(stage: Stage) -> None:
    (ana,) = stage.people("Ana")
    ana.types("library xylophone").is_told("I found nothing about “xylophone”.").presses("All topics").is_told(
        "Library"
    )


def test_search_opens_from_the_home_by_button_alone(stage: Stage) -> None:
    (ana,) = stage.people("Ana")
    ana.types("").presses("Library").presses("Search").fills(words="goal too big").is_told("Articles about")


def test_topics_are_those_for_my_roles(stage: Stage, pair: tuple[Human, Human, Human]) -> None:
    olga, mia, chef = pair
    mia.types("library").is_told("For mentors").is_not_told("For mentees")
    chef.types("library").is_told("For mentees").is_not_told("For mentors")
    olga.types("library").is_told("For those who organise")


def test_what_is_often_difficult_comes_with_its_article_for_whoever_leads(
    stage: Stage, circle: tuple[Human, ...], guides: Guides
) -> None:
    ana, ben, *_ = circle
    challenge = guides.get("peer-circle").session(4).challenge_articles[0]
    one = guides.library.get(challenge.slug)
    assert one is not None
    ana.types("preview 4").presses(f"Read: {one.title}").is_told(one.title)
    ana.types("agenda 4").presses(f"Read: {one.title}").is_told(one.title)
    ben.types("agenda 4").is_not_told("What is often difficult")


def test_the_hint_to_the_facilitator_offers_what_helps_when_nobody_answers(
    stage: Stage, circle: tuple[Human, ...]
) -> None:
    ana, *_ = circle
    stage.until("2026-12-16T12:00:00Z")
    ana.sees("have not checked in").presses("Read: Nobody prepared")


def test_two_cancellations_of_the_executive_bring_the_article_about_it(
    stage: Stage, pair: tuple[Human, Human, Human], guides: Guides
) -> None:
    olga, mia, chef = pair
    one = guides.library.get("the-executive-cancels")
    assert one is not None
    for week in (0, 1):
        stage.until((instant("2026-12-09T15:00:00Z") + timedelta(weeks=week)).isoformat())
        mia.presses("My mentee had to cancel")
        chef.presses("I had to cancel")
    stage.until("2026-12-28T12:00:00Z")
    olga.presses(f"Read: {one.title}").is_told(one.title)
