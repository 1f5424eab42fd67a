"""The gallery, as ``circlet local --gallery`` serves it: every example drawn on every side, on a page one can use."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from adapters.gallery.examples import EXAMPLES
from adapters.settings import ROOT
from bot.messages import Form

FEATURES = sorted({name.partition(".")[0] for name in EXAMPLES})
PHONE = {"width": 390, "height": 844}


@contextmanager
def local_chat(data: Path, *flags: str) -> Iterator[list[str]]:
    """``circlet local`` as a program; what it said on the way to serving, a line each."""
    command = [sys.executable, "-m", "adapters", "local", "--no-seed", "--port", "20300", "--data", str(data), *flags]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
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


@pytest.fixture
def page(browser: Browser, gallery: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The gallery, open; whatever it complains about fails the test. Give the context's options as the parameter."""
    options = {"reduced_motion": "reduce", **getattr(request, "param", {})}
    context = browser.new_context(locale="en-GB", **options)
    page = context.new_page()
    page.set_default_timeout(8_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto(gallery)
    expect(page.locator("body.ready")).to_be_visible()
    yield page
    context.close()
    assert complaints == []


def serious(page: Page) -> list[tuple[str, str]]:
    violations = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in violations if one["impact"] in ("serious", "critical")]


def shows(page: Page, name: str) -> None:
    """Go to an example or to a feature by its link in the list."""
    page.locator(f'#kinds [data-show="{name}"]').click()


@pytest.mark.parametrize("feature", FEATURES)
def test_every_example_of_a_feature_is_drawn_on_both_sides(page: Page, feature: str) -> None:
    names = [name for name in EXAMPLES if name.partition(".")[0] == feature]
    shows(page, feature)

    drawn = page.locator("#shown .example")
    assert drawn.evaluate_all("all => all.map((one) => one.dataset.name)") == names
    for name in names:
        example = page.locator(f'#shown [data-name="{name}"]')
        asked = isinstance(EXAMPLES[name], Form)
        local, slack = (".asked form", ".sl-modal") if asked else (".message .blocks > *", ".sl-message .sl-said > *")
        expect(example.locator(f".on-web {local}").first).to_be_visible()
        expect(example.locator(f".on-slack {slack}").last).to_be_visible()
    assert page.locator(".sl-unknown").all_text_contents() == []
    assert serious(page) == []


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_what_is_typed_stays_text_and_the_dark_is_readable(page: Page) -> None:
    shows(page, "checkins.status")

    for side in (".on-web", ".on-slack"):
        expect(page.locator(side)).to_contain_text("@Ben *bold* <!channel>")
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
    for side in (".on-web", ".on-slack"):
        page.locator(side).get_by_role("button", name="Agenda").click()
        expect(page.locator(f"{side} .sends")).to_have_text("Sends agenda:7:1")

    page.locator(".on-slack summary").click()
    expect(page.locator(".on-slack pre")).to_contain_text('"type": "header"')
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
