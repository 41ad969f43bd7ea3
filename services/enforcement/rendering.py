"""What the screens of enforcement share."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import Path as InPath
from pydantic import BaseModel, ValidationError

from services.enforcement.inspections.domain import InspectionState
from services.enforcement.measures.domain.measure import MeasureState
from services.enforcement.policy.domain.matrix import MatrixState
from services.enforcement.violations.domain import ViolationState
from shared.auth.caller import Caller
from shared.auth.pages import page_caller
from shared.errors import Invalid
from shared.http.problems import invalid_params
from shared.participants import PARTICIPANTS, name_of
from shared.product.roles import Scope
from shared.ui.formats import typed_amount
from shared.ui.forms import Form
from shared.ui.render import Templates

Model = TypeVar("Model", bound=BaseModel)

templates = Templates(Path(__file__).parent / "templates")

InspectionViewer = Annotated[Caller, page_caller(Scope.INSPECTIONS_READ)]
InspectionWriter = Annotated[Caller, page_caller(Scope.INSPECTIONS_WRITE)]
CaseViewer = Annotated[Caller, page_caller(Scope.ENFORCEMENT_READ)]
CaseWriter = Annotated[Caller, page_caller(Scope.ENFORCEMENT_WRITE)]
Manager = Annotated[Caller, page_caller(Scope.MANDATES_MANAGE)]
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
    MatrixState.DRAFT: "info",
    MatrixState.ACTIVE: "good",
    MatrixState.EXPIRED: "neutral",
    MeasureState.CHOSEN: "info",
    MeasureState.INTENDED: "info",
    MeasureState.IMPOSED: "warning",
    MeasureState.FORFEITED: "bad",
    MeasureState.EXECUTED: "good",
    MeasureState.WITHDRAWN: "neutral",
    MeasureState.EXHAUSTED: "bad",
}


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


templates.environment.globals.update(tones=TONES, name_of=name_of, address_of=address_of)
