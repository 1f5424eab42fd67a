"""Simulated time: every due moment is played in order, whatever the steps, and nothing twice."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.guides.rules import Guides
from bot.storage import Store, open_store
from tests.web.chat import Client, Company, Play, company, serving

CREATE = 'create "Monday circle" @ana @ben @cleo --on mon 10:00 --zone Europe/Berlin --start 2026-12-14'
PLACES = (("ana", "circle-1"), ("ana", "dm-ana"), ("ben", "dm-ben"), ("cleo", "dm-cleo"))
END = "2027-01-04T08:00:00Z"


async def founded(chat: Client) -> None:
    await chat.types("ana", CREATE)
    await chat.presses("ben", "Yes, I'm in")
    await chat.presses("cleo", "Yes, I'm in")


async def heard(chat: Client) -> list[Any]:
    """All that anybody was told, when, and in what order."""
    return [(place, m["at"], m["text"], m["edited"]) for who, place in PLACES for m in await chat.sees(who, place)]


async def at_once(chat: Client) -> int:
    return int((await chat.moves(to=END))["played"])


async def by_days(chat: Client) -> int:
    return sum([(await chat.moves(advance="P1D"))["played"] for _ in range(28)])


async def by_events(chat: Client) -> int:
    played = 0
    while (step := await chat.moves(next=True))["now"] <= END:
        played += step["played"]
    return played


async def _month(store: Store, guides: Guides, pass_it: Callable[[Client], Awaitable[int]]) -> tuple[list[Any], int]:
    async with serving(company(store, guides)) as chat:
        await founded(chat)
        played = await pass_it(chat)
        return [one for one in await heard(chat) if one[1] <= END], played


def test_a_month_is_the_same_in_whatever_steps(migrated_file: Path, tmp_path: Path, guides: Guides) -> None:
    months = []
    for pass_it in (at_once, by_days, by_events):
        store = open_store(f"sqlite:///{shutil.copy(migrated_file, tmp_path / f'{pass_it.__name__}.db')}")
        months.append(asyncio.run(_month(store, guides, pass_it)))
        store.close()
    assert months[0] == months[1] == months[2]
    told, played = months[0]
    assert played >= 12
    for place in ("circle-1", "dm-ana", "dm-ben", "dm-cleo"):
        instants = [at for where, at, *_ in told if where == place]
        assert len(set(instants)) > 3
        assert instants == sorted(instants)


def test_two_processes_that_both_move_the_clock_say_nothing_twice(company: Company) -> None:
    async def scenario() -> None:
        async with serving(company) as one, serving(company) as other:
            await founded(one)
            moved = await asyncio.gather(one.moves(to=END), other.moves(to=END))
            assert {move["now"] for move in moved} == {END}
            told = await heard(one)
            prompts = [at for place, at, text, _ in told if place == "circle-1" and "\n[Agenda]" in text]
            assert len(prompts) == len(set(prompts))
            assert (await one.get("/api/state"))["now"] == END

    asyncio.run(scenario())


def test_the_clock_goes_forward_only_and_not_too_far(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        for move, error in (
            ({"to": "2026-12-07T07:59:59Z"}, "to: the clock only goes forward, and it is 2026-12-07T08:00:00Z"),
            ({"to": "2032-12-07T08:00:00Z"}, "to: at most five years at once, and it is 2026-12-07T08:00:00Z"),
            ({"advance": "-PT1S"}, "advance: the clock only goes forward"),
            ({"next": True}, "next: nothing is due any more, whatever the time"),
        ):
            assert await chat.sends("/api/clock", **move) == (400, {"error": error})
        assert await chat.moves(to="2026-12-07T08:00:00Z") == {"now": "2026-12-07T08:00:00Z", "played": 0}

    play(scenario)


def test_the_clock_shows_whole_seconds_and_stands_on_them(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        assert (await chat.moves(to="2026-12-07T09:00:00.25Z"))["now"] == "2026-12-07T09:00:01Z"
        assert (await chat.moves(to="2026-12-07T09:00:01Z"))["now"] == "2026-12-07T09:00:01Z"
        assert (await chat.moves(advance="PT0.5S"))["now"] == "2026-12-07T09:00:02Z"

    play(scenario)


def test_five_years_pass_in_one_move(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        await founded(chat)
        assert (await chat.moves(to="2031-12-07T08:00:00Z"))["now"] == "2031-12-07T08:00:00Z"
        prompts = [m for m in await chat.sees("ana", "circle-1") if "\n[Agenda]" in m["text"]]
        assert len(prompts) >= 13
        assert len({message["at"] for message in prompts}) == len(prompts)

    play(scenario)
