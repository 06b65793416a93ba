"""What axe-core, the audit most used for accessibility, finds on a page."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
_THERE = "typeof axe !== 'undefined'"
_RUN = """rules => axe.run(document, {resultTypes: ["violations"], ...(rules.length ? {runOnly: rules} : {})})
  .then(found => found.violations)"""


def serious(page: Page, *rules: str) -> list[str]:
    """Each rule (of those named, or of all) broken seriously, with the first elements that break it."""
    if not page.evaluate(_THERE):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in page.evaluate(_RUN, list(rules))
        if one["impact"] in GRAVE
    ]
