"""Locks of budgets."""

from uuid import UUID

from sqlalchemy import bindparam, select

from services.reporting.tables import (
    budget,
)
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.http.versions import require_version

_LOCK_BUDGET = select(budget).where(budget.c.id == bindparam("id")).with_for_update()


async def lock_budget(work: UnitOfWork, identity: UUID, version: int) -> Row:
    """The budget, locked. Raises NotFound, VersionConflict."""
    row = await work.one(_LOCK_BUDGET, "Deze begroting", id=identity)
    require_version(row, version, "Deze begroting")
    return row
