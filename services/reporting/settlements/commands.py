"""Settlements: a trial that anybody can repeat, and its adoption by a second person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.reporting.periods import store as periods_store
from services.reporting.prices import domain as versions
from services.reporting.realisation import years
from services.reporting.settlements import domain as rules
from services.reporting.settlements import store as settlements_store
from services.reporting.settlements.domain import Inputs, SettlementState
from services.reporting.tables import settlement
from shared.contracts.reporting import SettlementAdopted
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotAllowed
from shared.ids import new_id

_ADOPTED = text("""
    SELECT id FROM settlement
    WHERE participant = :participant AND year = :year AND state = 'vastgesteld'
""")
_SETTLE_LINES = text("""
    UPDATE hour_line SET state = 'verrekend', settlement_id = :id
    WHERE participant = :participant AND booked_on >= :first AND booked_on < :after
      AND state = 'gesloten'
""")
_SETTLE_SHEETS = text("""
    UPDATE week_sheet s SET state = 'verrekend', version = version + 1
    WHERE s.state = 'gesloten' AND s.starts_on > CAST(:first AS date) - 7 AND s.starts_on < :after
      AND EXISTS (SELECT FROM hour_line l WHERE l.sheet_id = s.id AND l.state = 'verrekend')
      AND NOT EXISTS (
          SELECT FROM hour_line l WHERE l.sheet_id = s.id
            AND l.state <> 'verrekend' AND l.kind = 'direct')
""")


@dataclass(frozen=True, slots=True)
class TrySettlement:
    """A trial for a participant and a year, with the result to be shared (nil when unknown)."""

    participant: str
    year: int
    result: Decimal = Decimal(0)


async def try_out(command: TrySettlement, work: UnitOfWork) -> dict[str, Any]:
    """Calculate a settlement and keep it as a trial. Raises NotFound, NotAllowed."""
    await years.participant_of(work, command.participant)
    await _require_open(command.participant, command.year, work)
    inputs = await years.settlement_inputs(
        work, command.participant, command.year, work.today, command.result
    )
    row = _row(inputs, work)
    work.insert(settlement, row)
    return {**row, "version": 1, "adopted_by": None, "adopted_on": None, "decision_reference": None}


def _row(inputs: Inputs, work: UnitOfWork) -> dict[str, Any]:
    outcome = rules.settle(inputs)
    return {
        "id": new_id(),
        "participant": inputs.participant,
        "year": inputs.year,
        "state": SettlementState.TRIAL,
        "minutes": outcome.minutes,
        "owed": outcome.owed,
        "advance": inputs.advance,
        "balance": outcome.balance,
        "result_share": outcome.result_share,
        "to_pay": outcome.to_pay,
        "result_amount": inputs.result.amount,
        "input_hash": rules.input_hash(inputs),
        "snapshot": rules.snapshot(inputs),
        "proposed_by": work.actor,
        "proposed_at": work.now,
    }


async def _require_open(participant: str, year: int, work: UnitOfWork) -> None:
    if await work.first(_ADOPTED, participant=participant, year=year):
        raise NotAllowed(
            f"de afrekening van {year} is al vastgesteld; correcties komen in een later jaar",
            article="jaarafsluiting",
        )


async def adopt(identity: UUID, version: int, reference: str, work: UnitOfWork) -> dict[str, Any]:
    """Freeze a trial whose figures still hold, and settle its hours.

    Raises NotFound, VersionConflict, Forbidden, NotAllowed.
    """
    row = await settlements_store.lock_settlement(work, identity, version)
    rules.TRANSITIONS.require(SettlementState(row["state"]), SettlementState.ADOPTED)
    versions.require_second_person(row["proposed_by"], work.actor)
    await _require_open(row["participant"], row["year"], work)
    await _require_closed(row["year"], work)
    await _require_unchanged(row, work)
    await _settle_hours(row, work)
    changes = {
        "state": SettlementState.ADOPTED,
        "version": version + 1,
        "adopted_by": work.actor,
        "adopted_on": work.today,
        "decision_reference": reference,
    }
    work.update(settlement, key={"id": identity}, values=changes)
    adopted = {**row, **changes}
    work.publish(_event(adopted))
    return adopted


async def _require_closed(year: int, work: UnitOfWork) -> None:
    until = await periods_store.closed_until(work)
    open_months = [month for month in range(1, 13) if until is None or date(year, month, 1) > until]
    rules.require_closed_year(year, work.today, open_months)


async def _require_unchanged(row: Row, work: UnitOfWork) -> None:
    inputs = await years.settlement_inputs(
        work, row["participant"], row["year"], work.today, row["result_amount"]
    )
    rules.require_same_input(rules.input_hash(inputs), row["input_hash"])


async def _settle_hours(row: Row, work: UnitOfWork) -> None:
    span = years.span(row["year"])
    await work.execute(_SETTLE_LINES, id=row["id"], participant=row["participant"], **span)
    await work.execute(_SETTLE_SHEETS, **span)


def _event(row: dict[str, Any]) -> SettlementAdopted:
    return SettlementAdopted(
        version=row["version"],
        participant=row["participant"],
        settlement_id=row["id"],
        year=row["year"],
        minutes=row["minutes"],
        owed=row["owed"],
        advance=row["advance"],
        balance=row["balance"],
        adopted_on=row["adopted_on"],
    )
