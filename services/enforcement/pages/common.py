"""What the screens of enforcement share."""

import csv
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import asyncpg
from fastapi import Path as InPath
from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.responses import RedirectResponse, Response

from services.enforcement.domain.inspection import InspectionState
from services.enforcement.domain.measure import MeasureState
from services.enforcement.domain.violation import ViolationState
from shared.auth.caller import Caller
from shared.auth.pages import page_caller
from shared.auth.scopes import Scope
from shared.db import Database
from shared.errors import Invalid, Refused
from shared.http.idempotency import CONSTRAINT, Idempotency
from shared.http.problems import invalid_params
from shared.participants import PARTICIPANTS, name_of
from shared.ui.formats import typed_amount
from shared.ui.forms import Form
from shared.ui.render import Templates
from shared.work import Work

Model = TypeVar("Model", bound=BaseModel)

templates = Templates(Path(__file__).parents[1] / "templates")

InspectionViewer = Annotated[Caller, page_caller(Scope.INSPECTIONS_READ)]
InspectionWriter = Annotated[Caller, page_caller(Scope.INSPECTIONS_WRITE)]
CaseViewer = Annotated[Caller, page_caller(Scope.ENFORCEMENT_READ)]
CaseWriter = Annotated[Caller, page_caller(Scope.ENFORCEMENT_WRITE)]
Imposer = Annotated[Caller, page_caller(Scope.ORDER_IMPOSE)]
Identity = Annotated[UUID, InPath(alias="id")]

EXPORTED_AT_MOST: Final = 20_000
TONES: Final = {
    InspectionState.PLANNED: "info",
    InspectionState.COMPLETED: "good",
    ViolationState.ESTABLISHED: "warning",
    ViolationState.POSITIONED: "info",
    ViolationState.ENFORCED: "warning",
    ViolationState.RESOLVED: "good",
    MeasureState.CHOSEN: "info",
    MeasureState.INTENDED: "info",
    MeasureState.IMPOSED: "warning",
    MeasureState.FORFEITED: "bad",
    MeasureState.EXECUTED: "good",
    MeasureState.WITHDRAWN: "neutral",
    MeasureState.EXHAUSTED: "bad",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as somebody sent it."""

    request: Request
    form: Form
    caller: Caller
    db: Database


class Receipt(BaseModel):
    """Where a form led; the same form again leads there too."""

    address: str


def go(address: str) -> RedirectResponse:
    """On to a page after a post."""
    return RedirectResponse(address, status_code=303)


async def once(sent: Sent, act: Callable[[Work], Awaitable[str]]) -> RedirectResponse:
    """Do it, and go to the address it gives; a second click goes there without doing it again.

    Raises Refused.
    """
    asked = f"{sent.request.url.path}\n{sorted(sent.form.fields.items())!r}"
    key = Idempotency(sent.form.key[:200], sent.caller.subject, sha256(asked.encode()).digest())
    try:
        async with sent.db.work(actor=sent.caller.subject) as work:
            receipt = Receipt(address=await act(work))
            key.answer(work, receipt, status=303)
    except (Refused, asyncpg.UniqueViolationError) as error:
        constraint = getattr(error, "constraint_name", CONSTRAINT)
        earlier = await _earlier(sent, key) if constraint == CONSTRAINT else None
        if earlier is None:
            raise
        return earlier
    return go(receipt.address)


async def _earlier(sent: Sent, key: Idempotency) -> RedirectResponse | None:
    """Where the form led the first time, if there was one."""
    async with sent.db.read() as rows:
        found: Response | None = await key.earlier(rows)
    if found is None:
        return None
    return go(Receipt.model_validate_json(bytes(found.body)).address)


def version_in(form: Form) -> int:
    """The version that the form was drawn with."""
    text = form.text("versie")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def checked(model: type[Model], values: dict[str, Any]) -> Model:
    """The wire model of what was typed. Raises Invalid, with wire names."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        params = tuple(invalid_params(error.errors()))
        raise Invalid("Het formulier klopt nog niet.", params=params) from None


def filled(**values: Any) -> dict[str, Any]:
    """What was filled in; an empty field is as if it was not there."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def amount_in(text: str) -> str | None:
    """An amount as people type it, as the wire has it: "1.234,5" is "1234.50"."""
    amount = typed_amount(text)
    return f"{amount:.2f}" if amount is not None else text or None


def participants_of(caller: Caller) -> list[tuple[str, str]]:
    """The participants that the caller may choose from."""
    return [(each.code, each.name) for each in PARTICIPANTS if caller.sees(each.code)]


def known(value: str, values: Iterable[str]) -> str | None:
    """The value of a filter when it is one of these; else it does not limit."""
    return value if value in set(values) else None


def uuid_in(value: str) -> UUID | None:
    """The identity in a filter; None when it is none."""
    try:
        return UUID(value)
    except ValueError:
        return None


def address_of(row: Any) -> str:
    """The address on one line; what is unknown is left out."""
    street = " ".join(part for part in (row["street"], row["house_number"]) if part)
    city = " ".join(part for part in (row["postcode"], row["city"]) if part)
    return ", ".join(part for part in (street, city) if part) or "adres onbekend"


def spreadsheet(name: str, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> Response:
    """A selection as a file for a spreadsheet; no cell is taken for a formula."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(header)
    writer.writerows([_harmless(value) for value in line] for line in lines)
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _harmless(value: Any) -> str:
    text = "" if value is None else f"{value:%d-%m-%Y}" if hasattr(value, "year") else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


templates.environment.globals.update(tones=TONES, name_of=name_of, address_of=address_of)
