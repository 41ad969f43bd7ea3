"""The form of a location: register one, or change what is recorded."""

from dataclasses import replace
from functools import partial
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.risk.context import Ctx, PageCtx, PageReading, PageWriting
from services.risk.locations import commands, queries
from services.risk.locations.queries import LocationRow
from services.risk.locations.schemas import LocationIn
from services.risk.presentation import participants_of, templates
from shared.product.roles import Scope
from shared.ui.forms import Form
from shared.ui.reading import Words

router = APIRouter()
_ADDRESS: Final = ("straatnaam", "huisnummer", "postcode", "woonplaats")
_OUTSIDE: Final = "Geef een plaats in Nederland."
WORDS: Final = Words(
    labels={"geometrie": "de plaats", "deelnemer": "de deelnemer", "naam": "de naam"},
    missing={"geometrie": "Vul de breedtegraad en de lengtegraad in."},
    shapes={"geometrie": _OUTSIDE, "coordinates.0": _OUTSIDE, "coordinates.1": _OUTSIDE},
    names={
        "geometrie": "breedtegraad",
        "geometrie.lat": "breedtegraad",
        "geometrie.lon": "lengtegraad",
        "geometrie.coordinates.0": "lengtegraad",
        "geometrie.coordinates.1": "breedtegraad",
        **{f"adres.{part}": part for part in _ADDRESS},
        **{f"activiteiten.{number}": "activiteiten" for number in range(50)},
    },
)


@router.get("/locaties/nieuw")
async def new(ctx: PageReading) -> Response:
    """An empty form."""
    return await _new_page(ctx, Form())


@router.post("/locaties/nieuw")
async def register(sent: PageWriting) -> Response:
    """Register the location, and show it."""

    async def act(form: Form, ctx: Ctx) -> str:
        location_id = await commands.register(_read(form).registration(), ctx)
        return f"/risk/locaties/{location_id}"

    return await sent.submit(act, otherwise=_new_page)


@router.get("/locaties/{location_id}/wijzigen")
async def edit(ctx: PageReading, location_id: UUID) -> Response:
    """The form with what is recorded."""
    row = await _row(location_id, ctx)
    return _page(ctx, Form(fields=_filled(row)), row)


@router.post("/locaties/{location_id}/wijzigen")
async def change(sent: PageWriting, location_id: UUID) -> Response:
    """Replace what is recorded, and show the location."""

    async def act(form: Form, ctx: Ctx) -> str:
        await commands.change(_read(form).change(location_id, form.version), ctx)
        return f"/risk/locaties/{location_id}"

    return await sent.submit(act, otherwise=partial(_edit_page, location_id))


def _read(form: Form) -> LocationIn:
    """What was typed, by the rules of the API; the first activity is the core. Raises Invalid."""
    codes = form.text("activiteiten").replace("§", " ").replace(",", " ").split()
    # A box that is not checked is not sent.
    fields = {**form.fields, "activiteiten": codes, "actief": form.text("actief") or "nee"}
    return replace(form, fields=fields).read(LocationIn, WORDS)


def _filled(row: LocationRow) -> dict[str, str]:
    core = row.core_activity
    codes = [core] if core else []
    codes += [code for code in row.activities if code != core]
    return {
        "naam": row.name,
        "deelnemer": row.participant,
        "straatnaam": row.street or "",
        "huisnummer": row.house_number or "",
        "postcode": row.postcode or "",
        "woonplaats": row.city or "",
        "breedtegraad": str(row.lat).replace(".", ","),
        "lengtegraad": str(row.lon).replace(".", ","),
        "activiteiten": ", ".join(codes),
        "actief": "ja" if row.active else "",
        "versie": str(row.version),
    }


async def _new_page(ctx: PageCtx, form: Form, status: int = 200) -> Response:
    return _page(ctx, form, None, status)


async def _edit_page(location_id: UUID, ctx: PageCtx, form: Form, status: int = 200) -> Response:
    return _page(ctx, form, await _row(location_id, ctx), status)


async def _row(location_id: UUID, ctx: PageCtx) -> LocationRow:
    """Who may not change learns nothing of what exists. Raises Forbidden, NotFound."""
    ctx.require(Scope.LOCATIONS_WRITE)
    return await queries.one(location_id, ctx)


def _page(ctx: PageCtx, form: Form, row: LocationRow | None, status: int = 200) -> Response:
    ctx.require(Scope.LOCATIONS_WRITE)
    return templates.page(
        ctx.request,
        "risk/locatie_formulier.html",
        status_code=status,
        form=form,
        location=row,
        participants=participants_of(ctx),
    )
