"""A database with the tables of a service that keeps files, and an empty folder."""

from pathlib import Path

import pytest

from tests.support.databases import Templates
from tests.support.file_service import create_tables


@pytest.fixture
async def url(templates: Templates) -> str:
    url = await templates.copy("intake", "vth_files")
    await create_tables(url)
    return url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bestanden" / "intake"
