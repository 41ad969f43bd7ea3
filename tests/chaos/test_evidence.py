"""When something had its effect: as a transaction is committed, not as it begins."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.postgres import EmbeddedPostgres
from tests.chaos.evidence import INBOX
from tests.support.waiting import until

_TABLE = """
CREATE TABLE inbox (
    consumer text, event_id uuid, handled_at timestamptz DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
)
"""
_CLAIM = """
INSERT INTO inbox (consumer, event_id) SELECT 'risk', unnest($1::uuid[]) ON CONFLICT DO NOTHING
"""
_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
FIRST = "01a213ee-0000-7000-8000-000000000001"
SECOND = "01a213ee-0000-7000-8000-000000000002"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server that remembers when each transaction was committed."""
    tmp_path.chmod(0o755)
    postgres = EmbeddedPostgres(tmp_path / "postgres")
    postgres._settings["track_commit_timestamp"] = "on"
    with postgres:
        yield f"{postgres.url}/postgres"


async def test_who_began_first_but_waited_for_another_had_its_effect_after_it(
    server: str,
) -> None:
    """Two members have one partition for a moment: one of them does not know that it lost it."""
    early, late, reader = [await asyncpg.connect(server) for _ in range(3)]
    await reader.execute(_TABLE)
    await early.execute("BEGIN")
    await early.fetchval("SELECT now()")
    await late.execute("BEGIN")
    await late.execute(_CLAIM, [FIRST])
    claiming = asyncio.create_task(early.execute(_CLAIM, [FIRST, SECOND]))
    await until(lambda: reader.fetchval(_WAITS))
    await late.execute("COMMIT")
    await claiming
    await early.execute("COMMIT")
    began = dict(await reader.fetch("SELECT event_id::text, handled_at FROM inbox"))
    at = dict(await reader.fetch(INBOX, "risk"))
    for each in (early, late, reader):
        await each.close()
    assert began[SECOND] < began[FIRST]
    assert at[FIRST] < at[SECOND]
