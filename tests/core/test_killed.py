"""Workers killed with SIGKILL at every point of their work: whoever comes next says all that is left, nothing twice.

The processes are real, and so are the database and the local chat's messages in it.
"""

from __future__ import annotations

import signal
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select

from adapters.web.tables import messages
from tests.core.crashing import Death, Point, work
from tests.core.office import LEASE_OVER, PROMPT, Office
from tests.processes import processes

CIRCLES = 2
OWN = True


def run(office: Office, worker: str, now: datetime, death: Death) -> bool:
    """Let a worker work. True where it was killed, False where it came to its end."""
    url = office.store.engine.url.render_as_string(hide_password=False).replace("+pg8000", "")
    process = processes.Process(target=work, args=(url, worker, now, death))
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), f"the worker ended with {process.exitcode}"
    return process.exitcode != 0


def said(office: Office) -> list[tuple[str, str | None]]:
    """Every message there is: where, and for which key."""
    with office.store.begin() as connection:
        query = select(messages.c.conversation, messages.c.post_key).order_by(messages.c.post_key)
        return [(row.conversation, row.post_key) for row in connection.execute(query)]


def all_said(circles: tuple[int, ...]) -> list[tuple[str, str | None]]:
    return sorted((f"circle-{circle}", f"prompt:{circle}:0:2026-11-30") for circle in circles)


@pytest.mark.parametrize("point", ["before a commit", "after a commit", "before a send", "after a send"])
def test_killed_at_every_such_point_in_turn_and_everything_is_said_once(office: Office, point: Point) -> None:
    """The first worker dies the first time that it comes there, the next one the second time, and so on to the end."""
    circles = office.circles_with_a_prompt_due(CIRCLES)
    now, deaths = PROMPT, 0
    for nth in count(1):
        if not run(office, f"worker {nth}", now, Death(point, nth)):
            break
        deaths += 1
        now += LEASE_OVER

    assert deaths >= 2
    assert said(office) == all_said(circles)


def test_killed_again_and_again_before_anything_is_sent_and_then_left_to_work(office: Office) -> None:
    circles = office.circles_with_a_prompt_due(CIRCLES)
    now = PROMPT
    for n in range(3):
        assert run(office, f"worker {n}", now, Death("before a send", 1))
        assert said(office) == []
        now += LEASE_OVER

    assert not run(office, "the last", now, Death("never"))
    assert said(office) == all_said(circles)


def test_killed_after_the_message_stands_and_before_it_is_known_then_said_no_more(office: Office) -> None:
    circles = office.circles_with_a_prompt_due(1)
    assert run(office, "one", PROMPT, Death("after a send", 1))
    assert said(office) == all_said(circles)

    assert not run(office, "two", PROMPT + LEASE_OVER, Death("never"))

    assert said(office) == all_said(circles)
    assert office.row(f"prompt:{circles[0]}:0:2026-11-30").state == "sent"


def test_nobody_waits_longer_than_a_lease_for_a_dead_worker(office: Office) -> None:
    office.circles_with_a_prompt_due(1)
    assert run(office, "one", PROMPT, Death("before a send", 1))

    assert not run(office, "two", PROMPT + timedelta(seconds=1), Death("never"))
    assert said(office) == []
    assert not run(office, "two", PROMPT + LEASE_OVER, Death("never"))
    assert len(said(office)) == 1


def test_four_processes_at_once_say_everything_once(office: Office) -> None:
    circles = office.circles_with_a_prompt_due(20)
    url = office.store.engine.url.render_as_string(hide_password=False).replace("+pg8000", "")
    workers = [processes.Process(target=work, args=(url, f"{n}", PROMPT, Death("never"))) for n in range(4)]
    for process in workers:
        process.start()
    for process in workers:
        process.join(60)

    assert [process.exitcode for process in workers] == [0, 0, 0, 0]
    # Whoever came to a lane that was held left its work to the holder; a tick later there is nothing left to do.
    assert not run(office, "the next tick", PROMPT + LEASE_OVER, Death("never"))
    assert sorted(said(office)) == all_said(circles)
    with office.store.begin() as connection:
        assert connection.execute(select(func.count()).select_from(messages)).scalar_one() == len(circles)
