"""Types of the wire: Dutch names, strict JSON types, text that a database can hold."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError, core_schema

from shared.addresses import POSTCODE, normal_postcode
from shared.contracts.base import Participant
from shared.geo import LATITUDES, LONGITUDES, Point
from shared.product.glossary import wire_name

__all__ = [
    "Amount",
    "AmountUp",
    "Cursor",
    "Day",
    "Flag",
    "Instant",
    "Participant",
    "PointIn",
    "PointOut",
    "Postcode",
    "Results",
    "Text",
    "Whole",
    "Wire",
    "by_wire_names",
    "minutes",
    "text",
    "whole",
]


class Wire(BaseModel):
    """A body on the wire; an unknown field is refused, so that a typing error is seen.

    What comes in is read by its wire names alone: `class ReasonIn(Wire, validate_by_name=False)`.
    """

    model_config = ConfigDict(
        alias_generator=wire_name,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        extra="forbid",
        frozen=True,
    )


def by_wire_names(model: type[BaseModel]) -> Any:
    """For a field of an input whose model the code builds by its own names: read by wire names."""

    def read(value: Any) -> Any:
        if isinstance(value, model):
            return value
        return model.model_validate(value, by_alias=True, by_name=False)

    return BeforeValidator(read)


Item = TypeVar("Item", bound=BaseModel)


class Results(Wire, Generic[Item]):
    """Een pagina met resultaten; de volgende staat in de Link-header."""

    results: list[Item]


# PostgreSQL cannot hold NUL, and the other control characters are never meant.
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
PLAIN_TEXT = rf"^[^{_CONTROLS}]*$"

# The same on one line.
PLAIN_LINE = rf"^[^\n\r\t{_CONTROLS}\u2028\u2029]*$"

# The same, with something in it besides space: readers of JSON Schema count U+FEFF as that.
FILLED_TEXT = rf"^[^{_CONTROLS}]*[^\s\ufeff{_CONTROLS}][^{_CONTROLS}]*$"


def text(maximum: int, *, minimum: int = 1) -> Any:
    """The constraint of a text of `minimum` to `maximum` characters."""
    return StringConstraints(min_length=minimum, max_length=maximum, pattern=PLAIN_TEXT)


def _integral(value: Any) -> Any:
    """JSON knows one kind of number: 3.0 is a whole number there."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True, slots=True)
class WholeConstraint:
    """A whole number between bounds."""

    minimum: int | None
    maximum: int | None

    def __get_pydantic_core_schema__(self, _: Any, __: Any) -> core_schema.CoreSchema:
        number = core_schema.int_schema(strict=True, ge=self.minimum, le=self.maximum)
        return core_schema.no_info_before_validator_function(_integral, number)


def whole(minimum: int | None = None, maximum: int | None = None) -> Any:
    """The constraint of a whole number between bounds; a text or a truth value is none."""
    return WholeConstraint(minimum, maximum)


class MinutesConstraint(WholeConstraint):
    """A time in minutes: an integer on the wire, typed as hours ("7:30") on a form."""


def minutes(minimum: int | None = None, maximum: int | None = None) -> Any:
    """The constraint of a time in minutes between bounds."""
    return MinutesConstraint(minimum, maximum)


Text = Annotated[str, text(255)]
LongText = Annotated[str, text(3000)]
Postcode = Annotated[str, StringConstraints(pattern=POSTCODE), AfterValidator(normal_postcode)]
Whole = Annotated[int, whole()]
Flag = Annotated[bool, Strict()]


def _from_text(value: Any) -> Any:
    if isinstance(value, str | date):
        return value
    raise PydanticCustomError("tekst", "Schrijf dit als tekst")


_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}")


# No system of an agency is older, and nothing is planned later: outside it is a typing error.
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


def _within(value: date) -> None:
    day = value.date() if isinstance(value, datetime) else value
    if not EARLIEST <= day < LATEST:
        raise PydanticCustomError("buiten-bereik", "Vul een datum in tussen 1990 en 2100")


def _bounded_day(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """A day of the wire lies within the bounds; one that is stored is shown whatever it is."""
    if isinstance(value, str) and not _DAY.match(value):
        raise PydanticCustomError("datum", "Schrijf een datum als 2026-11-24")
    found = read(_from_text(value))
    if isinstance(value, str):
        _within(found)
    return found


def _bounded_instant(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, str) and not _INSTANT.match(value):
        raise PydanticCustomError("tijdstip", "Schrijf een tijdstip als 2026-11-24T14:30:00+01:00")
    found = _utc(read(_from_text(value)))
    if isinstance(value, str):
        _within(found)
    return found


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("tijdstip", "Dit tijdstip valt buiten de kalender") from None


def _z(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Day = Annotated[
    date,
    WrapValidator(_bounded_day),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "pattern": "^(199[0-9]|20[0-9]{2})-[0-9]{2}-[0-9]{2}$",
            "formatMinimum": EARLIEST.isoformat(),
            "formatExclusiveMaximum": LATEST.isoformat(),
        }
    ),
]
Instant = Annotated[
    AwareDatetime,
    WrapValidator(_bounded_instant),
    PlainSerializer(_z, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "formatMinimum": f"{EARLIEST.isoformat()}T00:00:00Z",
            "formatExclusiveMaximum": f"{LATEST.isoformat()}T00:00:00Z",
        }
    ),
]

_AMOUNT = r"^-?(0|[1-9][0-9]{0,11})\.[0-9]{2}$"
_POSITIVE_AMOUNT = _AMOUNT.replace("-?", "", 1)


def _amount(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(_AMOUNT, value, re.ASCII):
        raise PydanticCustomError("bedrag", 'Schrijf een bedrag als tekst met 2 decimalen: "1.25"')
    return Decimal(value)


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _AMOUNT, "examples": ["1250.00"]}),
]
# Zero or more.
AmountUp = Annotated[
    Amount,
    Field(ge=0),
    WithJsonSchema({"type": "string", "pattern": _POSITIVE_AMOUNT, "examples": ["1250.00"]}),
]

Longitude = Annotated[float, Field(ge=LONGITUDES[0], le=LONGITUDES[1])]
Latitude = Annotated[float, Field(ge=LATITUDES[0], le=LATITUDES[1])]


def _numbers(value: Any) -> Any:
    if isinstance(value, list | tuple) and not all(
        isinstance(part, int | float) and not isinstance(part, bool) for part in value
    ):
        raise PydanticCustomError("getal", "Coördinaten zijn getallen: [lengtegraad, breedtegraad]")
    return value


class PointIn(Wire, validate_by_name=False):
    """A GeoJSON point in the Netherlands, in CRS84: longitude, latitude."""

    type: Literal["Point"]
    coordinates: Annotated[tuple[Longitude, Latitude], BeforeValidator(_numbers)]

    def point(self) -> Point:
        """The place."""
        return Point(*self.coordinates)


class PointOut(Wire):
    """A GeoJSON point, in the coordinate system that Content-Crs names."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]

    @classmethod
    def of(cls, lon: float | None, lat: float | None) -> "PointOut | None":
        """The point, or None when the place is unknown."""
        return None if lon is None or lat is None else cls(coordinates=(lon, lat))


Cursor = Annotated[str, StringConstraints(max_length=400, pattern=r"^[A-Za-z0-9_-]*$")]
