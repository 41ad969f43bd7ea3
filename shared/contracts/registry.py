"""Every public event by its type: the one list that schemas, AsyncAPI and readers use."""

from shared.contracts import enforcement, intake, reporting, risk
from shared.contracts.base import Event

EVENTS: tuple[type[Event], ...] = (
    intake.ComplaintReceived,
    intake.ComplaintLinked,
    intake.ComplaintAssessed,
    intake.ComplaintClosed,
    intake.IncidentRegistered,
    intake.InspectionRequested,
    risk.LocationRegistered,
    risk.RiskScored,
    enforcement.InspectionPlanned,
    enforcement.InspectionCompleted,
    enforcement.ViolationEstablished,
    enforcement.ViolationPositioned,
    enforcement.ViolationResolved,
    enforcement.MeasureIntended,
    enforcement.MeasureImposed,
    enforcement.PenaltyForfeited,
    enforcement.MeasureEnded,
    reporting.HoursSubmitted,
    reporting.HoursApproved,
    reporting.SettlementAdopted,
)

BY_TYPE = {event.type: event for event in EVENTS}


def topic_of(service: str) -> str:
    """The topic on which a service publishes."""
    return f"vth.{service}.v1"
