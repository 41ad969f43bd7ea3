"""The work list of complaints, and one complaint with what was said and done about it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from services.intake.conditions import given, one_of, visible
from services.intake.tables import (
    complaint,
    contact_moment,
    incident,
    location,
    outgoing_mail,
    processing,
    reporter_key,
    timeline_entry,
)
from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor

_PLACED = complaint.outerjoin(location, location.c.id == complaint.c.location_id).outerjoin(
    incident, incident.c.id == complaint.c.incident_id
)
_COLUMNS: Final = (
    complaint,
    location.c.name.label("location_name"),
    location.c.number.label("location_number"),
    incident.c.number.label("incident_number"),
    incident.c.version.label("incident_version"),
)
_AFTER = tuple_(complaint.c.work_order, complaint.c.id) > tuple_(
    bindparam("after_order", type_=Integer), bindparam("after_id", type_=Uuid)
)


def _late(day: ColumnElement[Any]) -> ColumnElement[bool]:
    """A term has ended before the day: of the answer, or of the first contact that nobody had."""
    waiting = complaint.c.first_contact_at.is_(None)
    return or_(complaint.c.feedback_due < day, and_(waiting, complaint.c.contact_due < day))


_LATE_ON = bindparam("late_on", type_=Date)
_FREE = bindparam("free", type_=Boolean)
_FILTERS = (
    visible(complaint),
    one_of(complaint.c.state, "states"),
    given(complaint.c.category, "category"),
    given(complaint.c.participant, "participant"),
    given(complaint.c.handler, "handler"),
    given(complaint.c.location_id, "location_id"),
    given(complaint.c.incident_id, "incident_id"),
    or_(_LATE_ON.is_(None), and_(complaint.c.closed_at.is_(None), _late(_LATE_ON))),
    or_(_FREE.is_(None), complaint.c.handler.is_(None)),
)
_ORDER = (complaint.c.work_order, complaint.c.id)
_LIMIT = bindparam("limit", type_=Integer)

_LIST = select(*_COLUMNS).select_from(_PLACED).where(*_FILTERS).order_by(*_ORDER).limit(_LIMIT)
_NEXT = (
    select(*_COLUMNS).select_from(_PLACED).where(*_FILTERS, _AFTER).order_by(*_ORDER).limit(_LIMIT)
)
_KNOWN = exists().where(reporter_key.c.complaint_id == complaint.c.id).label("reporter_known")
_ONE = (
    select(*_COLUMNS, _KNOWN)
    .select_from(_PLACED)
    .where(complaint.c.id == bindparam("id"), visible(complaint))
)
_TIMELINE = (
    select(timeline_entry)
    .where(
        or_(
            timeline_entry.c.complaint_id == bindparam("complaint_id"),
            timeline_entry.c.incident_id == bindparam("incident_id", type_=Uuid),
        )
    )
    .order_by(timeline_entry.c.at.desc(), timeline_entry.c.id.desc())
)
_CONTACTS = (
    select(contact_moment)
    .where(contact_moment.c.complaint_id == bindparam("complaint_id"))
    .order_by(contact_moment.c.at.desc())
)
_MAILS = (
    select(
        outgoing_mail.c.id,
        outgoing_mail.c.kind,
        outgoing_mail.c.state,
        outgoing_mail.c.last_error,
        outgoing_mail.c.created_at,
        outgoing_mail.c.sent_at,
    )
    .where(outgoing_mail.c.complaint_id == bindparam("complaint_id"))
    .order_by(outgoing_mail.c.created_at.desc())
)
_PROCESSING = (
    select(processing)
    .where(processing.c.complaint_id == bindparam("complaint_id"))
    .order_by(processing.c.at.desc())
)
_COUNTS = select(
    func.count().label("open"),
    func.count(case((_late(bindparam("today", type_=Date)), literal(1)))).label("overdue"),
    func.count(case((complaint.c.handler == bindparam("handler"), literal(1)))).label("mine"),
    func.count(case((complaint.c.handler.is_(None), literal(1)))).label("free"),
).where(visible(complaint), complaint.c.closed_at.is_(None))

NO_FILTERS: Final[Mapping[str, Any]] = {
    "states": None,
    "category": None,
    "participant": None,
    "handler": None,
    "location_id": None,
    "incident_id": None,
    "late_on": None,
    "free": None,
}


async def work_list(
    rows: Rows, participants: list[str] | None, filters: Mapping[str, Any], page: Paging
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """Open complaints by what goes wrong first, then finished ones, newest first.

    With the key of the last row when more follow.
    """
    params = {**NO_FILTERS, **filters, "participants": participants, "limit": page.limit + 1}
    if page.after is None:
        found = await rows.all(_LIST, **params)
    else:
        order, complaint_id = _key(page.after)
        found = await rows.all(_NEXT, **params, after_order=order, after_id=complaint_id)
    if len(found) <= page.limit:
        return found, None
    last = found[page.limit - 1]
    return found[: page.limit], (last["work_order"], last["id"])


def _key(after: tuple[Any, ...]) -> tuple[int, UUID]:
    try:
        order, complaint_id = after
        return int(order) & 0x7FFFFFFF, UUID(str(complaint_id))
    except (TypeError, ValueError, OverflowError):
        raise bad_cursor() from None


async def one(rows: Rows, complaint_id: UUID, participants: list[str] | None) -> Row:
    """One complaint. Raises NotFound, also when it is not for the caller."""
    return await rows.one(_ONE, "Deze klacht", id=complaint_id, participants=participants)


async def timeline(rows: Rows, complaint_id: UUID, incident_id: UUID | None) -> list[Row]:
    """What happened to the complaint and to its incident, newest first."""
    return await rows.all(_TIMELINE, complaint_id=complaint_id, incident_id=incident_id)


async def contacts(rows: Rows, complaint_id: UUID) -> list[Row]:
    """The contact moments, newest first."""
    return await rows.all(_CONTACTS, complaint_id=complaint_id)


async def mails(rows: Rows, complaint_id: UUID) -> list[Row]:
    """The letters of a complaint, without what is in them."""
    return await rows.all(_MAILS, complaint_id=complaint_id)


async def processing_log(rows: Rows, complaint_id: UUID) -> list[Row]:
    """Who did what with the personal data of the complaint, newest first."""
    return await rows.all(_PROCESSING, complaint_id=complaint_id)


async def counts(rows: Rows, participants: list[str] | None, **whose: Any) -> Row:
    """How many open complaints there are, how many too late, mine, and nobody's."""
    return await rows.one(_COUNTS, participants=participants, **whose)
