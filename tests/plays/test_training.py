"""Somebody learns to support circles, alone and at their own pace; a pair gets ready before it first meets."""

from __future__ import annotations

import pytest

from bot.guides.rules import Guide, Guides
from bot.storage import Store
from bot.training.rules import questions
from bot.training.store import answers, certificates, sessions
from tests.plays.conftest import Begin
from tests.plays.stage import Human, Stage, wall


@pytest.fixture
def guide(guides: Guides) -> Guide:
    return guides.get("circle-mentor")


def right(guide: Guide, number: int, *, but: int = 0) -> dict[str, str]:
    """The answers of a session's quiz, as its form sends them; of one of them a wrong one."""
    found = {}
    for n, question in enumerate(questions(guide, number), 1):
        named = {text: name for name, text in question.choices}
        found[f"q{n}"] = named[question.wrong[0] if n == but else question.right]
    return found


def takes(ana: Human, guide: Guide, number: int) -> None:
    """A whole session: read, task, quiz."""
    ana.types("train circle-mentor").presses("Go on" if number > 1 else "Begin")
    ana.is_told(f"Session {number}: ")
    ana.presses("I have done it").is_told("You have done this.")
    ana.presses("Answer").has_open(f"Quiz, session {number}").fills(**right(guide, number))
    ana.is_told(f"Quiz, session {number}: 3 of 3 right")


def test_a_training_begins_with_what_it_is_and_how_far_one_is(stage: Stage, guide: Guide) -> None:
    (ana,) = stage.people("Ana")
    ana.types("train").is_told("Learn at your own pace").is_told("Only you see how far you are")
    ana.presses("Begin “Circle mentor”").is_told("Sessions done")
    ana.is_told("Until your certificate: 6 sessions to read, 6 tasks to do and 18 questions to answer right.")
    ana.presses("Begin").is_told(f"Session 1: {guide.session(1).title}").is_told("Your task")
    ana.presses("Overview").is_told(f"{guide.session(1).title}: read and quiz 0 of 3")


def test_a_wrong_answer_is_explained_and_only_that_one_is_asked_again(stage: Stage, guide: Guide) -> None:
    (ana,) = stage.people("Ana")
    second = questions(guide, 1)[1]
    ana.types("train circle-mentor").presses("Begin").presses("Answer").fills(**right(guide, 1, but=2))
    ana.is_told("Quiz, session 1: 2 of 3 right").is_told(f"Not quite: {second.wrong[0]}").is_told(second.why)
    ana.presses("Try that one again").has_open("Quiz, session 1")
    assert [one["id"] for one in ana.form["fields"]] == ["q2"]
    ana.fills(q2=right(guide, 1)["q2"]).is_told("Quiz, session 1: 1 of 1 right").presses("Back to the session")
    ana.is_told("All 3 questions are answered right.")


def test_a_quiz_without_an_answer_stays_open(stage: Stage, guide: Guide) -> None:
    (ana,) = stage.people("Ana")
    ana.types("train circle-mentor").presses("Begin").presses("Answer").fills(**right(guide, 1) | {"q3": ""})
    ana.is_shown("q3", "Choose one of the answers.")


def test_what_is_right_once_stays_right_and_a_second_sending_changes_nothing(
    stage: Stage, guide: Guide, store: Store
) -> None:
    (ana,) = stage.people("Ana")
    ana.types("train circle-mentor").presses("Begin").presses("Answer")
    open_ = dict(ana.form)
    ana.fills(**right(guide, 1))
    ana.form = open_
    ana.fills(**right(guide, 1, but=1)).is_told("All 3 questions are answered right.")
    with store.begin() as connection:
        assert [row.correct for row in connection.execute(answers.select())] == [True] * 3


def test_a_task_is_ticked_once_and_the_tick_can_be_taken_back(stage: Stage, store: Store) -> None:
    (ana,) = stage.people("Ana")
    ana.types("train circle-mentor").presses("Begin").presses("I have done it").is_told("You have done this.")
    ana.presses_copied("did:circle-mentor:1:yes").is_told("You have done this.")
    ana.types("train circle-mentor").presses("Session 1").presses("Not yet").is_told("I have done it")
    with store.begin() as connection:
        assert [row.done_at for row in connection.execute(sessions.select())] == [None]


def test_what_somebody_writes_for_themselves_is_sealed_and_shown_to_nobody_else(stage: Stage, store: Store) -> None:
    ana, ben = stage.people("Ana", "Ben")
    secret = "I talk when I should wait."
    ana.types("train circle-mentor").presses("Begin").presses("Write it down, for me alone").fills(text=secret)
    ana.is_told(secret)
    ana.types("train circle-mentor").presses("Session 1").presses("Change what I wrote").has_open(
        "To think about", text=secret
    )
    ben.types("train circle-mentor").presses("Begin").is_not_told(secret)
    with store.begin() as connection:
        kept = [row.reflection for row in connection.execute(sessions.select()) if row.reflection]
    assert len(kept) == 1
    assert secret not in kept[0]
    ana.types("train circle-mentor").presses("Session 1").presses("Change what I wrote").fills(text="")
    ana.is_told("Write it down, for me alone")


def test_the_last_step_brings_the_certificate_once_and_privately(stage: Stage, guide: Guide, store: Store) -> None:
    ana, ben = stage.people("Ana", "Ben")
    for number in range(1, 7):
        takes(ana, guide, number)
    ana.is_told("That was the last step. Your certificate is on its way to you.")
    stage.passes(minutes=1)
    assert len(ana.got("Certificate: Circle mentor")) == 1
    ana.sees("Ana has completed this training on Friday 4 December 2026.", guide.session(6).title, "Number")
    ben.sees_not("Certificate")
    ana.types("train circle-mentor").presses("Session 6").presses("Not yet").presses("I have done it")
    stage.passes(minutes=1)
    with store.begin() as connection:
        made = connection.execute(certificates.select()).one()
    assert len(ana.got("Certificate: Circle mentor")) == 1
    printed = "-".join((str(made.id), *(made.mark[at : at + 4] for at in range(0, 16, 4))))
    found = stage.bot.certificate(printed)
    assert found is not None
    assert (found.name, found.guide, found.issued.isoformat()) == ("Ana", "circle-mentor", "2026-12-04")
    ana.sees(found.number)


def test_nobody_has_the_certificate_of_somebody_else(stage: Stage) -> None:
    (ben,) = stage.people("Ben")
    ben.presses_copied("certificate:circle-mentor").is_told("You have not completed this training yet.")
    ben.presses_copied("lesson:circle-mentor:9").is_told("This training has the sessions 1 to 6.")
    ben.presses_copied("lesson:peer-circle:1").is_told("There is no training “peer-circle”.")
    ben.types("train something").is_told("There is no training “something”. There is: circle-mentor")


def test_who_takes_it_in_a_group_gets_to_the_quiz_from_the_agenda(stage: Stage) -> None:
    ana, *others = stage.people("Ana", "Ben", "Chloe", "Dan")
    ana.types('create "Mentors" @ana @ben @chloe @dan --guide circle-mentor --on mon 10:00 --start 2026-12-07')
    for human in others:
        human.presses("Yes, I'm in")
    others[0].types("agenda").presses("Quiz and task").is_told("Circle mentor").presses("Begin").is_told("Session 1")


def test_a_group_goes_through_a_training_and_each_gets_their_own_certificate(
    stage: Stage, guide: Guide, store: Store
) -> None:
    people = stage.people("Ana", "Ben", "Chloe")
    ana, *others = people
    ana.types('create "Mentors" @ana @ben @chloe --guide circle-mentor --on mon 10:00 --start 2026-12-07')
    for human in others:
        human.presses("Yes, I'm in")
    weeks = ("2026-12-08", "2026-12-15", "2026-12-22", "2027-01-12", "2027-01-19", "2027-01-26")
    for number, day in enumerate(weeks, 1):
        stage.until(f"{day}T10:00:00Z")
        for human in people:
            takes(human, guide, number)
    stage.until("2027-02-20T10:00:00Z")
    for human in people:
        assert len(human.got("Certificate: Circle mentor")) == 1
    ana.goes_to("Mentors").sees(*(session.title for session in guide.sessions), "the last week")
    with store.begin() as connection:
        made = {row.name: row for row in connection.execute(certificates.select())}
    assert sorted(made) == ["Ana", "Ben", "Chloe"]
    assert len({row.mark for row in made.values()}) == 3
    assert all(row.learned == [session.title for session in guide.sessions] for row in made.values())


# ── preparations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_mentor_and_mentee_are_each_offered_their_own_preparation_once(
    stage: Stage, pair: tuple[Human, Human, Human]
) -> None:
    olga, mia, chef = pair
    stage.passes(minutes=5)
    mia.sees("You are going to mentor in Mia & Max. This gets you ready before you first meet.")
    chef.sees("Before you first meet in Mia & Max, this gets you ready.")
    olga.sees_not("this gets you ready", "This gets you ready")
    mia.presses("Begin").is_told("Preparation for mentors").presses("Begin").is_told("Session 1: ")
    mia.presses("I have done it").presses("Session 2 →").presses("I have done it")
    mia.is_told("That was the last step. You are prepared.")
    stage.until("2026-12-20T12:00:00Z")
    assert len(mia.got("This gets you ready")) == len(chef.got("this gets you ready")) == 1


def test_the_offer_waits_for_a_polite_hour_and_is_not_made_after_the_first_meeting(begin: Begin) -> None:
    stage = begin("2026-12-04T19:00:00Z")
    olga, mia, chef = stage.people("Olga", "Mia", "Max")
    olga.types("pair @mia @max --guide reverse-mentoring --on tue 16:00 --start 2026-12-08")
    for human in (mia, chef):
        human.presses("Yes, I'm in")
    stage.until("2026-12-09T12:00:00Z")
    assert [wall(at, "Europe/Berlin") for at in mia.got("This gets you ready")] == ["Mon 08:00"]
    stage.until("2026-12-12T19:00:00Z")
    olga, eva, boss = stage.people("Olga", "Eva", "Boss")
    olga.types("pair @eva @boss --guide reverse-mentoring --on mon 07:00 --start 2026-12-14")
    for human in (eva, boss):
        human.presses("Yes, I'm in")
    stage.until("2026-12-16T12:00:00Z")
    assert eva.got("This gets you ready") == []
