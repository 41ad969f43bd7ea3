"""One walked platform for all tests of screens: starting it and walking takes half a minute."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import driver
from tests.browser.fixtures import browser, complaints, page
from tests.e2e.walked import Walked
from tests.support.platform import running_platform

__all__ = ["browser", "complaints", "page", "walked"]


@pytest.fixture(scope="session")
def walked(server_folder: Path) -> Iterator[Walked]:
    driver.require()
    folder = server_folder / "screens"
    folder.mkdir(mode=0o755)
    with running_platform(folder) as running:
        yield Walked(running)
