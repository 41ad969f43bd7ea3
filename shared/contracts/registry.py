"""Every public event by its type: the one list that schemas, AsyncAPI and readers use."""

from collections.abc import Iterable

from shared.contracts import enforcement, intake, reporting, risk
from shared.contracts.base import Event, topic_of
from shared.contracts.notices import EventParked, parking_of

__all__ = ["BY_TYPE", "EVENTS", "NOTICES", "topic_of", "topics_for"]

EVENTS: tuple[type[Event], ...] = (
    intake.ComplaintReceived,
    intake.ComplaintLinked,
    intake.ComplaintAssessed,
    intake.ComplaintClosed,
    intake.ComplaintReopened,
    intake.IncidentRegistered,
    intake.InspectionRequested,
    risk.LocationRegistered,
    risk.RiskScored,
    enforcement.InspectionPlanned,
    enforcement.InspectionCompleted,
    enforcement.ViolationEstablished,
    enforcement.ViolationPositioned,
    enforcement.ViolationResolved,
    enforcement.ViolationRetracted,
    enforcement.MeasureIntended,
    enforcement.MeasureImposed,
    enforcement.PenaltyForfeited,
    enforcement.MeasureEnded,
    reporting.ParticipantRegistered,
    reporting.HoursSubmitted,
    reporting.HoursApproved,
    reporting.SettlementAdopted,
)

# Not facts of a service, but notices about its events: on topics of their own, not in the feed.
NOTICES: tuple[type[Event], ...] = (EventParked,)

BY_TYPE = {event.type: event for event in (*EVENTS, *NOTICES)}


def topics_for(services: Iterable[str]) -> list[str]:
    """Every topic of these services: their events, and the notices of those that were parked."""
    own = [topic_of(service) for service in services]
    return own + [parking_of(topic) for topic in own]
