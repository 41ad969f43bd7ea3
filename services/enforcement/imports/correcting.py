"""A row that its source changed: what happened since is added, what is final stays."""

from typing import Any

from services.enforcement.context import Ctx
from services.enforcement.imports.existing import Case, Known, case_of
from services.enforcement.imports.rows import InspectionRow
from services.enforcement.imports.taking_over import follow
from services.enforcement.inspections.domain import InspectionState
from services.enforcement.measures.domain.measure import Measure
from services.enforcement.violations.domain import Violation
from shared.imports import require_same


async def correct(row: InspectionRow, known: Known, ctx: Ctx) -> None:
    """Do what was done since the row was taken over. Raises Refused with what is final."""
    case = await case_of(row, ctx.rows)
    require_same(f"Controle {case.inspection.number}", _final(row, case, known), row)
    await follow(row, case, known, ctx)


def _final(row: InspectionRow, case: Case, known: Known) -> dict[str, Any]:
    """What cannot change any more: what was planned, and every act that was done."""
    planned = case.inspection
    same_place = known.location(row).id == planned.location_id
    final: dict[str, Any] = {"kind": planned.kind, "inspector": planned.inspector_name}
    if not same_place:
        named = "location_key" if row.location_key else "location_number"
        final[named] = "een andere locatie"
    if planned.state is InspectionState.COMPLETED:
        final["completed_on"] = planned.completed_on
    if planned.planned_on not in {None, row.planned_on, row.completed_on}:
        final["planned_on"] = planned.planned_on
    if case.violation is not None:
        final |= _found(case.violation)
    if case.measure is not None:
        final |= _imposed(row, case.measure)
    return final


def _found(violation: Violation) -> dict[str, Any]:
    final: dict[str, Any] = {"nature": violation.details, "rule": violation.rule}
    if not violation.open:
        final |= {
            "resolved_on": violation.resolved_on,
            "consequence": violation.consequence,
        }
    return final


def _imposed(row: InspectionRow, measure: Measure) -> dict[str, Any]:
    final: dict[str, Any] = {
        "instrument": measure.instrument,
        "amount": measure.amount,
        "term_days": measure.term_days,
    }
    if row.imposed_on is not None:
        final["imposed_on"] = measure.decided_on
    if row.maximum is not None:
        final["maximum"] = measure.maximum
    return final
