"""The engine: one drain per workspace at a time, several workspaces at once, and a graceful end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from adapters.delivery.engine import Engine

Stopping = Callable[[], bool]


def play(scene: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(10):
            await scene()

    asyncio.run(bounded())


class Floor:
    """Drains that begin, and end when they are told to; remembers what ran side by side."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.running: list[int] = []
        self.most = 0
        self.open = asyncio.Event()
        self.changed = asyncio.Condition()

    async def drain(self, workspace: int, _: Stopping) -> int:
        async with self.changed:
            self.begun.append(workspace)
            self.running.append(workspace)
            self.most = max(self.most, len(self.running))
            assert self.running.count(workspace) == 1
            self.changed.notify_all()
        await self.open.wait()
        self.running.remove(workspace)
        return 0

    async def until(self, count: int) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: len(self.begun) >= count)


def test_a_workspace_is_drained_by_one_drain_at_a_time_and_once_more_for_a_poke_in_between() -> None:
    async def scene() -> None:
        floor = Floor()
        engine = Engine(floor.drain)
        task = asyncio.create_task(engine.run())
        engine.poke(1)
        await floor.until(1)
        engine.poke(1)
        engine.poke(1)
        floor.open.set()
        await engine.idle()
        assert floor.begun == [1, 1]
        engine.stop()
        await task

    play(scene)


def test_workspaces_are_drained_side_by_side_but_no_more_than_allowed() -> None:
    async def scene() -> None:
        floor = Floor()
        engine = Engine(floor.drain, concurrency=2)
        task = asyncio.create_task(engine.run())
        for workspace in range(5):
            engine.poke(workspace)
        await floor.until(2)
        floor.open.set()
        await engine.idle()
        assert sorted(floor.begun) == [0, 1, 2, 3, 4]
        assert floor.most == 2
        engine.stop()
        await task

    play(scene)


def test_a_drain_that_delivered_something_is_followed_by_another_until_nothing_is_left() -> None:
    async def scene() -> None:
        left = [3, 2, 0]

        async def drain(workspace: int, _: Stopping) -> int:
            return left.pop(0)

        engine = Engine(drain)
        task = asyncio.create_task(engine.run())
        engine.poke(1)
        await engine.idle()
        assert left == []
        engine.stop()
        await task

    play(scene)


def test_a_drain_that_breaks_does_not_stop_the_others_and_is_tried_again_at_the_next_poke() -> None:
    async def scene() -> None:
        drained: list[int] = []

        async def drain(workspace: int, _: Stopping) -> int:
            drained.append(workspace)
            if workspace == 1:
                raise RuntimeError("the database is gone")
            return 0

        engine = Engine(drain)
        task = asyncio.create_task(engine.run())
        engine.poke(1)
        engine.poke(2)
        await engine.idle()
        engine.poke(1)
        await engine.idle()
        assert drained == [1, 2, 1]
        engine.stop()
        await task

    play(scene)


def test_stopping_lets_a_drain_finish_the_post_that_is_on_its_way_and_begins_nothing_new() -> None:
    async def scene() -> None:
        finished: list[int] = []
        begun = asyncio.Event()

        async def drain(workspace: int, stopping: Stopping) -> int:
            begun.set()
            while not stopping():
                await asyncio.sleep(0)
            finished.append(workspace)
            return 0

        engine = Engine(drain, concurrency=1)
        task = asyncio.create_task(engine.run())
        engine.poke(1)
        engine.poke(2)
        await begun.wait()
        engine.stop()
        await task
        assert finished == [1]

    play(scene)
