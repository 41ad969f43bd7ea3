"""Complaints of another system, many at once: each decided as every complaint, on its own days.

What holds for live registration alone is left out here: no letter goes to anybody, nobody here is
made the handler, and an incident takes complaints in whatever order their rows come.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import lru_cache
from typing import Final, NamedTuple

from services.intake.complaints import store as complaints
from services.intake.complaints.commands import receiving
from services.intake.complaints.commands.linking import officer_of
from services.intake.complaints.commands.receiving import ReceiveComplaint
from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import Assessment, Complaint
from services.intake.complaints.imports.existing import (
    Existing,
    address_of,
    existing_before,
    incident_key,
)
from services.intake.complaints.imports.rows import ComplaintRow
from services.intake.context import Ctx, Kit
from services.intake.incidents import domain as incidents
from services.intake.incidents.commands import keep_imported
from services.intake.incidents.domain import Incident, IncidentState, Perpetrator
from services.intake.locations.queries import LocationRow
from services.intake.reference.domain.lists import Entry, Reference
from services.intake.reporters import commands as reporters
from shared.clock import AMSTERDAM, local_date
from shared.context import system_context
from shared.contracts.base import Event
from shared.contracts.intake import Outcome
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused, conflict, unknown
from shared.ids import new_id
from shared.imports import (
    TAKEN_OVER,
    Rejection,
    beside,
    not_taken_over,
    reason_of,
    require_complete,
)
from shared.product.roles import Scope
from shared.settings import Settings

NO_PLACE: Final = "Vul een punt, een adres of een omschrijving van de plaats in."


@lru_cache(maxsize=1)
def _kit() -> Kit:
    return Kit(Settings())


def context_of(row: ComplaintRow, work: UnitOfWork) -> Ctx:
    """The context of what a row tells."""
    return system_context(work, _kit(), name=TAKEN_OVER).importing(row.source)


async def store(rows: Sequence[ComplaintRow], work: UnitOfWork) -> list[Rejection]:
    """Store a batch; rows that are stored already are left as they are."""
    known = await existing_before(rows, work)
    rejected: list[Rejection] = []
    fresh = _fresh(rows, known, rejected)
    kit = _kit()
    received = [_year(row.received_at) for row in fresh]
    numbers = await kit.complaint_numbers.many(work, received)
    # An incident has the year in which it began; a row that joins one leaves its number unused.
    began = [_year(row.occurred_at or row.received_at) for row in fresh]
    incident_numbers = await kit.incident_numbers.many(work, began)
    for row, number, spare in zip(fresh, numbers, incident_numbers, strict=True):
        try:
            _store(row, Numbered(number, spare), known, context_of(row, work))
        except Refused as refused:
            rejected.append(Rejection(row.source_key, reason_of(refused)))
    _keep_incidents(known, work)
    return rejected


class Numbered(NamedTuple):
    """The number of a complaint, and one for the incident when the row registers it."""

    complaint: str
    incident: str


def _fresh(
    rows: Sequence[ComplaintRow], known: Existing, rejected: list[Rejection]
) -> list[ComplaintRow]:
    fresh: dict[str, ComplaintRow] = {}
    for row in rows:
        if row.source_key in known.keys:
            continue
        if row.source_key in fresh:
            rejected.append(Rejection(row.source_key, "deze sleutel komt vaker voor"))
            continue
        fresh[row.source_key] = row
    return list(fresh.values())


def _year(moment: datetime) -> int:
    return local_date(moment).year


def _store(row: ComplaintRow, numbers: Numbered, known: Existing, ctx: Ctx) -> None:
    """One complaint: received, linked, assessed and closed, each on its day."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    row = with_times(row)
    require_whole(row, ctx.now)
    where = where_of(row, known)
    then = ctx.at(row.received_at)
    command = command_of(row, known.reference, where)
    receiving.admitted(command, known.reference, then)
    terms = known.reference.terms_on(then.today)
    participant = where.participant if where else row.participant
    taken = receiving.new_complaint(command, then, numbers.complaint, participant, terms)
    heard = rules.received(taken, receiving.place_of(command))
    events: list[Event] = [heard.model_copy(update={"source_key": row.source_key})]
    joined = _incident(row, taken, where, known, numbers.incident, events) if where else None
    handled = _handled(row, taken, joined, events, known.reference, ctx)
    told = {**receiving.told_of(command, terms), "source_key": row.source_key}
    complaints.add(ctx.work, handled, told)
    if handled.outcome is not None or not handled.open:
        complaints.keep_act(ctx.work, handled)
    if joined is not None:
        known.keep(incident_key(row), joined, still_open=handled.open)
    if command.reporter:
        reporters.keep(handled.id, command.reporter, ctx.kit.vault, ctx.work)
    for event in events:
        ctx.work.publish(event)


def with_times(row: ComplaintRow) -> ComplaintRow:
    """What has a day but no time, on the day of receipt, was not before the receipt."""
    names = ("first_contact_at", "assessed_at", "closed_at")
    moments = {name: _not_before(getattr(row, name), row.received_at) for name in names}
    return row.model_copy(update=moments)


def _not_before(moment: datetime | None, received_at: datetime) -> datetime | None:
    if moment is None or local_date(moment) != local_date(received_at):
        return moment
    timeless = moment.astimezone(AMSTERDAM).time() == time()
    return max(moment, received_at) if timeless else moment


def require_whole(row: ComplaintRow, now: datetime) -> None:
    """Raises Conflict for a cell that would be lost, and for days in another order than acts."""
    require_complete(row, "latitude", "longitude")
    require_complete(row, "longitude", "latitude")
    if row.point() is None and not (
        row.address() or row.place_description or names_a_location(row)
    ):
        raise conflict("place_description", "plaats", NO_PLACE)
    require_complete(row, "outcome", "cause", "explanation", "assessed_at", "closed_at")
    before = row.received_at
    for name in ("assessed_at", "closed_at"):
        before = _after(name, getattr(row, name), before, now)
    _after("first_contact_at", row.first_contact_at, row.received_at, now)
    if row.received_at > now:
        raise conflict(
            "received_at", "in_toekomst", "Vul een tijdstip in dat niet in de toekomst ligt."
        )


def names_a_location(row: ComplaintRow) -> bool:
    """Whether the row says at which location it was."""
    return bool(row.location_number or row.location_key)


def _after(name: str, moment: datetime | None, before: datetime, now: datetime) -> datetime:
    if moment is None:
        return before
    if not before <= moment <= now:
        raise conflict(
            name, "volgorde", "Dit ligt voor wat eraan voorafging (volgorde), of in de toekomst."
        )
    return moment


def command_of(
    row: ComplaintRow, reference: Reference, where: LocationRow | None
) -> ReceiveComplaint:
    """What was reported, in the words of the platform."""
    reporter = row.reporter()
    return ReceiveComplaint(
        category=_code(reference.categories, row.category) or "",
        description=row.description,
        channel=row.channel,
        urgency=row.urgency,
        occurred_at=row.occurred_at or row.received_at,
        point=row.point(),
        address=row.address(),
        place_description=row.place_description,
        supposed_source=row.supposed_source,
        participant=row.participant,
        location_id=where.id if where else None,
        reporter=reporter or None,
        wants_feedback=True,
    )


def _code(entries: Sequence[Entry], word: str | None) -> str | None:
    """By code or by name, as the words of the source allow."""
    plain = word and word.strip().lower()
    names = {entry.name.lower(): entry.code for entry in entries}
    return names.get(plain, plain) if plain else None


def where_of(row: ComplaintRow, known: Existing) -> LocationRow | None:
    """The location: by its number, its key in the source, or an address that only one has.

    Raises Conflict.
    """
    if row.location_key:
        return _by_key(row, row.location_key, known)
    if row.location_number:
        found = known.locations.get(row.location_number)
        if found is None:
            raise unknown("location_number", f"locatie {row.location_number} is niet bekend")
        return found
    address = address_of(row.postcode, row.house_number)
    return known.locations.get(address) if address else None


def _by_key(row: ComplaintRow, key: str, known: Existing) -> LocationRow:
    found = known.locations.get(beside(row.source_key, key) or "")
    if found is None:
        raise unknown("location_key", not_taken_over("locatie", row, key))
    if row.location_number not in {None, found.number}:
        raise conflict("location_key", "andere-locatie", f"dit is locatie {found.number}")
    return found


def assessment_of(row: ComplaintRow, outcome: Outcome, reference: Reference) -> Assessment:
    """What the other system established. Raises Invalid for a cause that was not in use."""
    cause = _code(reference.causes, row.cause)
    reference.cause(cause, reference.since_lists_began(local_date(assessed_at(row))))
    return Assessment(outcome, cause, row.explanation or TAKEN_OVER)


def assessed_at(row: ComplaintRow) -> datetime:
    """When it was assessed, as far as the source tells."""
    return row.assessed_at or row.closed_at or row.received_at


def _handled(
    row: ComplaintRow,
    taken: Complaint,
    joined: Incident | None,
    events: list[Event],
    reference: Reference,
    ctx: Ctx,
) -> Complaint:
    """As far as the other system had come with it."""
    handled = taken
    if joined is not None:
        handled, linked = rules.link(
            handled,
            location_id=joined.location_id,
            participant=joined.participant,
            incident_id=joined.id,
            officer=officer_of(ctx.caller),
        )
        events.append(linked)
    if row.first_contact_at is not None:
        handled = rules.contacted(handled, row.first_contact_at)
    if row.outcome is not None:
        assessment = assessment_of(row, row.outcome, reference)
        handled, assessed = rules.assess(handled, assessment, assessed_at(row))
        events.append(assessed)
    if row.closed_at is not None:
        handled, closed = rules.close(handled, None, row.closed_at)
        events.append(closed)
        return handled
    # Nobody here handles what is still open: it waits for somebody.
    return replace(handled, handler=None, handler_name=None)


def _incident(
    row: ComplaintRow,
    taken: Complaint,
    where: LocationRow,
    known: Existing,
    number: str,
    events: list[Event],
) -> Incident:
    """The incident with this complaint in it; kept when the complaint is."""
    key = incident_key(row)
    found = known.added.get(key) or known.incidents.get(key)
    if found is None:
        found = Incident(
            id=new_id(),
            number=number,
            version=1,
            state=IncidentState.RUNNING,
            category=taken.category,
            location_id=where.id,
            participant=where.participant,
            perpetrator=Perpetrator.REPORTED,
            started_at=taken.occurred_at,
        )
        events.append(incidents.register(found))
    joined = incidents.join(
        replace(found, state=IncidentState.RUNNING, concluded_at=None),
        where.id,
        taken.occurred_at,
    )
    if row.outcome is Outcome.JUSTIFIED:
        joined = incidents.verified(joined)
    still_open = known.open.get(key, 0) + (row.closed_at is None)
    last = max(filter(None, (found.concluded_at, row.closed_at)), default=None)
    return joined if last is None else incidents.settled(joined, still_open, last)


def _keep_incidents(known: Existing, work: UnitOfWork) -> None:
    for key, added in known.added.items():
        keep_imported(added, work, source_key=key)
    for key in sorted(known.joined - known.added.keys()):
        keep_imported(known.incidents[key], work, source_key=None)
