"""The core on its databases: plan(), handle() and the outbox, beside the bare SQL that they cannot do without."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

from sqlalchemy import bindparam, text, update

from adapters.settings import ROOT
from bench import databases
from bench.process import processes
from bench.seed import PROMPT, ROUNDS, SESSION, Seeded, ask, members, seed, workspace_of
from bench.timing import Figure, median, ms, p95
from bot.actions import action
from bot.app import Bot
from bot.guides.rules import Guides
from bot.guides.store import load
from bot.inbound import Actor, Place, Submission
from bot.messages import Receipt, Replace
from bot.outbox.rules import Lane
from bot.outbox.store import outbox
from bot.storage import Instant, Store

SIZES = (1_000, 100_000, 1_000_000)
PLAN_MS = 50
PLAN_TIMES = 1.5

ANSWERS = 300
HANDLE_MS = 15
WARM_UP = 30
ANSWERED = PROMPT.replace(day=PROMPT.day + 1, hour=12)
"""The day after the meeting: the check-in has been asked for and is open."""

BATCH = 50
BATCHES = 12
CLAIMED = PROMPT.replace(day=PROMPT.day + 1, hour=9)
"""Ten o'clock in Berlin: a private message disturbs nobody."""


def measure() -> tuple[Figure, ...]:
    """All figures of the core. Takes a few minutes, most of them for filling databases with a million groups."""
    guides = load(ROOT / "guides")
    with databases.folder() as folder:
        return (
            *_on_sqlite(guides, folder),
            *_on_postgresql(guides),
            *processes(folder),
        )


def _on_sqlite(guides: Guides, folder: Path) -> tuple[Figure, ...]:
    return _on("sqlite", guides, partial(databases.sqlite, folder))


def _on_postgresql(guides: Guides) -> tuple[Figure, ...]:
    server = databases.server()
    if server is None:
        return tuple(Figure(name, None, unit, at_most, "no server") for name, unit, at_most in _expected("postgresql"))
    return _on("postgresql", guides, partial(databases.postgresql, server))


def _on(name: str, guides: Guides, fresh: Callable[[str], AbstractContextManager[Store]]) -> tuple[Figure, ...]:
    """Everything about one database engine, in databases of three sizes; handle() and the outbox in the middle one."""
    with ExitStack() as stack:
        installations = []
        for size in SIZES:
            print(f"{name}: filling a database with {size:,} groups", file=sys.stderr)
            store = stack.enter_context(fresh(str(size)))
            installations.append(seed(store, guides, size))
            databases.settle(store)
        print(f"{name}: measuring", file=sys.stderr)
        values = (
            *_plan(guides, installations),
            *_handle(guides, installations[1]),
            *_outbox(guides, installations[1]),
        )
    return tuple(
        Figure(figure, value, unit, at_most)
        for (figure, unit, at_most), value in zip(_expected(name), values, strict=True)
    )


def _expected(name: str) -> tuple[tuple[str, str, float | None], ...]:
    """The figures of an engine, their units and aims, in the order in which they are measured."""
    return (
        *((f"plan.{name}.{size}", "ms", PLAN_MS) for size in SIZES),
        (f"plan.{name}.flat", "times", PLAN_TIMES),
        (f"handle.{name}.median", "ms", None),
        (f"handle.{name}.p95", "ms", HANDLE_MS),
        (f"handle.{name}.bare.median", "ms", None),
        (f"handle.{name}.bare.p95", "ms", None),
        (f"outbox.{name}", "rows/s", None),
        (f"outbox.{name}.bare", "rows/s", None),
    )


# ── plan() ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plan(guides: Guides, installations: list[Seeded]) -> Iterator[float]:
    """The median of planning 100 groups that are due, by size; then the last of them as a multiple of the first.

    The sizes take turns, so that what else the machine does falls on all of them. The first round warms up.
    """
    durations: dict[int, list[float]] = {installation.groups: [] for installation in installations}
    for number in range(ROUNDS):
        for installation in installations:
            now = installation.now(number)
            bot = Bot(installation.store, guides)
            durations[installation.groups].append(ms(partial(bot.plan, now)))
            _send(installation, number)
    medians = [median(each[1:]) for each in durations.values()]
    yield from medians
    yield medians[-1] / medians[0]


def _send(installation: Seeded, number: int) -> None:
    """What was planned goes out before the next round, as it would; and it was what it had to be."""
    due = update(outbox).where(outbox.c.state == "planned", outbox.c.not_before <= installation.now(number))
    with installation.store.begin() as connection:
        planned = connection.execute(due.values(state="sent")).rowcount
    expected = len(installation.rounds[number])
    assert planned == expected, f"{planned} posts were planned instead of {expected}"


# ── handle() ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _handle(guides: Guides, installation: Seeded) -> Iterator[float]:
    """Median and p95 of a check-in that is sent from the request for it; then those of the bare row, in turns."""
    chosen = [group for due in installation.rounds for group in due][: WARM_UP + ANSWERS]
    ask(installation.store, SESSION, chosen)
    bot = Bot(installation.store, guides)
    core, bare = [], []
    for turn, group in enumerate(chosen):
        someone, other, *_ = members(group, installation.groups)
        submission = _checkin(group, someone, share=turn % 2 == 0)
        core.append(ms(partial(_answered, bot, submission)))
        bare.append(ms(partial(_bare_answer, installation.store, group, other)))
    for durations in (core[WARM_UP:], bare[WARM_UP:]):
        yield median(durations)
        yield p95(durations)


def _checkin(group: int, person: int, *, share: bool) -> Submission:
    actor = Actor(workspace_of(group), f"p{person}", f"Person {person}", "Europe/Berlin", "en")
    place = Place(f"dm-p{person}", "direct", f"ask-{group}-{person}")
    values = {"met": "met", "rating": "4", "step": _WORDS, "obstacle": _WORDS, "share": "yes" if share else "no"}
    return Submission(actor, place, action("checkin", group, SESSION).token, values)


_WORDS = "I asked two colleagues what they would do, and wrote down what surprised me."


def _answered(bot: Bot, submission: Submission) -> None:
    reply = bot.handle(submission, ANSWERED)
    assert isinstance(reply, Replace), reply


def _bare_answer(store: Store, group: int, person: int) -> None:
    row = {
        "group": group,
        "session": SESSION,
        "person": person,
        "workspace": workspace_of(group),
        "words": _WORDS,
        "now": ANSWERED,
    }
    with store.begin() as connection:
        connection.execute(_UPSERT, row)


_UPSERT = text(
    "INSERT INTO checkins (group_id, session, person_id, workspace_id, attendance, rating, step, obstacle, shared,"
    " answered_at) VALUES (:group, :session, :person, :workspace, 'met', 4, :words, :words, false, :now)"
    " ON CONFLICT (group_id, session, person_id) DO UPDATE SET attendance = excluded.attendance,"
    " rating = excluded.rating, step = excluded.step, obstacle = excluded.obstacle, shared = excluded.shared,"
    " answered_at = excluded.answered_at"
).bindparams(bindparam("now", type_=Instant))


# ── the outbox ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _outbox(guides: Guides, installation: Seeded) -> Iterator[float]:
    """Rows a second that are claimed, composed and marked as sent; then those of the two bare UPDATEs, in turns."""
    store = installation.store
    ours, theirs = (range(first, installation.groups, 100) for first in (7, 8))
    groups = BATCH * (BATCHES + 1) // 5
    for chosen in (ours[:groups], theirs[:groups]):
        ask(store, SESSION - 1, chosen, due=CLAIMED)
    bot = Bot(store, guides)
    lane = bot.open_lane(workspace_of(ours[0]), "bench", CLAIMED)
    assert lane is not None
    waiting = [f"checkin:{g}:{SESSION - 1}:{p}" for g in theirs[:groups] for p in members(g, installation.groups)]
    core, bare = [], []
    for turn in range(BATCHES + 1):
        core.append(ms(partial(_claim_and_mark, bot, lane)))
        keys = waiting[turn * BATCH : (turn + 1) * BATCH]
        bare.append(ms(partial(_bare_claim_and_mark, store, workspace_of(theirs[0]), keys)))
    for durations in (core[1:], bare[1:]):
        yield BATCH / (median(durations) / 1000)


def _claim_and_mark(bot: Bot, lane: Lane) -> None:
    posts = bot.claim(lane, CLAIMED, BATCH)
    assert len(posts) == BATCH, f"{len(posts)} rows were claimed instead of {BATCH}"
    for post in posts:
        assert bot.sent(post, Receipt("dm", "m-1"), CLAIMED)


def _bare_claim_and_mark(store: Store, workspace: int, keys: Iterable[str]) -> None:
    common = {"workspace": workspace, "now": CLAIMED}
    with store.begin() as connection:
        connection.execute(_CLAIM, {**common, "keys": list(keys)})
    for key in keys:
        with store.begin() as connection:
            assert connection.execute(_MARK, {**common, "key": key}).rowcount == 1


_CLAIM = text(
    "UPDATE outbox SET state = 'sending', lane_token = 1, attempts = attempts + 1, changed = false, updated_at = :now"
    " WHERE workspace_id = :workspace AND key IN :keys"
).bindparams(bindparam("now", type_=Instant), bindparam("keys", expanding=True))
_MARK = text(
    "UPDATE outbox SET state = 'sent', conversation = 'dm', message = 'm-1', changed = false, reason = '',"
    " updated_at = :now WHERE key = :key AND workspace_id = :workspace AND state = 'sending' AND lane_token = 1"
).bindparams(bindparam("now", type_=Instant))
