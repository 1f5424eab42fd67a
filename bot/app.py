"""``Bot``: the whole surface of the core, synchronous. A call is one transaction; planning is one per batch, and
handling two: who is acting is kept before the deed, which may be refused.

An adapter hands in what happened and is told what to say; what the bot says by itself is planned into the outbox,
claimed, sent by the adapter, and acknowledged. Any exception that is no BotError is a bug and the edge's to report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions import parse_token
from bot.catalogue.service import tell_of_newer
from bot.checkpoints import closing as checkpoints
from bot.checkpoints import store as calls
from bot.cipher import Cipher
from bot.composing import compose
from bot.editions.store import Shelf
from bot.groups import store as groups
from bot.groups.service import depart
from bot.guides.rules import Guides
from bot.handling import command, meet, pressed
from bot.home.service import home_lost, home_message
from bot.inbound import Actor, Changed, Command, HomeLost, Inbound, Left, Press, Reachable, Submission
from bot.meetings import planning
from bot.meetings.service import lost
from bot.messages import Home, Message, Post, Receipt, Reply, Silence
from bot.outbox import lanes, sending
from bot.outbox import store as outbox
from bot.outbox.rules import LONGEST_DOUBT, Lane, State
from bot.people import store as people
from bot.polls import store as polls
from bot.polls.service import close_due
from bot.polls.voting import withdraw
from bot.posts import DROPPED_IN_DOUBT
from bot.spoken import said_in
from bot.storage import Store, ask, moments
from bot.supporting.service import copy_hints
from bot.training.rules import Certificate
from bot.training.service import genuine
from bot.unit import Units


@dataclass(frozen=True, slots=True)
class Wake:
    """What planning found: workspaces with something to send now, and when there will be something again."""

    workspaces: tuple[int, ...]
    next: datetime | None


_CLOCK = moments(
    due=(groups.DUE, calls.DUE, polls.DUE),
    following=(groups.NEXT, calls.NEXT, polls.NEXT, outbox.NEXT, lanes.NEXT),
)


class Bot:
    """Safe to call from several threads and processes at once; it keeps nothing between calls but its guides."""

    def __init__(self, store: Store, guides: Guides, cipher: Cipher | None = None, public_url: str = "") -> None:
        """Without a cipher nobody is asked what would have to be sealed: nothing is ever stored in the open.

        ``public_url``: where people reach pages of this installation, "" where there are none.
        """
        self._store = store
        self._units = Units(store, guides, cipher, public_url.rstrip("/"), Shelf(guides))

    def workspace(self, platform: str, external: str, name: str) -> int:
        """Our id of a platform's workspace; made where it is new."""
        with self._store.begin() as connection:
            return people.workspace_id(connection, platform, external, name)

    def platform(self, workspace: int) -> str:
        """The platform that a workspace is on. Raises KeyError for one that is not ours."""
        with self._store.begin() as connection:
            return people.platform(connection, workspace)

    # ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    def handle(self, event: Inbound, now: datetime) -> Reply:
        """Do what somebody asked for and return what to say. What is refused changes nothing."""
        match event:
            case Left(actor):
                return self._left(actor, now)
            case Changed(actor):
                return self._changed(actor)
            case HomeLost(workspace, conversation, reason):
                with self._units.begin() as unit:
                    home_lost(unit, workspace, conversation, reason, now)
                return Silence()
            case Reachable():
                return self._reachable(event, now)
            case Command():
                return command(self._units, event, now)
            case Press(token=token) | Submission(token=token):
                meant = parse_token(token)
                if meant is not None and meant.verb in ("run", "mend") and isinstance(event, Press) and meant.args:
                    typed = Command(event.actor, event.place, meant.args[0])
                    return command(self._units, typed, now, mend=meant.verb == "mend")
                return pressed(self._units, event, meant, now)

    def _left(self, actor: Actor, now: datetime) -> Reply:
        with self._units.begin() as unit:
            person = people.find(unit.connection, actor.workspace, actor.person)
            if person is not None:
                for group in groups.of_person(unit.connection, actor.workspace, person.id):
                    depart(unit, group, person, now)
                    withdraw(unit, group, person, now)
                people.deactivate(unit.connection, person)
        return Silence()

    def _changed(self, actor: Actor) -> Reply:
        with self._store.begin() as connection:
            if people.find(connection, actor.workspace, actor.person) is not None:
                people.meet(connection, actor)
        return Silence()

    def _reachable(self, event: Reachable, now: datetime) -> Reply:
        """What was parked because nobody could be reached there is due again."""
        with self._store.begin() as connection:
            if event.person is not None:
                person = people.find(connection, event.workspace, event.person)
                if person is not None:
                    outbox.revive(connection, event.workspace, now, person=person.id)
            if event.conversation is not None:
                group = groups.at_home(connection, event.workspace, event.conversation)
                if group is not None:
                    outbox.revive(connection, event.workspace, now, group=group.id)
        return Silence()

    def home(self, actor: Actor, now: datetime) -> Message:
        """What somebody's home shows, for a platform that has a place for it."""
        with self._units.begin() as unit:
            person = meet(unit, actor, ())
            return said_in(home_message(unit, person, now), person.workspace, person.language)

    def certificate(self, number: str) -> Certificate | None:
        """The certificate with this number; None where there is none, or a single letter of it is wrong."""
        with self._units.begin() as unit:
            return genuine(unit, number)

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def plan(self, now: datetime) -> Wake:
        """Put into the outbox what has fallen due, once, whoever else plans at the same time."""
        with self._store.begin() as connection:
            due, following = ask(connection, _CLOCK, now)
            if not due:
                return Wake(outbox.work(connection, now), following)
        looked_at = planning.BATCH
        while looked_at == planning.BATCH:
            with self._units.begin() as unit:
                planned = planning.plan(unit, now)
                checkpoints.open_polls(unit, planned.running, planned.polls, now)
                copy_hints(unit, planned.hints, now)
                tell_of_newer(unit, planned.running, now)
                looked_at = planned.groups
        settled = checkpoints.BATCH
        while settled == checkpoints.BATCH:
            with self._units.begin() as unit:
                settled = checkpoints.settle(unit, now)
        with self._units.begin() as unit:
            close_due(unit, now)
            _, following = ask(unit.connection, _CLOCK, now)
            return Wake(outbox.work(unit.connection, now), following)

    def open_lane(self, workspace: int, worker: str, now: datetime) -> Lane | None:
        """The right to send for a workspace, for a lease; None while another worker has it."""
        with self._store.begin() as connection:
            return lanes.take(connection, workspace, worker, now)

    def close_lane(self, lane: Lane, now: datetime) -> None:
        """Let go of a lane before its lease ends."""
        with self._store.begin() as connection:
            lanes.let_go(connection, lane, now)

    def hold(self, workspace: int, until: datetime) -> None:
        """Until then the platform wants to hear nothing in this workspace: nobody sends anything there."""
        with self._store.begin() as connection:
            lanes.hold(connection, workspace, until)

    def revive(self, workspace: int, reason: str, now: datetime) -> None:
        """What was parked for this reason, which is one no longer, is due again where it is still worth saying."""
        with self._store.begin() as connection:
            outbox.revive(connection, workspace, now, reason=reason)

    def claim(self, lane: Lane, now: datetime, limit: int, *, begun: bool = True) -> tuple[Post, ...]:
        """Up to ``limit`` posts to send now, their intent kept. Empty: nothing is due, or nothing may be sent.

        Not ``begun``: they are only set aside, and ``begin`` has to be called before the first word of one leaves the
        house. After a crash only those are in doubt that were begun.
        """
        while True:
            with self._units.begin() as unit:
                if not lanes.renew(unit.connection, lane, now):
                    return ()
                rows = sending.ready(unit.connection, lane, now, limit)
                posts = compose(unit, lane, rows, now)
                sending.start(unit.connection, lane, [post.key for post in posts], now, begun=begun)
            # Rows that turned out not to be needed must not hide those behind them.
            if posts or not rows:
                return tuple(posts)

    def begin(self, lane: Lane, posts: Sequence[Post], now: datetime) -> tuple[Post, ...]:
        """Keep the intent to send these now. Returns those that may be sent: none where the lane is lost."""
        with self._store.begin() as connection:
            if not lanes.renew(connection, lane, now):
                return ()
            ours = sending.begin(connection, lane, [post.key for post in posts], now)
            return tuple(post for post in posts if post.key in ours)

    def sent(self, post: Post, receipt: Receipt, now: datetime) -> bool:
        """The post stands. False: another worker has taken over, and its word counts."""
        with self._store.begin() as connection:
            new = post.address.group if isinstance(post.address, Home) and post.address.conversation is None else None
            if new is not None:
                # The group before its posts, as everybody who changes one does: else two could wait for each other.
                groups.load(connection, post.workspace, new, lock=True)
            kept = sending.sent(connection, post, receipt, now)
            if kept and new is not None:
                groups.settle_home(connection, post.workspace, new, receipt.conversation)
            return kept

    def sent_all(self, outcomes: Sequence[tuple[Post, Receipt]], now: datetime) -> bool:
        """Several posts of one workspace stand, as ``sent`` says of each, for the price of one transaction."""
        alone = [one for one in outcomes if isinstance(one[0].address, Home) and one[0].address.conversation is None]
        together = [one for one in outcomes if one not in alone]
        kept = True
        if together:
            with self._store.begin() as connection:
                stand = sending.sent_all(connection, together, now)
            # Those that somebody else is changing just now, or that are not ours any more, one by one.
            alone += [one for one in together if one[0].key not in stand]
        for post, receipt in alone:
            kept = self.sent(post, receipt, now) and kept
        return kept

    def arrived(self, workspace: int, key: str, receipt: Receipt, now: datetime) -> bool:
        """The platform tells by itself that a post stands. True where we did not know that yet.

        Whoever holds the lane; any number of times. A key that is none of ours, or of another workspace, changes
        nothing.
        """
        with self._store.begin() as connection:
            row = outbox.find(connection, workspace, [key]).get(key)
            if row is None:
                return False
            home = row.group if row.person is None and row.receipt is None else None
            if home is not None:
                groups.load(connection, workspace, home, lock=True)
            settled = sending.arrived(connection, workspace, key, receipt, now)
            if settled and home is not None:
                groups.settle_home(connection, workspace, home, receipt.conversation)
            return settled

    def failed(
        self,
        post: Post,
        reason: str,
        now: datetime,
        retry_at: datetime | None,
        *,
        doubtful: bool = False,
        hold_until: datetime | None = None,
    ) -> State | None:
        """The post was not delivered: again at ``retry_at``, or parked and shown where that is None.

        ``doubtful``: it may have arrived all the same; without a ``retry_at`` nobody will ever know, and what its kind
        is worth decides: see ``bot.posts``; so it does after ``LONGEST_DOUBT``. ``hold_until``: until then nobody sends
        anything in this workspace.
        Returns what became of it. None: another worker has taken over, and its word counts.
        """
        with self._units.begin() as unit:
            kind = post.key.partition(":")[0]
            if doubtful and retry_at is not None and post.tried is not None and post.tried + LONGEST_DOUBT <= now:
                retry_at = None
            gives_up = retry_at is None and post.edits is None
            ends: State = "dropped" if doubtful and kind in DROPPED_IN_DOUBT else "parked"
            if gives_up and isinstance(post.address, Home):
                # The group before its posts, here too: whoever looks after it will be told.
                groups.load(unit.connection, post.workspace, post.address.group, lock=True)
            kept = sending.failed(unit.connection, post, reason, now, retry_at, doubtful=doubtful, ends=ends)
            if hold_until is not None:
                lanes.hold(unit.connection, post.workspace, hold_until)
            if not kept or retry_at is not None:
                return "planned" if kept else None
            row = outbox.find(unit.connection, post.workspace, [post.key])[post.key]
            if gives_up and row.state == "parked":
                lost(unit, row, now)
            return row.state
