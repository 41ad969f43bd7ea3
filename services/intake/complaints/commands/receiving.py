"""A complaint comes in: validated, its person sealed, stored and told in one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.complaints import store as repository
from services.intake.complaints.domain.complaint import (
    Channel,
    Complaint,
    State,
    received,
    require_past,
)
from services.intake.context import Desk, seal_reporter
from services.intake.letters import commands as mailing
from services.intake.letters.commands import Mail
from services.intake.letters.domain import letters
from services.intake.letters.domain.letters import About, Written
from services.intake.letters.domain.mail import MailKind
from services.intake.reference.domain.lists import Entry
from services.intake.reference.domain.terms import ClockKind, Terms
from services.intake.reporters.domain import Reporter
from services.intake.tables import complaint, reporter, reporter_key
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.contracts.base import Address, Place
from shared.contracts.intake import Urgency
from shared.db.unit_of_work import UnitOfWork
from shared.geo import Point, to_rd
from shared.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveComplaint:
    """What somebody reports."""

    category: str
    description: str
    channel: Channel
    urgency: Urgency = Urgency.NORMAL
    occurred_at: datetime | None = None
    point: Point | None = None
    address: Address | None = None
    place_description: str | None = None
    supposed_source: str | None = None
    participant: str | None = None
    location_id: UUID | None = None
    reporter: Reporter | None = None
    wants_feedback: bool = False
    wants_call: bool = False
    caller: Caller | None = None


async def receive(command: ReceiveComplaint, work: UnitOfWork, desk: Desk) -> Complaint:
    """Take the complaint in and confirm it by mail. Raises Invalid, Conflict."""
    reference = await desk.reference.get(work)
    category = reference.category(command.category, work.today)
    require_past(command.occurred_at or work.now, work.now)
    participant = await _participant(command, work)
    number = await desk.complaint_numbers.next(work, work.today.year)
    terms = reference.terms_on(work.today)
    taken = _complaint(command, work, number, participant, terms)
    work.insert(complaint, _row(command, taken, terms))
    if command.reporter:
        about = _about(taken, category, command.reporter, desk)
        letter = letters.receipt(about, terms, taken.urgency)
        _keep(command.reporter, taken, work, desk, letter=letter)
    work.publish(received(taken, _place(command.point)))
    return taken


async def _participant(command: ReceiveComplaint, work: UnitOfWork) -> str | None:
    """Whose complaint it is: of the location where that is known, else as it was said."""
    participant = command.participant
    if command.location_id is not None:
        participant = (await repository.location_of(work, command.location_id))["participant"]
    if command.caller is not None:
        command.caller.require_participant(participant)
    return participant


def _complaint(
    command: ReceiveComplaint, work: UnitOfWork, number: str, participant: str | None, terms: Terms
) -> Complaint:
    who = command.reporter or Reporter()
    today = work.today
    return Complaint(
        id=new_id(),
        number=number,
        version=1,
        state=State.RECEIVED,
        category=command.category,
        channel=command.channel,
        urgency=command.urgency,
        received_at=work.now,
        occurred_at=command.occurred_at or work.now,
        participant=participant,
        location_id=command.location_id,
        incident_id=None,
        handler=None,
        handler_name=None,
        contact_due=terms.due(command.urgency, ClockKind.CONTACT, today),
        feedback_due=terms.due(command.urgency, ClockKind.FEEDBACK, today),
        first_contact_at=None,
        # Nobody can answer a person who left no way to be reached.
        wants_feedback=command.wants_feedback and bool(who.phone or who.email),
        reachable_by_mail=who.email is not None,
    )


def _row(command: ReceiveComplaint, taken: Complaint, terms: Terms) -> dict[str, object]:
    point = command.point
    x, y = to_rd(point) if point else (None, None)
    address = command.address or Address()
    return {
        **repository.columns_of(taken),
        "description": command.description,
        "street": address.street,
        "house_number": address.house_number,
        "postcode": address.postcode,
        "city": address.city,
        "lon": point and point.lon,
        "lat": point and point.lat,
        "rd_x": x,
        "rd_y": y,
        "place_description": command.place_description,
        "supposed_source": command.supposed_source,
        "anonymous": not command.reporter,
        "wants_call": command.wants_call and bool(command.reporter and command.reporter.phone),
        "term_version": terms.version,
    }


def _about(taken: Complaint, category: Entry, who: Reporter, desk: Desk) -> About:
    return About(
        number=taken.number,
        category=category.name,
        received_on=local_date(taken.received_at),
        agency=desk.agency,
        name=who.name,
    )


def _keep(
    who: Reporter, taken: Complaint, work: UnitOfWork, desk: Desk, *, letter: Written
) -> None:
    key = desk.vault.new_key()
    work.insert(reporter, {"complaint_id": taken.id, "sealed": seal_reporter(key, who)})
    work.insert(reporter_key, {"complaint_id": taken.id, "wrapped": desk.vault.wrap(key)})
    if who.email:
        mailing.queue(work, taken.id, key, Mail(MailKind.RECEIPT, who.email, letter))


def _place(point: Point | None) -> Place | None:
    return None if point is None else Place(coordinates=(point.lon, point.lat))
