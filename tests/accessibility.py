"""What axe-core, the audit most used for accessibility, finds on a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
GRAVE = ("serious", "critical")


def serious(page: Page, *rules: str) -> list[str]:
    """Each rule (of those named, or of all) broken seriously, with the first elements that break it."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    violations = _AXE.run(page, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in violations
        if one["impact"] in GRAVE
    ]
