"""The inbox forgets in chunks, and only when an installation says so."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.messaging import pruning
from shared.messaging.pruning import forgetting, prune
from shared.settings import Settings

FILL = """
INSERT INTO inbox (consumer, event_id, handled_at)
SELECT 'proef', gen_random_uuid(), now() - make_interval(days => day)
FROM generate_series(0, 19) AS day
"""
KEEP = timedelta(days=9, hours=12)


async def test_what_is_old_goes_in_chunks_and_the_rest_stays(
    service: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "CHUNK", 4)
    await service.pool.execute(FILL)
    counts = []
    for _ in range(4):
        async with service.work("test", sight=Sight.ALL) as work:
            counts.append(await prune(work, KEEP))
    assert counts == [4, 4, 2, 0]
    left = await service.pool.fetchrow(
        "SELECT count(*), max(now() - handled_at) < interval '10 days' FROM inbox"
    )
    assert tuple(left) == (10, True)


def test_a_worker_does_so_by_the_clock() -> None:
    (kind,) = forgetting(Settings(inbox_keep_days=9))
    assert kind.every == timedelta(minutes=5)


def test_by_itself_everything_is_remembered() -> None:
    """Topics keep everything, so everything may come again."""
    assert Settings().inbox_keep_days == 0
    assert forgetting(Settings()) == ()


def test_what_may_be_published_again_is_not_forgotten() -> None:
    with pytest.raises(ValidationError, match="VTH_OUTBOX_KEEP_HOURS"):
        Settings(inbox_keep_days=7, outbox_keep_hours=168)
    assert Settings(inbox_keep_days=8, outbox_keep_hours=168).inbox_keep_days == 8
