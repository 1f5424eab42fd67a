"""The processes of an installation: they say where they are, do their work, and end when they are asked to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from adapters.serve import listen
from tests.started import FirstStart, address, answer, circlet, line


@pytest.fixture
def url(migrated_file: Path, tmp_path: Path) -> str:
    """A migrated database."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'circlet.db')}"


def test_the_local_chat_starts_on_an_empty_folder_and_ends_when_asked(tmp_path: Path) -> None:
    with circlet("local", "--no-seed", "--data", str(tmp_path / "var" / "demo.db")) as process:
        assert answer(f"{address(process)}/api/state")["simulated"] is True


def test_a_first_start_makes_a_company_and_a_second_one_keeps_what_happened(
    first_chat: FirstStart, tmp_path: Path
) -> None:
    assert "small company" in first_chat.said
    assert len(first_chat.state["people"]) >= 14
    assert sorted(file.name for file in first_chat.folder.iterdir()) == ["demo.db", "demo.db.key"]

    # A copy, since it is not for this test alone.
    data = shutil.copytree(first_chat.folder, tmp_path / "var") / "demo.db"
    with circlet("local", "--data", str(data)) as process:
        assert answer(f"{address(process)}/api/state") == first_chat.state


def test_two_local_chats_find_a_port_each(tmp_path: Path) -> None:
    data = str(tmp_path / "demo.db")
    with circlet("local", "--no-seed", "--data", data) as one, circlet("local", "--no-seed", "--data", data) as two:
        assert address(one) != address(two)


def test_web_is_ready_when_it_says_where_it_is_and_ends_when_asked(url: str) -> None:
    with circlet("web", DATABASE_URL=url, PORT=str(free_port())) as process:
        assert answer(f"{address(process)}/readyz")["status"] == "ok"


def test_the_clock_ticks_and_ends_when_asked(url: str) -> None:
    with circlet("clock", DATABASE_URL=url, LOG_LEVEL="debug") as process:
        said = json.loads(line(process))
        assert (said["event"], said["outcome"], said["workspaces"]) == ("tick", "planned", 0)


def free_port() -> int:
    with listen("127.0.0.1", 20_000, tries=1000) as listening:
        port: int = listening.getsockname()[1]
        return port
