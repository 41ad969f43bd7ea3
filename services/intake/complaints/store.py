"""Writing complaints, and locking them."""

from dataclasses import fields
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from services.intake.complaints.domain.complaint import Complaint
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.complaints.tables import complaint, complaint_act, contact_moment
from shared.auth.sight import Sight
from shared.db.filters import equals
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version

FIELDS: Final = tuple(field.name for field in fields(Complaint))
# What a use case may change; the rest of a complaint is as it was received.
_CHANGING: Final = (
    "version", "state", "participant", "location_id", "incident_id", "handler", "handler_name",
    "feedback_due", "first_contact_at", "wants_feedback", "reachable_by_mail", "outcome", "cause",
    "explanation", "assessed_at", "closed_at", "within_term", "forwarded_to",
)  # fmt: skip
# What an act establishes, and a later one may replace.
_OF_ACT: Final = (
    "version", "state", "feedback_due", "outcome", "cause", "explanation", "assessed_at",
    "closed_at", "within_term", "forwarded_to",
)  # fmt: skip

_ONE: Final = select(*(complaint.c[name] for name in FIELDS)).where(
    complaint.c.id == bindparam("id"), visible(complaint)
)
_LOCK: Final = Query(Complaint, _ONE.with_for_update())
_READ: Final = Query(Complaint, _ONE)
_LOCK_BY_KEY: Final = Query(
    Complaint,
    select(*(complaint.c[name] for name in FIELDS))
    .where(equals(complaint.c.source_key, "source_key"))
    .with_for_update(),
)


class _Told(NamedTuple):
    description: str
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    place_description: str | None
    supposed_source: str | None
    lon: float | None
    lat: float | None


_TOLD: Final = Query(
    _Told,
    select(*(complaint.c[name] for name in _Told._fields)).where(equals(complaint.c.id, "id")),
)
_ANONYMOUS: Final = Query(bool, select(complaint.c.anonymous).where(equals(complaint.c.id, "id")))


async def lock(
    work: UnitOfWork, complaint_id: UUID, sight: Sight, *, version: int | None
) -> Complaint:
    """The complaint, locked until the work ends; a version that is None does not care.

    Raises NotFound, VersionConflict.
    """
    found = await work.one(_LOCK, "Deze klacht", id=complaint_id, sight=sight)
    require_version("De klacht", expected=version, found=found.version)
    return found


async def lock_by_key(work: UnitOfWork, source_key: str) -> Complaint:
    """The complaint that was taken over under this key, locked. Raises NotFound."""
    return await work.one(_LOCK_BY_KEY, "Deze klacht", source_key=source_key)


async def told(rows: Rows, complaint_id: UUID) -> dict[str, Any]:
    """What was told of a complaint that is locked and no rule asks for."""
    found = await rows.one(_TOLD, "Deze klacht", id=complaint_id)
    return found._asdict()


async def is_erased(rows: Rows, complaint_id: UUID) -> bool:
    """Whether somebody complained whose data were destroyed since."""
    return await rows.value(_ANONYMOUS, id=complaint_id) is False


async def read(rows: Rows, complaint_id: UUID, sight: Sight) -> Complaint:
    """The complaint as it is, not locked. Raises NotFound."""
    return await rows.one(_READ, "Deze klacht", id=complaint_id, sight=sight)


def columns_of(taken: Complaint) -> dict[str, Any]:
    """The columns of a complaint that the rules know; `asdict` would copy each value deeply."""
    return {name: getattr(taken, name) for name in FIELDS}


def add(work: UnitOfWork, new: Complaint, told: dict[str, Any]) -> None:
    """Queue a new complaint, with what was told and no rule asks for."""
    work.insert(complaint, {**columns_of(new), **told})


def save(work: UnitOfWork, changed: Complaint, **more: Any) -> None:
    """Queue what changed."""
    values = {name: getattr(changed, name) for name in _CHANGING}
    work.update(complaint, key={"id": changed.id}, values={**values, **more})


def keep_act(work: UnitOfWork, became: Complaint) -> None:
    """Queue what the complaint became by an assessment, an answer, or being taken up again."""
    act = {name: getattr(became, name) for name in _OF_ACT}
    told = {"recorded_at": work.now, "recorded_by": work.actor}
    work.insert(complaint_act, {"complaint_id": became.id, **act, **told})


def add_contact(
    work: UnitOfWork,
    contact_id: UUID,
    complaint_id: UUID,
    *,
    party: Party,
    kind: ContactKind,
    note: str,
    actor: str,
) -> None:
    """Queue a contact moment."""
    work.insert(
        contact_moment,
        {
            "id": contact_id,
            "complaint_id": complaint_id,
            "party": party,
            "kind": kind,
            "note": note,
            "actor": actor,
            "at": work.now,
        },
    )
