"""The shape of each parameter: what policy may decide, and within which bounds."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.errors import conflict, unknown


def require_shape(code: str, value: Mapping[str, Any]) -> None:
    """Raises Conflict for a parameter that is not known, or a value of another shape."""
    shape = SHAPES.get(code)
    if shape is None:
        raise unknown("code", f"Kies uit: {', '.join(sorted(SHAPES))}.")
    if not shape(value):
        raise conflict("content", "vorm", "De inhoud heeft niet de vorm van deze parameter.")


def _whole(value: Mapping[str, Any]) -> bool:
    minutes = value.get("minuten")
    return value.keys() == {"minuten"} and type(minutes) is int and 0 < minutes <= 10080


def _percents(value: Any) -> bool:
    digits = value.replace(".", "", 1) if isinstance(value, str) else ""
    return bool(digits) and digits.isascii() and digits.isdecimal() and float(value) <= 100


def _lights(value: Mapping[str, Any]) -> bool:
    if value.keys() != {"groen", "oranje"} or not all(map(_percents, value.values())):
        return False
    return float(value["groen"]) <= float(value["oranje"])


def _band(value: Mapping[str, Any]) -> bool:
    modes = {"geen", "alleen meerdere", "alles bij overschrijding"}
    return (
        value.keys() == {"percentage", "wijze"}
        and _percents(value["percentage"])
        and value["wijze"] in modes
    )


def _season(value: Mapping[str, Any]) -> bool:
    months = value.get("maanden")
    if value.keys() != {"maanden"} or not isinstance(months, list) or len(months) != 12:
        return False
    return all(type(weight) is int and 0 < weight <= 1000 for weight in months)


def _key(value: Mapping[str, Any]) -> bool:
    return value.keys() == {"sleutel"} and isinstance(value["sleutel"], str)


SHAPES: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {
    "urenstap": _whole,
    "werkweek": _whole,
    "verkeerslicht": _lights,
    "bandbreedte": _band,
    "seizoen": _season,
    "sleutel-collectief": _key,
    "sleutel-resultaat": _key,
}
