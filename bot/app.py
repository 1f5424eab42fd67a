"""``Bot``: the whole surface of the core, synchronous. A call is one transaction; planning is one per batch, and
handling two: who is acting is kept before the deed, which may be refused.

An adapter hands in what happened and is told what to say; what the bot says by itself is planned into the outbox,
claimed, sent by the adapter, and acknowledged. Any exception that is no BotError is a bug and the edge's to report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import takewhile

from bot import commands
from bot.actions import Action, parse_token
from bot.commands import Grammar, Unreadable
from bot.composing import compose
from bot.errors import Invalid, Refused
from bot.founding.words import mistaken
from bot.groups import store as groups
from bot.groups.rules import WhichGroup
from bot.groups.service import depart
from bot.groups.words import which_group
from bot.guides.rules import Guides
from bot.home import words as home_words
from bot.home.service import home_lost, home_message
from bot.inbound import Actor, Changed, Command, HomeLost, Inbound, Left, Press, Submission
from bot.meetings import planning
from bot.meetings.service import lost
from bot.messages import (
    FixForm,
    Home,
    Message,
    OpenForm,
    Post,
    Receipt,
    Reply,
    Say,
    Silence,
    prefilled,
)
from bot.outbox import store as outbox
from bot.outbox.rules import Lane, State
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.posts import DROPPED_IN_DOUBT
from bot.storage import Store
from bot.unit import Unit
from bot.verbs import GRAMMARS, VERBS, Verb


@dataclass(frozen=True, slots=True)
class Wake:
    """What planning found: workspaces with something to send now, and when there will be something again."""

    workspaces: tuple[int, ...]
    next: datetime | None


class Bot:
    """Safe to call from several threads and processes at once; it keeps nothing between calls but its guides."""

    def __init__(self, store: Store, guides: Guides) -> None:
        self._store = store
        self._guides = guides

    @property
    def grammars(self) -> tuple[Grammar, ...]:
        """The commands there are, for completion and manifests."""
        return GRAMMARS

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
                with self._store.begin() as connection:
                    home_lost(Unit(connection, self._guides), workspace, conversation, reason, now)
                return Silence()
            case Command():
                return self._command(event, now)
            case Press(token=token) | Submission(token=token):
                meant = parse_token(token)
                if meant is not None and meant.verb in ("run", "mend") and isinstance(event, Press) and meant.args:
                    command = Command(event.actor, event.place, meant.args[0])
                    return self._command(command, now, mend=meant.verb == "mend")
                return self._pressed(event, meant, now)

    def _left(self, actor: Actor, now: datetime) -> Reply:
        with self._store.begin() as connection:
            person = people.find(connection, actor.workspace, actor.person)
            if person is not None:
                unit = Unit(connection, self._guides)
                for group in groups.of_person(connection, actor.workspace, person.id):
                    depart(unit, group, person, now)
                people.deactivate(connection, person)
        return Silence()

    def _changed(self, actor: Actor) -> Reply:
        with self._store.begin() as connection:
            if people.find(connection, actor.workspace, actor.person) is not None:
                people.meet(connection, actor)
        return Silence()

    def home(self, actor: Actor, now: datetime) -> Message:
        """What somebody's home shows, for a platform that has a place for it."""
        with self._store.begin() as connection:
            unit = Unit(connection, self._guides)
            return home_message(unit, self._meet(unit, actor, ()), now)

    def _command(self, event: Command, now: datetime, *, mend: bool = False) -> Reply:
        """Carry a typed command out; to ``mend`` it, open its form with what was typed."""
        typed = commands.read(event.text, GRAMMARS)
        with self._store.begin() as connection:
            person = self._meet(Unit(connection, self._guides), event.actor, event.mentioned)
            named = (people.find(connection, person.workspace, one) for one in commands.mentions(event.text))
            names = {other.external: other.name for other in named if other is not None}
        if isinstance(typed, Unreadable):
            shown = partial(commands.with_names, names=names)
            return Say(home_words.unreadable(person.t, typed, event.text.strip(), self._usage(event.text), shown))
        values = {
            name: commands.with_names(value, names) if isinstance(value, str) else value
            for name, value in typed.values.items()
        }
        text = event.text.strip()
        request = Request(person, event.place, "command", values, text, commands.with_names(text, names))
        if typed.name == "help":
            return self._help(request)
        return self._do(VERBS[typed.name], typed.name, request, now, mend=mend)

    def _usage(self, text: str) -> str:
        name = text.split(maxsplit=1)[0].lower() if text.split() else ""
        return next((grammar.usage for grammar in GRAMMARS if grammar.name == name), "")

    def _help(self, request: Request) -> Reply:
        wanted = request.text("command").lower()
        grammar = next((one for one in GRAMMARS if one.name == wanted), None)
        if grammar is not None:
            return Say(home_words.help_with(request.t, grammar))
        return Say(home_words.help_(request.t, GRAMMARS))

    def _pressed(self, event: Press | Submission, meant: Action | None, now: datetime) -> Reply:
        with self._store.begin() as connection:
            mentioned = event.mentioned if isinstance(event, Submission) else ()
            person = self._meet(Unit(connection, self._guides), event.actor, mentioned)
        if meant is not None and meant.verb == "help":
            return self._help(Request(person, event.place, "press"))
        verb = VERBS.get(meant.verb) if meant else None
        if meant is None or verb is None or len(meant.args) > len(verb.args):
            return Say(home_words.old_button(person.t))
        values: dict[str, str | tuple[str, ...]] = dict(zip(verb.args, meant.args, strict=False))
        if isinstance(event, Press):
            return self._do(verb, meant.verb, Request(person, event.place, "press", values), now)
        # What the token names cannot be overruled by a field of the same name.
        request = Request(person, event.place, "form", {**event.values, **values})
        return self._do(verb, meant.verb, request, now)

    def _do(self, verb: Verb, name: str, request: Request, now: datetime, *, mend: bool = False) -> Reply:
        try:
            with self._store.begin() as connection:
                unit = Unit(connection, self._guides)
                if verb.form is not None and (mend or _wants_form(verb, request)):
                    return OpenForm(prefilled(verb.form(unit, request, now), request.values))
                return verb.run(unit, request, now)
        except Refused as refused:
            return Say(home_words.refused(str(refused)))
        except WhichGroup as which:
            return self._which(verb, name, request, which, now)
        except Invalid as invalid:
            return self._invalid(verb, request, invalid, now)

    def _which(self, verb: Verb, name: str, request: Request, which: WhichGroup, now: datetime) -> Reply:
        """Ask which group; where a form can carry what was typed, the form asks."""
        if verb.form is not None and request.values:
            with self._store.begin() as connection:
                try:
                    form = verb.form(Unit(connection, self._guides), request, now)
                    return OpenForm(prefilled(form, request.values))
                except WhichGroup:
                    pass
        rest = tuple(takewhile(bool, (request.text(arg) for arg in verb.args[1:])))
        return Say(which_group(request.t, name, which.groups, rest))

    def _invalid(self, verb: Verb, request: Request, invalid: Invalid, now: datetime) -> Reply:
        if request.via == "form":
            return FixForm(invalid.problems)
        if verb.form is None:
            return Say(home_words.refused(str(invalid)))
        problems = tuple(invalid.problems.values())
        try:
            with self._store.begin() as connection:
                form = prefilled(verb.form(Unit(connection, self._guides), request, now), request.values)
        except (Refused, WhichGroup):
            return Say(home_words.refused(*problems))
        return Say(mistaken(request.t, problems, request, form))

    def _meet(self, unit: Unit, actor: Actor, mentioned: tuple[Actor, ...]) -> Person:
        """Somebody and those they named, as the platform knows them; nobody of another workspace can be named."""
        named = {other.person: other for other in mentioned if other.workspace == actor.workspace}
        # Always in one order: two who name each other at the same time must not wait for each other.
        met = [people.meet(unit.connection, one) for _, one in sorted({**named, actor.person: actor}.items())]
        return next(person for person in met if person.external == actor.person)

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def plan(self, now: datetime) -> Wake:
        """Put into the outbox what has fallen due, once, whoever else plans at the same time."""
        looked_at = planning.BATCH
        while looked_at == planning.BATCH:
            with self._store.begin() as connection:
                looked_at = planning.plan(Unit(connection, self._guides), now)
        with self._store.begin() as connection:
            following = (groups.next_due(connection, now), outbox.next_due(connection, now))
            return Wake(outbox.work(connection, now), min((at for at in following if at is not None), default=None))

    def open_lane(self, workspace: int, worker: str, now: datetime) -> Lane | None:
        """The right to send for a workspace, for a lease; None while another worker has it."""
        with self._store.begin() as connection:
            return outbox.open_lane(connection, workspace, worker, now)

    def close_lane(self, lane: Lane, now: datetime) -> None:
        """Let go of a lane before its lease ends."""
        with self._store.begin() as connection:
            outbox.close_lane(connection, lane, now)

    def claim(self, lane: Lane, now: datetime, limit: int, *, begun: bool = True) -> tuple[Post, ...]:
        """Up to ``limit`` posts to send now, their intent kept. Empty: nothing is due, or nothing may be sent.

        Not ``begun``: they are only set aside, and ``begin`` has to be called before the first word of one leaves the
        house. After a crash only those are in doubt that were begun.
        """
        while True:
            with self._store.begin() as connection:
                if not outbox.renew(connection, lane, now):
                    return ()
                rows = outbox.ready(connection, lane, now, limit)
                unit = Unit(connection, self._guides)
                posts = compose(unit, lane, rows, now)
                outbox.start(connection, lane, [post.key for post in posts], now, begun=begun)
            # Rows that turned out not to be needed must not hide those behind them.
            if posts or not rows:
                return tuple(posts)

    def begin(self, lane: Lane, posts: Sequence[Post], now: datetime) -> tuple[Post, ...]:
        """Keep the intent to send these now. Returns those that may be sent: none where the lane is lost."""
        with self._store.begin() as connection:
            if not outbox.renew(connection, lane, now):
                return ()
            ours = outbox.begin(connection, lane, [post.key for post in posts], now)
            return tuple(post for post in posts if post.key in ours)

    def sent(self, post: Post, receipt: Receipt, now: datetime) -> bool:
        """The post stands. False: another worker has taken over, and its word counts."""
        with self._store.begin() as connection:
            new = post.address.group if isinstance(post.address, Home) and post.address.conversation is None else None
            if new is not None:
                # The group before its posts, as everybody who changes one does: else two could wait for each other.
                groups.load(connection, post.workspace, new, lock=True)
            kept = outbox.sent(connection, post, receipt, now)
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
                # Whoever holds several rows must not wait for another: those in somebody's hands come by themselves.
                free = outbox.lock(connection, together[0][0].workspace, [post.key for post, _ in together])
                for post, receipt in together:
                    if post.key in free:
                        kept = outbox.sent(connection, post, receipt, now) and kept
            alone += [one for one in together if one[0].key not in free]
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
            settled = outbox.arrived(connection, workspace, key, receipt, now)
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
    ) -> bool:
        """The post was not delivered: again at ``retry_at``, or parked and shown where that is None.

        ``doubtful``: it may have arrived all the same; without a ``retry_at`` nobody will ever know, and what its kind
        is worth decides: see ``bot.posts``. ``hold_until``: until then nobody sends anything in this workspace.
        False: another worker has taken over, and its word counts.
        """
        with self._store.begin() as connection:
            unit = Unit(connection, self._guides)
            kind = post.key.partition(":")[0]
            gives_up = retry_at is None and post.edits is None
            ends: State = "dropped" if doubtful and kind in DROPPED_IN_DOUBT else "parked"
            if gives_up and isinstance(post.address, Home):
                # The group before its posts, here too: whoever looks after it will be told.
                groups.load(connection, post.workspace, post.address.group, lock=True)
            kept = outbox.failed(connection, post, reason, now, retry_at, doubtful=doubtful, ends=ends)
            if hold_until is not None:
                outbox.hold(connection, post.workspace, hold_until)
            row = outbox.find(connection, post.workspace, [post.key]).get(post.key) if gives_up and kept else None
            if row is not None and row.state == "parked":
                lost(unit, row, now)
            return kept


def _wants_form(verb: Verb, request: Request) -> bool:
    """A press opens the form; a command does so when something is missing; a sent form never does."""
    match request.via:
        case "press":
            return True
        case "command":
            return any(not request.has(name) for name in verb.needs)
        case "form":
            return False
