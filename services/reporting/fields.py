"""Types of fields that several parts have on the wire."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from services.reporting.realisation.domain.plan import Ratio
from shared.http.schema import FILLED_TEXT, PLAIN_TEXT, Wire, minutes, whole

# More than nothing: 95.00, 0.05, 0.0001.
_RATE = (
    r"^([1-9][0-9]{0,4}\.[0-9]{2,4}|0\.(0[1-9]|[1-9][0-9])[0-9]{0,2}|0\.00(0[1-9]|[1-9][0-9]?))$"
)

Year = Annotated[int, whole(2000, 2100)]
_LONG_YEARS = "|".join(
    str(y) for y in range(2000, 2100) if date(y, 12, 28).isocalendar().week == 53
)
_WEEK = rf"^(20[0-9]{{2}}-W(0[1-9]|[1-4][0-9]|5[0-2])|({_LONG_YEARS})-W53)$"
Week = Annotated[str, StringConstraints(pattern=_WEEK)]
Minutes = Annotated[int, minutes(0, 1440)]
Count = Annotated[int, whole(0, 10_000_000)]
ProductCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d{2}-\d{2}$")]
Reference = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=FILLED_TEXT),
    AfterValidator(str.strip),
]
Reason = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=FILLED_TEXT),
    AfterValidator(str.strip),
]
Activity = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=PLAIN_TEXT)]


def _rate(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(_RATE, value, re.ASCII):
        raise PydanticCustomError(
            "uurtarief",
            'Schrijf een uurtarief boven 0 als tekst met 2 tot 4 decimalen: "95.00"',
        )
    return Decimal(value)


Rate = Annotated[
    Decimal,
    BeforeValidator(_rate),
    PlainSerializer(lambda value: f"{value:.4f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _RATE, "examples": ["95.0000"]}),
]


class RatioOut(Wire):
    """Een aandeel zoals het wordt bewaard; het percentage is om te tonen en ontbreekt bij nul."""

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
