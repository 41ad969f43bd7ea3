"""Reading and writing the aggregates of intake."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from services.intake.complaints.domain.complaint import Channel, Complaint, State
from services.intake.incidents.domain import Incident, IncidentState, Perpetrator
from services.intake.letters.domain.letters import CaseFacts
from services.intake.tables import (
    complaint,
    incident,
    inspection,
    location,
    timeline_entry,
    violation,
)
from shared.contracts.intake import Outcome, Urgency
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.errors import VersionConflict, unknown
from shared.ids import new_id

_COMPLAINT_FIELDS: Final = tuple(field.name for field in fields(Complaint))
_INCIDENT_FIELDS: Final = tuple(field.name for field in fields(Incident))
# What a handler may change; the rest of a complaint is as it was received.
_CHANGING: Final = (
    "version", "state", "participant", "location_id", "incident_id", "handler", "handler_name",
    "feedback_due", "first_contact_at", "outcome", "cause", "explanation", "assessed_at",
    "closed_at", "within_term", "forwarded_to",
)  # fmt: skip

_LOCK_COMPLAINT = (
    select(*(complaint.c[name] for name in _COMPLAINT_FIELDS))
    .where(complaint.c.id == bindparam("id"))
    .with_for_update()
)
_LOCK_INCIDENT = (
    select(*(incident.c[name] for name in _INCIDENT_FIELDS))
    .where(incident.c.id == bindparam("id"))
    .with_for_update()
)
_LOCATION = select(location).where(location.c.id == bindparam("id"))
_OPEN_COMPLAINTS = select(func.count()).where(
    complaint.c.incident_id == bindparam("incident_id"),
    complaint.c.id != bindparam("but"),
    complaint.c.closed_at.is_(None),
)
_COMPLAINTS = select(func.count()).where(complaint.c.incident_id == bindparam("incident_id"))
_INSPECTED = (
    select(inspection.c.completed_on)
    .where(
        inspection.c.incident_id == bindparam("incident_id"),
        inspection.c.completed_on.isnot(None),
    )
    .order_by(inspection.c.completed_on)
)
_VIOLATIONS = select(
    func.count().label("violations"),
    func.count(violation.c.resolved_on).label("resolved"),
    func.count(violation.c.measure_on).label("measures"),
).where(violation.c.incident_id == bindparam("incident_id"))


async def lock_complaint(work: UnitOfWork, complaint_id: UUID) -> Complaint:
    """The complaint, locked until the work ends. Raises NotFound."""
    return _complaint(await work.one(_LOCK_COMPLAINT, "Deze klacht", id=complaint_id))


def require_version(found: Complaint | Incident, expected: int | None) -> None:
    """Raises VersionConflict when it was changed since it was seen; None does not care."""
    if expected is not None and found.version != expected:
        what = "De klacht" if isinstance(found, Complaint) else "Het incident"
        raise VersionConflict(what, expected=expected, found=found.version)


def _complaint(row: Row) -> Complaint:
    outcome = row["outcome"]
    kinds = {
        "state": State(row["state"]),
        "channel": Channel(row["channel"]),
        "urgency": Urgency(row["urgency"]),
        "outcome": Outcome(outcome) if outcome else None,
    }
    return Complaint(**{**dict(row), **kinds})


def columns_of(taken: Complaint) -> dict[str, Any]:
    """The columns of a complaint that the rules know; `asdict` would copy each value deeply."""
    return {name: getattr(taken, name) for name in _COMPLAINT_FIELDS}


def save_complaint(work: UnitOfWork, changed: Complaint) -> None:
    """Queue what changed."""
    values = {name: getattr(changed, name) for name in _CHANGING}
    work.update(complaint, key={"id": changed.id}, values=values)


async def lock_incident(work: UnitOfWork, incident_id: UUID) -> Incident:
    """The incident, locked until the work ends. Raises NotFound."""
    row = await work.one(_LOCK_INCIDENT, "Dit incident", id=incident_id)
    return incident_of(row)


def incident_of(row: Row) -> Incident:
    """The incident in a row."""
    values = {name: row[name] for name in _INCIDENT_FIELDS}
    kinds = {
        "state": IncidentState(row["state"]),
        "perpetrator": Perpetrator(row["perpetrator"]),
    }
    return Incident(**{**values, **kinds})


def add_incident(work: UnitOfWork, new: Incident) -> None:
    """Queue a new incident."""
    work.insert(incident, incident_columns(new))


def incident_columns(found: Incident) -> dict[str, Any]:
    """The columns of an incident."""
    return {name: getattr(found, name) for name in _INCIDENT_FIELDS}


def save_incident(work: UnitOfWork, changed: Incident) -> None:
    """Queue what changed."""
    values = incident_columns(changed)
    work.update(incident, key={"id": values.pop("id")}, values=values)


async def location_of(work: UnitOfWork, location_id: UUID) -> Row:
    """The location. Raises Conflict, by its wire name, when it is not known here."""
    row = await work.first(_LOCATION, id=location_id)
    if row is None:
        raise unknown("locatieId", "Kies een locatie die bij de dienst bekend is.")
    return row


async def open_complaints(work: UnitOfWork, incident_id: UUID, but: UUID) -> int:
    """How many complaints of the incident are still open, apart from one."""
    return int(await work.value(_OPEN_COMPLAINTS, incident_id=incident_id, but=but))


async def complaints_of(work: UnitOfWork, incident_id: UUID) -> int:
    """How many complaints the incident has."""
    return int(await work.value(_COMPLAINTS, incident_id=incident_id))


async def facts_of(work: UnitOfWork, incident_id: UUID | None) -> CaseFacts:
    """What enforcement did about the incident."""
    if incident_id is None:
        return CaseFacts()
    inspected = await work.all(_INSPECTED, incident_id=incident_id)
    counted = await work.one(_VIOLATIONS, incident_id=incident_id)
    days = tuple(row["completed_on"] for row in inspected)
    return CaseFacts(days, counted["violations"], counted["resolved"], counted["measures"])


def note(
    work: UnitOfWork,
    title: str,
    *,
    complaint_id: UUID | None = None,
    incident_id: UUID | None = None,
    detail: str | None = None,
    link: str | None = None,
    at: datetime | None = None,
    by: str | None = None,
) -> None:
    """Queue an entry on the time line of a complaint or of an incident."""
    entry: dict[str, Any] = {
        "id": new_id(),
        "complaint_id": complaint_id,
        "incident_id": incident_id,
        "at": at or work.now,
        "title": title,
        "detail": detail,
        "link": link,
        "actor": by or work.actor,
    }
    work.insert(timeline_entry, entry)
