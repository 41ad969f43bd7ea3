"""Versions of the matrix, and the mandate register."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, bindparam, case, literal, select, tuple_

from services.enforcement.filters import given, page_of, visible
from services.enforcement.policy.domain.matrix import MatrixState
from services.enforcement.tables import mandate, matrix
from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor

_FIRST = case((matrix.c.state == literal(MatrixState.ACTIVE.value), literal(0)), else_=literal(1))
_MATRICES = select(matrix).order_by(_FIRST, matrix.c.id.desc())
_MATRIX = select(matrix).where(matrix.c.id == bindparam("id"))
_LIMIT = bindparam("limit", type_=Integer)
_KEY = (mandate.c.participant, mandate.c.power, mandate.c.id)
_MANDATES = (
    select(mandate)
    .where(
        visible(mandate),
        given(mandate.c.participant, "participant"),
        given(mandate.c.power, "power"),
    )
    .order_by(*_KEY)
    .limit(_LIMIT)
)
_MORE = _MANDATES.where(
    tuple_(*_KEY)
    > tuple_(
        bindparam("after_participant", type_=Text),
        bindparam("after_power", type_=Text),
        bindparam("after_id", type_=Uuid),
    )
)
_MANDATE = select(mandate).where(mandate.c.id == bindparam("id"), visible(mandate))
PARTS: Final = 3


async def matrices(rows: Rows) -> list[Row]:
    """Every version, the active one first."""
    return await rows.all(_MATRICES)


async def matrix_row(rows: Rows, matrix_id: UUID) -> Row:
    """One version. Raises NotFound."""
    return await rows.one(_MATRIX, "Deze matrix", id=matrix_id)


async def mandate_row(rows: Rows, mandate_id: UUID, participants: list[str] | None) -> Row:
    """One row of the register. Raises NotFound."""
    return await rows.one(_MANDATE, "Dit mandaat", id=mandate_id, participants=participants)


async def mandates(
    rows: Rows,
    participants: list[str] | None,
    page: Paging,
    *,
    participant: str | None = None,
    power: str | None = None,
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """The mandate register, by participant and power."""
    params = {
        "participants": participants,
        "participant": participant,
        "power": power,
        "limit": page.limit + 1,
    }
    if page.after is None:
        found = await rows.all(_MANDATES, **params)
    else:
        found = await rows.all(_MORE, **params, **_key(page.after))
    return page_of(found, page, "participant", "power", "id")


def _key(after: tuple[Any, ...]) -> dict[str, Any]:
    if len(after) != PARTS:
        raise bad_cursor()
    try:
        identity = UUID(str(after[2]))
    except ValueError:
        raise bad_cursor() from None
    participant, power = str(after[0]), str(after[1])
    if "\x00" in participant + power:
        raise bad_cursor()
    return {"after_participant": participant, "after_power": power, "after_id": identity}
