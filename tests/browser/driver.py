"""Drive Debian's Chromium through Playwright: open pages, judge them with axe, keep pictures."""

import asyncio
import os
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Route,
    async_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("VTH_CHROMIUM", "/usr/bin/chromium")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "build" / "screenshots"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"),
    "--lang=nl-NL",
)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
QUIET: Final = 0.5
LOOK_EVERY: Final = 0.05
PATIENCE: Final = 15.0
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGN4+eYdAAWFAsSLX2xTAAAAAElFTkSuQmCC"
)
AXE_RULES = {
    "runOnly": {
        "type": "tag",
        "values": [
            *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
            "best-practice",
        ],
    }
}


def unavailable() -> str:
    """Why pages cannot be looked at on this machine; empty when they can."""
    if not Path(CHROMIUM).exists():
        return f"no Chromium at {CHROMIUM}: apt-get install chromium fonts-liberation"
    if not AXE.exists():
        return "no axe-core in node_modules: python tools/frontend.py --dev"
    return ""


def require() -> None:
    """Skip loudly without Chromium or axe; fail in CI, where both must be."""
    reason = unavailable()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(f"BROWSER TESTS DID NOT RUN: {reason}")
    if reason:
        pytest.skip(f"BROWSER TESTS DID NOT RUN: {reason}")


@dataclass
class Complaints:
    """What the browser complained about: script errors, refused styles, missing files."""

    found: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.found.append(f"{message.text} ({message.location.get('url', '')})")

    def script(self, error: Any) -> None:
        self.found.append(str(error))


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser without anything that calls home."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


async def _only_here(route: Route) -> None:
    """Map tiles become one grey pixel: no test depends on the world outside."""
    if "127.0.0.1" in route.request.url or "localhost" in route.request.url:
        await route.continue_()
    else:
        await route.fulfill(body=PIXEL, content_type="image/png")


@asynccontextmanager
async def new_page(browser: Browser, complaints: Complaints, **options: Any) -> AsyncIterator[Page]:
    """A page in a context of its own, with the Dutch clock and language."""
    settings = {"viewport": WIDE, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam", **options}
    context = await browser.new_context(**settings)
    context.set_default_timeout(15_000)
    page = await context.new_page()
    page.on("console", complaints.console)
    page.on("pageerror", complaints.script)
    await page.route("**/*", _only_here)
    try:
        yield page
    finally:
        await context.close()


async def axe(page: Page) -> list[str]:
    """Every violation on the page, one line for each element; `assert await axe(page) == []`."""
    # Not a script tag: that would need the page's content security policy to be weaker.
    await page.evaluate(await asyncio.to_thread(AXE.read_text))
    result = await page.evaluate("rules => axe.run(document, rules)", AXE_RULES)
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


async def sideways(page: Page) -> list[str]:
    """Elements that make the page wider than the window; regions that scroll by themselves may."""
    return list(
        await page.evaluate(
            """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const inside = (e) => e.closest('.vth-scroll, .leaflet-container, .vth-hidden');
            return [...document.querySelectorAll('body *')]
              .filter((e) => !inside(e) && e.getBoundingClientRect().right > width + 1)
              .map((e) => `${e.tagName}.${e.className} ${e.getBoundingClientRect().right}`)
              .concat(`page is ${document.documentElement.scrollWidth} wide in ${width}`);
        }"""
        )
    )


async def small_targets(page: Page, least: int = 24) -> list[str]:
    """Buttons, fields and lone links smaller than the least size of WCAG 2.2 (2.5.8)."""
    return list(
        await page.evaluate(
            """(least) => [...document.querySelectorAll('button, input, select, summary')]
              .filter((e) => e.type !== 'hidden')
              .filter((e) => e.checkVisibility() && !e.closest('.vth-hidden'))
              .map((e) => [e, e.getBoundingClientRect()])
              .filter(([, box]) => box.width < least || box.height < least)
              .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)""",
            least,
        )
    )


async def picture(page: Page, name: str, *, full: bool = True) -> Path:
    """A screenshot in build/screenshots, to be looked at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    await page.screenshot(path=path, full_page=full)
    return path


async def visit(page: Page, url: str) -> None:
    """Open an address and wait until nothing was on its way for half a second.

    Raises TimeoutError with what did not come, which waiting for `networkidle` does not tell.
    """
    coming: set[Request] = set()

    def begins(request: Request) -> None:
        coming.add(request)

    def ends(request: Request) -> None:
        coming.discard(request)

    page.on("request", begins)
    page.on("requestfinished", ends)
    page.on("requestfailed", ends)
    try:
        await page.goto(url)
        await _quiet(coming)
    finally:
        page.remove_listener("request", begins)
        page.remove_listener("requestfinished", ends)
        page.remove_listener("requestfailed", ends)


async def _quiet(coming: Collection[Request]) -> None:
    deadline, quiet = time.monotonic() + PATIENCE, 0.0
    while quiet < QUIET:
        if time.monotonic() > deadline:
            raise TimeoutError(f"did not come: {[request.url for request in coming]}")
        await asyncio.sleep(LOOK_EVERY)
        quiet = 0.0 if coming else quiet + LOOK_EVERY


async def look(page: Page, url: str, name: str, sizes: Sequence[dict[str, int]] = ()) -> list[str]:
    """Open an address at each size: a picture of each, and all that is wrong with it."""
    wrong: list[str] = []
    for size in sizes or (WIDE, PHONE):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        await visit(page, url)
        await picture(page, f"{name}-{size['width']}")
        wrong += [f"{size['width']}: {line}" for line in await axe(page)]
        wrong += [f"{size['width']}: too small: {line}" for line in await small_targets(page)]
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    wrong += [f"320: {line}" for line in await sideways(page)]
    return wrong
