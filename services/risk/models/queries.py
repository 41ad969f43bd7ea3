"""The risk models: one, the one that scores now, and all versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, or_, select

from services.risk.context import ReadCtx
from services.risk.models.domain import ModelState
from services.risk.models.tables import risk_model
from shared.db.query import Query
from shared.http.paging import Paging, bad_cursor
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A version of the model, with everything that policy decides."""

    id: UUID
    version: int
    model_version: str
    description: str
    state: ModelState
    parameters: Mapping[str, Any]
    confirmed: bool
    decision_reference: str | None
    author: str
    activated_by: str | None
    activated_at: datetime | None
    retired_at: datetime | None


_before = bindparam("before", type_=Uuid)
_MODEL = select(*(risk_model.c[name] for name in ModelRow.__dataclass_fields__))
MODELS: Final = Query(
    ModelRow,
    _MODEL.where(or_(_before.is_(None), risk_model.c.id < _before))
    .order_by(risk_model.c.id.desc())
    .limit(bindparam("n", type_=Integer)),
)
MODEL: Final = Query(ModelRow, _MODEL.where(risk_model.c.id == bindparam("id")))
ACTIVE: Final = Query(ModelRow, _MODEL.where(risk_model.c.state == str(ModelState.ACTIVE)))


async def models(page: Paging, ctx: ReadCtx) -> tuple[list[ModelRow], tuple[UUID] | None]:
    """A page of the models, newest first, and the key of the next page."""
    ctx.require(Scope.LOCATIONS_READ)
    before = None
    if page.after is not None:
        try:
            before = UUID(str(page.after[0]))
        except ValueError:
            raise bad_cursor() from None
    rows = await ctx.rows.all(MODELS, before=before, n=page.limit + 1)
    shown = rows[: page.limit]
    return shown, (shown[-1].id,) if len(rows) > page.limit else None


async def model(model_id: UUID, ctx: ReadCtx) -> ModelRow:
    """One version. Raises NotFound."""
    ctx.require(Scope.LOCATIONS_READ)
    return await ctx.rows.one(MODEL, "Dit risicomodel", id=model_id)


async def active(ctx: ReadCtx) -> ModelRow:
    """The version that scores now. Raises NotFound."""
    ctx.require(Scope.LOCATIONS_READ)
    return await ctx.rows.one(ACTIVE, "Een actief risicomodel")
