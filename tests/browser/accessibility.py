"""What axe finds on a page that stands in somebody's way."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RUN = "async (exclude) => (await axe.run({ exclude }, { resultTypes: ['violations'] })).violations"


def serious(page: Page, *, besides: str = "") -> list[tuple[str, str]]:
    """The rule and the element, of what is serious or critical; ``besides``: a selector of what is not looked at.

    A page reads axe once, however often it is looked at: what the browser has compiled of it serves again.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(RUN, [besides] if besides else [])
    return [(one["id"], one["nodes"][0]["html"]) for one in violations if one["impact"] in ("serious", "critical")]
