"""What the other services tell: cases to book on, and products that count as delivered."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from services.reporting.cases import commands
from services.reporting.cases.commands import RecordCases
from services.reporting.cases.domain import CaseEvent
from services.reporting.cases.tables import case_file, product_delivery
from shared.clock import local_date
from shared.context import system_context
from shared.contracts.enforcement import (
    InspectionCompleted,
    InspectionPlanned,
    MeasureEnded,
    MeasureImposed,
    MeasureIntended,
    PenaltyForfeited,
)
from shared.contracts.intake import (
    ComplaintClosed,
    ComplaintLinked,
    ComplaintReceived,
    ComplaintReopened,
)
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import Delivery, Handler, Handlers
from shared.rebuild.projection import Projection

# What an event says of its case, beside its number and participant.
Facts = dict[str, Any]


def _complaint(event: ComplaintReceived | ComplaintLinked) -> Facts:
    day = local_date(event.received_at)
    return {"kind": "klacht", "qualifier": event.category, "day": day, "opened_on": day}


def _complaint_closed(event: ComplaintClosed) -> Facts:
    day = local_date(event.closed_at)
    opened = local_date(event.received_at)
    term = {"opened_on": opened, "closed_on": day, "within_term": event.within_term}
    return {"kind": "klacht", "qualifier": event.category, "day": day, **term}


def _complaint_reopened(event: ComplaintReopened) -> Facts:
    day, opened = local_date(event.reopened_at), local_date(event.received_at)
    return {"kind": "klacht", "qualifier": event.category, "day": day, "opened_on": opened}


def _planned(event: InspectionPlanned) -> Facts:
    # The day may be unknown: then that counts on which the event came about.
    day = event.planned_on
    return {"kind": "controle", "qualifier": event.kind, "day": day, "opened_on": day}


def _completed(event: InspectionCompleted) -> Facts:
    day = event.completed_on
    return {"kind": "controle", "qualifier": event.kind, "day": day, "closed_on": day}


def _decided(event: MeasureIntended | MeasureImposed) -> Facts:
    day = event.decided_on
    return {"kind": MEASURE, "qualifier": event.instrument, "day": day, "opened_on": day}


def _forfeited(event: PenaltyForfeited) -> Facts:
    return {"kind": MEASURE, "qualifier": event.instrument, "day": event.forfeited_on}


def _ended(event: MeasureEnded) -> Facts:
    day = event.ended_on
    return {"kind": MEASURE, "qualifier": event.instrument, "day": day, "closed_on": day}


MEASURE: Final = "handhavingsmaatregel"


def recording(facts_of: Callable[[Any], Facts], *, link_hours: bool) -> Handler:
    """A handler that records what events of one type say of their cases."""

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        events = [_case_event(each, facts_of(each.event), work.today) for each in deliveries]
        await commands.record(RecordCases(events, link_hours), system_context(work, None))

    return handle


def _case_event(delivery: Delivery[Any], facts: Facts, today: date) -> CaseEvent:
    event, envelope = delivery.event, delivery.envelope
    # Not the day of handling, which another time would be another day.
    told_on = local_date(envelope.time) if envelope.time else today
    return CaseEvent(
        event_id=envelope.event_id,
        event=event.type.rsplit(".", 1)[-1],
        case_id=event.subject,
        version=event.version,
        number=event.number,
        participant=event.participant,
        location_id=getattr(event, "location_id", None),
        source_key=getattr(event, "source_key", None),
        **{**facts, "day": facts["day"] or told_on},
    )


_FACTS: Final[dict[type[Any], Callable[[Any], Facts]]] = {
    ComplaintReceived: _complaint,
    ComplaintLinked: _complaint,
    ComplaintClosed: _complaint_closed,
    ComplaintReopened: _complaint_reopened,
    InspectionPlanned: _planned,
    InspectionCompleted: _completed,
    MeasureIntended: _decided,
    MeasureImposed: _decided,
    PenaltyForfeited: _forfeited,
    MeasureEnded: _ended,
}

CONSUMERS: Final[Handlers] = {
    event: recording(facts_of, link_hours=True) for event, facts_of in _FACTS.items()
}
PROJECTIONS: Final = (
    Projection(
        name="zaken",
        title="Zaken en geleverde producten",
        tables=(case_file, product_delivery),
        handlers={event: recording(facts, link_hours=False) for event, facts in _FACTS.items()},
    ),
)
