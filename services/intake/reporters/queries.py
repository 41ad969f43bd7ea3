"""Who used the personal data of a complaint."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from services.intake.context import ReadCtx
from services.intake.reporters.domain import ProcessingAct, Purpose
from services.intake.tables import complaint, processing
from shared.db.listing import Listing, Page, Start
from shared.db.query import Query
from shared.db.sight import visible
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ProcessingRow:
    """One use of personal data."""

    id: UUID
    act: ProcessingAct
    purpose: Purpose
    actor: str
    at: datetime


_VISIBLE: Final = Query(
    UUID, select(complaint.c.id).where(complaint.c.id == bindparam("id"), visible(complaint))
)
_LOG: Final = Listing(
    ProcessingRow,
    select(*(processing.c[name] for name in ProcessingRow.__slots__)).where(
        processing.c.complaint_id == bindparam("complaint_id", type_=Uuid)
    ),
    filters={},
    order=(processing.c.at, processing.c.id),
    descending=True,
)


async def log(complaint_id: UUID, start: Start, ctx: ReadCtx) -> Page[ProcessingRow]:
    """Who did what with the personal data of the complaint, newest first. Raises NotFound."""
    ctx.require(Scope.REPORTERS_READ)
    await ctx.rows.one(_VISIBLE, "Deze klacht", id=complaint_id, sight=ctx.sight)
    return await _LOG.page(ctx.rows, start, complaint_id=complaint_id)
