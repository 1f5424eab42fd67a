"""A poll in the local chat's page: several boxes are ticked, and the chart changes before one's eyes."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.test_local_chat import Visitor
from tests.plays.stage import Stage


def test_options_are_ticked_by_mouse_and_by_keyboard(browser: Browser, stage: Stage) -> None:
    ana = stage.person("Ana").goes_to("North")
    ana.types('poll "What shall we read?" "Essays" "Poems" "Papers" --multiple')
    ben = Visitor(browser, stage, "ben")
    ben.page.locator(".conversation", has_text="North").click()
    poll = ben.page.get_by_role("article").filter(has_text="Open until")
    poll.get_by_role("button", name="Choose").click()
    form = ben.page.get_by_role("dialog")
    form.get_by_label("Essays").check()
    form.get_by_label("Papers").focus()
    ben.page.keyboard.press("Space")
    ben.is_accessible()
    form.get_by_role("button", name="Send").click()
    expect(ben.page.get_by_role("article").filter(has_text="Your vote: Essays and Papers.")).to_be_visible()
    expect(poll).to_contain_text("Essays: 1, Poems: 0 and Papers: 1")

    poll.get_by_role("button", name="Choose").click()
    expect(form.get_by_label("Papers")).to_be_checked()
    form.get_by_label("Papers").uncheck()
    form.get_by_role("button", name="Send").click()
    expect(poll).to_contain_text("Essays: 1, Poems: 0 and Papers: 0")
    ben.close()
