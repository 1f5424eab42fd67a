"""The table of everything the bot says by itself: kind of post -> words, and what of it is held to polite hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.catalogue import service as catalogue
from bot.checkins import service as checkins
from bot.checkpoints import service as checkpoints
from bot.founding import posts as founding
from bot.groups import posts as groups
from bot.groups.posts import Compose
from bot.home import service as home
from bot.joining import service as joining
from bot.meetings import posts as meetings
from bot.messages import Message
from bot.outbox.rules import Row
from bot.people.rules import Person
from bot.polls import service as polls
from bot.supporting import posts as supporting
from bot.training import service as training
from bot.unit import Unit

POSTS: dict[str, Compose] = {
    "invite": founding.post_invite,
    "declined": founding.post_declined,
    "waiting": founding.post_waiting,
    "asks": joining.post_asks,
    "letin": joining.post_letin,
    "notnow": joining.post_notnow,
    "opening": founding.post_opening,
    "joined": groups.post_joined,
    "left": groups.post_left,
    "facilitates": groups.post_facilitates,
    "speaks": groups.post_speaks,
    "looks-after": groups.post_looks_after,
    "prepare": meetings.post_prepare,
    "prompt": meetings.post_prompt,
    "steps": meetings.post_steps,
    "reminder": meetings.post_reminder,
    "closing": meetings.post_closing,
    "missed": meetings.post_missed,
    "skipped": meetings.post_skipped,
    "paused": meetings.post_paused,
    "resumed": meetings.post_resumed,
    "moved": meetings.post_moved,
    "newer": catalogue.post_newer,
    "version": catalogue.post_version,
    "checkin": checkins.post_checkin,
    "nudge": checkins.post_nudge,
    "shared": checkins.post_shared,
    "hint": checkins.post_hint,
    "checkpoint": checkpoints.post_checkpoint,
    "recall": checkpoints.post_recall,
    "rematch": checkpoints.post_rematch,
    "published": checkpoints.post_published,
    "poll": polls.post_poll,
    "polled": polls.post_polled,
    "slotted": polls.post_slotted,
    "getready": training.post_getready,
    "mentor": supporting.post_mentor,
    "cannot": supporting.post_cannot,
    "unmentored": supporting.post_unmentored,
    "backed": supporting.post_backed,
    "mentorhint": supporting.post_mentorhint,
    "homeless": home.post_homeless,
    "rehomed": home.post_rehomed,
}

PERSONAL: dict[str, Callable[[Unit, Row, Person, datetime], Message | None]] = {
    "certificate": training.post_certificate,
}
"""Posts to a person that are about no group."""

POLITE = frozenset(
    {
        "getready",
        "mentorhint",
        "prepare",
        "steps",
        "reminder",
        "checkin",
        "nudge",
        "hint",
        "waiting",
        "missed",
        "slotted",
        "checkpoint",
        "recall",
        "published",
        "rematch",
        "version",
    }
)
"""Private posts that come by the calendar: never in quiet hours, on days off or on holidays, however late we are.

An invitation is a colleague's own deed, now; it is not held back.
"""

WEEKLY = frozenset({"prepare", "steps", "reminder", "checkin", "nudge", "checkpoint", "recall"})
"""What a person on a break does not get."""

ON_ALL_ANSWERS = frozenset({"shared", "hint", "mentorhint"})
"""What speaks of a group's check-ins; of many at once they are read in one go."""

RESTING = frozenset({"nudge", "hint", "mentorhint", "reminder", "recall"})
"""What nobody gets while the whole group is on a break."""

DROPPED_IN_DOUBT = WEEKLY | {"hint", "mentorhint"}
"""What is let go where nobody can find out whether it arrived: a second time would be worse than never.

It comes by the calendar, in private, and another one follows. All else is parked: it is listed in the group's status,
and who looks after the group is told and can send it again.
"""

ONCE_MORE = DROPPED_IN_DOUBT
"""What is sent once more, and only then let go, on a platform where a doubt can never be cleared up.

There a single answer that was lost would else cost somebody their check-in, and nobody would notice.
"""
