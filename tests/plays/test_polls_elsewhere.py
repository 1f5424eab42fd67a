"""A poll in a circle whose people are partly in Slack and partly in Teams: one poll, in both homes."""

from __future__ import annotations

from tests.plays.stage import Human
from tests.plays.test_elsewhere import Company, company, north, slack, spread, teams, where

__all__ = ["company", "north", "slack", "spread", "teams", "where"]


def test_everybody_votes_where_they_are_and_sees_the_same(
    company: Company,
    spread: str,
    slack: tuple[Human, ...],
    teams: tuple[Human, ...],
) -> None:
    ana, ben, _ = (human.goes_to("North") for human in slack)
    dan, eva = teams
    ana.types('poll "Tea or coffee?" "Tea" "Coffee"')
    company.settles()
    dan.goes_to("North").sees("Tea or coffee?", "0 of 4 have answered.").presses("Coffee").is_told("Your vote: Coffee.")
    ben.presses("Coffee")
    company.settles()
    ana.sees("Coffee: Ben and Dan", "2 of 4 have answered.")
    dan.sees("Coffee: Ben and Dan")
    eva.presses_copied(dan.token("Tea")).is_told("I know no poll of yours like this.")
    dan.types("leave")
    company.settles()
    ana.sees("Coffee: Ben", "1 of 3 have answered.").presses("Close the poll now")
    ben.sees("Coffee was chosen most, 1 of 1.")


def test_when_the_two_are_parted_the_others_poll_is_unknown(
    company: Company,
    spread: str,
    slack: tuple[Human, ...],
    teams: tuple[Human, ...],
) -> None:
    slack[0].goes_to("North").types('poll "Tea or coffee?" "Tea" "Coffee"')
    company.settles()
    dan = teams[0].goes_to("North")
    token = dan.token("Tea")
    company.is_parted()
    dan.goes_to("").presses_copied(token).is_told("I know no poll of yours like this.")
