"""From the text of a cell to a value of the row's field: as the mapping states, or for certain.

What could be read in two ways is refused with both readings, unless the mapping states which.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from shared.clock import AMSTERDAM
from shared.http.schema import EARLIEST, LATEST

YES: Final = frozenset({"ja", "j", "true", "waar", "1", "y", "yes", "x"})
NO: Final = frozenset({"nee", "n", "false", "onwaar", "0", "no"})
# Of a text only what is certainly nothing; a person may be called Null.
NOTHING: Final = frozenset({"", "-", "n.v.t.", "nvt", "null", "onbekend", "#n/b"})
NO_TEXT: Final = frozenset({"", "-", "n.v.t.", "nvt", "#n/b"})
NUMBER_FORMS: Final = ("nl", "en")
DATE_FORMS: Final = ("dd-mm-jjjj", "mm-dd-jjjj", "jjjj-mm-dd", "jjjjmmdd", "ddmmjjjj")
HOURS: Final = re.compile(r"^(-?)(\d{1,3}):([0-5]\d)$")
SEPARATED: Final = re.compile(r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})$")
CLOCK: Final = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?$")
DIGITS: Final = re.compile(r"^\d{8}$")
COORDINATE: Final = re.compile(r"^-?\d{1,6}[.,]\d+$")
GROUPED: Final = {
    "nl": re.compile(r"^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"),
    "en": re.compile(r"^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$"),
}


@dataclass(frozen=True, slots=True)
class Notation:
    """How an export writes; an empty form is not stated."""

    numbers: str = ""
    dates: str = ""
    zone: ZoneInfo = AMSTERDAM


def says_nothing(text: str, annotation: Any) -> bool:
    """Whether a cell is empty, or says so: a field with a default then has its default."""
    return text.strip().lower() in (NO_TEXT if str in _kinds(annotation) else NOTHING)


def read(text: str, annotation: Any, notation: Notation, *, hours: bool = False) -> Any:
    """The value of a cell for a field of this type. Raises ValueError, in Dutch.

    Only what is counted in hours may be written as 7:30: elsewhere 8:00 is no 8.
    """
    kinds = _kinds(annotation)
    text = text.strip()
    if not kinds & {tuple, list} and says_nothing(text, annotation):
        if NoneType in kinds:
            return None
        if str not in kinds:
            raise ValueError("mag niet leeg zijn")
        return ""
    if hours and (matched := HOURS.match(text)):
        return _on_the_clock(matched)
    for kind, parse in PARSERS.items():
        if kind in kinds:
            return parse(text, notation)
    return text


def _kinds(annotation: Any) -> set[Any]:
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        return set().union(*(_kinds(part) for part in get_args(annotation)))
    if hasattr(annotation, "__metadata__"):
        return _kinds(get_args(annotation)[0])
    return {annotation if origin is None else origin}


def _instant(text: str, notation: Notation) -> datetime:
    """A moment; a wall clock that shows it twice or never, in spring and autumn, is refused."""
    moment = _iso(text) or _written(text, notation)
    _require_in_calendar(text, moment.date())
    if moment.tzinfo is not None:
        return moment
    first, second = (moment.replace(tzinfo=notation.zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise ValueError(
            f"'{text}' bestaat die dag niet of twee keer (de klok wordt verzet); schrijf het met "
            "het verschil met UTC erbij, zoals +01:00"
        )
    return first


def _iso(text: str) -> datetime | None:
    """ISO 8601 with a time; a day alone is read by its form."""
    if "T" not in text and not re.match(r"^\d{4}-\d{2}-\d{2} ", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _written(text: str, notation: Notation) -> datetime:
    """A day and perhaps a time of day; without one the day begins."""
    day, _, clock = text.partition(" ")
    return datetime.combine(_calendar_day(day, notation), _time(clock.strip(), text))


def _time(clock: str, text: str) -> time:
    if not clock:
        return time()
    matched = CLOCK.match(clock)
    if matched is None or int(matched[1]) > 23 or int(matched[2]) > 59:
        raise ValueError(f"'{text}' heeft geen geldige tijd (bijvoorbeeld 31-12-2024 14:30)")
    return time(int(matched[1]), int(matched[2]), min(59, int(matched[3] or 0)))


def _day(text: str, notation: Notation) -> date:
    """A day; of a moment with an offset, the legal day in the Netherlands."""
    moment = _iso(text) or _written(text, notation)
    _require_in_calendar(text, moment.date())
    return (moment if moment.tzinfo is None else moment.astimezone(AMSTERDAM)).date()


def _require_in_calendar(text: str, day: date) -> None:
    """As in the API (shared.http.schema)."""
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"'{text}' ligt niet tussen {EARLIEST.year} en {LATEST.year}")


def _calendar_day(text: str, notation: Notation) -> date:
    if DIGITS.match(text) and notation.dates in {"jjjjmmdd", "ddmmjjjj"}:
        parts = _digits(text, notation.dates)
    else:
        matched = SEPARATED.match(text)
        if matched is None:
            raise _no_date(text)
        parts = _ordered(text, matched.groups(), notation)
    try:
        return date(*parts)
    except ValueError:
        raise _no_date(text) from None


def _digits(text: str, form: str) -> tuple[int, int, int]:
    if form == "jjjjmmdd":
        return int(text[:4]), int(text[4:6]), int(text[6:])
    return int(text[4:]), int(text[2:4]), int(text[:2])


def _ordered(text: str, parts: tuple[Any, ...], notation: Notation) -> tuple[int, int, int]:
    """Year, month and day. Raises ValueError where the order is not certain."""
    first, second, third = map(int, parts)
    if len(parts[0]) == 4:
        return first, second, third
    if len(parts[2]) != 4:
        raise ValueError(f"'{text}' heeft geen jaar van vier cijfers")
    if notation.dates == "mm-dd-jjjj":
        return third, first, second
    if notation.dates == "dd-mm-jjjj" or first > 12 or first == second:
        return third, second, first
    if second > 12:
        return third, first, second
    raise ValueError(
        f"'{text}' kan twee dagen zijn; zet in de mapping de vorm: "
        'datums = "dd-mm-jjjj" of "mm-dd-jjjj"'
    )


def _no_date(text: str) -> ValueError:
    return ValueError(f"'{text}' is geen datum (bijvoorbeeld 31-12-2024)")


def _on_the_clock(matched: re.Match[str]) -> Decimal:
    hours = Decimal(matched[2]) + Decimal(matched[3]) / 60
    return -hours if matched[1] else hours


def _decimal(text: str, notation: Notation) -> Decimal:
    plain = re.sub(r"[€\s\u00a0\u202f]", "", text)
    forms = [notation.numbers] if notation.numbers else list(NUMBER_FORMS)
    readings = {_number(plain, form) for form in forms if GROUPED[form].match(plain)}
    if not readings:
        raise ValueError(f"'{text}' is geen getal (bijvoorbeeld 1.234,56)")
    if len(readings) > 1:
        raise ValueError(
            f"'{text}' kan {' of '.join(sorted(map(str, readings)))} zijn; zet in de mapping: "
            'getallen = "nl" (1.234,56) of "en" (1,234.56)'
        )
    return readings.pop()


def _number(plain: str, form: str) -> Decimal:
    groups, point = (".", ",") if form == "nl" else (",", ".")
    try:
        return Decimal(plain.replace(groups, "").replace(point, "."))
    except InvalidOperation as error:
        raise ValueError(f"'{plain}' is geen getal") from error


def _whole(text: str, notation: Notation) -> int:
    number = _decimal(text, notation)
    if number != number.to_integral_value():
        raise ValueError(f"'{text}' is geen geheel getal")
    return int(number)


def _flag(text: str, _: Notation) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ValueError(f"'{text}' is geen ja of nee")


def _list(text: str, _: Notation) -> tuple[str, ...]:
    """The parts; a cell that says that there are none is an empty list."""
    if text.lower() in NOTHING:
        return ()
    return tuple(part.strip() for part in re.split(r"[,|;]", text) if part.strip())


def _coordinate(text: str, notation: Notation) -> float:
    """Degrees or metres have no groups: a point or a comma is the decimal mark."""
    if COORDINATE.match(text):
        return float(text.replace(",", "."))
    return float(_decimal(text, notation))


PARSERS: Final[Mapping[Any, Callable[[str, Notation], Any]]] = {
    datetime: _instant,
    AwareDatetime: _instant,
    date: _day,
    bool: _flag,
    int: _whole,
    Decimal: _decimal,
    float: _coordinate,
    tuple: _list,
    list: _list,
}
