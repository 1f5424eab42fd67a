"""Budgets over time: no stretch of it sees more than its windows allow, and nobody waits longer than they must."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.delivery.pace import Ledger, Pace, Window

NOW = datetime(2026, 12, 7, 8, tzinfo=UTC)
THREAD = (Window(7, 1), Window(8, 2), Window(60, 30))
A = ("thread", "a")
B = ("thread", "b")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@given(st.lists(st.floats(0, 3), min_size=80, max_size=160))
def test_no_window_is_ever_exceeded_however_the_time_passes(pauses: list[float]) -> None:
    ledger = Ledger({"thread": THREAD})
    now, times = NOW, []
    for pause in pauses:
        now = ledger.free_at([A], now + seconds(pause / 10))
        ledger.take([A], now)
        times.append(now)

    for window in THREAD:
        for first, last in zip(times, times[window.most :], strict=False):
            assert last - first >= seconds(window.seconds)


def test_what_one_uses_up_is_no_loss_to_another() -> None:
    ledger = Ledger({"thread": (Window(1, 1),)})
    ledger.take([A], NOW)

    assert ledger.free_at([A], NOW) == NOW + seconds(1)
    assert ledger.free_at([B], NOW) == NOW
    assert ledger.free_at([A, B], NOW) == NOW + seconds(1)
    assert ledger.free_at([("unknown", "a")], NOW) == NOW


@pytest.mark.parametrize(("on", "took"), [(True, 5.0), (False, 0.0)])
def test_whoever_waits_goes_on_as_soon_as_they_may(on: bool, took: float) -> None:
    at = [NOW]

    async def sleep(count: float) -> None:
        at[0] += seconds(count)

    async def scene() -> None:
        pace = Pace({"thread": (Window(1, 1),)}, lambda: at[0], sleep, on=on)
        for _ in range(6):
            assert await pace.turn(A, patience=seconds(2)) is None

    asyncio.run(scene())

    assert at[0] - NOW == seconds(took)


def test_whoever_would_wait_too_long_hears_when_and_has_used_nothing() -> None:
    async def scene() -> None:
        pace = Pace({"thread": (Window(1, 60),), "all": (Window(2, 60),)}, lambda: NOW)
        assert await pace.turn(A, ("all", ""), patience=seconds(2)) is None
        assert await pace.turn(A, ("all", ""), patience=seconds(2)) == NOW + seconds(60)
        assert await pace.turn(B, ("all", ""), patience=seconds(2)) is None

    asyncio.run(scene())


def test_who_takes_over_waits_for_the_short_windows_and_for_no_other_workspace() -> None:
    ledger = Ledger({"channel": (Window(1, 1),), "workspace": (Window(10, 2), Window(100, 60))})
    ledger.used_up("3", NOW)

    assert ledger.free_at([("channel", "3:C1")], NOW) == NOW + seconds(1)
    assert ledger.free_at([("channel", "3:C1"), ("workspace", "3")], NOW) == NOW + seconds(2)
    assert ledger.free_at([("channel", "33:C1"), ("workspace", "33")], NOW) == NOW
    assert ledger.free_at([("workspace", "3")], NOW + seconds(2)) == NOW + seconds(2)
    ledger.used_up("3", NOW - seconds(9))
    assert ledger.free_at([("channel", "3:C1")], NOW) == NOW + seconds(1)


def test_whoever_cannot_wait_goes_on_in_the_end_and_the_others_wait_the_longer() -> None:
    at = [NOW]

    async def sleep(count: float) -> None:
        at[0] += seconds(count)

    async def scene() -> None:
        pace = Pace({"thread": (Window(1, 10),)}, lambda: at[0], sleep)
        await pace.soon(A, patience=seconds(3))
        await pace.soon(A, patience=seconds(3))
        assert at[0] == NOW
        assert await pace.turn(A, patience=seconds(3)) == NOW + seconds(10)

    asyncio.run(scene())
