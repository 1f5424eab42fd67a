"""Every card as Microsoft's own renderer draws it, in Chromium: without a warning, and with all its words.

One page draws them all. Two things it says are no complaint of ours, and are told apart here: that it knows no charts,
which is what their fallback is for; and that a people picker is newer than 1.5, where Teams has had it from 1.2 on
(https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/people-picker).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from adapters.gallery.examples import EXAMPLES
from adapters.gallery.page import in_teams
from adapters.teams.render import card, dialog, form_card, said_dialog
from bot.actions import action
from bot.forms import DateInput, Form, MultiChoice, Option, PeopleInput, TextInput
from bot.markup import Bold, Link, Mention, Plain
from bot.messages import Ask, Chart, LinkButton, Message, Series, Text
from tests.browser.conftest import FLAGS
from tests.conftest import ROOT, missing
from tests.plays import teams_client as client

RENDERER = ROOT / "node_modules" / "adaptivecards" / "dist"
NO_CHARTS = 'Unknown element type "Chart.'
PICKER = (
    'Property "choices.data" is supported in version 1.6',
    "An Input.ChoiceSet must have at least one choice defined",
)

TYPED = "**bold** [x](https://example.org) <at>Ana</at> <b>&amp;</b> {{DATE(2026-12-07T06:08:39Z)}}"
CHART = Chart(
    "line", "Two lines", ("Week 1", "Week 2"), (Series("met", (3.0, None)), Series("missed", (1.0, 2.5))), "Words."
)
FORM = Form(
    action("checkin", 1, 2),
    TYPED,
    (
        TextInput("text", TYPED, TYPED, hint=TYPED, required=True),
        MultiChoice("days", "Days", (Option("a,b", "One"), Option("c", "Two")), ("a,b",)),
        PeopleInput("who", "Who", ("6c1f0a5e-0000-4000-8000-000000000001",), most=3),
        DateInput("day", "Day", "2026-12-07"),
    ),
    "Send",
)
AWKWARD = Message(
    (
        Text((Plain(TYPED), Bold(TYPED), Mention("x", TYPED), Link("here", "https://example.org/a?b=c"))),
        CHART,
        LinkButton("Open it", "https://example.org"),
        Ask("Answer", FORM, "primary"),
    )
)

DRAW = """(cards) => {
  const A = AdaptiveCards;
  // Without a processor of Markdown it would complain of the lack of one; this one leaves every text as it is.
  A.AdaptiveCard.onProcessMarkdown = (text, result) => { result.outputHtml = text; result.didProcess = true; };
  const host = new A.HostConfig({ supportsInteractivity: true, actions: { maxActions: 6 } });
  return Object.fromEntries(Object.entries(cards).map(([name, content]) => {
    const card = new A.AdaptiveCard();
    const context = new A.SerializationContext(new A.Version(1, 5));
    card.hostConfig = host;
    card.parse(content, context);
    const found = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
    found.push(...card.validateProperties().validationEvents.map((event) => event.message));
    const drawn = card.render();
    document.body.replaceChildren(drawn);
    const links = [...drawn.querySelectorAll("a")].map((one) => one.getAttribute("href"));
    return [name, { said: drawn.innerText, found, links }];
  }));
}"""

Drawn = Mapping[str, Any]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    """By the name of each card: what a person reads, what the renderer complains of, and where its links lead."""
    path = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not path:
        missing("Chromium (on Debian: apt install chromium)")
    if not RENDERER.exists():
        missing("Microsoft's renderer of cards (npm ci)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            return _drawn(browser)
        finally:
            browser.close()


def _drawn(browser: Browser) -> Drawn:
    page = browser.new_page()
    page.set_content("<body></body>")
    page.add_script_tag(path=RENDERER / "adaptivecards.min.js")
    found: Drawn = page.evaluate(DRAW, cards())
    return found


@cache
def cards() -> Mapping[str, Any]:
    return dict(_cards())


def _cards() -> Iterator[tuple[str, Any]]:
    for name, example in {**EXAMPLES, "awkward": AWKWARD, "awkward form": FORM}.items():
        there = in_teams(example)
        if isinstance(there, Form):
            yield f"{name} in place", form_card(there, {there.fields[0].id: "That is not right."})
            yield f"{name} as a dialog", dialog(there)["card"]["content"]
        else:
            yield from ((f"{name} {number}", one) for number, one in enumerate(card(there)))
            yield f"{name} in a dialog", said_dialog(there)["card"]["content"]


def test_microsofts_renderer_has_nothing_to_complain_of(drawn: Drawn) -> None:
    contents = cards()
    for name, shown in drawn.items():
        charts = sum(one["type"].startswith("Chart.") for one in contents[name]["body"])
        pickers = str(contents[name]).count("choices.data")
        assert sum(one.startswith(NO_CHARTS) for one in shown["found"]) == charts, name
        ours = [one for one in shown["found"] if not one.startswith((NO_CHARTS, *(PICKER if pickers else ())))]
        assert ours == [], name


def test_every_word_of_a_card_can_be_read(drawn: Drawn) -> None:
    for name, content in cards().items():
        told = client.text(content["body"])
        shown = "".join(drawn[name]["said"].split())
        for line in told.split("\n"):
            said = line.removeprefix("[").removesuffix("]") if line.startswith("[") else line
            for part in said.split(" | "):
                assert "".join(part.split()) in shown, f"{name}: {part}"


def test_a_chart_is_words_where_charts_are_unknown(drawn: Drawn) -> None:
    said = drawn["awkward 0"]["said"]

    assert "Two lines" in said
    assert "met: Week 1 3, Week 2 –" in said
    assert "missed: Week 1 1, Week 2 2.5" in said
    assert "Words." in said


def test_what_was_typed_stays_text(drawn: Drawn) -> None:
    for name in ("awkward 0", "awkward form in place"):
        assert TYPED in drawn[name]["said"]
    assert set(drawn["awkward 0"]["links"]) <= {"https://example.org/a?b=c", "https://example.org", None, ""}


def test_what_is_wrong_stands_at_the_field(drawn: Drawn) -> None:
    lines = [line for line in drawn["checkins.form in place"]["said"].split("\n") if line.strip()]

    assert lines.index("⚠ That is not right.") < next(at for at, line in enumerate(lines) if "How was it?" in line)
