"""Circles that speak German, with "du" and with "Sie", and people of two languages in one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.people import store as people
from tests.plays.stage import Human, Stage


@dataclass
class German:
    """Ana, Ben and Chloe have chosen German; Dan speaks English."""

    ana: Human
    ben: Human
    chloe: Human
    dan: Human


@pytest.fixture
def four(stage: Stage) -> German:
    ana, ben, chloe, dan = stage.people("Ana", "Ben", "Chloe", "Dan")
    for human in (ana, ben, chloe):
        human.types("language de").is_told("So halte ich es jetzt mit dir:").is_told("Deutsch")
    return German(ana, ben, chloe, dan)


def founds(ana: Human, *more: str) -> None:
    ana.types(
        " ".join(('create "Nord" @ana @ben @chloe @dan --guide peer-circle --on mon 10:00 --start 2026-12-07', *more))
    )


def test_a_circle_is_german_from_the_invitation_to_the_check_in(stage: Stage, four: German) -> None:
    ana, ben, chloe = four.ana, four.ben, four.chloe
    founds(ana)
    ana.sees("Ich habe Ben, Chloe, Dan gefragt.", "jeden Montag um 10:00 Uhr (Europe/Berlin)")
    ana.sees("Montag, 7. Dezember 2026")
    ben.sees("Ana lädt dich in den Kreis Nord ein.").presses("Ja, ich bin dabei")
    ben.sees("Noch eine Zusage, und es beginnt.")
    chloe.presses("Ja, ich bin dabei").sees("Es geht gleich los.")

    ben.goes_to("Nord").sees("Ana moderiert den Kreis.", "Was hier gesagt wird, bleibt hier.")
    stage.until("2026-12-07T07:00:00Z")
    ben.sees("Auftakt:", "Wir treffen uns: Mo., 7. Dez., 10:00 Uhr (Europe/Berlin), 60 Min.")
    ben.presses("Ablauf").is_told("Übung")

    stage.until("2026-12-08T09:00:00Z")
    ben.goes_to("").sees("Auftakt: Wie war es?").presses("Wir haben uns wie geplant getroffen")
    ben.sees("Danke, deine Rückmeldung zu Auftakt", "Bis Mo., 14. Dez., 10:00 Uhr.")
    chloe.goes_to("").presses("Rückmelden")
    chloe.fills(met="met", rating="4", step="Ana gefragt", share=True).sees("Mit deiner Gruppe geteilt.")
    ana.goes_to("Nord").sees("Ana gefragt")


def test_everybody_is_written_to_in_their_own_language(stage: Stage, four: German) -> None:
    founds(four.ana)
    four.dan.sees("Ana invites you to the circle Nord.").presses("Yes, I'm in").sees("One more yes and it begins.")
    four.ben.sees("Ana lädt dich in den Kreis Nord ein.").presses("Ja, ich bin dabei")
    stage.until("2026-12-08T09:00:00Z")

    four.dan.sees("How was Set-up week?")
    four.ben.sees("Auftakt: Wie war es?")
    four.dan.goes_to("Nord").sees("Ana moderiert den Kreis.").presses("Ablauf").is_told("Exercise")
    four.dan.types("status").is_told("Only the facilitator can do that")


def test_the_group_speaks_what_was_chosen_for_it(stage: Stage, four: German) -> None:
    founds(four.dan, "--language de")
    four.dan.sees("I have asked Ana, Ben, Chloe")
    four.ana.presses("Ja, ich bin dabei")
    four.ben.presses("Ja, ich bin dabei")
    four.dan.goes_to("Nord").sees("Dan moderiert den Kreis.")


def test_whoever_leads_chooses_another_language_later(stage: Stage, four: German) -> None:
    founds(four.ana)
    four.ben.presses("Ja, ich bin dabei")
    four.dan.presses("Yes, I'm in")
    four.ben.goes_to("Nord").types("speak en").is_told("Das kann nur die Moderation")
    four.ana.goes_to("").types("speak en").is_told("In Nord spreche ich ab jetzt: English.")
    four.ben.sees("In Nord I speak this from now on: English.")
    stage.until("2026-12-07T07:00:00Z")
    four.ben.sees("Set-up week:")
    four.ana.goes_to("").types("speak klingon").is_told("Ich spreche: English (en), Deutsch (de) und Deutsch (Sie)")


def test_a_group_is_addressed_as_sie(stage: Stage, four: German) -> None:
    founds(four.ana, "--formal")
    four.ben.sees("Ana lädt Sie in den Kreis Nord ein.").presses("Ja, ich bin dabei").sees("Sie sind in Nord.")
    four.dan.sees("Ana invites you").presses("Yes, I'm in")
    stage.until("2026-12-08T09:00:00Z")

    four.ben.presses("Wir haben uns wie geplant getroffen").sees("Danke, Ihre Rückmeldung zu Auftakt")
    four.ben.types("goal Öfter fragen").is_told("Ihr Ziel in Nord ist notiert.")
    four.ben.types("settings").is_told("Deine Einstellungen")
    four.dan.sees("How was Set-up week?")


def test_a_form_offers_the_languages_and_begins_with_the_founders(stage: Stage, four: German) -> None:
    four.ana.types("create").has_open("Einen Kreis beginnen", spoken="de")
    four.dan.types("create").has_open("Start a circle", spoken="en")
    four.dan.types("create --language de --formal").has_open("Start a circle", spoken="de@formal")


def test_somebody_is_addressed_as_sie_everywhere(stage: Stage, four: German) -> None:
    four.ben.types("language de@formal").is_told("So halte ich es jetzt mit Ihnen:").is_told("Deutsch (Sie)")
    founds(four.ana)
    four.ben.sees("Ana lädt Sie in den Kreis Nord ein.")
    four.chloe.sees("Ana lädt dich in den Kreis Nord ein.")
    four.ben.types("language Deutsch").is_told("So halte ich es jetzt mit dir:")
    with stage.store.begin() as connection:
        ben = people.find(connection, stage.workspace, stage.external("ben"))
        assert ben is not None
        assert ben.language == "de"
