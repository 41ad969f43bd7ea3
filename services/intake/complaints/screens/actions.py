"""What is done to a complaint: each action a small form beside the matter it is about."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.intake.complaints import queries
from services.intake.complaints.commands import answering, linking
from services.intake.complaints.commands.answering import WithdrawComplaint
from services.intake.complaints.commands.linking import AssignComplaint
from services.intake.complaints.domain.complaint import AnswerWay
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.complaints.queries import ComplaintRow
from services.intake.complaints.schemas import (
    AssessmentIn,
    ClosingIn,
    ContactIn,
    ForwardIn,
    LinkIn,
    ReasonIn,
)
from services.intake.complaints.screens.clocks import urgent_clock
from services.intake.context import Ctx, PageCtx, PageReading, PageWriting
from services.intake.incidents import queries as incidents
from services.intake.incidents.queries import IncidentRow
from services.intake.letters.domain.letters import Written
from services.intake.locations.queries import Candidate
from services.intake.presentation import (
    TONES,
    WORDS,
    Done,
    Identity,
    beside,
    choices,
    templates,
)
from shared.contracts.intake import Outcome
from shared.errors import NotAllowed
from shared.http.schema import Wire
from shared.product.roles import Scope
from shared.ui.forms import Form

router = APIRouter(prefix="/klachten/{id}")
ActionName = Annotated[
    str,
    Path(
        alias="daad",
        pattern="^(koppelen|beoordelen|afhandelen|contact|doorsturen|intrekken|heropenen|behandelaar)$",
    ),
]
Searched = Annotated[str, Query(alias="zoek", max_length=80)]
Use = Callable[[Any, Ctx], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Action:
    """The title of its form, the word that says it was done, and the command it becomes."""

    title: str
    done: str
    command: Callable[[Form, UUID], object]
    use: Use


def reading(model: type[Wire]) -> Callable[[Form, UUID], object]:
    """The form holds the fields of this model."""

    def command(form: Form, identity: UUID) -> object:
        body: Any = form.read(model, WORDS)
        return body.command(identity, form.version)

    return command


def _link(form: Form, identity: UUID) -> object:
    """The choice is a location, or a location with one of its running incidents."""
    location, _, incident = form.text("keuze").partition(" ")
    chosen = Form(fields={"locatieId": location, "incidentId": incident})
    return chosen.read(LinkIn, WORDS).command(identity, form.version)


def _contact(form: Form, identity: UUID) -> object:
    """A conversation is added whatever the complaint has become meanwhile."""
    return form.read(ContactIn, WORDS).command(identity, None)


ACTIONS: Final[Mapping[str, Action]] = {
    "koppelen": Action("Waar was het?", "gekoppeld", _link, linking.link),
    "beoordelen": Action(
        "Beoordeel de klacht", "beoordeeld", reading(AssessmentIn), answering.assess
    ),
    "afhandelen": Action(
        "Beantwoord de melder", "afgehandeld", reading(ClosingIn), answering.close
    ),
    "contact": Action("Leg een contactmoment vast", "contact", _contact, answering.note_contact),
    "doorsturen": Action(
        "Stuur de klacht door", "doorgestuurd", reading(ForwardIn), answering.forward
    ),
    "intrekken": Action(
        "Trek de klacht in",
        "ingetrokken",
        lambda form, identity: WithdrawComplaint(identity, form.version),
        answering.withdraw,
    ),
    "heropenen": Action("Heropen de klacht", "heropend", reading(ReasonIn), answering.reopen),
    "behandelaar": Action(
        "Neem in behandeling",
        "behandelaar",
        lambda form, identity: AssignComplaint(identity, form.version),
        linking.assign,
    ),
}


@router.get("/{daad}")
async def ask(
    ctx: PageReading,
    identity: Identity,
    action: ActionName,
    words: Searched = "",
    done: Done = "",
) -> Response:
    """The form of an action."""
    fresh = done == "ontvangen"
    return await _page(ctx, Form(), 200, identity=identity, action=action, words=words, fresh=fresh)


@router.post("/{daad}")
async def act(
    sent: PageWriting, identity: Identity, action: ActionName, words: Searched = ""
) -> Response:
    """Do it, and show the complaint."""
    chosen = ACTIONS[action]

    async def do(form: Form, ctx: Ctx) -> str:
        await chosen.use(chosen.command(form, identity), ctx)
        return f"/intake/klachten/{identity}?gedaan={chosen.done}"

    page = partial(_page, identity=identity, action=action, words=words)
    return await sent.submit(do, otherwise=page)


async def _page(
    ctx: PageCtx,
    form: Form,
    status: int,
    *,
    identity: UUID,
    action: str,
    words: str = "",
    fresh: bool = False,
) -> Response:
    ctx.require(Scope.COMPLAINTS_WRITE)
    row = await queries.one(identity, ctx)
    reference = await ctx.kit.reference.get(ctx.rows)
    return templates.page(
        ctx.request,
        f"intake/daad_{action}.html",
        status_code=status,
        form=beside(form),
        row=row,
        title=ACTIONS[action].title,
        action=f"/intake/klachten/{identity}/{action}",
        back=f"/intake/klachten/{identity}",
        category=reference.category_name(row.category),
        clock=urgent_clock(row, ctx.now),
        tone=TONES[row.state],
        fresh=fresh,
        words=words,
        **await _extra(action, row, words, ctx),
    )


async def _extra(action: str, row: ComplaintRow, words: str, ctx: PageCtx) -> dict[str, Any]:
    if action == "koppelen":
        return {"choices": await _places(row, words, ctx)}
    if action == "beoordelen":
        reference = await ctx.kit.reference.get(ctx.rows)
        return {
            "outcomes": choices(Outcome),
            "causes": [(entry.code, entry.name) for entry in reference.causes_on(ctx.today)],
        }
    if action == "afhandelen":
        return {"letter": await _letter(row.id, ctx), "ways": _ways(row)}
    if action == "contact":
        return {"parties": choices(Party), "kinds": choices(ContactKind)}
    return {}


async def _places(
    row: ComplaintRow, words: str, ctx: PageCtx
) -> list[tuple[Candidate, list[IncidentRow]]]:
    """Locations near the place or by name, each with the incidents that run there."""
    if words.strip() or row.lon is not None:
        found = await queries.candidates(row.id, words, ctx)
    else:
        found = await queries.guesses(row, ctx)
    return [(each, await incidents.joinable(each.location.id, row.category, ctx)) for each in found]


async def _letter(complaint_id: UUID, ctx: PageCtx) -> Written | None:
    """The answer as it will be sent, where there is something to answer."""
    try:
        return await answering.preview(complaint_id, ctx)
    except NotAllowed:
        return None


def _ways(row: ComplaintRow) -> list[tuple[str, ...]]:
    ways: list[tuple[str, ...]] = []
    if row.reachable_by_mail:
        ways.append((str(AnswerWay.MAIL), "Per e-mail", "De brief hieronder gaat meteen uit."))
    ways.append((str(AnswerWay.TELEPHONE), "Per telefoon", "Leg het gesprek eerst vast."))
    if not row.wants_feedback:
        ways.append((str(AnswerWay.NONE), "Geen antwoord", "De melder vroeg er niet om."))
    return ways
