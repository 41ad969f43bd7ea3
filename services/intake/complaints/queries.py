"""The work list of complaints, what a search finds, and one complaint with what was said of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.intake.complaints.domain.complaint import FINISHED, OPEN, Channel, State
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.complaints.tables import OPEN_BELOW, WORK_ORDER_SINCE
from services.intake.context import ReadCtx
from services.intake.locations import queries as locations
from services.intake.locations.queries import Candidate
from services.intake.tables import complaint, contact_moment, incident, location, reporter_key
from services.intake.timeline import queries as timelines
from services.intake.timeline.queries import EntryRow
from shared.contracts.intake import Outcome, Urgency
from shared.db.listing import Listing, Page, Start, counted
from shared.db.query import Query, present
from shared.db.sight import visible
from shared.geo import Point, to_rd
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint with the names of its location and incident; not who complained."""

    id: UUID
    number: str
    version: int
    state: State
    category: str
    channel: Channel
    urgency: Urgency
    description: str
    received_at: datetime
    occurred_at: datetime
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    lon: float | None
    lat: float | None
    place_description: str | None
    supposed_source: str | None
    participant: str | None
    location_id: UUID | None
    location_name: str | None
    location_number: str | None
    incident_id: UUID | None
    incident_number: str | None
    handler: str | None
    handler_name: str | None
    anonymous: bool
    wants_feedback: bool
    wants_call: bool
    reachable_by_mail: bool
    contact_due: date
    feedback_due: date
    first_contact_at: datetime | None
    outcome: Outcome | None
    cause: str | None
    explanation: str | None
    assessed_at: datetime | None
    closed_at: datetime | None
    within_term: bool | None
    forwarded_to: str | None
    work_order: int


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact moment."""

    id: UUID
    party: Party
    kind: ContactKind
    note: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open complaints there are, and of which kinds."""

    open: int
    overdue: int
    mine: int
    free: int


_LATE_ON: Final = bindparam("late_on", type_=Date)
_OPEN: Final = complaint.c.work_order < OPEN_BELOW
# The work order of an open complaint is the first day that something is too late.
_LATE: Final = complaint.c.work_order < type_coerce(_LATE_ON - WORK_ORDER_SINCE, Integer)


def is_given(name: str) -> ColumnElement[bool]:
    """The column of this name has the value of the parameter of this name."""
    return complaint.c[name] == bindparam(name, type_=complaint.c[name].type)


_OWN: Final = [name for name in ComplaintRow.__slots__ if name in complaint.c]
ALL: Final = select(
    *(complaint.c[name] for name in _OWN if name != "work_order"),
    present(complaint.c.work_order),
    location.c.name.label("location_name"),
    location.c.number.label("location_number"),
    incident.c.number.label("incident_number"),
).select_from(
    complaint.outerjoin(location, location.c.id == complaint.c.location_id).outerjoin(
        incident, incident.c.id == complaint.c.incident_id
    )
)
ORDER: Final = (complaint.c.work_order, complaint.c.id)
_LIST: Final = Listing(
    ComplaintRow,
    ALL.where(visible(complaint)),
    filters={
        "states": complaint.c.state == func.any(bindparam("states", type_=ARRAY(Text))),
        **{
            name: is_given(name)
            for name in (
                *("state", "category", "participant", "handler", "location_id", "incident_id"),
            )
        },
        "late_on": _LATE,
    },
    flags={"open": _OPEN, "finished": ~_OPEN, "free": and_(_OPEN, complaint.c.handler.is_(None))},
    order=ORDER,
)
_ONE: Final = Query(ComplaintRow, ALL.where(complaint.c.id == bindparam("id"), visible(complaint)))
_NEWEST: Final = Listing(
    ComplaintRow,
    ALL.where(visible(complaint), complaint.c.location_id == bindparam("location_id", type_=Uuid)),
    filters={},
    order=(complaint.c.received_at, complaint.c.id),
    descending=True,
)
_AT_LOCATION: Final = Query(
    int,
    select(
        counted(
            "complaints",
            visible(complaint),
            complaint.c.location_id == bindparam("location_id", type_=Uuid),
        )
    ),
)
_REPORTER_KEPT: Final = Query(
    UUID,
    select(reporter_key.c.complaint_id).where(
        reporter_key.c.complaint_id == bindparam("id", type_=Uuid)
    ),
)
_CONTACTS: Final = Listing(
    ContactRow,
    select(*(contact_moment.c[name] for name in ContactRow.__slots__)).where(
        contact_moment.c.complaint_id == bindparam("complaint_id", type_=Uuid)
    ),
    filters={"not_with": contact_moment.c.party != bindparam("not_with", type_=Text)},
    order=(contact_moment.c.at, contact_moment.c.id),
    descending=True,
)
_COUNTS: Final = Query(
    Counts,
    select(
        counted("open", visible(complaint), _OPEN),
        counted("overdue", visible(complaint), _OPEN, _LATE),
        counted("mine", visible(complaint), _OPEN, is_given("handler")),
        counted("free", visible(complaint), _OPEN, complaint.c.handler.is_(None)),
    ),
)


async def work_list(
    ctx: ReadCtx, start: Start, states: Collection[str] | None = None, **filters: Any
) -> Page[ComplaintRow]:
    """Open complaints by what goes wrong first, then finished ones, newest first."""
    ctx.require(Scope.COMPLAINTS_READ)
    limits = {**filters, **_states(states)}
    return await _LIST.page(ctx.rows, start, sight=ctx.sight, **limits)


def _states(states: Collection[str] | None) -> dict[str, Any]:
    """The limit to these states that an index knows: all open ones, all finished ones, or one."""
    if not states:
        return {}
    for name, group in (("open", OPEN), ("finished", FINISHED)):
        if set(states) == {str(state) for state in group}:
            return {name: True}
    return {"state": next(iter(states))} if len(states) == 1 else {"states": list(states)}


async def one(complaint_id: UUID, ctx: ReadCtx) -> ComplaintRow:
    """One complaint. Raises NotFound, also when it is not for the caller."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.one(_ONE, "Deze klacht", id=complaint_id, sight=ctx.sight)


async def reporter_kept(complaint_id: UUID, ctx: ReadCtx) -> bool:
    """Whether who complained is known, and was not erased."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.first(_REPORTER_KEPT, id=complaint_id) is not None


async def timeline(complaint_id: UUID, start: Start, ctx: ReadCtx) -> Page[EntryRow]:
    """What happened to the complaint and to its incident, newest first. Raises NotFound."""
    row = await one(complaint_id, ctx)
    return await timelines.of_complaint(ctx.rows, row.id, row.incident_id, start)


async def contacts(complaint_id: UUID, start: Start, ctx: ReadCtx) -> Page[ContactRow]:
    """The contact moments, newest first; those with the complainant for who may know them.

    Raises NotFound.
    """
    await one(complaint_id, ctx)
    hidden = None if ctx.caller.may(Scope.REPORTERS_READ) else Party.REPORTER
    return await _CONTACTS.page(ctx.rows, start, complaint_id=complaint_id, not_with=hidden)


async def candidates(complaint_id: UUID, words: str | None, ctx: ReadCtx) -> list[Candidate]:
    """Locations that the words find, or those near the place of the complaint. Raises NotFound."""
    row = await one(complaint_id, ctx)
    if words and words.strip():
        return await locations.search(ctx.rows, words, ctx.sight)
    if row.lon is None or row.lat is None:
        return []
    return await locations.near(ctx.rows, to_rd(Point(row.lon, row.lat)), ctx.sight)


async def guesses(row: ComplaintRow, ctx: ReadCtx) -> list[Candidate]:
    """Without a point: what the complainant named as the source, else the address."""
    ctx.require(Scope.COMPLAINTS_READ)
    for words in (row.supposed_source, row.postcode, row.street):
        if words and (found := await locations.search(ctx.rows, words, ctx.sight)):
            return found
    return []


async def newest_at(location_id: UUID, start: Start, ctx: ReadCtx) -> Page[ComplaintRow]:
    """Complaints at a location, newest first."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await _NEWEST.page(ctx.rows, start, location_id=location_id, sight=ctx.sight)


async def count_at(location_id: UUID, ctx: ReadCtx) -> int:
    """How many complaints there are at a location, counted to a thousand and one."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.value(_AT_LOCATION, location_id=location_id, sight=ctx.sight) or 0


async def counts(ctx: ReadCtx) -> Counts:
    """How many are open, too late, mine, and nobody's, each counted to a thousand and one."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.one(
        _COUNTS, sight=ctx.sight, late_on=ctx.today, handler=ctx.caller.subject
    )
