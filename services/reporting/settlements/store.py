"""Locks of settlements."""

from uuid import UUID

from sqlalchemy import bindparam, select

from services.reporting.tables import (
    settlement,
)
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.http.versions import require_version

_LOCK_SETTLEMENT = select(settlement).where(settlement.c.id == bindparam("id")).with_for_update()


async def lock_settlement(work: UnitOfWork, identity: UUID, version: int) -> Row:
    """The settlement, locked. Raises NotFound, VersionConflict."""
    row = await work.one(_LOCK_SETTLEMENT, "Deze afrekening", id=identity)
    require_version(row, version, "Deze afrekening")
    return row
