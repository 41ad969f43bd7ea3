"""Figures of own work: by what an event says, with bounded values of labels."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from prometheus_client.samples import Sample

from services.enforcement.figures import FIGURES as ENFORCEMENT
from services.intake.figures import FIGURES as INTAKE
from services.reporting.figures import FIGURES as REPORTING
from services.risk.figures import FIGURES as RISK
from shared.contracts.base import Event, Unlisted
from shared.contracts.enforcement import Instrument, MeasureImposed
from shared.contracts.registry import EVENTS
from shared.contracts.reporting import HoursSubmitted
from shared.figures import MOST, OTHER, Figure, by_event


def test_values_beyond_a_bound_are_told_apart_no_more() -> None:
    figure = Figure("vth_test_bounded", "Nothing", "category")
    for number in range(MOST * 3):
        figure.of(f"soort {number}").inc()
    values = {sample.labels["category"] for sample in _samples("vth_test_bounded")}
    assert len(values) == MOST + 1
    assert _value("vth_test_bounded", category=OTHER) == MOST * 2
    figure.of("soort 1").inc()
    assert _value("vth_test_bounded", category="soort 1") == 2


def test_a_value_that_this_release_does_not_know_is_other() -> None:
    figure = Figure("vth_test_open", "Nothing", "instrument")
    figure.of(Unlisted("iets nieuws")).inc()
    assert _value("vth_test_open", instrument=OTHER) == 1


def test_a_decision_counts_by_its_instrument_and_whether_it_deviates() -> None:
    imposed = MeasureImposed(
        version=1,
        measure_id=uuid4(),
        violation_id=uuid4(),
        number="M-1",
        location_id=uuid4(),
        instrument=Instrument.PENALTY_ORDER,
        cell="C3",
        decided_on=date(2026, 3, 10),
        deviates=True,
    )
    labels = {"step": "besluit", "instrument": "last onder dwangsom", "deviates": "ja"}
    before = _value("vth_decisions", **labels)
    child, amount = by_event(ENFORCEMENT)[MeasureImposed].of(imposed)
    child.inc(amount)
    assert _value("vth_decisions", **labels) == before + 1


def test_hours_count_by_their_minutes() -> None:
    submitted = HoursSubmitted(
        version=1,
        week_id=uuid4(),
        employee=uuid4(),
        week="2026-W10",
        minutes=2160,
        submitted_at=datetime(2026, 3, 8, tzinfo=UTC),
    )
    assert by_event(REPORTING)[HoursSubmitted].of(submitted)[1] == 2160


PERSONAL = {"number", "employee", "participant", "key", "name", "subject"}


@pytest.mark.parametrize("declared", [*INTAKE, *RISK, *ENFORCEMENT, *REPORTING])
def test_a_service_counts_its_own_events_and_nothing_of_people(declared: object) -> None:
    event: type[Event] = declared.event  # type: ignore[attr-defined]
    assert event in EVENTS
    assert not PERSONAL & set(declared.figure.labels)  # type: ignore[attr-defined]


def _samples(name: str) -> list[Sample]:
    return [
        sample
        for family in REGISTRY.collect()
        if family.name == name
        for sample in family.samples
        if sample.name.endswith("_total")
    ]


def _value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"{name}_total", labels) or 0.0
