"""A complaint from receipt to answer: its states, and the rules on the edges between them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.intake.reference.domain.terms import ClockKind, Terms
from shared.clock import local_date
from shared.contracts.base import Place
from shared.contracts.intake import (
    ComplaintAssessed,
    ComplaintClosed,
    ComplaintLinked,
    ComplaintReceived,
    ComplaintReopened,
    Outcome,
    Urgency,
)
from shared.errors import Conflict, NotAllowed, conflict, invalid
from shared.state_machine import StateMachine


class State(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "ontvangen"
    IN_PROGRESS = "in behandeling"
    ASSESSED = "beoordeeld"
    CLOSED = "afgehandeld"
    FORWARDED = "doorgestuurd"
    WITHDRAWN = "ingetrokken"
    REOPENED = "heropend"


OPEN = (State.RECEIVED, State.IN_PROGRESS, State.ASSESSED, State.REOPENED)
FINISHED = (State.CLOSED, State.FORWARDED, State.WITHDRAWN)

_LINKED = "aan een locatie en een incident gekoppeld"
_UNPLACED = "zonder locatie: niet vast te stellen, of ter kennisgeving"
_FORWARDED = "een ander bevoegd gezag gaat erover (Awb 2:3)"
_WITHDRAWN = "de melder trekt de klacht in"
_REOPENED = "nieuwe feiten, of de melder is het er niet mee eens"

TRANSITIONS = StateMachine[State](
    "een klacht",
    {
        (State.RECEIVED, State.IN_PROGRESS): _LINKED,
        (State.RECEIVED, State.ASSESSED): _UNPLACED,
        (State.RECEIVED, State.FORWARDED): _FORWARDED,
        (State.RECEIVED, State.WITHDRAWN): _WITHDRAWN,
        (State.IN_PROGRESS, State.IN_PROGRESS): "aan een andere locatie gekoppeld",
        (State.IN_PROGRESS, State.ASSESSED): "onderzocht en beoordeeld",
        (State.IN_PROGRESS, State.FORWARDED): _FORWARDED,
        (State.IN_PROGRESS, State.WITHDRAWN): _WITHDRAWN,
        (State.ASSESSED, State.ASSESSED): "opnieuw beoordeeld",
        (State.ASSESSED, State.CLOSED): "beantwoord",
        (State.ASSESSED, State.WITHDRAWN): _WITHDRAWN,
        (State.CLOSED, State.REOPENED): _REOPENED,
        (State.FORWARDED, State.REOPENED): "door het andere bevoegd gezag teruggestuurd",
        (State.WITHDRAWN, State.REOPENED): _REOPENED,
        (State.REOPENED, State.IN_PROGRESS): _LINKED,
        (State.REOPENED, State.ASSESSED): "opnieuw beoordeeld",
        (State.REOPENED, State.FORWARDED): _FORWARDED,
        (State.REOPENED, State.WITHDRAWN): _WITHDRAWN,
    },
)


class Channel(StrEnum):
    """How a complaint came in."""

    WEB = "webformulier"
    TELEPHONE = "telefoon"
    EMAIL = "e-mail"
    DESK = "balie"
    CONTROL_ROOM = "meldkamer"


class AnswerWay(StrEnum):
    """How the complainant hears the outcome."""

    MAIL = "e-mail"
    TELEPHONE = "telefoon"
    NONE = "geen"


@dataclass(frozen=True, slots=True)
class Officer:
    """Who does the work, as the token tells."""

    subject: str
    name: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as the rules see it; who complained is kept elsewhere, encrypted."""

    id: UUID
    number: str
    version: int
    state: State
    category: str
    channel: Channel
    urgency: Urgency
    received_at: datetime
    occurred_at: datetime
    participant: str | None
    location_id: UUID | None
    incident_id: UUID | None
    handler: str | None
    handler_name: str | None
    contact_due: date
    feedback_due: date
    first_contact_at: datetime | None
    wants_feedback: bool
    reachable_by_mail: bool
    outcome: Outcome | None = None
    cause: str | None = None
    explanation: str | None = None
    assessed_at: datetime | None = None
    closed_at: datetime | None = None
    within_term: bool | None = None
    forwarded_to: str | None = None

    @property
    def open(self) -> bool:
        """Whether the agency still has something to do."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the agency established."""

    outcome: Outcome
    cause: str | None
    explanation: str


def require_past(occurred_at: datetime, now: datetime) -> None:
    """Nuisance that has yet to happen cannot be reported. Raises Invalid."""
    if occurred_at > now:
        raise invalid(
            "occurred_at", "in_toekomst", "Vul een tijdstip in dat niet in de toekomst ligt."
        )


def received(complaint: Complaint, place: Place | None) -> ComplaintReceived:
    """What the world may know of a new complaint."""
    return ComplaintReceived(
        version=complaint.version,
        participant=complaint.participant,
        complaint_id=complaint.id,
        number=complaint.number,
        category=complaint.category,
        received_at=complaint.received_at,
        channel=complaint.channel,
        urgency=complaint.urgency,
        occurred_at=complaint.occurred_at,
        place=place,
        location_id=complaint.location_id,
    )


def link(
    complaint: Complaint,
    *,
    location_id: UUID,
    participant: str | None,
    incident_id: UUID,
    officer: Officer,
) -> tuple[Complaint, ComplaintLinked]:
    """Link to a location and an incident: from here on it is somebody's work.

    Raises NotAllowed when the state forbids it, Conflict when it is linked so already.
    """
    TRANSITIONS.require(complaint.state, State.IN_PROGRESS)
    if complaint.incident_id == incident_id and complaint.state is State.IN_PROGRESS:
        raise Conflict("De klacht is al aan dit incident gekoppeld.")
    linked = replace(
        complaint,
        state=State.IN_PROGRESS,
        location_id=location_id,
        participant=participant,
        incident_id=incident_id,
        handler=complaint.handler or officer.subject,
        handler_name=complaint.handler_name or officer.name,
        version=complaint.version + 1,
    )
    moved = complaint.location_id not in {None, location_id}
    event = ComplaintLinked(
        version=linked.version,
        participant=participant,
        complaint_id=linked.id,
        number=linked.number,
        category=linked.category,
        received_at=linked.received_at,
        location_id=location_id,
        incident_id=incident_id,
        previous_location_id=complaint.location_id if moved else None,
    )
    return linked, event


def contacted(complaint: Complaint, now: datetime) -> Complaint:
    """The complainant was spoken to; the first time stops the clock of first contact."""
    return replace(
        complaint,
        first_contact_at=complaint.first_contact_at or now,
        version=complaint.version + 1,
    )


def assign(complaint: Complaint, officer: Officer) -> Complaint:
    """Somebody takes the complaint. Raises NotAllowed when there is nothing left to do."""
    if not complaint.open:
        raise NotAllowed(
            f"Een klacht met status '{complaint.state}' heeft geen behandelaar nodig",
            article="toestandsovergang",
        )
    return replace(
        complaint,
        handler=officer.subject,
        handler_name=officer.name,
        version=complaint.version + 1,
    )


def assess(
    complaint: Complaint, assessment: Assessment, now: datetime
) -> tuple[Complaint, ComplaintAssessed]:
    """Establish whether the complaint is justified.

    Raises NotAllowed: without a location nothing can be held against anybody.
    """
    TRANSITIONS.require(complaint.state, State.ASSESSED)
    _require_ground(complaint, assessment)
    assessed = replace(
        complaint,
        state=State.ASSESSED,
        outcome=assessment.outcome,
        cause=assessment.cause,
        explanation=assessment.explanation,
        assessed_at=now,
        version=complaint.version + 1,
    )
    return assessed, ComplaintAssessed(
        version=assessed.version,
        participant=assessed.participant,
        complaint_id=assessed.id,
        number=assessed.number,
        category=assessed.category,
        received_at=assessed.received_at,
        location_id=assessed.location_id,
        incident_id=assessed.incident_id,
        outcome=assessment.outcome,
        cause=assessment.cause,
        assessed_at=now,
    )


def _require_ground(complaint: Complaint, assessment: Assessment) -> None:
    judged = assessment.outcome in {Outcome.JUSTIFIED, Outcome.UNJUSTIFIED}
    if judged and complaint.incident_id is None:
        raise NotAllowed(
            f"'{assessment.outcome}' kan pas als de klacht aan een locatie en een incident is "
            "gekoppeld",
            article="zorgvuldige voorbereiding, Awb 3:2",
        )
    if assessment.outcome is Outcome.JUSTIFIED and assessment.cause is None:
        raise conflict("cause", "verplicht", "Kies de oorzaak: de klacht is gegrond.")


def close(
    complaint: Complaint, way: AnswerWay | None, now: datetime
) -> tuple[Complaint, ComplaintClosed]:
    """Answer the complainant and close; without a way that was done in another system.

    Raises NotAllowed when the answer cannot reach anybody.
    """
    TRANSITIONS.require(complaint.state, State.CLOSED)
    if way is not None:
        _require_answer(complaint, way)
    return finish(complaint, State.CLOSED, now)


def _require_answer(complaint: Complaint, way: AnswerWay) -> None:
    if way is AnswerWay.MAIL and not complaint.reachable_by_mail:
        raise NotAllowed("Van de melder is geen e-mailadres bekend", article="wijze van antwoord")
    if way is AnswerWay.NONE and complaint.wants_feedback:
        raise NotAllowed(
            "De melder heeft om een terugkoppeling gevraagd", article="wijze van antwoord"
        )
    if way is AnswerWay.TELEPHONE and complaint.first_contact_at is None:
        raise NotAllowed(
            "Leg eerst het telefoongesprek met de melder vast als contactmoment",
            article="wijze van antwoord",
        )


def forward(complaint: Complaint, to: str, now: datetime) -> tuple[Complaint, ComplaintClosed]:
    """Send on to the authority that is competent (Awb 2:3). Raises NotAllowed."""
    TRANSITIONS.require(complaint.state, State.FORWARDED)
    return finish(replace(complaint, forwarded_to=to), State.FORWARDED, now)


def withdraw(complaint: Complaint, now: datetime) -> tuple[Complaint, ComplaintClosed]:
    """The complainant takes it back. Raises NotAllowed."""
    TRANSITIONS.require(complaint.state, State.WITHDRAWN)
    return finish(complaint, State.WITHDRAWN, now)


def reopen(
    complaint: Complaint, terms: Terms, now: datetime
) -> tuple[Complaint, ComplaintReopened]:
    """Take up again; the term of feedback starts anew. Raises NotAllowed."""
    TRANSITIONS.require(complaint.state, State.REOPENED)
    reopened = replace(
        complaint,
        state=State.REOPENED,
        closed_at=None,
        within_term=None,
        feedback_due=terms.due(complaint.urgency, ClockKind.FEEDBACK, local_date(now)),
        version=complaint.version + 1,
    )
    return reopened, ComplaintReopened(**_told(reopened), reopened_at=now)


def finish(complaint: Complaint, state: State, now: datetime) -> tuple[Complaint, ComplaintClosed]:
    """Nothing is left to do; tells whether the promise of feedback was kept."""
    within_term = local_date(now) <= complaint.feedback_due
    finished = replace(
        complaint,
        state=state,
        closed_at=now,
        within_term=within_term,
        version=complaint.version + 1,
    )
    return finished, ComplaintClosed(**_told(finished), closed_at=now, within_term=within_term)


def _told(complaint: Complaint) -> dict[str, Any]:
    """What every event about a complaint that has its place says."""
    names = ("version", "participant", "number", "category", "received_at", "location_id")
    return {"complaint_id": complaint.id, **{name: getattr(complaint, name) for name in names}}
