"""A complaint that moved: its events come by two keys, so in any order, and end the same."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

from services.risk.consumers import AboutComplaint, merged
from shared.contracts.intake import ComplaintAssessed, ComplaintClosed, ComplaintLinked, Outcome
from shared.ids import new_id

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HERE, THERE = new_id(), new_id()
COMMON: dict[str, Any] = {
    "complaint_id": new_id(),
    "number": "K-2026-000001",
    "category": "geur",
    "received_at": NOW,
}


def linked(version: int, place: UUID) -> ComplaintLinked:
    return ComplaintLinked(**COMMON, version=version, location_id=place, incident_id=new_id())


def assessed(version: int, outcome: Outcome) -> ComplaintAssessed:
    return ComplaintAssessed(
        **COMMON, version=version, location_id=THERE, outcome=outcome, assessed_at=NOW
    )


EVENTS: tuple[AboutComplaint, ...] = (
    linked(2, HERE),
    linked(3, THERE),
    assessed(4, Outcome.UNJUSTIFIED),
    assessed(5, Outcome.JUSTIFIED),
    ComplaintClosed(**COMMON, version=6, location_id=THERE, closed_at=NOW, within_term=True),
)


def test_any_order_ends_with_the_newest_of_everything() -> None:
    for order in permutations(EVENTS):
        row: dict[str, Any] | None = None
        for event in order:
            row = merged(row, event)
        assert row is not None
        assert (row["version"], row["location_id"]) == (6, THERE)
        assert (row["outcome"], row["closed_at"]) == (Outcome.JUSTIFIED, NOW)


def test_the_same_event_twice_changes_nothing() -> None:
    once = merged(None, EVENTS[0])
    assert merged(once, EVENTS[0]) == once
