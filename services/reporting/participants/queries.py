"""Reads of participants."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from services.reporting.context import ReadCtx
from services.reporting.sight import limited_to
from shared.db.query import Query
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A participant of the agency."""

    code: str
    name: str
    kind: str
    joined_on: date
    left_on: date | None


_SELECT = "SELECT code, name, kind, joined_on, left_on FROM participant"
_VISIBLE = Query(ParticipantRow, text(f"{_SELECT} WHERE {limited_to('code')} ORDER BY name"))
_EVERYBODY = Query(ParticipantRow, text(f"{_SELECT} ORDER BY name"))
_ONE = Query(ParticipantRow, text(f"{_SELECT} WHERE code = :code"))


async def participants(ctx: ReadCtx) -> list[ParticipantRow]:
    """The participants that a caller may see, by name. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    return await ctx.rows.all(_VISIBLE, sight=ctx.sight)


async def everybody(ctx: ReadCtx) -> list[ParticipantRow]:
    """All participants, for who writes hours for any of them. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    ctx.require_agency()
    return await ctx.rows.all(_EVERYBODY)


async def participant(code: str, ctx: ReadCtx) -> ParticipantRow:
    """One participant. Raises Forbidden, NotFound."""
    ctx.require(Scope.HOURS_READ)
    ctx.require_participant(code)
    return await ctx.rows.one(_ONE, f"Deelnemer {code}", code=code)
