"""`circlet guides`: what an author sees in the terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters.guides_cli import guides as command

SMALL = Path(__file__).parents[1] / "fixtures" / "guides"


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(args))
    return result.exit_code, result.output


def test_check_counts_what_is_good():
    assert run("check", str(SMALL)) == (0, "2 guides, 3 sessions, 1 language: no problems\n")


def test_check_prints_every_problem_and_fails(tmp_path: Path):
    folder = shutil.copytree(SMALL, tmp_path / "guides")
    (folder / "book-circle" / "en" / "week-01.md").unlink()
    manifest = folder / "reading-pair" / "guide.yaml"
    manifest.write_text(manifest.read_text().replace("minutes: 30", "minutes: soon"))
    assert run("check", str(folder)) == (
        1,
        "guides/book-circle/en/week-01.md:1: the file is missing\n"
        "guides/reading-pair/guide.yaml:8: minutes must be a whole number from 5 to 480\n",
    )


def test_the_own_guides_are_checked_where_no_folder_is_named():
    code, output = run("check")
    assert code == 0
    assert "no problems" in output


def test_the_folder_of_the_installation_is_looked_at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GUIDES_PATH", str(SMALL))
    assert run("check") == (0, "2 guides, 3 sessions, 1 language: no problems\n")
    assert run("preview", "book-circle", "--week", "0")[0] == 0


def test_preview_is_a_page_for_the_terminal():
    code, output = run("preview", "book-circle", "--week", "0", "--folder", str(SMALL))
    assert code == 0
    assert output.startswith("Book circle · Set-up meeting: Set up\n====================================\n\nA circle")
    assert "\n\n1. Say what you read last.\n2. Say what you would like to read.\n\n" in output
    assert "\nAgenda, 60 minutes\n------------------\n\n- 20 min Round of names.\n" in output
    assert all(len(line) <= 80 for line in output.splitlines())


def test_preview_of_a_training_has_the_quiz_and_its_answers():
    code, output = run("preview", "circle-mentor", "--week", "1")
    assert code == 0, output
    assert "\nQuiz\n----\n\n1. " in output
    answers = output.partition("\nThe answers\n-----------\n\n1. ")[2]
    assert "\n2. " in answers


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["nothing", "--week", "1"], "there is no guide nothing; there are: book-circle, reading-pair"),
        (["book-circle", "--week", "2"], "book-circle has the sessions 0 to 1, not 2"),
    ],
)
def test_preview_says_what_there_is_instead(args: list[str], reason: str):
    code, output = run("preview", *args, "--folder", str(SMALL))
    assert (code, output) == (1, f"Error: {reason}\n")


def test_preview_says_when_it_shows_another_language():
    code, output = run("preview", "book-circle", "--week", "0", "--language", "de", "--folder", str(SMALL))
    assert code == 0
    assert output.startswith("book-circle is not written in de; this is en.\n")
