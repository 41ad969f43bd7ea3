"""Notices about events, for those who watch the backbone; no consumer acts on them."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from shared.contracts.base import Event

SUFFIX: Final = ".dlq"


def parking_of(topic: str) -> str:
    """The topic on which it is told that an event of this topic was parked."""
    return topic + SUFFIX


class EventParked(Event):
    """A consumer could not handle an event; later events of its key wait behind it."""

    type: ClassVar[str] = "nl.vth.gebeurtenissen.gebeurtenis-geparkeerd"
    # In the examples; what it says is published by the service whose consumer parked the event.
    service: ClassVar[str] = "risk"
    resource: ClassVar[str] = "gebeurtenissen"

    consumer: str
    event_id: UUID
    event_type: str
    from_topic: str
    event_key: str
    failure: str
    attempts: int
    parked_at: datetime

    @property
    def subject(self) -> UUID:
        return self.event_id

    @property
    def goes_to(self) -> str:
        return parking_of(self.from_topic)

    @property
    def dataref(self) -> str:
        return f"/{self.consumer}/gebeurtenissen/geparkeerd/{self.consumer}/{self.event_id}"
