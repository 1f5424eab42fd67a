"""The local chat in a real browser: by mouse, by keyboard, in the dark, on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.accessibility import serious
from tests.plays.stage import Stage


class Visitor:
    """Somebody with the page open; whatever the page complains about fails the test."""

    def __init__(self, browser: Browser, stage: Stage, person: str, **context: object) -> None:
        self.context = browser.new_context(locale="en-GB", reduced_motion="reduce", **context)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(8_000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.page.goto(f"http://127.0.0.1:{stage.port}/?as={person}&in=dm-{person}")
        expect(self.page.locator("body.ready")).to_be_visible()
        dismiss = self.page.get_by_label("Dismiss the welcome")
        if dismiss.is_visible():
            dismiss.click()

    def close(self) -> None:
        self.context.close()
        assert self.complaints == []

    def command(self, text: str) -> None:
        """Type it and wait for the answer, as people do; the answer may be a form."""
        box, answers = self.page.locator("#command"), self.page.locator("article, dialog[open]")
        before = answers.count()
        box.fill(text)
        box.press("Escape")
        box.press("Enter")
        expect(answers.nth(before)).to_be_attached()
        expect(box).to_have_value("")

    def is_accessible(self) -> None:
        assert serious(self.page) == []


def test_a_check_in_from_the_request_to_the_thanks(browser: Browser, stage: Stage) -> None:
    ben = Visitor(browser, stage, "ben")
    ben.page.get_by_role("button", name="+1 day").click()
    request = ben.page.get_by_role("article").filter(has_text="How was Set-up week")
    request.get_by_role("button", name="Check in").click()
    request.get_by_role("button", name="Check in").last.click()
    expect(request).to_contain_text("Did you meet?")
    request.get_by_label("Did you meet?").select_option("met")
    request.get_by_role("radio", name="4").check()
    request.get_by_label("One step you took").fill("I asked **three** people & <b>listened</b>.")
    request.get_by_label("Share with my circle").check()
    ben.is_accessible()
    request.get_by_role("button", name="Check in").last.click()
    thanks = ben.page.get_by_role("article").filter(has_text="your check-in for Set-up week is in")
    expect(thanks).to_contain_text("I asked **three** people & <b>listened</b>.")
    expect(thanks).to_contain_text("4 of 5")
    ben.page.locator(".conversation", has_text="North").click()
    shared = ben.page.get_by_role("article").filter(has_text="Check-ins: Set-up week")
    expect(shared).to_contain_text("I asked **three** people & <b>listened</b>.")
    ben.is_accessible()
    ben.close()


def test_a_circle_is_created_in_a_form_and_errors_keep_what_was_typed(browser: Browser, stage: Stage) -> None:
    ana = Visitor(browser, stage, "ana")
    ana.command("/circle create")
    form = ana.page.get_by_role("dialog")
    expect(form).to_contain_text("Start a circle")
    form.get_by_label("Name of the circle").fill("South")
    form.get_by_label("Time zone").fill("Europe/Berlni")
    form.get_by_label("Farid").first.check()
    form.get_by_label("Grace").first.check()
    form.get_by_role("button", name="Invite").click()
    expect(form).to_contain_text("Perhaps: Europe/Berlin")
    expect(form.get_by_label("Name of the circle")).to_have_value("South")
    ana.is_accessible()
    form.get_by_label("Time zone").fill("Europe/Berlin")
    form.get_by_role("button", name="Invite").click()
    expect(ana.page.get_by_role("article").filter(has_text="I have asked @Farid, @Grace")).to_be_visible()
    ana.close()


def test_a_week_of_clock_brings_the_next_prompt_without_reloading(browser: Browser, stage: Stage) -> None:
    ana, ben = Visitor(browser, stage, "ana"), Visitor(browser, stage, "ben")
    ben.page.locator(".conversation", has_text="North").click()
    ana.page.get_by_role("button", name="+1 week").click()
    expect(ben.page.get_by_role("article").filter(has_text="Week 1:")).to_be_visible(timeout=15_000)
    expect(ana.page.locator(".conversation", has_text="North")).to_contain_text("new")
    ana.close()
    ben.close()


def test_the_keyboard_alone_is_enough(browser: Browser, stage: Stage) -> None:
    ana = Visitor(browser, stage, "ana")
    box = ana.page.locator("#command")
    box.focus()
    ana.page.keyboard.type("/circle age")
    expect(ana.page.get_by_role("option").first).to_contain_text("agenda")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("article").filter(has_text="Week 1")).to_be_visible()
    ana.page.keyboard.press("Escape")
    ana.command("/circle move")
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.page.get_by_role("dialog")).to_be_hidden()
    ana.close()


def test_a_command_sent_while_another_is_under_way_follows_it(browser: Browser, stage: Stage) -> None:
    ana = Visitor(browser, stage, "ana")
    held: list[Route] = []
    ana.page.route("**/api/commands", lambda route: route.continue_() if held else held.append(route))
    box = ana.page.locator("#command")
    for command in ("/circle roster", "/circle agneda"):
        box.fill(command)
        box.press("Escape")
        box.press("Enter")
        box.press("Enter")
    expect(ana.page.get_by_label("Send command")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(ana.page.get_by_role("article").filter(has_text="I don't know the command")).to_be_visible()
    expect(box).to_have_value("")
    said = ana.page.get_by_role("article", name=re.compile("^Ana,")).all_inner_texts()
    assert [text.splitlines()[-1] for text in said[-2:]] == ["/circle roster", "/circle agneda"]
    ana.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious_stands_in_anybodys_way(browser: Browser, stage: Stage, scheme: str, width: int) -> None:
    stage.passes(days=1)
    ana = Visitor(browser, stage, "ana", color_scheme=scheme, viewport={"width": width, "height": 800})
    for command in ("/circle", "/circle status", "/circle roster", "/circle agenda 3", "/circle agneda"):
        ana.command(command)
    expect(ana.page.get_by_role("article").filter(has_text="I don't know the command")).to_be_visible()
    ana.is_accessible()
    assert ana.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ana.close()
