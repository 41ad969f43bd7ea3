"""The time line of a complaint with its incident, or of an incident alone; newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select

from services.intake.timeline.tables import timeline_entry
from shared.db.listing import Listing, Page, Start
from shared.db.rows import Rows


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line."""

    id: UUID
    at: datetime
    title: str
    detail: str | None
    link: str | None
    actor: str | None


_ORDER: Final = (timeline_entry.c.at, timeline_entry.c.id)
_COLUMNS: Final = [timeline_entry.c[name] for name in EntryRow.__slots__]
_OF_COMPLAINT: Final = Listing(
    EntryRow,
    select(*_COLUMNS).where(
        or_(
            timeline_entry.c.complaint_id == bindparam("complaint_id", type_=Uuid),
            timeline_entry.c.incident_id == bindparam("incident_id", type_=Uuid),
        )
    ),
    filters={},
    order=_ORDER,
    descending=True,
)
_OF_INCIDENT: Final = Listing(
    EntryRow,
    select(*_COLUMNS).where(timeline_entry.c.incident_id == bindparam("incident_id", type_=Uuid)),
    filters={},
    order=_ORDER,
    descending=True,
)


async def of_complaint(
    rows: Rows, complaint_id: UUID, incident_id: UUID | None, start: Start
) -> Page[EntryRow]:
    """What happened to the complaint and to its incident."""
    ids = {"complaint_id": complaint_id, "incident_id": incident_id}
    return await _OF_COMPLAINT.page(rows, start, **ids)


async def of_incident(rows: Rows, incident_id: UUID, start: Start) -> Page[EntryRow]:
    """What happened to the incident."""
    return await _OF_INCIDENT.page(rows, start, incident_id=incident_id)
