"""What people type, press and send: whatever becomes of it, there is an answer, and it is said in their language."""

from __future__ import annotations

import pytest

from bot.forms import Form
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Inbound, Place, Press, Submission
from bot.messages import FixForm, OpenForm, Say
from bot.storage import Store
from tests.core.office import NOW, office

ALONE = Place("dm-ana", "direct")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("typed", "help"),
        ("typed", "help goal"),
        ("typed", "hlep"),
        ("typed", "roster"),
        ("typed", "goal Speak up"),
        ("typed", "zone Mars/Olympus"),
        ("pressed", "roster:999"),
        ("pressed", "forgotten:1"),
        ("pressed", "help"),
        ("pressed", "goal"),
        ("pressed", "mend:zone Mars"),
        ("sent", "goal"),
        ("sent", "zone"),
    ],
)
def test_every_answer_leaves_by_one_door(sqlite_store: Store, guides: Guides, kind: str, said: str) -> None:
    """There it becomes what is said in the reader's workspace and language: refused, mended or asked back as well."""
    here = office(sqlite_store, guides)
    for name in ("North", "South"):
        here.circle(name, f"home {name}")
    ana = Actor(here.workspace, "ana", "Ana", "Europe/Berlin", "de")
    events: dict[str, Inbound] = {
        "typed": Command(ana, ALONE, said),
        "pressed": Press(ana, ALONE, said),
        "sent": Submission(ana, ALONE, said, {}),
    }

    reply = here.bot.handle(events[kind], NOW)

    match reply:
        case Say(message):
            assert message.language == "de"
        case OpenForm(form) | FixForm(_, Form() as form):
            assert form.language == "de"
        case _:
            pytest.fail(f"no answer: {reply}")
