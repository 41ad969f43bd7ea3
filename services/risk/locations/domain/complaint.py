"""A complaint as far as it was told: what is newest of it, wherever it belongs now.

The events of a complaint that moved come by the keys of both locations, so in any order: each part
of its state has the version of the event that told it, and an older one changes nothing.
"""

from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from shared.contracts.intake import (
    ComplaintAssessed,
    ComplaintClosed,
    ComplaintLinked,
    ComplaintReceived,
    ComplaintReopened,
)

AboutComplaint: TypeAlias = (
    ComplaintReceived | ComplaintLinked | ComplaintAssessed | ComplaintClosed | ComplaintReopened
)


class ComplaintState(NamedTuple):
    """A complaint as far as it was told; `assessed_by` is the fact that its outcome comes from."""

    id: UUID
    version: int
    location_id: UUID | None
    number: str
    category: str
    received_at: datetime
    outcome: str | None = None
    outcome_version: int = 0
    assessed_by: UUID | None = None
    closed_at: datetime | None = None
    closed_version: int = 0


def merged(before: ComplaintState | None, event: AboutComplaint, event_id: UUID) -> ComplaintState:
    """The complaint with what the event says; an older event does not undo a newer one."""
    state = before or _unheard(event)
    version = event.version
    told: dict[str, Any] = {}
    if version >= state.version:
        told["version"] = version
        told["location_id"] = event.location_id or state.location_id
        told["category"] = event.category
    if isinstance(event, ComplaintReopened):
        told |= _reopened(state, version)
    elif isinstance(event, ComplaintAssessed) and version >= state.outcome_version:
        outcome = str(event.outcome)
        told |= {"outcome": outcome, "outcome_version": version, "assessed_by": event_id}
    elif isinstance(event, ComplaintClosed) and version >= state.closed_version:
        told |= {"closed_at": event.closed_at, "closed_version": version}
    return state._replace(**told)


def _reopened(state: ComplaintState, version: int) -> dict[str, Any]:
    """It is open again, and what was established of it before no longer holds."""
    told: dict[str, Any] = {}
    if version >= state.outcome_version:
        told |= {"outcome": None, "outcome_version": version, "assessed_by": None}
    if version >= state.closed_version:
        told |= {"closed_at": None, "closed_version": version}
    return told


def _unheard(event: AboutComplaint) -> ComplaintState:
    """A complaint of which nothing was heard before."""
    return ComplaintState(
        id=event.complaint_id,
        version=0,
        location_id=None,
        number=event.number,
        category=event.category,
        received_at=event.received_at,
    )
