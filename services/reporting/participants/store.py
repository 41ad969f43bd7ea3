"""The store of participants."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from services.reporting.participants.tables import participant
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class UntoldRow:
    """A participant whose last state was not told."""

    code: str
    version: int
    name: str
    joined_on: date
    left_on: date | None


_UNTOLD = Query(
    UntoldRow,
    text("""
        SELECT code, version, name, joined_on, left_on FROM participant
        WHERE told_version < version ORDER BY code FOR UPDATE
    """),
)


async def lock_untold(work: UnitOfWork) -> list[UntoldRow]:
    """The participants that are to be told of, locked."""
    return await work.all(_UNTOLD)


def told(work: UnitOfWork, row: UntoldRow) -> None:
    """Queue that this state was told."""
    work.update(participant, key={"code": row.code}, values={"told_version": row.version})
