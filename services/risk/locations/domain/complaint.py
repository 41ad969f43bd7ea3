"""A complaint as far as it was told: what is newest of it, wherever it belongs now.

The events of a complaint that moved come by the keys of both locations, so in any order: each part
of its state has the version of the event that told it, and an older one changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias
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


@dataclass(frozen=True, slots=True)
class ComplaintState:
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
    if version >= state.version:
        place = event.location_id or state.location_id
        state = replace(state, version=version, location_id=place, category=event.category)
    if isinstance(event, ComplaintAssessed) and version >= state.outcome_version:
        state = replace(
            state, outcome=str(event.outcome), outcome_version=version, assessed_by=event_id
        )
    if isinstance(event, ComplaintClosed) and version >= state.closed_version:
        state = replace(state, closed_at=event.closed_at, closed_version=version)
    if isinstance(event, ComplaintReopened):
        state = _reopened(state, version)
    return state


def _reopened(state: ComplaintState, version: int) -> ComplaintState:
    """It is open again, and what was established of it before no longer holds."""
    if version >= state.outcome_version:
        state = replace(state, outcome=None, outcome_version=version, assessed_by=None)
    if version >= state.closed_version:
        state = replace(state, closed_at=None, closed_version=version)
    return state


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
