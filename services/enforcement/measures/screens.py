"""The steps of a measure on screen: each asks what the law wants to know."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.enforcement.changes import Change
from services.enforcement.measures import commands as handlers
from services.enforcement.measures import queries as views
from services.enforcement.measures.domain.measure import STATES, MeasureState
from services.enforcement.measures.schemas import (
    CollectionIn,
    EndIn,
    ForfeitureIn,
    ImpositionIn,
    IntentionIn,
)
from services.enforcement.measures.store import MEASURE
from services.enforcement.rendering import (
    CaseViewer,
    CaseWriter,
    Identity,
    Imposer,
    checked,
    filled,
    templates,
    version_in,
)
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.contracts.enforcement import MeasureResult
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.http.dependencies import Db, Reading
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, go, once

router = APIRouter()
ROOT: Final = "/enforcement/handhavingsmaatregelen"
RESULTS: Final = {
    MeasureState.EXECUTED: "Uitgevoerd: aan de maatregel is voldaan",
    MeasureState.WITHDRAWN: "Ingetrokken",
    MeasureState.EXHAUSTED: "Uitgewerkt: het maximum is verbeurd en de overtreding duurt voort",
}


def _file(row: Any) -> str:
    return f"/enforcement/overtredingen/{row['violation_id']}#maatregel-{row['number']}"


async def _back(work: UnitOfWork, identity: UUID) -> str:
    await work.flush()
    return _file(await views.one(work, identity, None))


@router.get("/handhavingsmaatregelen/{id}")
async def one(caller: CaseViewer, rows: Reading, identity: Identity) -> Response:
    """A measure is shown in the file of its violation."""
    return go(_file(await views.one(rows, identity, caller.participant_filter)))


async def _page(
    request: Request,
    caller: Caller,
    db: Database,
    identity: UUID,
    form: Form,
    step: str,
    status: int = 200,
) -> Response:
    async with db.read() as rows:
        row = await views.one(rows, identity, caller.participant_filter)
        forfeited = await views.forfeitures(rows, identity)
        today = local_date(db.clock.now())
        check = await handlers.check_mandate(rows, MEASURE.of(row), caller, today)
    ways = {state for state, _ in STATES.next(MeasureState(row["state"]))}
    return templates.page(
        request,
        f"enforcement/maatregel_{step}.html",
        status_code=status,
        form=form,
        measure=row,
        is_decision=MEASURE.of(row).is_decision,
        back=_file(row),
        check=check,
        today=today,
        may_intend=MEASURE.of(row).is_decision and MeasureState.INTENDED in ways,
        forfeitures=[each for each in forfeited if each["paid_on"] is None],
        results=[(str(MeasureResult(s)), text) for s, text in RESULTS.items() if s in ways],
    )


@router.get("/handhavingsmaatregelen/{id}/voornemen")
async def intending(request: Request, caller: CaseWriter, db: Db, identity: Identity) -> Response:
    """The form to announce a measure."""
    return await _page(request, caller, db, identity, Form(), "voornemen")


@router.get("/handhavingsmaatregelen/{id}/oplegging")
async def imposing(request: Request, caller: Imposer, db: Db, identity: Identity) -> Response:
    """The form to impose a measure."""
    return await _page(request, caller, db, identity, Form(), "oplegging")


@router.get("/handhavingsmaatregelen/{id}/beeindiging")
async def ending(request: Request, caller: Imposer, db: Db, identity: Identity) -> Response:
    """The form to end a measure."""
    return await _page(request, caller, db, identity, Form(), "beeindiging")


@router.get("/handhavingsmaatregelen/{id}/invordering")
async def collecting(request: Request, caller: Imposer, db: Db, identity: Identity) -> Response:
    """The form for a payment or a collection decision."""
    return await _page(request, caller, db, identity, Form(), "invordering")


@router.post("/handhavingsmaatregelen/{id}/voornemen")
async def intend(request: Request, caller: CaseWriter, db: Db, identity: Identity) -> Response:
    """Announce the measure."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        body = checked(IntentionIn, filled(besluitdatum=form.text("besluitdatum")))
        change = Change(identity, version_in(form), caller)
        await handlers.intend(change, body.decided_on, work)
        return await _back(work, identity)

    return await _submitted(request, caller, db, identity, form, "voornemen", act)


@router.post("/handhavingsmaatregelen/{id}/oplegging")
async def impose(request: Request, caller: Imposer, db: Db, identity: Identity) -> Response:
    """Impose the measure."""
    form = await read_form(request)
    names = (
        *("besluitdatum", "publicatiedatum", "redenSpoed", "zienswijzedatum", "gevoerdOverleg"),
        "herstelmaatregelen",
    )

    async def act(work: UnitOfWork) -> str:
        body = checked(ImpositionIn, filled(**{name: form.text(name) for name in names}))
        change = Change(identity, version_in(form), caller)
        await handlers.impose(change, body.imposition(caller, work), work)
        return await _back(work, identity)

    return await _submitted(request, caller, db, identity, form, "oplegging", act)


@router.post("/handhavingsmaatregelen/{id}/verbeurte")
async def forfeit(request: Request, caller: Imposer, db: Db, identity: Identity) -> Response:
    """Note that a penalty was forfeited, as the chosen re-inspection proves."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        body = checked(ForfeitureIn, {"controleId": form.text("controleId")})
        change = Change(identity, version_in(form), caller)
        await handlers.forfeit(change, body.inspection_id, work)
        return await _back(work, identity)

    return await once(Sent(request, form, caller.subject, db), act)


@router.post("/handhavingsmaatregelen/{id}/invordering")
async def collect(request: Request, caller: Imposer, db: Db, identity: Identity) -> Response:
    """Record a payment or a collection decision."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        sequence = form.text("volgnummer")
        values = filled(
            volgnummer=int(sequence) if sequence.isascii() and sequence.isdecimal() else None,
            handeling=form.text("handeling"),
            datum=form.text("datum"),
        )
        body = checked(CollectionIn, values)
        change = Change(identity, version_in(form), caller)
        on = body.date or work.today
        await handlers.collect(change, body.sequence, body.performed, on, work)
        return await _back(work, identity)

    return await _submitted(request, caller, db, identity, form, "invordering", act)


@router.post("/handhavingsmaatregelen/{id}/beeindiging")
async def end(request: Request, caller: Imposer, db: Db, identity: Identity) -> Response:
    """End the measure."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        names = ("resultaat", "einddatum", "reden")
        body = checked(EndIn, filled(**{name: form.text(name) for name in names}))
        change = Change(identity, version_in(form), caller)
        await handlers.end(change, body.result, body.ended_on, body.reason, work)
        return await _back(work, identity)

    return await _submitted(request, caller, db, identity, form, "beeindiging", act)


async def _submitted(
    request: Request,
    caller: Caller,
    db: Database,
    identity: UUID,
    form: Form,
    step: str,
    act: Any,
) -> Response:
    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        refusal = form.refused(refused)
        return await _page(request, caller, db, identity, refusal, step, refused.status)
