"""The guides on paper, printed by Chromium: a session is one sheet of A4, and what each reads alone is one more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from adapters.site.build import build
from bot.guides.rules import Guide, Guides
from bot.guides.store import load
from tests.conftest import ROOT

FOLDERS = {"en": "en", "de": "de", "de@formal": "de-formal"}


@pytest.fixture(scope="module")
def guides() -> Guides:
    return load(ROOT / "guides", linked=True)


@pytest.fixture(scope="module")
def site(guides: Guides, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build(guides, folder)
    return folder


def sheets(page: Page) -> int:
    """How many sheets of paper the page that is open takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def of_a_session(guide: Guide) -> int:
    return 2 if guide.training else 1


@pytest.mark.parametrize("language", list(FOLDERS))
def test_every_session_of_a_booklet_has_its_own_sheet(
    browser: Browser, guides: Guides, site: Path, language: str
) -> None:
    page = browser.new_page()
    for name in guides.ids:
        guide = guides.get(name, language)
        page.goto((site / FOLDERS[language] / name / "all.html").as_uri())
        whole = sheets(page)
        page.add_style_tag(content=".sheet, .imprint { display: none }")
        cover = sheets(page)
        assert whole == cover + len(guide.sessions) * of_a_session(guide), f"{name} in {language}"
    page.close()


@pytest.mark.parametrize("language", list(FOLDERS))
def test_the_longest_sessions_fit_a_sheet(browser: Browser, guides: Guides, site: Path, language: str) -> None:
    page = browser.new_page()
    files = [
        (path.stat().st_size, path, guide)
        for guide in (guides.get(name, language) for name in guides.ids)
        for path in (site / FOLDERS[language] / guide.id).glob("week-*.html")
    ]
    for _, path, guide in sorted(files, key=lambda one: one[0], reverse=True)[:6]:
        page.goto(path.as_uri())
        assert sheets(page) == of_a_session(guide), path
    page.close()
