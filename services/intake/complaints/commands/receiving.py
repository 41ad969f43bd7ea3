"""A complaint comes in: validated, its person sealed, stored and told in one statement."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.complaints import store
from services.intake.complaints.domain.complaint import (
    Channel,
    Complaint,
    State,
    received,
    require_past,
)
from services.intake.context import Ctx
from services.intake.letters import commands as mailing
from services.intake.letters.commands import Mail
from services.intake.letters.domain import letters
from services.intake.letters.domain.letters import About
from services.intake.letters.domain.mail import MailKind
from services.intake.locations import queries as locations
from services.intake.reference.domain.lists import Entry, Reference
from services.intake.reference.domain.terms import ClockKind, Terms
from services.intake.reporters import commands as reporters
from services.intake.reporters.domain import Reporter
from shared.clock import local_date
from shared.contracts.base import Address, Place
from shared.contracts.intake import Urgency
from shared.errors import unknown
from shared.geo import Point, to_rd
from shared.ids import new_id
from shared.product.roles import Scope


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


async def receive(command: ReceiveComplaint, ctx: Ctx) -> Complaint:
    """Take a complaint in and confirm it by mail. Raises Refused."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    participant = await _participant(command, ctx)
    ctx.require_participant(participant)
    return await _take(command, participant, ctx)


async def report(command: ReceiveComplaint, ctx: Ctx) -> Complaint:
    """What a citizen reports on the public form: everybody may. Raises Refused."""
    own = replace(
        command,
        channel=Channel.WEB,
        urgency=Urgency.NORMAL,
        participant=None,
        location_id=None,
        wants_feedback=True,
    )
    return await _take(own, None, ctx)


async def _participant(command: ReceiveComplaint, ctx: Ctx) -> str | None:
    """Whose complaint it is: of the location where that is given, else as it was said."""
    if command.location_id is None:
        return command.participant
    found = await locations.first(ctx.rows, command.location_id, ctx.sight)
    if found is None:
        raise unknown("location_id", "Kies een locatie die bij de dienst bekend is.")
    return found.participant


async def _take(command: ReceiveComplaint, participant: str | None, ctx: Ctx) -> Complaint:
    reference = await ctx.kit.reference.get(ctx.rows)
    category = admitted(command, reference, ctx)
    number = await ctx.kit.complaint_numbers.next(ctx.work, ctx.today.year)
    terms = reference.terms_on(ctx.today)
    taken = new_complaint(command, ctx, number, participant, terms)
    store.add(ctx.work, taken, told_of(command, terms))
    if command.reporter:
        _keep(command.reporter, taken, category, terms, ctx)
    ctx.work.publish(received(taken, place_of(command)))
    return taken


# What API, screens and import decide alike: one complaint, or many of another system at once.


def admitted(command: ReceiveComplaint, reference: Reference, ctx: Ctx) -> Entry:
    """The category of a complaint that may come in at the moment of the context. Raises Invalid."""
    # A complaint that is imported may be older than the list of categories.
    day = ctx.today if ctx.source is None else reference.since_lists_began(ctx.today)
    category = reference.category(command.category, day)
    require_past(command.occurred_at or ctx.now, ctx.now)
    return category


def new_complaint(
    command: ReceiveComplaint, ctx: Ctx, number: str, participant: str | None, terms: Terms
) -> Complaint:
    """The complaint as it is received at the moment of the context."""
    who = command.reporter or Reporter()
    return Complaint(
        id=new_id(),
        number=number,
        version=1,
        state=State.RECEIVED,
        category=command.category,
        channel=command.channel,
        urgency=command.urgency,
        received_at=ctx.now,
        occurred_at=command.occurred_at or ctx.now,
        participant=participant,
        location_id=command.location_id,
        incident_id=None,
        handler=None,
        handler_name=None,
        contact_due=terms.due(command.urgency, ClockKind.CONTACT, ctx.today),
        feedback_due=terms.due(command.urgency, ClockKind.FEEDBACK, ctx.today),
        first_contact_at=None,
        # Nobody can answer a person who left no way to be reached.
        wants_feedback=command.wants_feedback and bool(who.phone or who.email),
        reachable_by_mail=who.email is not None,
    )


def told_of(command: ReceiveComplaint, terms: Terms) -> dict[str, Any]:
    """What was told and no rule asks for, as it is stored."""
    point = command.point
    x, y = to_rd(point) if point else (None, None)
    address = command.address or Address()
    return {
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


def _keep(who: Reporter, taken: Complaint, category: Entry, terms: Terms, ctx: Ctx) -> None:
    key = reporters.keep(taken.id, who, ctx.kit.vault, ctx.work)
    if not who.email:
        return
    about = About(
        number=taken.number,
        category=category.name,
        received_on=local_date(taken.received_at),
        agency=ctx.kit.agency,
        name=who.name,
    )
    letter = letters.receipt(about, terms, taken.urgency)
    mailing.queue(Mail(taken.id, MailKind.RECEIPT, who.email, letter), key, ctx.work)


def place_of(command: ReceiveComplaint) -> Place | None:
    """Where it was, as events tell it."""
    point = command.point
    return None if point is None else Place(coordinates=(point.lon, point.lat))
