"""Listening: the next free port, and a sentence where there is none."""

from __future__ import annotations

import pytest

from adapters.serve import address, listen
from bot.errors import ConfigError

LOOPBACK = "127.0.0.1"


def test_the_next_free_port_is_taken_where_several_may_be_tried() -> None:
    with listen(LOOPBACK, 20_000, tries=1000) as first:
        taken = first.getsockname()[1]
        with listen(LOOPBACK, taken, tries=50) as second:
            assert taken < second.getsockname()[1] < taken + 50
            assert address(second) == f"http://127.0.0.1:{second.getsockname()[1]}"


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with listen(LOOPBACK, 20_000, tries=1000) as first:
        taken = first.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"port {taken} is taken by another program"):
            listen(LOOPBACK, taken)


def test_an_address_that_is_not_ours_is_told_in_a_sentence() -> None:
    with pytest.raises(ConfigError, match=r"Cannot listen on 192\.0\.2\.1:20000"):
        listen("192.0.2.1", 20_000)
