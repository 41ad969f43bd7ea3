"""Types that several resources use."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.reporting.domain.plan import Ratio
from shared.http.wire import PLAIN_TEXT, Integral, Wire

_RATE = r"^(0|[1-9]\d{0,4})\.\d{2,4}$"

Year = Annotated[int, Field(strict=True, ge=2000, le=2100), Integral]
Week = Annotated[str, StringConstraints(pattern=r"^(20\d{2}|2100)-W(0[1-9]|[1-4]\d|5[0-3])$")]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1440), Integral]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000_000), Integral]
ProductCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}-\d{2}$")]
Reference = Annotated[
    str, StringConstraints(min_length=3, max_length=200, pattern=PLAIN_TEXT, strip_whitespace=True)
]
Reason = Annotated[
    str, StringConstraints(min_length=3, max_length=500, pattern=PLAIN_TEXT, strip_whitespace=True)
]
Activity = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PLAIN_TEXT)]


def _rate(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(_RATE, value, re.ASCII):
        raise PydanticCustomError(
            "uurtarief", 'Schrijf een uurtarief als tekst met 2 tot 4 decimalen: "95.00"'
        )
    if not Decimal(value):
        raise PydanticCustomError("uurtarief", "Een uurtarief is hoger dan 0")
    return Decimal(value)


Rate = Annotated[
    Decimal,
    BeforeValidator(_rate),
    PlainSerializer(lambda value: f"{value:.4f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _RATE, "examples": ["95.0000"]}),
]


class RatioOut(Wire):
    """A share as it is kept; the percentage is for display and absent over zero."""

    numerator: int
    denominator: int
    percentage: str | None

    @classmethod
    def of(cls, ratio: Ratio) -> "RatioOut":
        shown = ratio.percentage
        return cls(
            numerator=ratio.numerator,
            denominator=ratio.denominator,
            percentage=None if shown is None else f"{shown:.1f}",
        )
