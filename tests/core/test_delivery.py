"""Delivering through the local chat's courier when it breaks in the middle: the message stands once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from adapters.delivery.courier import DeliveryFailed
from adapters.delivery.drain import RETRY, drain
from adapters.web.send import Subscribers, WebCourier
from adapters.web.tables import messages
from bot.messages import Post, Receipt
from bot.outbox import store as outbox
from tests.core.office import NOW, Office

LATER = NOW + RETRY + timedelta(minutes=5)


class Breaking(WebCourier):
    """Breaks with these errors, one after the other, each time after the message was kept; then works."""

    def __init__(self, office: Office, *errors: Exception) -> None:
        super().__init__(office.store, Subscribers())
        self._errors = list(errors)

    async def send(self, post: Post, now: datetime) -> Receipt:
        receipt = await super().send(post, now)
        if self._errors:
            raise self._errors.pop(0)
        return receipt


def deliver(office: Office, courier: WebCourier, worker: str, now: datetime) -> int:
    return asyncio.run(drain(office.bot, courier, office.workspace, worker, lambda: now))


def standing(office: Office) -> int:
    with office.store.begin() as connection:
        found: int = connection.execute(select(func.count()).select_from(messages)).scalar_one()
        return found


def test_a_courier_that_breaks_after_the_message_stands_says_it_no_second_time(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    courier = Breaking(office, ConnectionResetError("after it was kept"))

    assert deliver(office, courier, "one", NOW + timedelta(seconds=1)) == 0
    assert deliver(office, courier, "two", LATER) == 1

    assert standing(office) == 1
    assert office.row(office.key(group, 1)).state == "sent"


def test_a_limit_that_hits_the_second_try_does_not_make_us_forget_the_first(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    limit = DeliveryFailed("rate limit", LATER + timedelta(seconds=1))
    courier = Breaking(office, ConnectionResetError("after it was kept"), limit)

    deliver(office, courier, "one", NOW + timedelta(seconds=1))
    deliver(office, courier, "two", LATER)
    assert deliver(office, courier, "three", LATER + timedelta(minutes=1)) == 1

    assert standing(office) == 1


def test_what_is_asked_for_once_more_is_a_second_message(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    courier = Breaking(office)
    deliver(office, courier, "one", NOW + timedelta(seconds=1))

    with office.store.begin() as connection:
        outbox.again(connection, office.workspace, office.key(group, 1), NOW, None)
    deliver(office, courier, "one", LATER)

    assert standing(office) == 2


@pytest.mark.parametrize("retry", [None, LATER])
def test_one_post_that_fails_holds_up_no_other(office: Office, retry: datetime | None) -> None:
    group = office.circle()
    office.queue(group, 1, 2, 3)
    courier = Breaking(office, DeliveryFailed("the account is closed", retry))

    told = 1 if retry is None else 0  # whoever looks after the circle hears of what is parked
    assert deliver(office, courier, "one", NOW + timedelta(seconds=1)) == 2 + told
    assert office.row(office.key(group, 1)).state == ("parked" if retry is None else "planned")
