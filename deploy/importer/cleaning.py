"""From the text of a cell to a value that the row's field can take."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import AwareDatetime

from shared.clock import AMSTERDAM

DAY_FORMATS = ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d-%m-%y")
TIME_FORMATS = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M")
YES = frozenset({"ja", "j", "true", "waar", "1", "y", "yes", "x"})
NO = frozenset({"nee", "n", "false", "onwaar", "0", "no"})
NOTHING = frozenset({"", "-", "n.v.t.", "nvt", "null", "onbekend", "#n/b"})
THOUSANDS = re.compile(r"^-?\d{1,3}(\.\d{3})+(,\d+)?$")


def clean(text: str, annotation: Any) -> Any:
    """The value in a cell for a field of this type. Raises ValueError, in Dutch."""
    kinds = _kinds(annotation)
    text = text.strip()
    if text.lower() in NOTHING:
        if NoneType in kinds:
            return None
        if str not in kinds:
            raise ValueError("mag niet leeg zijn")
        return ""
    for kind, parse in PARSERS.items():
        if kind in kinds:
            return parse(text)
    return text


def _kinds(annotation: Any) -> set[Any]:
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        return set().union(*(_kinds(part) for part in get_args(annotation)))
    if hasattr(annotation, "__metadata__"):
        return _kinds(get_args(annotation)[0])
    return {annotation if origin is None else origin}


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _by_format(text)
    return found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)


def _by_format(text: str) -> datetime:
    for day in DAY_FORMATS:
        for hour in TIME_FORMATS:
            try:
                return datetime.strptime(text, day + hour).replace(tzinfo=AMSTERDAM)
            except ValueError:
                continue
    raise ValueError(f"'{text}' is geen datum (bijvoorbeeld 31-12-2024)")


def _day(text: str) -> date:
    return _instant(text).date()


def _decimal(text: str) -> Decimal:
    plain = text.replace("€", "").replace(" ", "").replace("\u00a0", "")
    if "," in plain or THOUSANDS.match(plain):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"'{text}' is geen getal (bijvoorbeeld 1.234,56)") from None


def _whole(text: str) -> int:
    number = _decimal(text)
    if number != number.to_integral_value():
        raise ValueError(f"'{text}' is geen geheel getal")
    return int(number)


def _flag(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ValueError(f"'{text}' is geen ja of nee")


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[,|;]", text) if part.strip())


PARSERS: dict[Any, Any] = {
    datetime: _instant,
    AwareDatetime: _instant,
    date: _day,
    bool: _flag,
    int: _whole,
    Decimal: _decimal,
    float: lambda text: float(_decimal(text)),
    tuple: _list,
    list: _list,
}
