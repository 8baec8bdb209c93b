"""Looking at pages: screenshots for people, axe for the rules of accessibility."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Frame, Page

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def picture(page: Page, name: str) -> None:
    """Write `build/screenshots/<name>.png`."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")


async def violations(page: Page | Frame) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA and good practice, one line a finding."""
    await page.evaluate(AXE)
    found = await page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{broken['id']}: {node['target']} {node['failureSummary']}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]
