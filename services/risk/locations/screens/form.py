"""The form of a location: register one, or change what is recorded."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from services.risk.locations import commands
from services.risk.locations import queries as locations
from services.risk.locations.schemas import LocationIn
from services.risk.presentation import Editor, participants_of, templates
from shared.auth.caller import Caller
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Invalid, Refused
from shared.http.dependencies import Db, Reading
from shared.http.problems import invalid_params
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once

router = APIRouter()
FIELD_OF = {
    "geometrie": "breedtegraad",
    "geometrie.coordinates": "breedtegraad",
    "geometrie.coordinates.0": "lengtegraad",
    "geometrie.coordinates.1": "breedtegraad",
    **{f"adres.{part}": part for part in ("straatnaam", "huisnummer", "postcode", "woonplaats")},
    **{f"activiteiten.{number}": "activiteiten" for number in range(50)},
}
ADDRESS = ("straatnaam", "huisnummer", "postcode", "woonplaats")


@router.get("/locaties/nieuw")
async def new(request: Request, caller: Editor) -> Response:
    """An empty form."""
    return _page(request, caller, Form(), None)


@router.post("/locaties/nieuw")
async def register(request: Request, caller: Editor, db: Db) -> Response:
    """Register the location, and show it."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        row = await commands.register(_read(form).data(), caller, work)
        return f"/risk/locaties/{row['id']}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        return _page(request, caller, form.refused(refusal, FIELD_OF), None, refusal.status)


@router.get("/locaties/{location_id}/wijzigen")
async def edit(request: Request, caller: Editor, rows: Reading, location_id: UUID) -> Response:
    """The form with what is recorded."""
    row = await locations.one(rows, location_id, caller.participant_filter)
    return _page(request, caller, Form(fields=_filled(row)), row)


@router.post("/locaties/{location_id}/wijzigen")
async def change(request: Request, caller: Editor, db: Db, location_id: UUID) -> Response:
    """Replace what is recorded, and show the location."""
    form = await read_form(request)
    version = form.text("versie")

    async def act(work: UnitOfWork) -> str:
        seen = int(version) if version.isdecimal() and len(version) < 10 else 0
        await commands.change(location_id, seen, _read(form).data(), caller, work)
        return f"/risk/locaties/{location_id}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        async with db.read() as rows:
            row = await locations.one(rows, location_id, caller.participant_filter)
        return _page(request, caller, form.refused(refusal, FIELD_OF), row, refusal.status)


def _read(form: Form) -> LocationIn:
    """What was typed, by the rules of the API. Raises Invalid."""
    try:
        return LocationIn.model_validate(_body(form))
    except ValidationError as error:
        params = tuple(invalid_params(error.errors()))
        raise Invalid("Controleer wat u hebt ingevuld.", params=params) from None


def _body(form: Form) -> dict[str, Any]:
    codes = form.text("activiteiten").replace("§", " ").replace(",", " ").split()
    return {
        "naam": form.text("naam"),
        "deelnemer": form.text("deelnemer"),
        "geometrie": {
            "type": "Point",
            "coordinates": [_degrees(form, "lengtegraad"), _degrees(form, "breedtegraad")],
        },
        "adres": form.given(*ADDRESS),
        "activiteiten": codes,
        "kernactiviteit": codes[0] if codes else None,
        "actief": form.text("actief") == "ja",
    }


def _degrees(form: Form, name: str) -> float:
    """A number with a comma or a point; what is none lies outside the Netherlands."""
    try:
        return float(form.text(name).replace(",", "."))
    except ValueError:
        return 0.0


def _filled(row: Row) -> dict[str, str]:
    core = row["core_activity"]
    codes = [core] if core else []
    codes += [code for code in row["activities"] if code != core]
    return {
        "naam": row["name"],
        "deelnemer": row["participant"],
        "straatnaam": row["street"] or "",
        "huisnummer": row["house_number"] or "",
        "postcode": row["postcode"] or "",
        "woonplaats": row["city"] or "",
        "breedtegraad": str(row["lat"]).replace(".", ","),
        "lengtegraad": str(row["lon"]).replace(".", ","),
        "activiteiten": ", ".join(codes),
        "actief": "ja" if row["active"] else "",
        "versie": str(row["version"]),
    }


def _page(
    request: Request, caller: Caller, form: Form, row: Row | None, status: int = 200
) -> Response:
    return templates.page(
        request,
        "risk/locatie_formulier.html",
        status_code=status,
        form=form,
        location=row,
        participants=participants_of(request, caller),
    )
