"""Writing incidents, and locking them."""

from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from services.intake.incidents.domain import Incident
from services.intake.incidents.tables import incident, inspection_request
from shared.auth.sight import Sight
from shared.contracts.intake import Urgency
from shared.db.query import Query
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version

_FIELDS: Final = tuple(field.name for field in fields(Incident))
_LOCK: Final = Query(
    Incident,
    select(*(incident.c[name] for name in _FIELDS))
    .where(incident.c.id == bindparam("id"), visible(incident))
    .with_for_update(),
)


async def lock(
    work: UnitOfWork, incident_id: UUID, sight: Sight, *, version: int | None = None
) -> Incident:
    """The incident, locked until the work ends. Raises NotFound, VersionConflict."""
    found = await work.one(_LOCK, "Dit incident", id=incident_id, sight=sight)
    require_version("Het incident", expected=version, found=found.version)
    return found


def columns_of(found: Incident) -> dict[str, Any]:
    """The columns of an incident; `asdict` would copy each value deeply."""
    return {name: getattr(found, name) for name in _FIELDS}


def add(work: UnitOfWork, new: Incident, *, source_key: str | None = None) -> None:
    """Queue a new incident."""
    work.insert(incident, {**columns_of(new), "source_key": source_key})


def save(work: UnitOfWork, changed: Incident) -> None:
    """Queue what changed."""
    values = columns_of(changed)
    work.update(incident, key={"id": values.pop("id")}, values=values)


def add_request(
    work: UnitOfWork,
    request_id: UUID,
    incident_id: UUID,
    *,
    urgency: Urgency,
    reason: str,
    actor: str,
) -> None:
    """Queue a request for an inspection."""
    work.insert(
        inspection_request,
        {
            "id": request_id,
            "incident_id": incident_id,
            "urgency": urgency,
            "reason": reason,
            "actor": actor,
            "requested_at": work.now,
        },
    )
