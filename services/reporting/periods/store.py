"""The closed period and the lines in it."""

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, func, select

from services.reporting.periods.domain import last_day
from services.reporting.tables import (
    hour_line,
    month_close,
)
from services.reporting.weeks.domain import Line, ProductKind
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork

_LOCK_LINE = select(hour_line).where(hour_line.c.id == bindparam("id")).with_for_update()


_CORRECTED = select(hour_line.c.id).where(hour_line.c.corrects == bindparam("id")).limit(1)


_CLOSED_MONTH = select(func.max(month_close.c.month))


async def lock_line(work: UnitOfWork, identity: UUID) -> tuple[Line, Row]:
    """The line and its row, locked. Raises NotFound."""
    row = await work.one(_LOCK_LINE, "Deze urenregel", id=identity)
    line = Line(
        id=row["id"],
        work_date=row["work_date"],
        booked_on=row["booked_on"],
        minutes=row["minutes"],
        product=row["product"],
        participant=row["participant"],
        case_id=row["case_id"],
        activity=row["activity"],
        kind=ProductKind(row["kind"]),
        corrects=row["corrects"],
    )
    return line, row


async def is_corrected(work: UnitOfWork, identity: UUID) -> bool:
    """Whether the line was reversed before."""
    return await work.first(_CORRECTED, id=identity) is not None


async def closed_until(rows: Rows) -> date | None:
    """The last day of the closed period, or None while no month was closed."""
    month: date | None = await rows.value(_CLOSED_MONTH)
    return last_day(month) if month else None
