"""Budgets of a participant and a year; a change is a next number, adopted by a second person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.reporting.budgets import store as budgets_store
from services.reporting.prices import domain as versions
from services.reporting.tables import budget, budget_line
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, InvalidParam, NotAllowed, NotFound, conflict
from shared.ids import new_id

_PARTICIPANT = text("SELECT code FROM participant WHERE code = :code FOR UPDATE")
_PRODUCTS = text("SELECT code FROM product WHERE kind = 'direct' AND code = ANY(:codes)")
_LAST = text("""
    SELECT COALESCE(max(number), 0) FROM budget WHERE participant = :participant AND year = :year
""")
_SETTLED = text("""
    SELECT id FROM settlement
    WHERE participant = :participant AND year = :year AND state = 'vastgesteld'
""")


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """What is planned of one product."""

    product: str
    quantity: int
    minutes: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ProposeBudget:
    """A budget, or a change of it: the whole of it again."""

    participant: str
    year: int
    advance: Decimal
    reference: str
    lines: Sequence[PlannedProduct]


async def propose(command: ProposeBudget, work: UnitOfWork) -> dict[str, Any]:
    """Put a budget forward. Raises NotFound, Conflict, NotAllowed."""
    if await work.first(_PARTICIPANT, code=command.participant) is None:
        raise NotFound(f"Deelnemer {command.participant} bestaat niet.")
    await _check(command, work)
    last: int = await work.value(_LAST, participant=command.participant, year=command.year)
    row = {
        "id": new_id(),
        "participant": command.participant,
        "year": command.year,
        "number": last + 1,
        "advance": command.advance,
        "decision_reference": command.reference,
        "confirmed": False,
        "proposed_by": work.actor,
        "proposed_at": work.now,
    }
    work.insert(budget, row)
    work.insert_all(budget_line, [{"budget_id": row["id"], **asdict(x)} for x in command.lines])
    return {**row, "version": 1, "activated_by": None, "activated_at": None}


async def _check(command: ProposeBudget, work: UnitOfWork) -> None:
    if await work.first(_SETTLED, participant=command.participant, year=command.year):
        raise NotAllowed(f"het jaar {command.year} is al verrekend", article="jaarafsluiting")
    codes = [line.product for line in command.lines]
    if len(set(codes)) != len(codes):
        raise conflict("regels", "dubbel", "Zet elk product een keer in de begroting.")
    found = {row["code"] for row in await work.all(_PRODUCTS, codes=codes)}
    wrong = [
        InvalidParam(f"regels.{number}.{field}", code, reason)
        for number, line in enumerate(command.lines)
        for field, code, reason in _faults(line, found)
    ]
    if wrong:
        raise Conflict("De begroting klopt niet.", params=tuple(wrong))


def _faults(line: PlannedProduct, known: set[str]) -> list[tuple[str, str, str]]:
    faults = []
    if line.product not in known:
        faults.append(("product", "onbekend", "Kies een product dat per deelnemer telt."))
    if line.amount and not line.minutes:
        faults.append(("minuten", "verplicht", "Begroot ook de uren bij dit bedrag."))
    return faults


async def adopt(identity: UUID, version: int, work: UnitOfWork) -> dict[str, Any]:
    """Put a budget in force. Raises NotFound, VersionConflict, Forbidden, NotAllowed."""
    row = await budgets_store.lock_budget(work, identity, version)
    if row["activated_at"] is not None:
        raise NotAllowed("deze begroting is al vastgesteld", article="vierogenprincipe")
    versions.require_second_person(row["proposed_by"], work.actor)
    changes = {
        "activated_by": work.actor,
        "activated_at": work.now,
        "confirmed": True,
        "version": version + 1,
    }
    work.update(budget, key={"id": identity}, values=changes)
    return {**row, **changes}
