"""What happens in Teams without anybody speaking to the bot: it is added, removed, moved about; people come and go."""

from __future__ import annotations

from adapters.settings import load
from adapters.wiring import Parts, web
from bot.app import Bot
from bot.guides.rules import Guides
from bot.people import store as people
from bot.storage import Store
from tests.fakes.teams import acts
from tests.fakes.teams.fake import CHAT, GENERAL
from tests.fakes.teams.world import User
from tests.teams.test_wire import CREATE, PROMPTED, founded, thread_of
from tests.teams.wire import Stage, play

ADD = "look for Circlet and choose Add"


def known(stage: Stage, key: str) -> people.Person | None:
    workspace = stage.bot.workspace("teams", stage.fake.world.tenant, "")
    with stage.parts.store.begin() as connection:
        return people.find(connection, workspace, stage.fake.world.users[key].aad)


# ── the app ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_adds_the_app_is_greeted_once_and_where_they_are_is_kept(store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await stage.fake.installs("ana")
        await stage.settles()
        ana = stage.person("ana")
        assert len(stage.fake.messages(ana.chat)) == 1
        ana.sees("Hello Ana Ruiz", "Start a circle")
        await stage.fake.installs("ana", action="add-upgrade")
        await stage.settles()
        assert len(stage.fake.messages(ana.chat)) == 1

    play(store, guides, scene)


def test_whoever_has_not_added_it_is_told_once_in_the_channel_and_gets_what_waits_when_they_do(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        fake.world.users["ben"].reachable = False
        await stage.person("ana").says(CREATE, GENERAL)
        home = thread_of(stage)
        stage.person("ben").sees(ADD, where=home)
        hint = next(one for one in fake.messages(home) if ADD in one.words())
        assert hint.activity["entities"][0]["mentioned"]["id"] == "29:ben"
        assert "<at>Ben Okafor</at>" in hint.activity["text"]
        (row,) = [one for one in stage.rows("invite") if one["state"] == "parked"]
        assert "not installed" in row["reason"] or "added first" in row["reason"]
        await stage.until("2026-12-05T09:00:00+00:00")
        assert stage.person("ben").screen(home).count(ADD) == 1
        assert not fake.messages(fake.chat("ben"))
        await fake.installs("ben")
        await stage.settles()
        await stage.person("ben").presses("Yes, I'm in")
        stage.person("ben").sees("You're in North")

    play(sqlite_store, guides, scene)


def test_whoever_asks_in_a_channel_without_having_it_is_told_there_not_every_time(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        stage.fake.world.users["ben"].reachable = False
        for _ in range(2):
            await stage.person("ben").says("help", CHAT)
        assert stage.person("ben").screen(CHAT).count(ADD) == 1
        assert "What you can ask me" not in stage.person("ben").screen(CHAT)

    play(sqlite_store, guides, scene)


def test_what_was_parked_for_a_home_goes_out_when_the_app_is_added_there_again(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        ana = stage.person("ana")
        await stage.fake.installs("ana", GENERAL, "remove")
        await stage.settles()
        ana.sees("I was taken out of the conversation of North")
        await stage.until("2026-12-07T07:30:00+00:00")
        assert ana.screen().count("the conversation of North") == 1
        (row,) = stage.rows("prompt")
        assert row["state"] == "parked"
        assert "Circlet is not in this conversation" in row["reason"]
        ana.sees_not("Set-up week: ", where=home)
        await stage.fake.installs("ana", GENERAL)
        await stage.settles()
        ana.sees("Set-up week: ", where=home)

    play(sqlite_store, guides, scene)


# ── channels ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_channel_that_is_deleted_takes_the_home_with_it_and_the_facilitator_is_told(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage)
        await stage.fake.event("ana", GENERAL, "channelDeleted")
        await stage.settles()
        stage.person("ana").sees("The conversation of North is gone")
        stage.person("ben").sees_not("The conversation of North")

    play(sqlite_store, guides, scene)


def test_a_channel_or_a_team_may_be_renamed(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        for kind in ("channelRenamed", "teamRenamed"):
            assert (await stage.fake.event("ana", GENERAL, kind)).status == 202
        await stage.until(PROMPTED)
        stage.person("ana").sees("Set-up week: ", where=home)
        stage.person("ana").sees_not("the conversation of North", "The conversation of North")

    play(sqlite_store, guides, scene)


def test_an_archived_team_is_a_home_lost_and_found_again(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        stage.fake.world.rooms[GENERAL].bot = False
        await stage.fake.event("ana", GENERAL, "teamArchived")
        await stage.until("2026-12-07T07:30:00+00:00")
        stage.person("ana").sees("The conversation of North was archived")
        stage.person("ana").sees_not("I was taken out")
        stage.fake.world.rooms[GENERAL].bot = True
        await stage.fake.event("ana", GENERAL, "teamUnarchived")
        await stage.settles()
        stage.person("ana").sees("Set-up week: ", where=home)

    play(sqlite_store, guides, scene)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_joins_a_team_gets_what_waited_for_them(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        await stage.person("ana").says("help")
        zoe = fake.world.add_user("zoe", "Zoe Park", reachable=False)
        fake.world.rooms[CHAT].members.append("zoe")
        await stage.person("ana").says(CREATE.replace("@eva", "@zoe"), CHAT)
        assert [row["state"] for row in stage.rows("invite")].count("parked") == 1
        zoe.reachable = True
        await fake.members_change("ana", GENERAL, membersAdded=[zoe])
        await stage.settles()
        stage.person("zoe").sees("North")

    play(sqlite_store, guides, scene)


def test_whom_nobody_knows_any_more_has_left(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        home = await founded(stage)
        ben = fake.world.users["ben"]
        fake.world.chat_of(ben).members.clear()
        await fake.members_change("ana", GENERAL, membersRemoved=[ben])
        await stage.settles()
        found = known(stage, "ben")
        assert found is not None
        assert not found.active
        stage.person("ana").sees("Ben Okafor has left North", where=home)

    play(sqlite_store, guides, scene)


def test_whoever_only_leaves_a_team_stays_in_their_circle(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        await stage.fake.members_change("ana", GENERAL, membersRemoved=[stage.fake.world.users["ben"]])
        await stage.settles()
        found = known(stage, "ben")
        assert found is not None
        assert found.active
        stage.person("ana").sees_not("Ben Okafor has left", where=home)

    play(sqlite_store, guides, scene)


# ── others ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_of_another_organisation_is_nobody_here(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake, ana = stage.fake, stage.person("ana")
        for stranger in (User("stranger", "Sam"), User("nobody", "Nil")):
            told = acts.message(fake, fake.world.users["ana"], CHAT, "")
            at = f"<at>{stranger.name}</at>"
            told["text"] += f'create "North" {at} --on mon 10:00'
            told["entities"].append(
                {"type": "mention", "mentioned": {"id": stranger.id, "name": stranger.name}, "text": at}
            )
            await fake.send(told)
            await stage.settles()
        first, second = (said.words() for said in fake.messages(ana.chat)[-2:])
        assert first.replace("@Sam", "…") == second.replace("@Nil", "…")
        assert known(stage, "ana") is not None

    play(sqlite_store, guides, scene)


def test_another_organisation_is_not_served_by_an_app_of_one(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        stage.fake.world.tenant = "99999999-bbbb-cccc-dddd-eeeeeeeeeeee"
        answer = await stage.fake.says("ana", stage.fake.chat("ana"), "help")
        await stage.settles()
        assert answer.status == 403
        assert not stage.fake.calls

    play(sqlite_store, guides, scene)


def test_two_organisations_of_one_app_know_nothing_of_each_other(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        await founded(stage)
        fake.world.tenant = "99999999-bbbb-cccc-dddd-eeeeeeeeeeee"
        await stage.person("ben").says("help")
        (said,) = fake.messages(fake.chat("ben"))[-1:]
        for group in (1, 999):
            value = acts.execute({"type": "Action.Execute", "data": {"t": f"agenda:{group}"}}, {})
            await fake.send(acts.invoke(fake, fake.world.users["ben"], said, "adaptiveCard/action", value))
            await stage.settles()
        one, other = (said.words() for said in fake.messages(fake.chat("ben"))[-2:])
        assert "I know no group of yours by that name" in one
        assert one == other

    play(sqlite_store, guides, scene, microsoft_app_type="MultiTenant")


def test_one_process_serves_slack_and_teams(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        settings = load(
            **stage.fake.settings, slack_bot_token="xoxb-1-of-tests", slack_signing_secret="a secret of the tests"
        )
        app = web(Parts(settings, sqlite_store, guides, Bot(sqlite_store, guides)))
        paths = {route.resource.canonical for route in app.router.routes() if route.resource}
        assert {"/slack/events", "/api/messages"} <= paths
        app.freeze()
        await app.startup()
        await app.cleanup()

    play(sqlite_store, guides, scene)
