"""One row walked through the same rules as a new inspection."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from services.enforcement.imports.rows import (
    OTHER,
    TAKEN_OVER,
    Batch,
    Converted,
    InspectionRow,
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
from services.enforcement.locations.queries import LocationRow
from services.enforcement.measures.domain import imposing
from services.enforcement.measures.domain import measure as measure_rules
from services.enforcement.measures.domain.imposing import Imposition
from services.enforcement.measures.domain.measure import Choice, Mode, Order
from services.enforcement.policy.domain.mandate import Check
from services.enforcement.policy.domain.matrix import direction_of
from services.enforcement.violations import domain as violation_rules
from services.enforcement.violations.domain import Assessment, Signature, Violation
from shared.contracts.enforcement import InspectionKind, Instrument, MeasureResult
from shared.errors import Refused
from shared.ids import new_id


@dataclass(slots=True)
class NewNumbers:
    """The numbers that the new rows get."""

    inspections: list[str]
    violations: list[str]
    measures: list[str]


def convert(row: InspectionRow, batch: Batch, numbers: NewNumbers) -> Converted:
    """One row, walked through the same rules as a new inspection. Raises Refused."""
    number = numbers.inspections.pop()
    violation_number = numbers.violations.pop() if row.nature else ""
    measure_number = numbers.measures.pop() if row.instrument else ""
    place = batch.locations.get(row.location_number)
    if place is None:
        raise Refused(f"locatie {row.location_number} is niet bekend")
    converted = Converted(_inspection(row, number, place, batch))
    converted.events.append(inspection_rules.plan(converted.inspection))
    if row.completed_on is None:
        if row.nature or row.instrument:
            raise Refused("een overtreding of maatregel vraagt een uitvoeringsdatum")
        return converted
    _complete(converted, row, batch)
    if row.nature:
        _violate(converted, row, batch, violation_number)
        _answer(converted, row, batch, measure_number)
        _repair(converted, row, batch)
    elif row.instrument:
        raise Refused("een maatregel vraagt de aard van de overtreding")
    if converted.violation is not None:
        batch.last[place.id] = converted.violation
    return converted


def _inspection(row: InspectionRow, number: str, place: LocationRow, batch: Batch) -> Inspection:
    again = batch.last.get(place.id) if row.kind is InspectionKind.REINSPECTION else None
    violation_id = again.id if again else None
    return Inspection(
        id=new_id(),
        number=number,
        version=1,
        state=InspectionState.PLANNED,
        kind=row.kind,
        trigger=trigger_of(None, violation_id),
        location_id=place.id,
        participant=place.participant,
        violation_id=violation_id,
        inspector_name=row.inspector,
        planned_on=row.planned_on or row.completed_on,
        explanation=TAKEN_OVER,
    )


def _complete(converted: Converted, row: InspectionRow, batch: Batch) -> None:
    assert row.completed_on is not None
    again = converted.inspection.violation_id
    if again is not None:
        last = batch.last[converted.inspection.location_id]
        converted.findings.append(_finding(1, last.nature, row, last))
    if row.nature:
        sequence = len(converted.findings) + 1
        converted.findings.append(_violated(sequence, recognised(row.nature, batch.topics), row))
    if not converted.findings:
        converted.findings.append(Finding(1, OTHER, FindingResult.COMPLIANT))
    converted.inspection, event = inspection_rules.complete(
        converted.inspection, converted.findings, row.completed_on, batch.today
    )
    converted.events.append(event)


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


def _violate(converted: Converted, row: InspectionRow, batch: Batch, number: str) -> None:
    established, event = violation_rules.establish(
        converted.inspection, converted.findings[-1], new_id(), number
    )
    converted.findings[-1] = replace(converted.findings[-1], violation_id=established.id)
    converted.violation = established
    converted.events.append(event)
    if row.consequence is None:
        return
    at = datetime.combine(established.established_on, time(12), UTC)
    converted.violation, converted.position, placed = violation_rules.position(
        established,
        Assessment(row.consequence, row.behaviour),
        batch.matrix,
        {},
        Signature(1, at, TAKEN_OVER),
    )
    converted.events.append(placed)


def _answer(converted: Converted, row: InspectionRow, batch: Batch, number: str) -> None:
    if row.instrument is None:
        return
    assert converted.violation is not None
    cell = converted.violation.cell
    if cell is None:
        raise Refused("een maatregel vraagt het gevolg van de overtreding (1 tot en met 4)")
    on = row.imposed_on or converted.violation.established_on
    deviates = direction_of(batch.matrix.cells[cell], row.instrument) is not None
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
        converted.violation, batch.matrix, choice, (), measure_id=new_id(), number=number
    )
    imposition = Imposition(on, on, TAKEN_OVER, urgency_reason=TAKEN_OVER)
    check = Check(allowed=True, reason=TAKEN_OVER)
    converted.measure, converted.terms, event = imposing.impose(
        chosen, imposition, check, (), batch.today
    )
    converted.violation = violation_rules.enforce(converted.violation)
    converted.events.append(event)


def _order(row: InspectionRow) -> Order | None:
    if row.instrument is not Instrument.PENALTY_ORDER:
        return None
    if row.amount is None:
        raise Refused("een last onder dwangsom vraagt een bedrag")
    maximum = row.maximum or row.amount
    return Order(Mode.ONCE if maximum == row.amount else Mode.PER_VIOLATION, row.amount, maximum)


def _repair(converted: Converted, row: InspectionRow, batch: Batch) -> None:
    if row.resolved_on is None:
        return
    assert converted.violation is not None
    if row.resolved_on < converted.violation.established_on:
        raise Refused("de hersteldatum ligt voor de overtreding")
    converted.violation, event = violation_rules.resolve(
        converted.violation, row.resolved_on, batch.today
    )
    converted.events.append(event)
    if converted.measure is not None:
        converted.measure, ended = imposing.end(
            converted.measure, MeasureResult.EXECUTED, row.resolved_on, None, batch.today
        )
        converted.events.append(ended)
