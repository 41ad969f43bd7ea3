"""The rebuilds of a service: asked for, followed, and kept as the record of who did what."""

from typing import Final
from uuid import UUID

from sqlalchemy import text

from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict
from shared.ids import new_id

# A process that runs a rebuild is heard of every second.
SILENT_SECONDS: Final = 15

_LAST = text("""
SELECT id, projection, state, step, done, total, requested_by, requested_at, seen_at, started_at,
       finished_at, error
FROM rebuild ORDER BY requested_at DESC, id DESC LIMIT :most
""")
_ADD = text("""
INSERT INTO rebuild (id, projection, state, requested_by, started_at)
VALUES (:id, :projection, :state, :actor, CASE WHEN CAST(:state AS text) = 'loopt' THEN now() END)
ON CONFLICT DO NOTHING RETURNING id
""")
_CLAIM = text("""
UPDATE rebuild SET state = 'loopt', started_at = now(), seen_at = now()
WHERE state = 'aangevraagd' RETURNING id, projection
""")
_SEEN = text("""
UPDATE rebuild SET step = :step, done = :done, total = :total, seen_at = now()
WHERE id = :id AND state = 'loopt'
""")
_DONE = text("""
UPDATE rebuild SET state = 'klaar', step = '', done = :done, total = :done, seen_at = now(),
       finished_at = now()
WHERE id = :id AND state = 'loopt' RETURNING id
""")
_FAILED = text("""
UPDATE rebuild SET state = 'mislukt', error = :error, seen_at = now(), finished_at = now()
WHERE id = :id AND finished_at IS NULL
""")
# Who runs a rebuild holds this lock of its session: who gets it knows that nobody runs one.
LOCK: Final = "SELECT pg_try_advisory_lock(hashtext('rebuild'), hashtext('rebuild'))"
_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('rebuild'), hashtext('rebuild'))")
_CLOSE = text("""
UPDATE rebuild SET state = 'mislukt', error = :error, finished_at = now()
WHERE state = :state AND seen_at < now() - make_interval(secs => CAST(:silent AS float8))
""")

BROKEN_OFF: Final = "Afgebroken: het proces is weg. De oude tabellen staan er nog; begin opnieuw."
NOT_TAKEN_UP: Final = "Geen worker nam haar op; zij is vanaf de opdrachtregel ingehaald."


async def last(rows: Rows, most: int = 20) -> list[Row]:
    """The rebuilds of this service, the last first."""
    return await rows.all(_LAST, most=most)


async def request(work: UnitOfWork, projection: str, *, actor: str) -> UUID:
    """Ask for a rebuild; a worker takes it up. Raises Conflict while another is open."""
    return await _add(work, projection, "aangevraagd", actor)


async def begin(work: UnitOfWork, projection: str, *, actor: str) -> UUID:
    """Note a rebuild that starts here and holds the lock. Raises Conflict while another waits."""
    await work.execute(_CLOSE, state="loopt", error=BROKEN_OFF, silent=0)
    await work.execute(_CLOSE, state="aangevraagd", error=NOT_TAKEN_UP, silent=SILENT_SECONDS)
    return await _add(work, projection, "loopt", actor)


async def _add(work: UnitOfWork, projection: str, state: str, actor: str) -> UUID:
    rows = await work.all(_ADD, id=new_id(), projection=projection, state=state, actor=actor)
    if not rows:
        raise Conflict("Er loopt al een herbouw in deze dienst, of er wacht er een.")
    found: UUID = rows[0]["id"]
    return found


async def claim(work: UnitOfWork) -> Row | None:
    """Take up what was asked for, or None; of several workers one gets it."""
    return await work.first(_CLAIM)


async def seen(work: UnitOfWork, identity: UUID, step: str, done: int, total: int) -> None:
    """Tell how far it is."""
    await work.execute(_SEEN, id=identity, step=step, done=done, total=total)


async def finish(work: UnitOfWork, identity: UUID, done: int) -> None:
    """It is done. Raises Conflict when it was given up meanwhile."""
    if await work.first(_DONE, id=identity, done=done) is None:
        raise Conflict("Deze herbouw is intussen als afgebroken genoteerd.")


async def fail(work: UnitOfWork, identity: UUID, error: str) -> None:
    """It did not succeed; the tables are as they were."""
    await work.execute(_FAILED, id=identity, error=error[:2000])


async def close_broken(work: UnitOfWork) -> None:
    """End what a process that died left open."""
    if await work.value(_ALONE):
        await work.execute(_CLOSE, state="loopt", error=BROKEN_OFF, silent=SILENT_SECONDS)
