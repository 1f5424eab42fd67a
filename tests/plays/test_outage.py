"""After an outage, with two clocks, with a courier that breaks: nothing is lost and nothing is said twice."""

from __future__ import annotations

from datetime import timedelta

from bot.app import Bot
from bot.messages import Direct, Home, Post, Receipt
from bot.spoken import words
from tests.plays.stage import Human, Stage, instant, wall

Circle = tuple[Human, ...]
Pair = tuple[Human, Human, Human]


def test_a_prompt_that_is_still_useful_goes_out_late(stage: Stage, circle: Circle) -> None:
    ana, *_ = circle
    stage.is_out_until("2026-12-07T18:00:00Z")
    ana.goes_to("North").sees("Set-up week:", "We meet: Mon 7 Dec, 10:00")
    ana.goes_to("").sees_not("came too late")


def test_a_stale_prompt_is_dropped_listed_and_posted_on_request(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.is_out_until("2026-12-10T09:00:00Z")
    ana.sees("I could not reach North for a while.", "Set-up week, Mon 7 Dec, 08:00")
    assert len(ana.got("I could not reach North")) == 1
    ben.sees_not("I could not reach")
    ben.goes_to("North").sees_not("We meet: ")
    ana.types("status").is_told("The prompt of Mon 7 Dec, 08:00 came too late and was left out.")
    ana.presses("Post Set-up week").is_told("Set-up week is on its way to the group.")
    ben.sees("Set-up week:", "We meet: Mon 7 Dec, 10:00")
    ana.types("status").is_not_told("left out")
    stage.until("2026-12-14T08:00:00Z")
    ben.sees("Week 1:")


def test_several_stale_prompts_are_one_message(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.is_out_until("2026-12-23T12:00:00Z")
    ana.sees("Set-up week, Mon 7 Dec, 08:00", "Week 1, Mon 14 Dec, 08:00", "Week 2, Mon 21 Dec, 08:00")
    assert len(ana.got("I could not reach North")) == 1
    ana.presses("Post Week 2").is_told("Week 2 is on its way to the group.")
    ben.goes_to("North").sees("Week 2:").sees_not("Week 1:")
    ana.types("status").is_told("Post Week 1").is_not_told("Post Week 2")


def test_the_facilitator_hears_of_it_at_a_polite_hour_and_only_they_post(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.is_out_until("2026-12-12T03:00:00Z")
    ana.sees_not("I could not reach North")
    stage.until("2026-12-14T07:30:00Z")
    assert [wall(at, "Europe/Berlin") for at in ana.got("I could not reach North")] == ["Mon 08:00"]
    ben.presses_copied(ana.token("Post Set-up week")).is_told("Only the facilitator can do that")


def test_held_up_questions_do_not_come_all_at_once(stage: Stage, circle: Circle) -> None:
    _, ben, *_ = circle
    stage.until("2026-12-07T09:30:00Z")
    stage.is_out_until("2026-12-11T11:00:00Z")
    asked = ben.got("North · one minute") + ben.got("One tap is enough") + ben.got("Last call")
    assert [wall(at, "Europe/Berlin") for at in asked] == ["Fri 12:00"]
    stage.until("2026-12-14T09:00:00Z")
    assert not ben.got("One tap is enough")
    assert not ben.got("Last call")


def test_after_a_long_outage_status_stays_readable(stage: Stage, circle: Circle) -> None:
    ana, *_ = circle
    stage.until("2026-12-07T09:30:00Z")
    stage.is_out_until("2026-12-23T12:00:00Z")
    ana.types("status")
    ana.is_told("The prompt of Mon 14 Dec, 08:00 came too late and was left out.")
    ana.is_told("Not delivered: 10 check-in requests (too late).")


def test_a_courier_that_was_away_while_all_was_planned_is_told_of_as_well(stage: Stage, circle: Circle) -> None:
    ana, *_ = circle
    stage.bot.plan(instant("2026-12-07T07:00:00Z"))
    stage.is_out_until("2026-12-09T09:00:00Z")
    ana.sees("I could not reach North for a while.", "Set-up week, Mon 7 Dec, 08:00")


def test_steps_and_preparation_that_come_too_late_are_not_sent(stage: Stage, pair: Pair) -> None:
    olga, mia, chef = pair
    stage.is_out_until("2026-12-08T15:30:00Z")
    mia.sees_not("Prepare Week 1")
    mia.goes_to("Mia & Max").sees("Week 1:")
    chef.sees_not(" min · ")
    stage.until("2026-12-11T15:00:00Z")
    mia.goes_to("").sees("Prepare Week 2")
    olga.sees_not("I could not reach")


# ── by hand, without the chat's clock ────────────────────────────────────────────────────────────────────────────────

MONDAY = instant("2026-12-07T07:00:00Z")


def claims(bot: Bot, workspace: int, now: str, worker: str = "one") -> tuple[Post, ...]:
    lane = bot.open_lane(workspace, worker, instant(now))
    return bot.claim(lane, instant(now), 50) if lane is not None else ()


def test_two_clocks_at_once_are_as_good_as_one(stage: Stage, circle: Circle) -> None:
    other = Bot(stage.store, stage.guides)
    assert stage.bot.plan(MONDAY).workspaces == other.plan(MONDAY).workspaces == (stage.workspace,)
    first = claims(stage.bot, stage.workspace, "2026-12-07T07:00:00Z", "one")
    assert [words(post.message).partition(":")[0] for post in first] == ["Set-up week"]
    assert claims(other, stage.workspace, "2026-12-07T07:00:10Z", "two") == ()
    assert stage.bot.sent(first[0], Receipt(stage.conversation("North"), "1"), MONDAY)
    assert claims(other, stage.workspace, "2026-12-07T07:01:00Z", "two") == ()


def test_a_worker_that_died_in_mid_send_is_followed_by_one_in_doubt_and_cannot_come_back(
    stage: Stage, circle: Circle
) -> None:
    stage.bot.plan(MONDAY)
    first = claims(stage.bot, stage.workspace, "2026-12-07T07:00:00Z", "one")
    assert not first[0].doubtful
    second = claims(Bot(stage.store, stage.guides), stage.workspace, "2026-12-07T07:01:00Z", "two")
    assert [post.key for post in second] == [post.key for post in first]
    assert second[0].doubtful
    later, receipt = MONDAY + timedelta(minutes=2), Receipt(stage.conversation("North"), "1")
    assert not stage.bot.sent(first[0], receipt, later)
    assert stage.bot.sent(second[0], receipt, later)


def test_one_closed_account_takes_nothing_from_the_others(stage: Stage, circle: Circle) -> None:
    ana = circle[0]
    stage.until("2026-12-08T08:59:00Z")
    tuesday = instant("2026-12-08T09:00:00Z")
    stage.bot.plan(tuesday)
    posts = claims(stage.bot, stage.workspace, "2026-12-08T09:00:00Z")
    assert len(posts) == 5
    for post in posts:
        assert isinstance(post.address, Direct)
        if post.address.person == stage.external("ben"):
            assert stage.bot.failed(post, "the account is closed", tuesday, None)
        else:
            assert stage.bot.sent(post, Receipt(f"dm-{post.address.person}", "1"), tuesday)
    ana.types("status").is_told("Not delivered: 1 check-in request (the account is closed).")


def test_a_post_that_fails_for_now_is_tried_again_and_not_before(stage: Stage, circle: Circle) -> None:
    stage.bot.plan(MONDAY)
    post = claims(stage.bot, stage.workspace, "2026-12-07T07:00:00Z")[0]
    assert isinstance(post.address, Home)
    assert stage.bot.failed(post, "busy", MONDAY, MONDAY + timedelta(minutes=5))
    assert claims(stage.bot, stage.workspace, "2026-12-07T07:04:00Z") == ()
    again = claims(stage.bot, stage.workspace, "2026-12-07T07:05:00Z")
    assert [one.key for one in again] == [post.key]
    assert not again[0].doubtful


def test_planning_says_when_there_is_something_again(stage: Stage, circle: Circle) -> None:
    assert stage.bot.plan(stage.now).next == MONDAY
    assert stage.bot.plan(stage.now).workspaces == ()
