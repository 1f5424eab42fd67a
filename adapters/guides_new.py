"""The skeleton of a guide: every file and section that it needs, without a mistake, to be filled with one's own words.

Pure: an order in, texts out.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from bot.guides.rules import Every, Kind


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants. ``article``: the slug of an article that challenges may link to, or "" without a library."""

    id: str
    kind: Kind
    every: Every
    sessions: int
    minutes: int
    author: str
    for_guide: str = ""
    for_role: str = ""
    article: str = ""

    @property
    def title(self) -> str:
        return self.id.replace("-", " ").capitalize()


def skeleton(order: Order) -> dict[str, str]:
    """The texts of the guide by their paths below its folder."""
    files = {"guide.yaml": _manifest(order), "en/guide.md": _cover(order)}
    for number in range(1, order.sessions + 1):
        files[f"en/week-{number:02}.md"] = _alone(number) if order.kind == "solo" else _session(order, number)
    return files


def _manifest(order: Order) -> str:
    lines = [f"id: {_scalar(order.id)}", "version: 1", f"kind: {order.kind}", "licence: CC-BY-4.0", "authors:"]
    lines += [
        f"  - {_scalar(order.author)}",
        f"minutes: {order.minutes}",
        "first_session: 1",
        f"last_session: {order.sessions}",
    ]
    if order.kind == "solo":
        lines += [f"for_guide: {_scalar(order.for_guide)}", f"for_role: {order.for_role}"]
        return "\n".join(lines) + "\n"
    least, most, start = (2, 2, 2) if order.kind == "pair" else (4, 6, 3)
    lines += [f"rhythm: {order.every}", f"short_minutes: {min(20, order.minutes)}"]
    lines += [f"checkpoint: {max(1, order.sessions // 2)}"]
    lines += ["group:", f"  starts_with: {start}", f"  at_least: {least}", f"  at_most: {most}"]
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    """A text as YAML writes it in one line: with quotation marks only where it would be read as something else."""
    return yaml.safe_dump(text, allow_unicode=True, width=10_000).removesuffix("\n").removesuffix("\n...")


_COVER = (
    ("Summary", "Say in three sentences who meets, how often, and what they have at the end."),
    ("For whom", "Say who gets something out of it."),
    ("Not for", "Say honestly who had better do something else."),
    ("Roles", "Say who opens the meeting, and who looks after the time."),
    ("What to prepare", "Say what has to be there before the first meeting."),
    ("What to expect", "Say what people hold in their hands at the end."),
    ("Welcome", "Say hello, and what happens first."),
    ("Closing", "Say thank you, and what remains."),
    ("Sources", "- The structure is our own."),
)


def _cover(order: Order) -> str:
    wanted = {"Summary", "Welcome", "Closing", "Sources"} if order.kind == "solo" else {name for name, _ in _COVER}
    return _page(order.title, tuple(part for part in _COVER if part[0] in wanted))


def _session(order: Order, number: int) -> str:
    pair = order.kind == "pair"
    first, last = min(10, order.minutes // 4), 5 if order.minutes >= 15 else 1
    middle = order.minutes - first - last
    short = min(20, order.minutes)
    remedy = f" More about it is in [an article of the library](library:{order.article})." if order.article else ""
    parts = (
        ("Purpose", "Say in one sentence why this hour is worth it."),
        *((("Preparation", "Tell the mentor what to look for before the meeting."),) if pair else ()),
        (
            "Agenda",
            f"- {first} min: Report round.\n- {middle} min: The exercise.\n- {last} min: Each says one next step.",
        ),
        ("Exercise", "1. Say what each of you does first.\n2. Say what you do with it together."),
        *((("Steps", "- 5 min: Give the mentee one small thing to do."),) if pair else ()),
        ("Prompt", "Ask for one thing, and say what it is good for."),
        ("Check-in question", "What did you try?"),
        ("If you missed it", "What would you have said?"),
        ("Facilitator tip", "Say what tends to go wrong here, and what helps."),
        ("Challenge", f"Name the trouble that is most likely this week, and what to do about it.{remedy}"),
        ("Next small step", "Name one thing that takes five minutes."),
        ("Short edition", f"- {short} min: Say what stays when there is little time."),
    )
    return _page(f"Session {number}", parts)


_READING = (
    "Write here what somebody should know before they do the task. Tell it to one person. Begin with something "
    "that happened: a meeting, a phone call, a sentence that somebody said. Then say what one can learn from "
    "it.\n\n"
    "Keep your sentences short. Half of them should have at most eighteen words, and the check will tell you "
    "if they have more. Use the words that you use at work. Explain a word that only some people know, or "
    "leave it out.\n\n"
    "Say what helps, and also what does not. Give one example from an office and one from a place without "
    "desks. A ward, a workshop or a shop will do. Then nobody has to translate your text for themselves.\n\n"
    "Stop when you have said it. A good reading takes two minutes, which is a hundred and fifty to four "
    "hundred words. If you have more to say, make a second session of it. At the end, lead over to the task, "
    "so that nobody asks why they should read this at all."
)


def _alone(number: int) -> str:
    return _page(
        f"Part {number}",
        (
            ("Purpose", "Say in one sentence why this is worth twenty minutes."),
            ("Reading", _READING),
            ("Task", "Say what to do in the real world, and by when."),
            ("Reflection", "What surprised you?"),
        ),
    )


def _page(title: str, parts: tuple[tuple[str, str], ...]) -> str:
    return f"# {title}\n" + "".join(f"\n## {name}\n\n{text}\n" for name, text in parts)
