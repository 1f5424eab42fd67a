"""Logs: a line of JSON for each thing that happened, with ids and outcomes, and tracebacks without anybody's values."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from adapters import logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("adapters")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])
    structlog.reset_defaults()


def test_what_happened_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")

    structlog.get_logger("adapters.delivery").info("send", outcome="sent", key="prompt:17:3", ms=12)

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["outcome"], line["key"], line["ms"]) == ("send", "sent", "prompt:17:3", 12)
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_a_quiet_level_keeps_our_own_small_talk_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning", "json")

    structlog.get_logger("adapters.clock").info("tick")
    logging.getLogger("somebody.else").warning("worth reading")

    assert json.loads(capsys.readouterr().err)["event"] == "worth reading"


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_shows_where_it_broke_but_not_what_people_wrote(
    capsys: pytest.CaptureFixture[str], style: logs.Format
) -> None:
    logs.configure("info", style)

    answer = "I cannot talk to my manager"
    try:
        raise KeyError(answer)
    except KeyError as first:
        try:
            raise ValueError(answer) from first
        except ValueError:
            structlog.get_logger("adapters.web").exception("handle", incident="ab12")

    said = capsys.readouterr().err
    assert said.index("builtins.KeyError") < said.index("builtins.ValueError")
    assert "test_logs.py" in said
    assert "ab12" in said
    assert "manager" not in said
