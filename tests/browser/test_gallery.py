"""The gallery, as ``circlet local --gallery`` serves it: every example drawn on every side, on a page one can use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.gallery.examples import EXAMPLES
from adapters.settings import ROOT
from bot.forms import Form
from tests.browser.accessibility import serious

FEW_GUIDES = ROOT / "tests" / "fixtures" / "guides"
"""The gallery shows none of the guides that are installed, so that its program need not read all of ours."""

FEATURES = sorted({name.partition(".")[0] for name in EXAMPLES})
MESSAGE = (".on-web .message .blocks > *", ".on-slack .sl-message .sl-said > *", ".on-teams .tm-message .tm-card > *")
FORM = (".on-web .asked form", ".on-slack .sl-modal", ".on-teams .tm-dialog .tm-card > *")
"""What every platform draws of an example."""
NOT_VISIBLE = """(all, lookedFor) => all.flatMap((one) =>
    lookedFor[one.dataset.name]
        .filter((wanted) => ![...one.querySelectorAll(wanted)].some((found) => found.checkVisibility({
            checkOpacity: true, checkVisibilityCSS: true }) && found.getBoundingClientRect().height > 0))
        .map((wanted) => `${one.dataset.name} ${wanted}`))"""
"""Of all examples at once: which lack something of what is looked for in them."""
PHONE = {"width": 390, "height": 844}


@contextmanager
def local_chat(data: Path, *flags: str) -> Iterator[list[str]]:
    """``circlet local`` as a program; what it said on the way to serving, a line each."""
    command = [sys.executable, "-m", "adapters", "local", "--no-seed", "--port", "20300", "--data", str(data), *flags]
    settings = {**os.environ, "GUIDES_PATH": str(FEW_GUIDES)}
    with subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield [process.stdout.readline() for _ in range(1 + len(flags))]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    with local_chat(tmp_path_factory.mktemp("gallery") / "chat.db", "--gallery") as (_, said):
        yield said.removeprefix("The gallery is at ").strip()


class Gallery:
    """The gallery, open in a window of its own, and what it has complained about."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.context = browser.new_context(locale="en-GB", **{"reduced_motion": "reduce", **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(8_000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.page.goto(address)
        expect(self.page.locator("body.ready")).to_be_visible()

    def close(self) -> None:
        self.context.close()
        assert self.complaints == []


@pytest.fixture
def page(browser: Browser, gallery: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The gallery, open; whatever it complains about fails the test. Give the context's options as the parameter."""
    opened = Gallery(browser, gallery, **getattr(request, "param", {}))
    yield opened.page
    opened.close()


@pytest.fixture(scope="module")
def opened(browser: Browser, gallery: str) -> Iterator[Gallery]:
    opened = Gallery(browser, gallery)
    yield opened
    opened.close()


@pytest.fixture
def leafed(opened: Gallery) -> Iterator[Page]:
    """One page on which everything is shown after the other; whatever it complains about meanwhile fails the test."""
    yield opened.page
    complaints = opened.complaints.copy()
    opened.complaints.clear()
    assert complaints == []


def shows(page: Page, name: str) -> None:
    """Go to an example or to a feature by its link in the list."""
    page.locator(f'#kinds [data-show="{name}"]').click()


@pytest.mark.parametrize("feature", FEATURES)
def test_every_example_of_a_feature_is_drawn_on_every_side(leafed: Page, feature: str) -> None:
    names = [name for name in EXAMPLES if name.partition(".")[0] == feature]
    shows(leafed, feature)

    drawn = leafed.locator("#shown .example")
    assert drawn.evaluate_all("all => all.map((one) => one.dataset.name)") == names
    looked_for = {name: FORM if isinstance(EXAMPLES[name], Form) else MESSAGE for name in names}
    expect(drawn.last.locator(looked_for[names[-1]][-1]).last).to_be_visible()
    assert drawn.evaluate_all(NOT_VISIBLE, looked_for) == []
    assert leafed.locator(".sl-unknown, .tm-unknown").all_text_contents() == []
    # Not the list's rows, which are the same whatever is shown: where one example is shown they are looked at too.
    assert serious(leafed, besides="#kinds li") == []


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_what_is_typed_stays_text_and_the_dark_is_readable(page: Page) -> None:
    shows(page, "checkins.status")

    for side in (".on-web", ".on-slack", ".on-teams"):
        expect(page.locator(side)).to_contain_text("Ben *bold* <!channel>")
        expect(page.locator(side)).to_contain_text("Tuesday_club **7**")
    assert serious(page) == []


def test_the_list_narrows_and_leads_on_by_the_keyboard_alone(page: Page) -> None:
    page.locator("#filter").focus()
    page.keyboard.type("thanks tap")
    expect(page.locator("#found")).to_have_text(f"1 of {len(EXAMPLES)}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator("#shown h2").first).to_have_text("Thanks one tap")
    expect(page).to_have_title("checkins.thanks: one tap · Gallery · Circlet")
    page.get_by_role("link", name="Next: checkins.thanks: closed").click()
    expect(page).to_have_title("checkins.thanks: closed · Gallery · Circlet")
    page.go_back()
    expect(page).to_have_title("checkins.thanks: one tap · Gallery · Circlet")


def test_buttons_say_what_they_would_send_and_the_json_is_there_to_read(page: Page) -> None:
    shows(page, "meetings.prompt")
    for side in (".on-web", ".on-slack", ".on-teams"):
        page.locator(side).get_by_role("button", name="Agenda").click()
        expect(page.locator(f"{side} .sends")).to_have_text("Sends agenda:7:1")

    page.locator(".on-slack summary").click()
    expect(page.locator(".on-slack pre")).to_contain_text('"type": "header"')
    page.locator(".on-teams summary").click()
    expect(page.locator(".on-teams pre")).to_contain_text('"type": "AdaptiveCard"')
    page.locator(".on-web summary", has_text="JSON").click()
    expect(page.locator(".on-web pre")).to_contain_text('"type": "heading"')
    assert serious(page) == []


def test_a_form_unfolds_where_the_local_chat_has_it_in_place(page: Page) -> None:
    shows(page, "checkins.thanks")
    page.locator(".on-web").get_by_role("button", name="Change").click()
    form = page.locator(".on-web .form-host form")
    expect(form.get_by_label("One step you took")).to_have_value("Asked **one** question")
    form.get_by_role("button", name="Check in").click()

    expect(page.locator(".on-web .sends")).to_contain_text('"step":"Asked **one** question"')


def test_a_form_unfolds_in_a_card_of_teams(page: Page) -> None:
    shows(page, "checkins.thanks")
    card = page.locator(".on-teams")
    card.get_by_role("button", name="Change").click()
    expect(card.get_by_label("One step you took")).to_have_value("Asked **one** question")
    card.get_by_role("button", name="Check in").click()

    expect(card.locator(".sends")).to_have_text("Sends checkin:7:1")
    assert serious(page) == []


def test_the_home_is_shown_as_a_message_and_as_the_apps_home(page: Page) -> None:
    shows(page, "home.home")

    for kind in (".sl-message", ".sl-home"):
        expect(page.locator(kind)).to_contain_text("Hello Ana")


@pytest.mark.parametrize("page", [{"viewport": PHONE, "has_touch": True}], indirect=True)
def test_a_phone_shows_the_list_and_then_one_below_the_other(page: Page) -> None:
    expect(page.locator("#shown")).to_be_hidden()
    shows(page, "checkins.status")
    local, slack = page.locator(".on-web").bounding_box(), page.locator(".on-slack").bounding_box()

    assert local is not None
    assert slack is not None
    assert slack["y"] >= local["y"] + local["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == []
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator("#kinds")).to_be_visible()


def test_without_the_flag_there_is_no_gallery(tmp_path: Path) -> None:
    with local_chat(tmp_path / "chat.db") as (said,), pytest.raises(HTTPError, match="404"):
        urlopen(f"{said.split()[3]}/gallery")
