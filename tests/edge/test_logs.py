"""Logs: a line of JSON for each thing that happened, with ids and outcomes, and tracebacks without anybody's values."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from adapters import logs
from tests.logged import logged


def test_what_happened_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    with logged("info"):
        structlog.get_logger("adapters.delivery").info("send", outcome="sent", key="prompt:17:3", ms=12)

    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["outcome"], line["key"], line["ms"]) == ("send", "sent", "prompt:17:3", 12)
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_a_quiet_level_keeps_our_own_small_talk_out(capsys: pytest.CaptureFixture[str]) -> None:
    with logged("warning"):
        structlog.get_logger("adapters.clock").info("tick")
        logging.getLogger("somebody.else").warning("worth reading")

    assert json.loads(capsys.readouterr().err)["event"] == "worth reading"


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_traceback_shows_where_it_broke_but_not_what_people_wrote(
    capsys: pytest.CaptureFixture[str], style: logs.Format
) -> None:
    answer = "I cannot talk to my manager"
    try:
        raise KeyError(answer)
    except KeyError as first:
        try:
            raise ValueError(answer) from first
        except ValueError as bug:
            with logged("info", style):
                incident = logs.report(bug, "handle")

    said = capsys.readouterr().err
    assert said.index("builtins.KeyError") < said.index("builtins.ValueError")
    assert "test_logs.py" in said
    assert incident in said
    assert "manager" not in said
