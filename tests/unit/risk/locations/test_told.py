"""Facts are folded: what another fact corrects holds no more, in whatever order all are read."""

from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest

from services.risk.locations.domain.told import Fact, corrected, measure_of, violation_of
from shared.contracts.base import Behaviour, Consequence, Event
from shared.contracts.enforcement import (
    Instrument,
    MeasureEnded,
    MeasureImposed,
    MeasureResult,
    ViolationEstablished,
    ViolationPositioned,
    ViolationResolved,
    ViolationRetracted,
)
from shared.ids import new_id

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
PLACE, VIOLATION, MEASURE = new_id(), new_id(), new_id()
ABOUT: dict[str, Any] = {"location_id": PLACE, "violation_id": VIOLATION, "number": "O-1"}


def positioned(version: int, cell: str) -> ViolationPositioned:
    return ViolationPositioned(
        **ABOUT, version=version, consequence=Consequence(cell[1]), behaviour=Behaviour(cell[0]),
        cell=cell, initial_cell=cell, matrix_version="1", recidivism=False, positioned_at=NOW,
    )  # fmt: skip


ESTABLISHED = ViolationEstablished(
    **ABOUT, version=1, inspection_id=new_id(), established_on=DAY, nature="geur"
)
RESOLVED = ViolationResolved(**ABOUT, version=4, resolved_on=DAY)
RETRACTED = ViolationRetracted(**ABOUT, version=5, retracted_on=DAY)
OWN: dict[str, Any] = {
    **ABOUT, "measure_id": MEASURE, "instrument": Instrument.FINE, "cell": "D4"
}  # fmt: skip
IMPOSED = MeasureImposed(**OWN, version=2, decided_on=DAY, deviates=False)


def ended(result: MeasureResult) -> MeasureEnded:
    return MeasureEnded(**OWN, version=3, ended_on=DAY, result=result)


def told(*events: Event) -> list[Fact]:
    """The facts as they are added, one after the other."""
    facts: list[Fact] = []
    for event in events:
        facts.append(Fact(new_id(), event, NOW, corrected(event, facts)))
    return facts


def test_a_violation_is_what_its_facts_come_to_in_any_order() -> None:
    facts = told(ESTABLISHED, positioned(2, "D4"), positioned(3, "B2"), RESOLVED)
    for order in permutations(facts):
        state = violation_of(order)
        assert state is not None
        assert (state.cell, state.resolved_on, state.retracted_on) == ("B2", DAY, None)
        assert (state.number, state.nature, state.established_on) == ("O-1", "geur", DAY)


def test_a_retracted_violation_says_since_when() -> None:
    facts = told(ESTABLISHED, positioned(2, "D4"), RETRACTED)
    assert facts[-1].corrects == facts[0].id
    for order in permutations(facts):
        state = violation_of(order)
        assert state is not None
        assert state.retracted_on == DAY


def test_of_what_was_not_established_or_imposed_nothing_is_known() -> None:
    assert violation_of(told(positioned(2, "D4"))) is None
    assert measure_of(told(ended(MeasureResult.WITHDRAWN))) is None


@pytest.mark.parametrize("result", list(MeasureResult))
def test_only_a_withdrawal_takes_the_imposing_back(result: MeasureResult) -> None:
    facts = told(IMPOSED, ended(result))
    withdrawn = result is MeasureResult.WITHDRAWN
    assert facts[1].corrects == (facts[0].id if withdrawn else None)
    for order in permutations(facts):
        state = measure_of(order)
        assert state is not None
        assert (state.ended_on, state.withdrawn_on) == (DAY, DAY if withdrawn else None)


def test_a_later_fact_is_not_corrected_by_an_earlier_one() -> None:
    facts = told(ESTABLISHED, positioned(3, "A1"))
    assert corrected(positioned(2, "D4"), facts) is None
