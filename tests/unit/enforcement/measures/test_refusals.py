"""Every refusal of a measure by its words and its article."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.enforcement.measures.domain.forfeiture import (
    CollectionAct,
    Forfeiture,
    collect,
    forfeit,
)
from services.enforcement.measures.domain.imposing import end, impose, intend
from services.enforcement.measures.domain.measure import (
    Measure,
    MeasureState,
    Mode,
    Order,
    Unit,
    with_order,
)
from services.enforcement.violations.domain import ViolationState
from shared.contracts.enforcement import Instrument, MeasureResult
from shared.ids import new_id
from tests.support.refusals import not_allowed, wrong_field
from tests.unit.enforcement.cases import (
    ALLOWED,
    ONCE,
    TODAY,
    a_violation,
    an_order,
    chosen,
    found_again,
    imposing,
)

DAY = date(2025, 5, 1)
URGENT = imposing(urgency_reason="Acuut gevaar.")


def lost_again(order: Measure, day: date, earlier: Sequence[Forfeiture] = ()) -> Forfeiture:
    return forfeit(order, found_again(order, day), earlier, new_id())[1]


def test_a_choice() -> None:
    sentence = "Kies een maatregel voor een gepositioneerde overtreding die nog niet is hersteld"
    for violation in (a_violation(None), a_violation(state=ViolationState.RESOLVED)):
        with not_allowed(sentence, "LHSO stap 5"):
            chosen(violation=violation)
    reason = "Motiveer waarom u lichter ingrijpt dan cel D4 aangeeft (Awb 4:84)."
    with wrong_field("deviation_reason", "verplicht", reason):
        chosen(Instrument.WARNING, cell="D4")


def test_a_second_sanction() -> None:
    sentence = "Er is al een herstelsanctie voor deze overtreding van kracht"
    with not_allowed(sentence, "Awb 5:6"):
        chosen(others=(an_order(),))
    sentence = "Voor deze overtreding is al een boete opgelegd"
    with not_allowed(sentence, "Awb 5:43"):
        chosen(Instrument.FINE, others=(an_order(instrument=Instrument.FINE),))
    sentence = "Voor deze gedraging is al een strafbeschikking uitgevaardigd"
    with not_allowed(sentence, "Awb 5:44 lid 1"):
        chosen(Instrument.FINE, others=(an_order(instrument=Instrument.PENAL_ORDER),))


@pytest.mark.parametrize("instrument", [Instrument.FINE, Instrument.PENAL_ORDER])
def test_what_was_not_imposed_or_was_withdrawn_forbids_nothing(instrument: Instrument) -> None:
    planned = an_order(instrument=instrument, decided_on=None)
    withdrawn = an_order(instrument=instrument, state=MeasureState.WITHDRAWN)
    assert chosen(Instrument.FINE, others=(planned, withdrawn))
    assert chosen(Instrument.PENALTY_ORDER, others=(an_order(instrument=instrument),))


@pytest.mark.parametrize(
    ("order", "field", "code", "reason"),
    [
        (
            Order(Mode.ONCE, Decimal(0), Decimal(5)),
            "order.amount",
            "te-klein",
            "Vul een bedrag in dat hoger is dan nul.",
        ),
        (
            Order(Mode.ONCE, Decimal(6), Decimal(5)),
            "order.maximum",
            "te-klein",
            "Het maximum is ten minste het bedrag (Awb 5:32b lid 2).",
        ),
        (
            Order(Mode.ONCE, Decimal(1), Decimal(5), Unit.DAY),
            "order.time_unit",
            "wijze",
            "Kies een tijdseenheid bij een dwangsom per tijdseenheid.",
        ),
    ],
)
def test_an_order(order: Order, field: str, code: str, reason: str) -> None:
    with wrong_field(field, code, reason):
        with_order(chosen(), order)


def test_a_penalty_belongs_to_a_penalty_order() -> None:
    reason = "Alleen een last onder dwangsom heeft een dwangsom."
    with wrong_field("order", "onverwacht", reason):
        chosen(Instrument.FINE, order=ONCE)
    with not_allowed(
        "De last noemt de wijze, het bedrag en het maximum van de dwangsom", "Awb 5:32b"
    ):
        impose(chosen(order=None), URGENT, ALLOWED, (), TODAY)
    with not_allowed("Alleen een last onder dwangsom kan verbeuren", "Awb 5:32"):
        lost_again(an_order(instrument=Instrument.STANDSTILL), DAY)


def test_an_intention() -> None:
    warning = chosen(Instrument.WARNING, cell="B2")
    sentence = f"Voor {Instrument.WARNING} is geen voornemen nodig: het is geen besluit"
    with not_allowed(sentence, "Awb 1:3 en 4:8"):
        intend(warning, TODAY, TODAY, 14)
    future = "Vul een datum in die niet in de toekomst ligt."
    with wrong_field("decided_on", "in-toekomst", future):
        intend(chosen(), TODAY + timedelta(days=1), TODAY, 14)


def test_the_order_of_days() -> None:
    announced = replace(chosen(), state=MeasureState.INTENDED, intended_on=TODAY)
    yesterday = TODAY - timedelta(days=1)
    reason = "Het besluit ligt niet voor het voornemen."
    with wrong_field("decided_on", "voor-voornemen", reason):
        impose(announced, replace(URGENT, decided_on=yesterday), ALLOWED, (), TODAY)
    reason = "De bekendmaking ligt niet voor het besluit."
    with wrong_field("published_on", "voor-besluit", reason):
        impose(announced, replace(URGENT, published_on=yesterday), ALLOWED, (), TODAY)
    with wrong_field("published_on", "buiten-bereik", "Vul een datum in tussen 1990 en 2100."):
        impose(announced, replace(URGENT, published_on=date(2100, 1, 1)), ALLOWED, (), TODAY)


def test_a_hearing() -> None:
    sentence = "Stuur eerst een voornemen, of motiveer waarom spoed dat verhindert"
    with not_allowed(sentence, "Awb 4:8 en 4:11"):
        impose(chosen(), imposing(), ALLOWED, (), TODAY)
    announced = replace(
        chosen(), state=MeasureState.INTENDED, intended_on=TODAY, hearing_until=TODAY
    )
    sentence = "De termijn voor een zienswijze loopt tot en met 24-11-2026"
    with not_allowed(sentence, "Awb 4:8"):
        impose(announced, imposing(), ALLOWED, (), TODAY)


def test_an_end() -> None:
    with wrong_field("reason", "verplicht", "Motiveer de intrekking (Awb 3:46)."):
        end(an_order(), MeasureResult.WITHDRAWN, TODAY, "", TODAY)
    half = an_order(state=MeasureState.FORFEITED, forfeited=Decimal("4999.99"))
    with not_allowed("Het maximum is nog niet verbeurd", "Awb 5:32b lid 2"):
        end(half, MeasureResult.EXHAUSTED, TODAY, None, TODAY)
    future = "Vul een datum in die niet in de toekomst ligt."
    with wrong_field("ended_on", "in-toekomst", future):
        end(an_order(), MeasureResult.EXECUTED, TODAY + timedelta(days=1), None, TODAY)


@pytest.mark.parametrize(
    ("changes", "sentence", "article"),
    [
        (
            {"violation_id": new_id()},
            "Verbeurte volgt uit een afgeronde hercontrole van deze overtreding",
            "Awb 5:33",
        ),
        (
            {"completed_on": None},
            "Verbeurte volgt uit een afgeronde hercontrole van deze overtreding",
            "Awb 5:33",
        ),
        (
            {"results": ()},
            "De hercontrole stelt niet vast dat de overtreding voortduurt",
            "Awb 5:33",
        ),
        (
            {"completed_on": date(2025, 4, 30)},
            "De begunstigingstermijn liep tot en met 30-04-2025",
            "Awb 5:32a lid 2",
        ),
    ],
)
def test_proof_of_a_forfeiture(changes: dict[str, Any], sentence: str, article: str) -> None:
    order = an_order()
    with not_allowed(sentence, article):
        forfeit(order, replace(found_again(order), **changes), [], new_id())


def test_a_forfeiture_twice() -> None:
    order = an_order(maximum=Decimal(90_000))
    evidence = found_again(order)
    _, lost, _, _ = forfeit(order, evidence, [], new_id())
    with not_allowed("Deze hercontrole heeft al tot verbeurte geleid", "Awb 5:33"):
        forfeit(order, evidence, [lost], new_id())
    with not_allowed("Een bedrag ineens verbeurt eenmaal", "Awb 5:32b lid 1"):
        lost_again(order, date(2025, 5, 9), [lost])
    exhausted = an_order(mode=Mode.PER_VIOLATION, forfeited=Decimal("5000.00"))
    with not_allowed("Het maximum is al verbeurd", "Awb 5:32b lid 2"):
        lost_again(exhausted, DAY)
    cent = replace(exhausted, forfeited=Decimal("4999.99"))
    assert lost_again(cent, DAY).amount == Decimal("0.01")


@pytest.mark.parametrize(
    ("unit", "until", "first", "same", "following"),
    [
        (Unit.DAY, date(2025, 4, 30), date(2025, 5, 2), date(2025, 5, 2), date(2025, 5, 3)),
        (Unit.WEEK, date(2025, 4, 30), date(2025, 5, 8), date(2025, 5, 14), date(2025, 5, 15)),
        (Unit.MONTH, date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 31), date(2025, 6, 1)),
        (Unit.MONTH, date(2025, 11, 14), date(2025, 12, 15), date(2026, 1, 14), date(2026, 1, 15)),
        (Unit.MONTH, date(2024, 12, 9), date(2025, 12, 10), date(2026, 1, 9), date(2026, 1, 10)),
    ],
)
def test_a_unit_of_time_counts_from_the_day_after_the_term(
    unit: Unit, until: date, first: date, same: date, following: date
) -> None:
    order = an_order(
        mode=Mode.PER_UNIT,
        unit=unit,
        amount=Decimal(1),
        maximum=Decimal(100),
        compliance_until=until,
    )
    lost = lost_again(order, first)
    with not_allowed(f"Over deze {unit} is al een dwangsom verbeurd", "Awb 5:32b lid 1"):
        lost_again(order, same, [lost])
    assert lost_again(order, following, [lost])
    of_publication = replace(order, compliance_until=None, published_on=until)
    with not_allowed(f"Over deze {unit} is al een dwangsom verbeurd", "Awb 5:32b lid 1"):
        lost_again(of_publication, same, [lost])
    assert lost_again(of_publication, following, [lost])
    both = replace(order, published_on=date(2024, 1, 20))
    with not_allowed(f"Over deze {unit} is al een dwangsom verbeurd", "Awb 5:32b lid 1"):
        lost_again(both, same, [lost])


def test_collecting() -> None:
    lost = lost_again(an_order(), DAY)
    paid, _ = collect(lost, CollectionAct.PAYMENT, DAY, TODAY)
    with not_allowed("Deze dwangsom is al betaald", "Awb 5:33"):
        collect(paid, CollectionAct.PAYMENT, DAY, TODAY)
    with not_allowed("De dwangsom was toen nog niet verbeurd", "Awb 5:33"):
        collect(lost, CollectionAct.PAYMENT, date(2025, 4, 30), TODAY)
    with not_allowed("De vordering is verjaard op 01-05-2026", "Awb 5:35 lid 1"):
        collect(lost, CollectionAct.DECISION, date(2026, 5, 2), TODAY)
    decided, _ = collect(lost, CollectionAct.DECISION, DAY, TODAY)
    with not_allowed("Er is al een invorderingsbeschikking", "Awb 5:37 lid 1"):
        collect(decided, CollectionAct.DECISION, DAY, TODAY)
    future = "Vul een datum in die niet in de toekomst ligt."
    with wrong_field("date", "in-toekomst", future):
        collect(lost, CollectionAct.PAYMENT, TODAY + timedelta(days=1), TODAY)
