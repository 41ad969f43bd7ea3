"""The store of versions."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text

from services.reporting.prices.kinds import Kind, VersionRow
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork

V = TypeVar("V", bound=VersionRow)

_PRODUCT = Query(str, text("SELECT code FROM product WHERE code = :code"))
_PARTICIPANTS = Query(
    str, text("SELECT code FROM participant WHERE code = ANY(CAST(:codes AS text[]))")
)


def add(work: UnitOfWork, kind: Kind[V], row: V) -> None:
    """Queue a proposed version."""
    work.insert(kind.table, asdict(row))


def activate(work: UnitOfWork, kind: Kind[V], row: V) -> None:
    """Queue that a version is in force."""
    names = ("activated_by", "activated_at", "confirmed", "version")
    values = {name: getattr(row, name) for name in names}
    work.update(kind.table, key={"id": row.id}, values=values)


async def in_force(work: UnitOfWork, kind: Kind[V], row: V) -> list[V]:
    """The versions in force of the same thing, locked."""
    return await work.all(kind.in_force, key=getattr(row, kind.key))


async def end(work: UnitOfWork, kind: Kind[V], identity: UUID, until: date) -> None:
    """End a version on the first day of the one that follows it."""
    await work.execute(kind.end, row_id=identity, until=until)


async def has_product(rows: Rows, code: str) -> bool:
    """Whether the catalogue has the product."""
    return await rows.first(_PRODUCT, code=code) is not None


async def participants(rows: Rows, codes: Iterable[str]) -> set[str]:
    """Those of these codes that are participants."""
    return set(await rows.all(_PARTICIPANTS, codes=sorted(codes)))
