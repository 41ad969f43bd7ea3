"""The store of runs and settlements."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.periods import locks
from services.reporting.settlements.domain.settlement import SettlementState
from services.reporting.settlements.tables import settlement, settlement_run
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version


@dataclass(frozen=True, slots=True)
class LockedRun:
    """What an adoption needs to know."""

    id: UUID
    version: int
    year: int
    state: SettlementState
    inherited: bool
    result_amount: Decimal
    input_hash: str
    proposed_by: str


class LockedSettlement(NamedTuple):
    """A settlement of a run that is adopted."""

    id: UUID
    version: int
    participant: str
    minutes: int
    owed: Decimal
    advance: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run as it is tried."""

    id: UUID
    year: int
    result_amount: Decimal
    collective_minutes: int
    missing: list[str]
    versions_hash: str
    input_hash: str
    proposed_by: str
    proposed_at: datetime
    state: SettlementState = SettlementState.TRIAL


_LOCK = Query(
    LockedRun,
    text("""
        SELECT id, version, year, state, inherited, result_amount, input_hash, proposed_by
        FROM settlement_run WHERE id = :id FOR UPDATE
    """),
)
_YEAR_OF = Query(int, text("SELECT year FROM settlement_run WHERE id = :id"))
_LOCK_CHILDREN = Query(
    LockedSettlement,
    text("""
        SELECT id, version, participant, minutes, owed, advance, balance
        FROM settlement WHERE run_id = :run_id ORDER BY participant FOR UPDATE
    """),
)
_ADOPTED_RUN = Query(
    UUID,
    text("""
        SELECT id FROM settlement_run
        WHERE year = :year AND state = 'vastgesteld' AND NOT inherited
    """),
)
_SETTLED = Query(
    str,
    text("SELECT participant FROM settlement WHERE year = :year AND state = 'vastgesteld'"),
)
_SETTLE_LINES = text("""
    UPDATE hour_line l SET state = 'verrekend', settlement_id = s.id
    FROM settlement s
    WHERE s.run_id = :run_id AND l.participant = s.participant
      AND l.booked_on >= :first AND l.booked_on < :after AND l.state = 'gesloten'
""")
# Collective hours belong to all participants: no settlement of one of them holds their lines.
_SETTLE_COLLECTIVE = text("""
    UPDATE hour_line SET state = 'verrekend'
    WHERE kind = 'collectief' AND booked_on >= :first AND booked_on < :after
      AND state = 'gesloten'
""")
_SETTLE_SHEETS = text("""
    UPDATE week_sheet s SET state = 'verrekend', version = version + 1
    WHERE s.state = 'gesloten' AND s.starts_on > CAST(:first AS date) - 7 AND s.starts_on < :after
      AND EXISTS (SELECT FROM hour_line l WHERE l.sheet_id = s.id AND l.state = 'verrekend')
      AND NOT EXISTS (
          SELECT FROM hour_line l WHERE l.sheet_id = s.id
            AND l.state NOT IN ('verrekend', 'teruggenomen') AND l.kind <> 'indirect')
""")


def add(work: UnitOfWork, run: NewRun, settlements: Sequence[dict[str, Any]]) -> None:
    """Queue a run and its settlements."""
    work.insert(settlement_run, asdict(run))
    work.insert_all(settlement, settlements)


async def lock_run(work: UnitOfWork, identity: UUID, version: int) -> LockedRun:
    """The run, locked; of a year one at a time is adopted. Raises NotFound, VersionConflict."""
    year = await work.one(_YEAR_OF, "Deze jaarafrekening", id=identity)
    await locks.take_year(work, year)
    row = await work.one(_LOCK, "Deze jaarafrekening", id=identity)
    require_version("Deze jaarafrekening", expected=version, found=row.version)
    return row


async def lock_settlements(work: UnitOfWork, run_id: UUID) -> list[LockedSettlement]:
    """The settlements of the run, locked."""
    return await work.all(_LOCK_CHILDREN, run_id=run_id)


async def is_settled(rows: Rows, year: int) -> bool:
    """Whether a run of this year was adopted."""
    return await rows.first(_ADOPTED_RUN, year=year) is not None


async def settled(rows: Rows, year: int) -> set[str]:
    """The participants whose settlement of this year was adopted."""
    return set(await rows.all(_SETTLED, year=year))


async def settle_hours(work: UnitOfWork, run_id: UUID, first: date, after: date) -> None:
    """Settle the lines of the participants in the run, the collective ones, and full sheets."""
    await work.execute(_SETTLE_LINES, run_id=run_id, first=first, after=after)
    await work.execute(_SETTLE_COLLECTIVE, first=first, after=after)
    await work.execute(_SETTLE_SHEETS, first=first, after=after)


def adopt(
    work: UnitOfWork, run: LockedRun, parts: Sequence[LockedSettlement], on: dict[str, Any]
) -> None:
    """Queue the adoption of a run and all its settlements."""
    values = {"state": SettlementState.ADOPTED, **on}
    work.update(settlement_run, key={"id": run.id}, values={**values, "version": run.version + 1})
    for part in parts:
        changes = {**values, "version": part.version + 1}
        work.update(settlement, key={"id": part.id}, values=changes)
