"""The first wave of the small company's reverse mentoring: eight pairs that have come to their end, and what they
answered at its checkpoints. Values only; ``seed`` lets them live it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FOUNDED_AT = datetime(2026, 8, 4, 8, 0, tzinfo=UTC)

MENTORS: tuple[tuple[str, str, str, str], ...] = (
    ("amir", "Amir Haddad", "Trainee", "Sales"),
    ("bella", "Bella Conti", "Content editor", "Sales"),
    ("carl", "Carl Jensen", "Service engineer", "Operations"),
    ("dora", "Dora Szabo", "Developer", "Engineering"),
    ("emil", "Emil Braun", "Trainee", "Engineering"),
    ("fiona", "Fiona Walsh", "Account manager", "Sales"),
    ("goran", "Goran Babic", "Planner", "Operations"),
    ("hanna", "Hanna Lehto", "Tester", "Engineering"),
)
MENTEES: tuple[tuple[str, str, str, str], ...] = (
    ("irene", "Irene Papas", "Head of purchasing", "Operations"),
    ("joel", "Joel Andersson", "Head of service", "Operations"),
    ("karin", "Karin Vogel", "Head of finance", "Sales"),
    ("lars", "Lars Nilsen", "Plant manager", "Operations"),
    ("monika", "Monika Zielinska", "Head of quality", "Engineering"),
    ("nils", "Nils Hofmann", "Head of marketing", "Sales"),
    ("olivia", "Olivia Grant", "General counsel", "Sales"),
    ("pavel", "Pavel Dvorak", "Head of research", "Engineering"),
)
"""Id, name, title, department; each pair is the two who stand in the same place."""

DAYS = ("mon", "tue", "wed", "thu")
"""On which the pairs meet, in turn, at ten."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody's answers to one poll, values by field of its form."""

    who: str
    group: int
    poll: str
    at: datetime
    values: dict[str, str]


_SCALES = {
    "mentor": {
        "explain": ("12232233", "23343234", "34344345"),
        "speak-up": ("21123122", "23223232", "33234334"),
        "the-whole-picture": ("11212121", "22323232", "34434333"),
    },
    "mentee": {
        "with-ease": ("11223124", "22333234", "34343345"),
        "own-posts": ("11112112", "12233123", "23344234"),
        "frank-word": ("12211232", "23222333", "33433443"),
    },
}
"""By question: what each of the eight answered at the start, in the middle and at the end."""

_WORTH = {"mentor": ("34544535", "45454545"), "mentee": ("35443454", "44545455")}
_RECOMMEND = {"mentor": "8 9 10 7 9 8 10 9", "mentee": "9 8 10 9 7 10 8 9"}
_IN_THE_WAY = ("time", "time", "preparing", "nothing", "time", "nothing", "time", "nothing")
_HELP = (
    "Tell our bosses that the hour is meant to be kept.",
    "One list of what other pairs have tried.",
    "Let us visit a second department together.",
    "Fewer mails about the program itself.",
    "An hour with all mentors in one room.",
    "A word from Victor that posting is part of the job.",
    "Nothing, please go on like this.",
    "",
)
_IDEAS = (
    "Every head of department answers one question a week in the open channel.",
    "New colleagues shadow a service call in their first month.",
    "A board with what customers asked this week, written by those who heard it.",
    "Show half-finished plans on Fridays, ten minutes each.",
    "",
    "Swap desks with another department for a day each quarter.",
    "Let trainees chair one staff meeting a month.",
    "",
)
_FIT = ["good", "good", "unsure", "good", "good", "good", "unsure", "good"]


def met(place: int, week: int) -> datetime:
    """When a pair met in a week, ten o'clock in Berlin."""
    return FOUNDED_AT + timedelta(days=6 + place % len(DAYS), weeks=week - 1)


def answers() -> tuple[Answered, ...]:
    """All that the wave answered, in the order of time."""
    found: list[Answered] = []
    for place in range(len(MENTORS)):
        first = met(place, 1) + timedelta(hours=1)
        for role, people in (("mentor", MENTORS), ("mentee", MENTEES)):
            who = people[place][0]
            for poll, days, values in (
                ("baseline", -2, _start(role, place)),
                ("fit", 2, {"q_match": _FIT[place]}),
                ("midpoint", 4 * 7 + 2, _middle(role, place)),
                ("final", 9 * 7 + 2, _end(role, place)),
            ):
                at = first + timedelta(days=days, minutes=7 * place + (3 if role == "mentor" else 40))
                found.append(Answered(who, place + 1, poll, at, values))
    return tuple(sorted(found, key=lambda one: one.at))


def _scales(role: str, place: int, wave: int) -> dict[str, str]:
    return {f"q_{question}": waves[wave][place] for question, waves in _SCALES[role].items()}


def _start(role: str, place: int) -> dict[str, str]:
    return _scales(role, place, 0)


def _middle(role: str, place: int) -> dict[str, str]:
    return _scales(role, place, 1) | {
        "q_worth-it": _WORTH[role][0][place],
        "q_in-the-way": _IN_THE_WAY[place if role == "mentor" else -place - 1],
        "q_help": _HELP[place] if role == "mentor" else "",
    }


def _end(role: str, place: int) -> dict[str, str]:
    named = {"n_challenge-ideas": "yes"} if place in (0, 3) else {}
    return _scales(role, place, 2) | {
        "q_worth-it": _WORTH[role][1][place],
        "q_recommend": _RECOMMEND[role].split()[place],
        "q_challenge-ideas": _IDEAS[place] if role == "mentor" else "",
        **named,
    }
