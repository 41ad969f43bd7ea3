"""A measure whole, step by step: what it becomes, which clocks start and what is told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.enforcement.inspections.domain import FindingResult
from services.enforcement.measures.domain.forfeiture import (
    CollectionAct,
    Evidence,
    Forfeiture,
    collect,
    forfeit,
)
from services.enforcement.measures.domain.imposing import end, impose, intend
from services.enforcement.measures.domain.measure import (
    STATES,
    Measure,
    MeasureState,
    Mode,
    Order,
    Unit,
    choose,
)
from services.enforcement.measures.domain.terms import Term, TermKind
from services.enforcement.policy.domain.mandate import NOT_NEEDED, Check
from services.enforcement.policy.domain.matrix import Direction
from shared.contracts.enforcement import Instrument, MeasureResult
from shared.ids import new_id
from tests.unit.enforcement.cases import (
    MEASURE_EDGES,
    TODAY,
    a_choice,
    a_mandate,
    a_violation,
    an_order,
    chosen,
    imposing,
    the_matrix,
)

MANDATE = a_mandate()
GRANTED = Check(allowed=True, reason="Namens het college", mandate=MANDATE)
VIOLATION = a_violation("B3")


def told(measure: Measure) -> dict[str, Any]:
    """What every event of a measure says of it."""
    return {
        "version": measure.version,
        "participant": measure.participant,
        "number": measure.number,
        "location_id": measure.location_id,
        "measure_id": measure.id,
        "violation_id": measure.violation_id,
        "instrument": measure.instrument,
        "cell": measure.cell,
    }


def test_the_edges_of_a_measure() -> None:
    assert set(STATES.edges) == MEASURE_EDGES


def test_a_choice_whole() -> None:
    identity = new_id()
    choice = a_choice(
        Instrument.WARNING,
        deviation_reason="Al bijna hersteld.",
        remedy="Filter vervangen.",
        explanation="In overleg.",
    )
    measure = choose(
        VIOLATION, the_matrix(), choice, (), measure_id=identity, number="HM-2026-000007"
    )
    cell = the_matrix().cells["B3"]
    assert measure == Measure(
        id=identity,
        number="HM-2026-000007",
        version=1,
        state=MeasureState.CHOSEN,
        violation_id=VIOLATION.id,
        location_id=VIOLATION.location_id,
        participant="gm0153",
        instrument=Instrument.WARNING,
        cell="B3",
        matrix_version=the_matrix().matrix_version,
        advice=tuple(str(each) for each in cell.advice),
        direction=Direction.LIGHTER,
        deviation_reason="Al bijna hersteld.",
        chosen_on=TODAY,
        chosen_by="Jurist (voorbeeld)",
        explanation="In overleg.",
        term_days=14,
        remedy="Filter vervangen.",
    )


def test_the_order_of_a_choice() -> None:
    order = Order(Mode.PER_UNIT, Decimal(1), Decimal(1), Unit.WEEK)
    measure = chosen(order=order)
    assert (measure.mode, measure.unit) == (Mode.PER_UNIT, Unit.WEEK)
    assert (measure.amount, measure.maximum) == (Decimal(1), Decimal(1))


def test_an_intention_whole() -> None:
    measure = replace(chosen(), version=4)
    intended, term, event = intend(measure, TODAY, TODAY, 14)
    assert intended == replace(
        measure,
        version=5,
        state=MeasureState.INTENDED,
        intended_on=TODAY,
        hearing_until=date(2026, 12, 8),
    )
    assert term == Term(TermKind.HEARING, date(2026, 11, 25), date(2026, 12, 8))
    assert event.model_dump() == {**told(intended), "decided_on": TODAY, "deviates": False}


def test_an_imposition_whole() -> None:
    measure = replace(
        chosen(), version=4, state=MeasureState.INTENDED, intended_on=date(2026, 11, 1)
    )
    how = imposing(
        published_on=date(2026, 11, 25),
        urgency_reason="Acuut gevaar.",
        view_received_on=date(2026, 11, 20),
        consulted="Wethouder",
    )
    imposed, terms, event = impose(measure, how, GRANTED, (), TODAY)
    assert imposed == replace(
        measure,
        version=5,
        state=MeasureState.IMPOSED,
        decided_on=TODAY,
        decided_by="Jurist (voorbeeld)",
        published_on=date(2026, 11, 25),
        objection_until=date(2027, 1, 6),
        compliance_until=date(2026, 12, 9),
        urgency_reason="Acuut gevaar.",
        view_received_on=date(2026, 11, 20),
        consulted="Wethouder",
        mandate=GRANTED.record(TODAY),
    )
    assert terms == (
        Term(TermKind.OBJECTION, date(2026, 11, 26), date(2027, 1, 6)),
        Term(TermKind.COMPLIANCE, date(2026, 11, 26), date(2026, 12, 9)),
    )
    assert event.model_dump() == {
        **told(imposed),
        "decided_on": TODAY,
        "deviates": False,
        "compliance_until": date(2026, 12, 9),
        "amount": Decimal("5000.00"),
        "maximum": Decimal("5000.00"),
    }


def test_a_lighter_measure_than_the_cell_tells_that_it_deviates() -> None:
    warning = chosen(Instrument.WARNING, cell="D4", deviation_reason="Al beëindigd.")
    imposed, terms, event = impose(warning, imposing(), NOT_NEEDED, (), TODAY)
    assert event.deviates
    assert terms == (Term(TermKind.REPAIR, date(2026, 11, 25), date(2026, 12, 8)),)
    assert (imposed.compliance_until, imposed.objection_until) == (date(2026, 12, 8), None)


def test_an_intention_may_deviate_too() -> None:
    closure = chosen(Instrument.CLOSURE, cell="A1", deviation_reason="Ernst.")
    assert intend(closure, TODAY, TODAY, 14)[2].deviates


def test_a_decision_on_the_day_of_its_intention_and_publication() -> None:
    intended = replace(chosen(), state=MeasureState.INTENDED, intended_on=TODAY)
    urgent = imposing(urgency_reason="Acuut gevaar.")
    assert impose(intended, urgent, GRANTED, (), TODAY)[0].published_on == TODAY


def test_a_decision_keeps_what_it_does_not_change() -> None:
    measure = chosen(remedy="Filter vervangen.")
    urgent = imposing(urgency_reason="Acuut gevaar.")
    kept, _, _ = impose(measure, urgent, GRANTED, (), TODAY)
    assert (kept.remedy, kept.term_days) == ("Filter vervangen.", 14)
    none, _, _ = impose(measure, replace(urgent, term_days=0), GRANTED, (), TODAY)
    assert (none.term_days, none.compliance_until) == (0, TODAY)


def test_an_end_whole() -> None:
    order = replace(an_order(), version=7)
    ended, event = end(order, MeasureResult.WITHDRAWN, TODAY, "Nieuw inzicht.", TODAY)
    assert ended == replace(
        order,
        version=8,
        state=MeasureState.WITHDRAWN,
        ended_on=TODAY,
        end_reason="Nieuw inzicht.",
    )
    assert event.model_dump() == {
        **told(ended),
        "ended_on": TODAY,
        "result": MeasureResult.WITHDRAWN,
    }
    carried_out, _ = end(order, MeasureResult.EXECUTED, TODAY, None, TODAY)
    assert (carried_out.state, carried_out.end_reason) == (MeasureState.EXECUTED, None)


def test_a_forfeiture_whole() -> None:
    order = replace(
        an_order(),
        version=7,
        state=MeasureState.FORFEITED,
        mode=Mode.PER_VIOLATION,
        amount=Decimal(400),
        maximum=Decimal(1000),
        forfeited=Decimal(700),
    )
    day, identity = date(2025, 5, 1), new_id()
    results = (FindingResult.COMPLIANT, FindingResult.VIOLATED)
    evidence = Evidence(new_id(), order.violation_id, day, results)
    earlier = Forfeiture(
        id=new_id(),
        measure_id=order.id,
        sequence=1,
        inspection_id=new_id(),
        forfeited_on=day,
        amount=Decimal(700),
        pay_until=day,
        prescribes_on=day,
    )
    changed, lost, terms, event = forfeit(order, evidence, [earlier], identity)
    assert changed == replace(order, version=8, forfeited=Decimal(1000))
    assert lost == Forfeiture(
        id=identity,
        measure_id=order.id,
        sequence=2,
        inspection_id=evidence.inspection_id,
        forfeited_on=day,
        amount=Decimal(300),
        pay_until=date(2025, 6, 12),
        prescribes_on=date(2026, 5, 1),
    )
    assert terms == (
        Term(TermKind.PAYMENT, date(2025, 5, 2), date(2025, 6, 12), identity),
        Term(TermKind.PRESCRIPTION, date(2025, 5, 2), date(2026, 5, 1), identity),
    )
    assert event.model_dump() == {
        **told(changed),
        "forfeited_on": day,
        "amount": Decimal(300),
        "pay_until": date(2025, 6, 12),
        "prescribes_on": date(2026, 5, 1),
    }


def test_collecting_whole() -> None:
    order, day = an_order(), date(2025, 5, 1)
    evidence = Evidence(new_id(), order.violation_id, day, (FindingResult.VIOLATED,))
    _, lost, _, _ = forfeit(order, evidence, [], new_id())
    decided, term = collect(lost, CollectionAct.DECISION, day, TODAY)
    assert term == Term(TermKind.PRESCRIPTION, date(2025, 5, 2), date(2026, 5, 1), lost.id)
    assert decided == replace(lost, collected_on=day, prescribes_on=date(2026, 5, 1))
    assert collect(decided, CollectionAct.PAYMENT, day, TODAY) == (
        replace(decided, paid_on=day),
        None,
    )
