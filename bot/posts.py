"""The table of everything the bot says by itself: kind of post -> words, and what of it is held to polite hours."""

from __future__ import annotations

from bot.checkins import service as checkins
from bot.founding import service as founding
from bot.groups import service as groups
from bot.groups.service import Compose
from bot.home import service as home
from bot.meetings import service as meetings

POSTS: dict[str, Compose] = {
    "invite": founding.post_invite,
    "declined": founding.post_declined,
    "waiting": founding.post_waiting,
    "opening": founding.post_opening,
    "joined": groups.post_joined,
    "left": groups.post_left,
    "facilitates": groups.post_facilitates,
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
    "checkin": checkins.post_checkin,
    "nudge": checkins.post_nudge,
    "shared": checkins.post_shared,
    "hint": checkins.post_hint,
    "homeless": home.post_homeless,
    "rehomed": home.post_rehomed,
}

POLITE = frozenset({"prepare", "steps", "reminder", "checkin", "nudge", "hint", "waiting", "missed"})
"""Private posts that come by the calendar: never in quiet hours, on days off or on holidays, however late we are.

An invitation is a colleague's own deed, now; it is not held back.
"""

WEEKLY = frozenset({"prepare", "steps", "reminder", "checkin", "nudge"})
"""What a person on a break does not get."""

RESTING = frozenset({"nudge", "hint", "reminder"})
"""What nobody gets while the whole group is on a break."""

DROPPED_IN_DOUBT = WEEKLY | {"hint"}
"""What is let go where nobody can find out whether it arrived: a second time would be worse than never.

It comes by the calendar, in private, and another one follows. All else is parked: it is listed in the group's status,
and who looks after the group is told and can send it again.
"""
