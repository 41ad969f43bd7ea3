"""Events of the other services, as the tests need them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.contracts.enforcement import (
    InspectionCompleted,
    InspectionKind,
    InspectionPlanned,
    Instrument,
    MeasureImposed,
    PenaltyForfeited,
)
from shared.contracts.intake import (
    ComplaintClosed,
    ComplaintLinked,
    ComplaintReceived,
    ComplaintReopened,
    Urgency,
)
from shared.ids import new_id

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ENSCHEDE, HENGELO = "gm0153", "gm0164"


def complaint(identity: UUID, number: str) -> dict[str, Any]:
    return {
        "complaint_id": identity,
        "number": number,
        "category": "geur",
        "received_at": MORNING,
    }


def received(identity: UUID, number: str, version: int = 1) -> ComplaintReceived:
    return ComplaintReceived(
        **complaint(identity, number),
        version=version,
        channel="telefoon",
        urgency=Urgency.NORMAL,
        occurred_at=MORNING,
    )


def linked(identity: UUID, number: str, participant: str, version: int = 2) -> ComplaintLinked:
    return ComplaintLinked(
        **complaint(identity, number),
        version=version,
        participant=participant,
        location_id=new_id(),
        incident_id=new_id(),
    )


def closed(identity: UUID, number: str, version: int = 4) -> ComplaintClosed:
    return ComplaintClosed(
        **complaint(identity, number),
        version=version,
        closed_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        within_term=True,
    )


def reopened(identity: UUID, number: str, version: int = 5) -> ComplaintReopened:
    return ComplaintReopened(
        **complaint(identity, number),
        version=version,
        reopened_at=datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
    )


def inspection(
    identity: UUID,
    number: str,
    kind: InspectionKind = InspectionKind.PERIODIC,
    participant: str = ENSCHEDE,
) -> dict[str, Any]:
    return {
        "inspection_id": identity,
        "number": number,
        "location_id": new_id(),
        "kind": kind,
        "participant": participant,
    }


def planned(identity: UUID, number: str, **facts: Any) -> InspectionPlanned:
    return InspectionPlanned(
        **inspection(identity, number, **facts), version=1, planned_on=date(2026, 11, 24)
    )


def completed(
    identity: UUID, number: str, on: date = date(2026, 11, 24), **facts: Any
) -> InspectionCompleted:
    return InspectionCompleted(
        **inspection(identity, number, **facts),
        version=2,
        completed_on=on,
        findings=3,
        violations=1,
    )


def measure(identity: UUID, number: str) -> dict[str, Any]:
    return {
        "measure_id": identity,
        "violation_id": new_id(),
        "number": number,
        "location_id": new_id(),
        "participant": ENSCHEDE,
        "instrument": Instrument.PENALTY_ORDER,
        "cell": "B3",
    }


def imposed(identity: UUID, number: str) -> MeasureImposed:
    return MeasureImposed(
        **measure(identity, number), version=2, decided_on=date(2026, 11, 24), deviates=False
    )


def forfeited(identity: UUID, number: str) -> PenaltyForfeited:
    return PenaltyForfeited(
        **measure(identity, number),
        version=3,
        forfeited_on=date(2026, 11, 25),
        amount=Decimal("500.00"),
        pay_until=date(2026, 12, 23),
        prescribes_on=date(2027, 11, 25),
    )
