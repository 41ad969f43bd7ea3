"""The risk models: one, the one that scores now, and all versions."""

from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, or_, select

from services.risk.models.tables import risk_model
from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor

_before = bindparam("before", type_=Uuid)
MODELS = (
    select(risk_model)
    .where(or_(_before.is_(None), risk_model.c.id < _before))
    .order_by(risk_model.c.id.desc())
    .limit(bindparam("n", type_=Integer))
)
MODEL = select(risk_model).where(risk_model.c.id == bindparam("id"))
ACTIVE = select(risk_model).where(risk_model.c.state == "actief")


async def models(rows: Rows, page: Paging) -> tuple[list[Row], tuple[UUID] | None]:
    """A page of the models, newest first, and the key of the next page."""
    before = None
    if page.after is not None:
        try:
            before = UUID(str(page.after[0]))
        except ValueError:
            raise bad_cursor() from None
    found = await rows.all(MODELS, before=before, n=page.limit + 1)
    more = len(found) > page.limit
    found = found[: page.limit]
    return found, (found[-1]["id"],) if more else None
