"""One row walked through the same rules as a new inspection."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from services.enforcement.imports.rows import (
    OTHER,
    TAKEN_OVER,
    InspectionRow,
    Known,
    Taken,
    recognised,
)
from services.enforcement.inspections import domain as inspection_rules
from services.enforcement.inspections.domain import (
    Finding,
    FindingResult,
    Inspection,
    InspectionState,
    trigger_of,
)
from services.enforcement.measures.domain import imposing
from services.enforcement.measures.domain import measure as measure_rules
from services.enforcement.measures.domain.imposing import Imposition
from services.enforcement.measures.domain.measure import Choice, Mode, Order
from services.enforcement.policy.domain.mandate import Check
from services.enforcement.policy.domain.matrix import direction_of
from services.enforcement.violations import domain as violation_rules
from services.enforcement.violations.domain import Assessment, Signature, Violation
from shared.contracts.enforcement import InspectionKind, Instrument, MeasureResult
from shared.db.rows import Row
from shared.errors import Refused
from shared.ids import new_id


@dataclass(slots=True)
class Given:
    """The numbers that the new rows get."""

    inspections: list[str]
    violations: list[str]
    measures: list[str]


def take(row: InspectionRow, known: Known, given: Given) -> Taken:
    """One row, walked through the same rules as a new inspection. Raises Refused."""
    number = given.inspections.pop()
    violation_number = given.violations.pop() if row.nature else ""
    measure_number = given.measures.pop() if row.instrument else ""
    place = known.locations.get(row.location_number)
    if place is None:
        raise Refused(f"locatie {row.location_number} is niet bekend")
    taken = Taken(_inspection(row, number, place, known))
    taken.events.append(inspection_rules.plan(taken.inspection))
    if row.completed_on is None:
        if row.nature or row.instrument:
            raise Refused("een overtreding of maatregel vraagt een uitvoeringsdatum")
        return taken
    _complete(taken, row, known)
    if row.nature:
        _violate(taken, row, known, violation_number)
        _answer(taken, row, known, measure_number)
        _repair(taken, row, known)
    elif row.instrument:
        raise Refused("een maatregel vraagt de aard van de overtreding")
    if taken.violation is not None:
        known.last[place["id"]] = taken.violation
    return taken


def _inspection(row: InspectionRow, number: str, place: Row, known: Known) -> Inspection:
    again = known.last.get(place["id"]) if row.kind is InspectionKind.REINSPECTION else None
    violation_id = again.id if again else None
    return Inspection(
        id=new_id(),
        number=number,
        version=1,
        state=InspectionState.PLANNED,
        kind=row.kind,
        trigger=trigger_of(None, violation_id),
        location_id=place["id"],
        participant=place["participant"],
        violation_id=violation_id,
        inspector_name=row.inspector,
        planned_on=row.planned_on or row.completed_on,
        explanation=TAKEN_OVER,
    )


def _complete(taken: Taken, row: InspectionRow, known: Known) -> None:
    assert row.completed_on is not None
    again = taken.inspection.violation_id
    if again is not None:
        last = known.last[taken.inspection.location_id]
        taken.findings.append(_finding(1, last.nature, row, last))
    if row.nature:
        sequence = len(taken.findings) + 1
        taken.findings.append(_violated(sequence, recognised(row.nature, known.topics), row))
    if not taken.findings:
        taken.findings.append(Finding(1, OTHER, FindingResult.COMPLIANT))
    taken.inspection, event = inspection_rules.complete(
        taken.inspection, taken.findings, row.completed_on, known.today
    )
    taken.events.append(event)


def _finding(sequence: int, nature: str, row: InspectionRow, last: Violation) -> Finding:
    assert row.completed_on is not None
    repaired = last.resolved_on is not None and last.resolved_on <= row.completed_on
    result = FindingResult.COMPLIANT if repaired else FindingResult.FURTHER
    return Finding(sequence, nature, result, violation_id=last.id)


def _violated(sequence: int, code: str, row: InspectionRow) -> Finding:
    return Finding(
        sequence=sequence,
        topic=code,
        result=FindingResult.VIOLATED,
        rule=row.rule,
        details=row.nature,
        consequence=row.consequence,
        behaviour=row.behaviour,
    )


def _violate(taken: Taken, row: InspectionRow, known: Known, number: str) -> None:
    established, event = violation_rules.establish(
        taken.inspection, taken.findings[-1], new_id(), number
    )
    taken.findings[-1] = replace(taken.findings[-1], violation_id=established.id)
    taken.violation = established
    taken.events.append(event)
    if row.consequence is None:
        return
    at = datetime.combine(established.established_on, time(12), UTC)
    taken.violation, taken.position, placed = violation_rules.position(
        established,
        Assessment(row.consequence, row.behaviour),
        known.matrix,
        {},
        Signature(1, at, TAKEN_OVER),
    )
    taken.events.append(placed)


def _answer(taken: Taken, row: InspectionRow, known: Known, number: str) -> None:
    if row.instrument is None:
        return
    assert taken.violation is not None
    cell = taken.violation.cell
    if cell is None:
        raise Refused("een maatregel vraagt het gevolg van de overtreding (1 tot en met 4)")
    on = row.imposed_on or taken.violation.established_on
    deviates = direction_of(known.matrix.cells[cell], row.instrument) is not None
    order = _order(row)
    choice = Choice(
        instrument=row.instrument,
        deviation_reason=TAKEN_OVER if deviates else None,
        by=TAKEN_OVER,
        on=on,
        order=order,
        term_days=row.term_days,
    )
    chosen = measure_rules.choose(
        taken.violation, known.matrix, choice, (), measure_id=new_id(), number=number
    )
    imposition = Imposition(on, on, TAKEN_OVER, urgency_reason=TAKEN_OVER)
    check = Check(allowed=True, reason=TAKEN_OVER)
    taken.measure, taken.terms, event = imposing.impose(chosen, imposition, check, (), known.today)
    taken.violation = violation_rules.enforce(taken.violation)
    taken.events.append(event)


def _order(row: InspectionRow) -> Order | None:
    if row.instrument is not Instrument.PENALTY_ORDER:
        return None
    if row.amount is None:
        raise Refused("een last onder dwangsom vraagt een bedrag")
    maximum = row.maximum or row.amount
    return Order(Mode.ONCE if maximum == row.amount else Mode.PER_VIOLATION, row.amount, maximum)


def _repair(taken: Taken, row: InspectionRow, known: Known) -> None:
    if row.resolved_on is None:
        return
    assert taken.violation is not None
    if row.resolved_on < taken.violation.established_on:
        raise Refused("de hersteldatum ligt voor de overtreding")
    taken.violation, event = violation_rules.resolve(taken.violation, row.resolved_on, known.today)
    taken.events.append(event)
    if taken.measure is not None:
        taken.measure, ended = imposing.end(
            taken.measure, MeasureResult.EXECUTED, row.resolved_on, None, known.today
        )
        taken.events.append(ended)
