"""The kinds of things that have versions: what tells them apart, and the type of their rows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Date, Select, Table, and_, bindparam, or_, select, update
from sqlalchemy.sql.base import Executable

from services.reporting.prices.tables import norm, parameter, sharing_key, tariff
from shared.db.filters import equals
from shared.db.listing import Listing
from shared.db.query import Query


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What every version carries."""

    id: UUID
    version: int
    valid_from: date
    valid_until: date | None
    decision_reference: str
    confirmed: bool
    proposed_by: str
    proposed_at: datetime
    activated_by: str | None
    activated_at: datetime | None


@dataclass(frozen=True, slots=True)
class TariffRow(VersionRow):
    """A tariff in euro an hour; without a product it holds for all."""

    product: str | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class NormRow(VersionRow):
    """A norm (kental): minutes for one piece."""

    product: str
    minutes: int


@dataclass(frozen=True, slots=True)
class KeyRow(VersionRow):
    """A key that divides, with whole weights per participant."""

    code: str
    name: str
    weights: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ParameterRow(VersionRow):
    """A limit or a choice that policy decides."""

    code: str
    value: dict[str, Any]


V = TypeVar("V", bound=VersionRow)


class Kind(Generic[V]):
    """One kind: its table, its rows, and the statements that all kinds share."""

    def __init__(self, table: Table, row: type[V], key: str, *, prices_hours: bool) -> None:
        """`key` names the column that tells things of this kind apart."""
        self.table = table
        self.row = row
        self.key = key
        self.prices_hours = prices_hours
        self.lock = Query(row, _select(table, row).where(_identity(table)).with_for_update())
        same = table.c[key].is_not_distinct_from(bindparam("key"))
        in_force = _select(table, row).where(table.c.activated_at.is_not(None), same)
        self.in_force = Query(row, in_force.with_for_update())
        self.end: Executable = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values(valid_until=bindparam("until"), version=table.c.version + 1)
        )
        self.listing = _listing(table, row, key)


def _select(table: Table, row: type[VersionRow]) -> Select[Any]:
    return select(*(table.c[field.name] for field in fields(row)))


def _identity(table: Table) -> Any:
    return table.c.id == bindparam("id")


def _listing(table: Table, row: type[V], key: str) -> Listing[V]:
    day = bindparam("day", type_=Date)
    holds = and_(
        table.c.activated_at.is_not(None),
        table.c.valid_from <= day,
        or_(table.c.valid_until.is_(None), day < table.c.valid_until),
    )
    return Listing(
        row,
        _select(table, row),
        filters={"key": equals(table.c[key], "key"), "day": holds},
        order=(table.c.valid_from, table.c.id),
        descending=True,
    )


TARIFFS: Final = Kind(tariff, TariffRow, "product", prices_hours=True)
NORMS: Final = Kind(norm, NormRow, "product", prices_hours=True)
KEYS: Final = Kind(sharing_key, KeyRow, "code", prices_hours=True)
PARAMETERS: Final = Kind(parameter, ParameterRow, "code", prices_hours=False)

Values = Mapping[str, Any]
