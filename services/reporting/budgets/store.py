"""The store of budgets."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.budgets.domain import PlannedProduct
from services.reporting.budgets.tables import budget, budget_line
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version


class LockedBudget(NamedTuple):
    """What an adoption needs to know."""

    id: UUID
    version: int
    participant: str
    year: int
    proposed_by: str
    activated_at: datetime | None


_LOCK_PARTICIPANT = Query(str, text("SELECT code FROM participant WHERE code = :code FOR UPDATE"))
_PLANNABLE = Query(
    str,
    text("""
        SELECT code FROM product
        WHERE kind IN ('direct', 'collectief') AND code = ANY(CAST(:codes AS text[]))
    """),
)
_LAST_NUMBER = Query(
    int,
    text("""
        SELECT COALESCE(max(number), 0) AS number FROM budget
        WHERE participant = :participant AND year = :year
    """),
)
_SETTLED = Query(
    UUID,
    text("""
        SELECT id FROM settlement
        WHERE participant = :participant AND year = :year AND state = 'vastgesteld'
    """),
)
_LOCK = Query(
    LockedBudget,
    text("""
        SELECT id, version, participant, year, proposed_by, activated_at
        FROM budget WHERE id = :id FOR UPDATE
    """),
)


async def lock_participant(work: UnitOfWork, code: str) -> bool:
    """Whether there is such a participant; its budgets are numbered one after another."""
    return await work.first(_LOCK_PARTICIPANT, code=code) is not None


async def plannable(rows: Rows, codes: Iterable[str]) -> set[str]:
    """Those of these products that a budget may plan."""
    return set(await rows.all(_PLANNABLE, codes=sorted(set(codes))))


async def last_number(rows: Rows, participant: str, year: int) -> int:
    """The highest number of a budget of this year; 0 where there is none."""
    return await rows.value(_LAST_NUMBER, participant=participant, year=year) or 0


async def is_settled(rows: Rows, participant: str, year: int) -> bool:
    """Whether the year was settled."""
    return await rows.first(_SETTLED, participant=participant, year=year) is not None


def add(work: UnitOfWork, row: dict[str, Any], lines: Sequence[PlannedProduct]) -> None:
    """Queue a budget and its lines."""
    work.insert(budget, row)
    work.insert_all(budget_line, [{"budget_id": row["id"], **asdict(line)} for line in lines])


async def lock(work: UnitOfWork, identity: UUID, version: int) -> LockedBudget:
    """The budget, locked. Raises NotFound, VersionConflict."""
    row = await work.one(_LOCK, "Deze begroting", id=identity)
    require_version("Deze begroting", expected=version, found=row.version)
    return row


def activate(work: UnitOfWork, row: LockedBudget, by: str) -> None:
    """Queue that a budget is in force."""
    values = {
        "activated_by": by,
        "activated_at": work.now,
        "confirmed": True,
        "version": row.version + 1,
    }
    work.update(budget, key={"id": row.id}, values=values)
