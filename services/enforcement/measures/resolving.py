"""A violation has ended: the violation is resolved, its measures are done with, the case closes."""

from datetime import date
from typing import Final
from uuid import UUID

from services.enforcement.measures import store as measures
from services.enforcement.measures.domain import imposing
from services.enforcement.measures.domain.measure import IN_FORCE, PREPARED, Measure
from services.enforcement.measures.domain.terms import TermKind
from services.enforcement.violations import domain as rules
from services.enforcement.violations import store as violations
from shared.contracts.enforcement import MeasureResult
from shared.db.unit_of_work import UnitOfWork

# A forfeited penalty stays due, and objection stays open, when the violation has ended.
OF_THE_DUTY: Final = (TermKind.HEARING, TermKind.COMPLIANCE, TermKind.REPAIR)
NOT_NEEDED: Final = "De overtreding is hersteld voordat een besluit nodig was."


async def resolve(work: UnitOfWork, violation_id: UUID, on: date) -> None:
    """Resolve a violation that is still open, and end what was done against it."""
    found = await violations.lock(work, violation_id)
    if not found.open:
        return
    resolved, event = rules.resolve(found, on, work.today)
    violations.save(work, resolved)
    work.publish(event)
    for each in await measures.lock_all(work, violation_id):
        if each.state in IN_FORCE:
            await _end(work, each, MeasureResult.EXECUTED, on, None)
        elif each.state in PREPARED:
            await _end(work, each, MeasureResult.WITHDRAWN, on, NOT_NEEDED)
    await measures.refresh_due(work, violation_id)


async def _end(
    work: UnitOfWork, found: Measure, result: MeasureResult, on: date, reason: str | None
) -> None:
    ended, event = imposing.end(found, result, on, reason, work.today)
    measures.save(work, ended)
    work.publish(event)
    await measures.stop(work, ended, OF_THE_DUTY, on)
