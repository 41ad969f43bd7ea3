"""Fixtures of browser tests; a conftest of other page tests imports them from here."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from tests.browser import driver


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the whole session."""
    driver.require()
    async with driver.chromium() as found:
        yield found


@pytest.fixture
def complaints() -> driver.Complaints:
    """What the browser said went wrong on the page of this test."""
    return driver.Complaints()


@pytest.fixture
async def page(browser: Browser, complaints: driver.Complaints) -> AsyncIterator[Page]:
    """A fresh page."""
    async with driver.new_page(browser, complaints) as found:
        yield found
