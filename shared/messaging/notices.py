"""Tells those who watch that an event was parked, through the outbox, in the same commit."""

from typing import NamedTuple
from uuid import UUID

from shared.contracts.notices import EventParked
from shared.db.unit_of_work import UnitOfWork


class About(NamedTuple):
    """Which event, and whose consumer."""

    consumer: str
    event_id: UUID
    event_type: str
    topic: str
    key: str


def tell_parked(work: UnitOfWork, about: About, failure: str, attempts: int) -> None:
    """Queue the notice that a consumer could not handle this event."""
    work.publish(
        EventParked(
            version=attempts,
            consumer=about.consumer,
            event_id=about.event_id,
            event_type=about.event_type,
            from_topic=about.topic,
            event_key=about.key,
            failure=failure,
            attempts=attempts,
            parked_at=work.now,
        )
    )
