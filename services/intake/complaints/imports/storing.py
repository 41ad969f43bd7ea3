"""Complaints of another system, walked through the same rules as new ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import lru_cache
from typing import Any, Final, NamedTuple

from services.intake.complaints import store as complaints
from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import Assessment, Complaint, Officer, State
from services.intake.complaints.imports.existing import (
    Existing,
    address_of,
    existing_before,
    incident_key,
)
from services.intake.complaints.imports.rows import ComplaintRow
from services.intake.context import Kit
from services.intake.incidents import domain as incidents
from services.intake.incidents.commands import keep_imported
from services.intake.incidents.domain import Incident, IncidentState, Perpetrator
from services.intake.locations.queries import LocationRow
from services.intake.reference.domain.lists import Entry, Reference
from services.intake.reference.domain.terms import ClockKind, Terms
from services.intake.reporters import commands as reporters
from shared.clock import AMSTERDAM, local_date
from shared.contracts.base import Event, Place
from shared.contracts.intake import Outcome
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, Refused
from shared.geo import to_rd
from shared.ids import new_id
from shared.imports import Rejection
from shared.settings import Settings

OFFICER: Final = Officer("import", "Overgenomen uit een ander systeem")
UNKNOWN_CAUSE: Final = "onbekend"


@lru_cache(maxsize=1)
def _kit() -> Kit:
    return Kit(Settings())


async def store(rows: Sequence[ComplaintRow], work: UnitOfWork) -> list[Rejection]:
    """Store a batch; rows that are stored already are left as they are."""
    known = await existing_before(rows, work)
    rejected: list[Rejection] = []
    fresh = _fresh(rows, known, rejected)
    kit = _kit()
    received = [_year(row.received_at) for row in fresh]
    numbers = await kit.complaint_numbers.many(work, received)
    # An incident has the year in which it began; a row that joins one leaves its number unused.
    began = [_year(_occurred_at(row)) for row in fresh]
    incident_numbers = await kit.incident_numbers.many(work, began)
    for row, number, spare in zip(fresh, numbers, incident_numbers, strict=True):
        try:
            _store(row, Numbered(number, spare), known, work)
        except Refused as refused:
            rejected.append(Rejection(row.source_key, _reason(refused)))
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


def _reason(refused: Refused) -> str:
    return "; ".join(f"{param.name}: {param.reason}" for param in refused.params) or refused.detail


def _occurred_at(row: ComplaintRow) -> datetime:
    return min(row.occurred_at or row.received_at, row.received_at)


def _store(row: ComplaintRow, numbers: Numbered, known: Existing, work: UnitOfWork) -> None:
    """One complaint, walked through the same rules as a new one."""
    row = _with_times(row)
    _require_order(row, work.now)
    category = _category(known.reference, row)
    where = _where(row, known)
    terms = known.reference.terms_on(local_date(row.received_at))
    taken = _taken(row, numbers.complaint, category.code, where, terms)
    point = row.point()
    place = None if point is None else Place(coordinates=(point.lon, point.lat))
    events: list[Event] = [rules.received(taken, place)]
    joined = _incident(row, taken, where, known, numbers.incident, events) if where else None
    handled = _handled(row, taken, joined, events)
    complaints.add(work, handled, _told(row, terms))
    if joined is not None:
        known.keep(incident_key(row), joined, still_open=handled.open)
    _keep_reporter(row, handled, work)
    for event in events:
        work.publish(event)


def _with_times(row: ComplaintRow) -> ComplaintRow:
    """What has a day but no time, on the day of receipt, was not before the receipt."""
    names = ("first_contact_at", "assessed_at", "closed_at")
    moments = {name: _not_before(getattr(row, name), row.received_at) for name in names}
    return row.model_copy(update=moments)


def _not_before(moment: datetime | None, received_at: datetime) -> datetime | None:
    if moment is None or local_date(moment) != local_date(received_at):
        return moment
    timeless = moment.astimezone(AMSTERDAM).time() == time()
    return max(moment, received_at) if timeless else moment


def _require_order(row: ComplaintRow, now: datetime) -> None:
    """Received, assessed and closed in that order, and all of it before now. Raises Conflict."""
    moments = [row.received_at, row.assessed_at, row.closed_at, now]
    known = [moment for moment in moments if moment is not None]
    if known != sorted(known):
        raise Conflict("ontvangen, beoordeeld en afgehandeld staan niet in de goede volgorde")
    if row.first_contact_at and not row.received_at <= row.first_contact_at <= now:
        raise Conflict("het eerste contact ligt voor de ontvangst, of in de toekomst")


def _category(reference: Reference, row: ComplaintRow) -> Entry:
    """By code or by name, as the words of the source allow."""
    today = local_date(row.received_at)
    word = row.category.strip().lower()
    for entry in reference.categories:
        if word in {entry.code, entry.name.lower()}:
            return entry
    return reference.category(word, today)


def _where(row: ComplaintRow, known: Existing) -> LocationRow | None:
    if row.location_number:
        found = known.locations.get(row.location_number)
        if found is None:
            raise Conflict(f"locatie {row.location_number} is niet bekend")
        return found
    address = address_of(row.postcode, row.house_number)
    return known.locations.get(address) if address else None


def _taken(
    row: ComplaintRow, number: str, category: str, where: LocationRow | None, terms: Terms
) -> Complaint:
    received_on = local_date(row.received_at)
    return Complaint(
        id=new_id(),
        number=number,
        version=1,
        state=State.RECEIVED,
        category=category,
        channel=row.channel,
        urgency=row.urgency,
        received_at=row.received_at,
        occurred_at=_occurred_at(row),
        participant=where.participant if where else row.participant,
        location_id=where.id if where else None,
        incident_id=None,
        handler=None,
        handler_name=None,
        contact_due=terms.due(row.urgency, ClockKind.CONTACT, received_on),
        feedback_due=terms.due(row.urgency, ClockKind.FEEDBACK, received_on),
        first_contact_at=row.first_contact_at,
        wants_feedback=bool(row.reporter_email or row.reporter_phone),
        reachable_by_mail=row.reporter_email is not None,
    )


def _handled(
    row: ComplaintRow, taken: Complaint, joined: Incident | None, events: list[Event]
) -> Complaint:
    """As far as the other system had come with it."""
    handled = taken
    if joined is not None:
        handled, linked = rules.link(
            handled,
            location_id=joined.location_id,
            participant=joined.participant,
            incident_id=joined.id,
            officer=OFFICER,
        )
        events.append(linked)
    if row.outcome or row.closed_at:
        handled, assessed = rules.assess(handled, _assessment(row), _assessed_at(row))
        events.append(assessed)
    if row.closed_at:
        handled, closed = rules.finish(handled, State.CLOSED, row.closed_at)
        events.append(closed)
        return handled
    # Nobody here handles what is still open: it waits for somebody.
    return replace(handled, handler=None, handler_name=None)


def _assessment(row: ComplaintRow) -> Assessment:
    outcome = row.outcome or Outcome.FOR_INFORMATION
    cause = row.cause and row.cause.strip().lower()
    if outcome is Outcome.JUSTIFIED and not cause:
        cause = UNKNOWN_CAUSE
    return Assessment(outcome, cause or None, row.explanation or "Overgenomen.")


def _assessed_at(row: ComplaintRow) -> datetime:
    return row.assessed_at or row.closed_at or row.received_at


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


def _told(row: ComplaintRow, terms: Terms) -> dict[str, Any]:
    point = row.point()
    x, y = to_rd(point) if point else (None, None)
    return {
        "description": row.description,
        "street": row.street,
        "house_number": row.house_number,
        "postcode": row.postcode,
        "city": row.city,
        "lon": row.longitude if point else None,
        "lat": row.latitude if point else None,
        "rd_x": x,
        "rd_y": y,
        "place_description": row.place_description,
        "supposed_source": row.supposed_source,
        "anonymous": not row.reporter(),
        "wants_call": False,
        "term_version": terms.version,
        "source_key": row.source_key,
    }


def _keep_reporter(row: ComplaintRow, handled: Complaint, work: UnitOfWork) -> None:
    who = row.reporter()
    if who:
        reporters.keep(handled.id, who, _kit().vault, work)


def _keep_incidents(known: Existing, work: UnitOfWork) -> None:
    for key, added in known.added.items():
        keep_imported(added, work, source_key=key)
    for key in sorted(known.joined - known.added.keys()):
        keep_imported(known.incidents[key], work, source_key=None)
