"""Write on the time line what happened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.timeline.tables import timeline_entry
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What happened to a complaint or to an incident; without `at` it is now."""

    title: str
    by: str
    complaint_id: UUID | None = None
    incident_id: UUID | None = None
    detail: str | None = None
    link: str | None = None
    at: datetime | None = None


def note(entry: Note, work: UnitOfWork) -> None:
    """Queue the entry."""
    work.insert(
        timeline_entry,
        {
            "id": new_id(),
            "complaint_id": entry.complaint_id,
            "incident_id": entry.incident_id,
            "at": entry.at or work.now,
            "title": entry.title,
            "detail": entry.detail,
            "link": entry.link,
            "actor": entry.by,
        },
    )
