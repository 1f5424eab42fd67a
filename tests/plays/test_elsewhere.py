"""One circle whose people are partly in Slack and partly in Teams: one group, two homes, one roster, one status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.groups import members
from bot.groups import store as groups
from bot.guides.rules import Guides
from bot.inbound import HomeLost
from bot.people import store as people
from bot.storage import Store
from tests.plays.conftest import FRIDAY, START
from tests.plays.slack_stage import SlackStage
from tests.plays.stage import Human, Stage, say_yes
from tests.plays.teams_stage import TeamsStage


class Company:
    """Slack and Teams in one installation, on one clock."""

    def __init__(self, store: Store, guides: Guides) -> None:
        self.store = store
        self.slack = SlackStage(store, guides, FRIDAY)
        self.teams = TeamsStage(store, guides, FRIDAY)

    def is_linked(self) -> None:
        with self.store.begin() as connection:
            people.link(connection, *people.all_workspaces(connection))

    def is_parted(self) -> None:
        with self.store.begin() as connection:
            here, there = people.all_workspaces(connection)
            members.part(connection, there.id, [here.id])
            people.unlink(connection, there)

    def until(self, at: str) -> None:
        for stage in (self.slack, self.teams):
            stage.until(at)

    def settles(self) -> None:
        """What somebody did on one platform is heard on the other."""
        later = max(self.slack.now, self.teams.now) + timedelta(seconds=1)
        self.until(later.isoformat())

    def close(self) -> None:
        self.slack.close()
        self.teams.close()


@pytest.fixture(params=["teams"])
def where(request: pytest.FixtureRequest) -> str:
    """Both platforms at once, so each play runs once, on SQLite."""
    return str(request.param)


@pytest.fixture
def company(store: Store, guides: Guides) -> Iterator[Company]:
    made = Company(store, guides)
    yield made
    made.close()


@pytest.fixture
def slack(company: Company) -> tuple[Human, ...]:
    return company.slack.people("Ana", "Ben", "Chloe")


@pytest.fixture
def teams(company: Company) -> tuple[Human, ...]:
    return company.teams.people("Dan", "Eva")


def found(stage: Stage, founder: Human, *others: Human) -> str:
    """A circle that meets on Mondays at ten; its number."""
    named = " ".join(f"@{human.id}" for human in (founder, *others))
    founder.types(f'create "North" {named} --guide peer-circle --on mon 10:00 --start {START}')
    say_yes(others)
    with stage.store.begin() as connection:
        (group,) = groups.running(connection, stage.workspace)
    return str(group.id)


@pytest.fixture
def north(company: Company, slack: tuple[Human, ...]) -> str:
    """Ana's circle in Slack; its number. The two workspaces are linked."""
    company.is_linked()
    return found(company.slack, *slack)


@pytest.fixture
def spread(company: Company, north: str, slack: tuple[Human, ...], teams: tuple[Human, ...]) -> str:
    """The same circle after Dan has joined from Teams."""
    let_in(company, north, slack[0], teams[0], "Dan (Teams)")
    return north


def let_in(company: Company, number: str, leader: Human, guest: Human, name: str) -> None:
    guest.goes_to("").types(f"join {number}")
    company.settles()
    leader.goes_to("").presses(f"Let {name} in")
    company.settles()


# ── joining ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_while_nothing_is_linked_a_circle_elsewhere_does_not_exist(
    company: Company, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    number = found(company.slack, *slack)
    dan, _ = teams

    dan.types(f"join {number}")
    there = dan.screen().splitlines()[-1]
    dan.types("join 999999")

    assert dan.screen().splitlines()[-1] == there
    company.settles()
    slack[0].goes_to("").sees_not("Dan")
    slack[0].types("roster").is_not_told("join")


def test_who_asks_is_let_in_by_the_facilitator_and_welcomed_on_their_own_platform(
    company: Company, north: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    ana, ben, _ = slack
    dan, eva = teams
    ana.goes_to("").types("roster").is_told("Somebody in Teams would like to join?").is_told(f"join {north}")
    ben.goes_to("").types("roster").is_not_told("would like to join")

    dan.types(f"join {north}").sees("I have passed it on").sees_not("North")
    dan.types(f"join {north}")
    company.settles()

    assert len(ana.goes_to("").got("Dan (Teams) would like to join North")) == 1
    dan.types("roster").sees_not("Ana")
    ana.presses("Let Dan (Teams) in").sees("Dan (Teams) is in North now")
    company.settles()
    dan.sees("You're in North")
    ben.goes_to("North").sees("Dan has joined North")
    assert company.teams.members("North") == ["dan"]
    dan.goes_to("North").sees("Dan has joined North")
    eva.types(f"skip --group {north}").is_not_told("North")


def test_who_is_not_let_in_hears_so_and_cannot_slip_in(
    company: Company, north: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    ana, *_ = slack
    dan, _ = teams
    dan.types(f"join {north}")
    dan.presses_copied(f"accept:{north}").is_told("not for you")
    company.settles()

    ana.goes_to("").presses("Not now").sees("Dan (Teams) is not in North")
    company.settles()

    dan.sees("takes in nobody else for now")
    dan.presses_copied(f"accept:{north}").is_told("not for you")
    dan.types(f"join {north}").is_told("takes in nobody else for now")
    assert not company.teams.has_conversation("North")
    ana.presses("Let Dan (Teams) in after all")
    company.settles()
    dan.sees("You're in North")


def test_nobody_lets_themselves_in(company: Company, north: str, teams: tuple[Human, ...]) -> None:
    dan, _ = teams
    dan.types(f"join {north}")

    with company.store.begin() as connection:
        me = people.find(connection, company.teams.workspace, company.teams.external("dan"))
    assert me is not None
    dan.presses_copied(f"letin:{north}:{me.id}").is_told("I know no group of yours")
    dan.types("home").sees_not("North")


def test_it_works_the_other_way_round(company: Company, slack: tuple[Human, ...], teams: tuple[Human, ...]) -> None:
    company.is_linked()
    fay = company.teams.person("Fay")
    number = found(company.teams, *teams, fay)

    let_in(company, number, teams[0], slack[0], "Ana (Slack)")

    slack[0].sees("You're in North")
    teams[1].goes_to("North").sees("Ana has joined North")
    assert company.slack.members("North") == ["ana"]


# ── the weeks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_prompt_comes_in_both_homes_at_the_same_time_and_once(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    company.until("2026-12-07T08:00:00Z")

    at = datetime.fromisoformat("2026-12-07T07:00:00Z")
    for human in (slack[1], teams[0]):
        assert human.goes_to("North").got("Set-up week") == [at], human.screen()


def test_check_ins_of_both_are_one_status_and_what_is_shared_is_read_in_both_homes(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    ana, ben, _ = slack
    dan, _ = teams
    company.until("2026-12-08T12:00:00Z")

    dan.goes_to("").types("checkin").fills(met="met", rating="5", step="Wrote to two people", share="yes")
    ben.goes_to("").types("checkin").fills(met="met", rating="4", step="Drew a map", share="yes")
    company.settles()

    ana.goes_to("").types("status").is_told("Dan (Teams)").is_told("Ben")
    for human in (ana, dan):
        human.goes_to("North").sees("Wrote to two people", "Drew a map", "Dan", "Ben")
    dan.sees_not("<@")
    dan.goes_to("").types("roster").is_told("Ana (Slack)").is_told("Dan").is_told("4 people are in")


def test_who_is_silent_on_the_other_platform_is_nudged_there(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    ana, *_ = slack
    dan, _ = teams
    company.until("2026-12-08T12:00:00Z")
    asked = len(dan.goes_to("").messages())

    ana.goes_to("").types("nudge").is_told("Dan")
    company.settles()

    assert len(dan.messages()) == asked + 1


def test_the_facilitator_hands_over_to_the_other_platform_and_both_hear_what_is_decided(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    ana, ben, _ = slack
    dan, _ = teams
    with company.store.begin() as connection:
        me = people.find(connection, company.teams.workspace, company.teams.external("dan"))
    assert me is not None

    ana.goes_to("").types("facilitator").has_open("Facilitator").fills(person=f"#{me.id}")
    company.settles()
    dan.goes_to("").sees("You look after North now")
    ben.goes_to("North").sees("Dan is now the facilitator of North")

    dan.types("move tue 9:00")
    company.settles()
    ben.sees("Tuesday")
    dan.goes_to("North").sees("Tuesday")
    dan.goes_to("").types("skip")
    dan.types("pause until 2027-01-11")
    dan.types("resume")
    company.settles()
    for human in (ben, dan):
        human.goes_to("North").sees("does not meet on Tue 8 Dec")
        assert human.screen().count("does not meet on Tue 8 Dec") == 1


def test_who_leaves_on_one_platform_is_gone_on_both(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    _, ben, _ = slack
    dan, _ = teams

    dan.goes_to("").types("leave").is_told("You have left North")
    company.settles()

    ben.goes_to("North").sees("Dan has left North")
    before = len(dan.goes_to("North").messages())
    company.until("2026-12-09T12:00:00Z")
    assert len(dan.messages()) == before
    dan.goes_to("").presses("Come back")
    company.settles()
    assert len(ben.got("Dan has joined North")) == 2


def test_a_closed_account_on_the_other_platform_leaves_too(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    company.teams.loses(teams[0])
    company.settles()

    slack[1].goes_to("North").sees("Dan has left North")


def test_one_home_is_lost_and_made_anew_and_the_other_stays(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    ana, ben, _ = slack
    dan, _ = teams
    with company.store.begin() as connection:
        (group,) = groups.running(connection, company.slack.workspace)
    home = group.home_in(company.teams.workspace)
    assert home is not None

    company.slack.bot.handle(HomeLost(company.teams.workspace, home, "deleted"), company.slack.now)
    company.settles()
    ana.goes_to("").sees("The conversation of North is gone").presses("Make a new one")
    company.settles()

    dan.goes_to("North").sees("North goes on here")
    ben.goes_to("North").sees_not("goes on here")
    with company.store.begin() as connection:
        (after,) = groups.running(connection, company.slack.workspace)
    assert after.conversation == group.conversation


# ── apart again ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_once_they_are_apart_again_nothing_crosses_any_more(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    ana, ben, _ = slack
    dan, _ = teams
    company.until("2026-12-08T12:00:00Z")
    dan.goes_to("").types("checkin").fills(met="met", rating="5", step="Wrote to two people", share="yes")
    company.settles()

    company.is_parted()
    before = len(dan.goes_to("North").messages()), len(dan.goes_to("").messages())
    company.until("2026-12-16T12:00:00Z")

    assert (len(dan.goes_to("North").messages()), len(dan.goes_to("").messages())) == before
    ben.goes_to("North").got("Monday")
    ana.goes_to("").types("status").is_not_told("Dan")
    dan.types("roster").is_told("not in a circle or pair yet")
    dan.presses_copied(f"checkin:{spread}:0").is_told("I know no group of yours")


# ── checkpoints ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_is_elsewhere_is_asked_there_answers_there_and_is_in_no_figure_of_one_circle(
    company: Company, spread: str, slack: tuple[Human, ...], teams: tuple[Human, ...]
) -> None:
    ana, ben, _ = slack
    dan, eva = teams
    company.until("2027-01-20T12:00:00Z")
    for human, value in ((ana, "2"), (ben, "3"), (dan, "5")):
        human.goes_to("").sees("Half-way").presses("Answer").fills(**{"q_worth-it": value}).is_told("Thank you")
        company.settles()
    eva.goes_to("").sees_not("Half-way")
    dan.types("results").is_told("My answers in North").is_told("5 of 5")
    ben.types("results").is_told("3 of 5").is_not_told("5 of 5")
    company.until("2027-01-29T12:00:00Z")
    assert not dan.got("your view is still missing"), "they have answered"
    ana.types("results midpoint").is_told("Participants: nothing is shown here.")
    dan.types("leave")
    dan.types("results").is_told("My answers in North").is_told("5 of 5")
