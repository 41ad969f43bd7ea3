"""Settlements: the year's list, a trial, and the decision that freezes it."""

from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.reporting.participants import queries as participants_queries
from services.reporting.presentation import (
    Adopter,
    Identity,
    Reviewer,
    YearQuery,
    templates,
    version_in,
    years_until,
)
from services.reporting.products import queries as products_queries
from services.reporting.settlements import commands as handlers
from services.reporting.settlements import queries as views
from services.reporting.settlements.schemas import FullSettlementOut
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused, invalid
from shared.http.dependencies import Db
from shared.http.paging import Page, Paging
from shared.product.roles import Scope
from shared.ui.formats import typed_amount
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once

router = APIRouter()
TONES = {"proef": "info", "vastgesteld": "good"}


@router.get("/afrekeningen")
async def settlements(
    request: Request, caller: Reviewer, db: Db, page: Page, year: YearQuery = None
) -> Response:
    """Settlements of a year, with the control totals of what was adopted."""
    return await _list(request, caller, db, page, year, Form())


@router.post("/afrekeningen")
async def try_out(request: Request, caller: Adopter, db: Db, page: Page) -> Response:
    """Calculate a settlement on trial, and show it."""
    form = await read_form(request)
    year = int(form.text("jaar")) if form.text("jaar").isdecimal() else 0

    async def act(work: UnitOfWork) -> str:
        amount = _amount(form.text("resultaat"))
        command = handlers.TrySettlement(form.text("deelnemer"), _year(year), amount)
        row = await handlers.try_out(command, work)
        return f"/reporting/afrekeningen/{row['id']}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        refused = form.refused(refusal)
        return await _list(request, caller, db, page, year or None, refused, refusal.status)


def _year(year: int) -> int:
    if not 2000 <= year <= 2100:
        raise invalid("jaar", "jaar", "Kies een jaar.")
    return year


def _amount(text: str) -> Decimal:
    amount = typed_amount(text or "0")
    if amount is None:
        raise invalid("resultaat", "bedrag", "Schrijf een bedrag als 1.234,56.")
    return amount


async def _list(
    request: Request,
    caller: Caller,
    db: Database,
    page: Paging,
    year: int | None,
    form: Form,
    status: int = 200,
) -> Response:
    today = local_date(db.clock.now())
    chosen = year or today.year
    codes = caller.participant_filter
    async with db.read() as rows:
        filters = {"participants": codes, "year": chosen}
        found, next_key = await views.SETTLEMENTS.page(rows, page, filters)
        totals = await views.totals(rows, chosen, codes)
        participants = await participants_queries.participants(rows, codes)
    return templates.page(
        request,
        "reporting/afrekeningen.html",
        status_code=status,
        form=form,
        year=chosen,
        years=years_until(today),
        settlements=found,
        totals=totals,
        tones=TONES,
        participants=participants,
        may_close=caller.may(Scope.BUDGETS_MANAGE),
        may_try=caller.may(Scope.SETTLEMENTS_ADOPT),
        next_href=page.next_url(next_key) if next_key else "",
    )


@router.get("/afrekeningen/{id}")
async def settlement(request: Request, caller: Reviewer, db: Db, identity: Identity) -> Response:
    """One settlement, each cent of it."""
    return await _one(request, caller, db, identity, Form())


@router.post("/afrekeningen/{id}/vaststelling")
async def adopt(request: Request, caller: Adopter, db: Db, identity: Identity) -> Response:
    """Freeze the trial."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        reference_text = form.text("besluitkenmerk")
        if not 3 <= len(reference_text) <= 200:
            raise invalid("besluitkenmerk", "verplicht", "Vul het kenmerk van het besluit in.")
        await handlers.adopt(identity, version_in(form), reference_text, work)
        return f"/reporting/afrekeningen/{identity}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        refused = form.refused(refusal)
        return await _one(request, caller, db, identity, refused, refusal.status)


async def _one(
    request: Request,
    caller: Caller,
    db: Database,
    identity: Identity,
    form: Form,
    status: int = 200,
) -> Response:
    async with db.read() as rows:
        row = await views.settlement(rows, identity)
        caller.require_participant(row["participant"])
        products = await products_queries.products(rows, local_date(db.clock.now()))
    return templates.page(
        request,
        "reporting/afrekening.html",
        status_code=status,
        form=form,
        row=row,
        whole=FullSettlementOut.whole(row),
        tone=TONES[row["state"]],
        product_names={product["code"]: product["name"] for product in products},
        may_adopt=caller.may(Scope.SETTLEMENTS_ADOPT) and row["state"] == "proef",
        own_trial=row["proposed_by"] == caller.subject,
    )
