"""A poll in Slack, over the wire: ticked in a modal's checkboxes, and shown by editing the message that stands."""

from __future__ import annotations

from bot.guides.rules import Guides
from bot.storage import Store
from tests.slack.stage import Stage, play
from tests.slack.test_plays import north

POLL = '/circle poll "What shall we read?" "Essays" "Poems & <!channel>" --multiple --until 2026-12-07'


def test_options_are_ticked_in_a_modal_and_the_message_is_edited(store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana, ben, cleo, _ = await north(stage, "C1")
        await ana.types(POLL, "C1")
        ben.sees("What shall we read?", "0 of 3 have answered.", channel="C1")
        standing = len(ben.messages("C1"))

        await ben.presses("Choose", "C1")
        await ben.submits(chosen=["0", "1"])
        ben.sees("Your vote: Essays and Poems &amp; &lt;!channel&gt;.", channel="C1")
        await cleo.presses("Choose", "C1")
        await cleo.submits(chosen=[])
        cleo.sees("2 of 3 have answered.", "Essays: 1", channel="C1")

        await ben.presses("Choose", "C1")
        assert [one["value"] for one in ben.modal["blocks"][0]["element"]["initial_options"]] == ["0", "1"]
        await ben.submits(chosen=["1"])
        cleo.sees("Essays: 0", channel="C1")
        assert len(cleo.messages("C1")) == standing + 1, "one private answer, and no new message in the circle"

        await stage.until("2026-12-07T17:00:00+00:00")
        cleo.sees("was chosen most, 1 of 2.", "Closed on Mon 7 Dec, 18:00", channel="C1")

    play(store, guides, scene, way="http")
