"""A circle and a pair live through a week in Slack, over the wire: every request signed, every answer checked."""

from __future__ import annotations

import pytest

from bot.guides.rules import Guides
from bot.storage import Store
from tests.slack.stage import Person, Stage, buttons, play

CREATE = '/circle create "North" @ana @ben @cleo @dan --guide peer-circle --on mon 10:00 --start 2026-12-07'


async def north(stage: Stage, where: str = "C1") -> tuple[Person, ...]:
    """North: Ana, Ben and Cleo, who have said yes; Dan has not answered."""
    ana, ben, cleo, dan = stage.people("U1", "U2", "U3", "U4")
    await ana.types(CREATE, where)
    for person in (ben, cleo):
        await person.presses("Yes, I'm in")
    return ana, ben, cleo, dan


@pytest.mark.parametrize("way", ["http", "socket"])
def test_a_circle_lives_in_the_channel_in_which_it_was_created(store: Store, guides: Guides, way: str) -> None:
    async def scene(stage: Stage) -> None:
        ana, ben, cleo, dan = await north(stage)
        ana.sees("I have asked ben, cleo, dan", channel="C1")
        ben.sees_not("I have asked", channel="C1")
        dan.sees("ana invites you to the circle North.")
        cleo.sees("It is on its way.")
        # An answer in private stands in the place of the question.
        assert len(cleo.messages()) == 1
        dan.sees("North", "ana looks after the circle.", channel="C1")
        await stage.until("2026-12-07T08:00:00+00:00")
        ben.sees("Set-up week:", "We meet: Mon 7 Dec, 10:00", channel="C1")
        await ben.presses("Agenda", "C1")
        ben.sees("10:00 · ", channel="C1")
        cleo.sees_not("10:00 · ", channel="C1")

        await stage.until("2026-12-08T09:30:00+00:00")
        ben.sees("North · one minute")
        await ben.presses("Check in")
        asked = len(ben.messages())
        await ben.submits(met="met", rating="4", step="Asked for feedback", share=["yes"])
        ben.sees("Thank you, your check-in for Set-up week is in.")
        ben.sees_not("North · one minute")
        assert len(ben.messages()) == asked
        ana.sees("Asked for feedback", channel="C1")
        cleo.sees_not("Thank you")
        await ana.types("/circle status", "C1")
        ana.sees("1 of 3", channel="C1")

    play(store, guides, scene, way=way)


def test_a_circle_that_was_created_in_private_gets_a_channel_of_its_own(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana, *_ = await north(stage, where=stage.person("U1").direct)
        made = [channel for channel in stage.fake.channels.values() if channel.name.startswith("north")]
        assert len(made) == 1
        assert made[0].kind == "private"
        assert {"U1", "U2", "U3"} < set(made[0].members)
        assert "U4" not in made[0].members
        ana.sees("ana looks after the circle.", channel=made[0].id)

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize("channel", ["C2", "C4"])
def test_a_circle_that_was_created_where_the_bot_is_not_gets_a_channel_of_its_own(
    sqlite_store: Store, guides: Guides, channel: str
) -> None:
    async def scene(stage: Stage) -> None:
        ana, ben, *_ = await north(stage, where=channel)
        ana.sees("I have asked ben, cleo, dan", channel=channel)
        assert [one.text for one in stage.fake.messages(channel)] == []
        made = [one for one in stage.fake.channels.values() if one.name.startswith("north")]
        assert len(made) == 1
        ben.sees("ana looks after the circle.", channel=made[0].id)

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize("channel", ["C1", "C3"])
def test_everybody_who_says_yes_is_invited_into_the_home(sqlite_store: Store, guides: Guides, channel: str) -> None:
    async def scene(stage: Stage) -> None:
        for person in ("U2", "U3"):
            stage.fake.channels[channel].members.pop(person, None)
        await north(stage, where=channel)
        assert {"U1", "U2", "U3"} <= set(stage.fake.channels[channel].members)

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize("channel", ["", "C1"])
def test_a_pair_meets_in_a_group_message(store: Store, guides: Guides, channel: str) -> None:
    async def scene(stage: Stage) -> None:
        eva, finn, gita = stage.people("U5", "U6", "U7")
        await eva.types("/circle pair @finn @gita --guide reverse-mentoring --on tue 16:00 --start 2026-12-08", channel)
        eva.sees("I have asked finn, gita.", channel=channel)
        finn.sees_not("I have asked", channel="C1")
        finn.sees("eva would like you to be the mentor in a reverse-mentoring pair.")
        await finn.presses("Yes, I'm in")
        await gita.presses("Yes, I'm in")
        home = [one for one in stage.fake.channels.values() if one.kind == "mpim"]
        assert [set(one.members) for one in home] == [{"U6", "U7", "U1BOT"}]
        await stage.until("2026-12-09T15:30:00+00:00")
        finn.sees("Week 1:", channel=home[0].id)
        finn.sees("Prepare Week 1:")
        gita.sees_not("Prepare Week 1:")
        await gita.presses("I had to cancel")
        gita.sees("Thank you, your check-in for Week 1 is in.")

    play(store, guides, scene)


def test_the_home_shows_my_groups_and_what_waits_for_me(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana, ben, _, dan = await north(stage)
        for person in (ana, ben, dan):
            await stage.fake.opens_home(person.id)
        await stage.settles()
        ana.sees_at_home("North", "Look after it")
        dan.sees_at_home("North", "waits for your answer.")
        await dan.presses_at_home("Yes, I'm in")
        dan.sees_at_home("Set my goal")
        assert "waits for your answer" not in str(stage.fake.home("U4"))
        ana.sees("dan has joined North. Welcome!", channel="C1")
        await dan.presses_at_home("Set my goal")
        await dan.submits(text="Speak up earlier", shared=["yes"])
        assert "Your goal in" in str(dan.modal)
        await ben.types("/circle roster", "C1")
        assert "Speak up earlier" in str(ben.messages("C1")[-1].blocks)
        await stage.until("2026-12-08T09:30:00+00:00")
        await stage.fake.opens_home("U2")
        await stage.settles()
        ben.sees_at_home("Check in")

    play(sqlite_store, guides, scene)


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk uses it
def test_a_second_workspace_is_apart(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        fake.add_team("T2", "Bolt", {"U9": ("zoe", "Zoe"), "U10": ("yan", "Yan")}, install=False)
        fake.world.add_channel("T2", "circle", "public", ("U9", "U10", fake.teams["T2"].bot), "C9")
        back = f"{stage.url}/slack/oauth_redirect"
        for team in ("T1", "T2"):
            assert (await fake.installs(f"{stage.url}/slack/install", team, redirect_uri=back)).ok
        ana, *_ = await north(stage)
        nine = stage.person("U9")
        # Buttons, forms and people of the first workspace, copied: they are what does not exist.
        opening = next(message for message in ana.messages("C1") if "looks after" in message.text)
        await nine.types("/circle help", "C9")
        copied = nine.messages("C9")[-1]
        mine = [element for block in opening.blocks for element in block.get("elements", [])]
        token = next(one["action_id"] for one in mine if one.get("type") == "button")
        copied.blocks = [*opening.blocks]
        await fake.presses("U9", "C9", copied.ts, token)
        await stage.settles()
        there = nine.messages("C9")[-1].text
        invented = token.partition(":")[0] + ":4711"
        button = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": invented}
        copied.blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
        await fake.presses("U9", "C9", copied.ts, invented)
        await stage.settles()
        assert nine.messages("C9")[-1].text == there
        assert "North" not in nine.screen("C9")
        await nine.types('/circle create "South" <@U1> <@U2> <@U3> --on mon 10:00 --start 2026-12-07', "C9")
        nine.sees_not("I have asked", channel="C9")
        ana.sees_not("South")
        await nine.types("/circle roster", "C9")
        nine.sees("You are not in a circle or pair yet.", channel="C9")

    play(sqlite_store, guides, scene, way="oauth")


# ── people and places go ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_closed_account_leaves_the_roster_politely(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana, ben, cleo, dan = await north(stage)
        await dan.presses("Yes, I'm in")
        stage.fake.faults.event_times = 3
        await stage.fake.deactivates("U3")
        await stage.settles()
        assert ana.screen("C1").count("cleo has left North") == 1
        await ana.types("/circle roster", "C1")
        assert "cleo" not in str(ana.messages("C1")[-1].blocks)
        await stage.until("2026-12-08T09:30:00+00:00")
        ben.sees("North · one minute")
        assert not [m for m in stage.fake.messages(cleo.direct) if "one minute" in m.text]

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("removes_bot", "I was taken out of the conversation of North"),
        ("archives", "The conversation of North was archived"),
        ("deletes", "The conversation of North is gone"),
    ],
)
def test_a_lost_home_is_told_to_the_facilitator_who_mends_it_with_one_press(
    sqlite_store: Store, guides: Guides, what: str, said: str
) -> None:
    async def scene(stage: Stage) -> None:
        ana, ben, *_ = await north(stage)
        stage.fake.faults.event_times = 3
        await getattr(stage.fake, what)("U1", "C1")
        await stage.settles()
        assert ana.screen().count(said) == 1
        ben.sees_not(said)
        await stage.until("2026-12-07T08:00:00+00:00")
        await ana.presses("Make a new one")
        ana.sees("A new conversation for North is on its way.")
        made = [one for one in stage.fake.channels.values() if one.name.startswith("north")]
        assert len(made) == 1
        ben.sees("North goes on here.", channel=made[0].id)
        await stage.until("2026-12-07T08:10:00+00:00")
        # What could not be said in the old home is said in the new one.
        ben.sees("Set-up week:", channel=made[0].id)
        await stage.until("2026-12-14T08:10:00+00:00")
        assert ben.screen(made[0].id).count("Week 1:") == 1

    play(sqlite_store, guides, scene)


def test_that_another_person_leaves_a_channel_is_their_own_affair(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana, *_ = await north(stage)
        before = ana.screen()
        await stage.fake.leaves("U8", "C1")
        await stage.fake.archives("U1", "C2")
        await stage.settles()
        assert ana.screen() == before

    play(sqlite_store, guides, scene)


def test_the_words_for_a_home_have_buttons_that_slack_can_press(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana, *_ = await north(stage)
        await stage.fake.opens_home("U1")
        await stage.settles()
        home = stage.fake.home("U1")
        assert home is not None
        tokens = [token for _, token in buttons(home["blocks"])]
        assert len(tokens) == len(set(tokens))
        for label, _ in buttons(home["blocks"]):
            assert (await ana.presses_at_home(label)).ok
            if label == "Leave":
                break

    play(sqlite_store, guides, scene)
