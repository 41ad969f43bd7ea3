"""The fields of each kind of import, as `docs/overnemen.md`: generated from the typed rows."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, get_args

from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from deploy.services import spec_of
from shared.imports import IN_HOURS, ImportSpec
from shared.settings import SERVICES

HEAD: Final = """# Overnemen uit een ander systeem

Gegenereerd uit de code. Hoe een import gaat, staat in [beheer](beheer.md). Dagen en momenten liggen
tussen 1990 en 2100.
"""
KINDS: Final = (
    (bool, "ja of nee"),
    (datetime, "moment"),
    (AwareDatetime, "moment"),
    (date, "dag"),
    (Decimal, "getal"),
    (float, "coördinaat"),
    (int, "geheel getal"),
    (tuple, "lijst, met komma's"),
)

# The names of constraints of pydantic and annotated-types.
RULES: Final = {
    "min_length": "ten minste {} tekens",
    "max_length": "ten hoogste {} tekens",
    "ge": "vanaf {}",
    "le": "tot en met {}",
    "gt": "meer dan {}",
    "lt": "minder dan {}",
    "pattern": "vorm `{}`",
}
# In the pattern of every text: no characters that cannot be seen.
CONTROL: Final = r"\x00-\x08"


def markdown() -> str:
    """A table per kind of import."""
    specs = [spec for name in SERVICES for spec in spec_of(name).imports]
    return HEAD + "".join(_kind(spec) for spec in specs)


def _kind(spec: ImportSpec) -> str:
    rows = "".join(_row(name, field) for name, field in spec.row.model_fields.items())
    table = "| veld | soort | verplicht | grenzen |\n|---|---|---|---|\n"
    return f"\n## {spec.kind}\n\n{spec.correction}\n\n{table}{rows}"


def _row(name: str, field: FieldInfo) -> str:
    needed = "ja" if field.is_required() else "nee"
    bounds = "; ".join([*_values(field.annotation), *_bounds(field)])
    return f"| `{name}` | {_kind_of(field)} | {needed} | {bounds} |\n"


def _kind_of(field: FieldInfo) -> str:
    return "uren, ook als 7:30" if IN_HOURS in field.metadata else _sort(field.annotation)


def _types(annotation: Any) -> Iterator[Any]:
    if hasattr(annotation, "__metadata__") or not get_args(annotation):
        yield get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
        return
    origin = getattr(annotation, "__origin__", None)
    if origin is tuple:
        yield tuple
        return
    for part in get_args(annotation):
        yield from _types(part)


def _sort(annotation: Any) -> str:
    found = [each for each in _types(annotation) if isinstance(each, type)]
    if any(issubclass(each, StrEnum) for each in found):
        return "een van de waarden"
    return next((name for kind, name in KINDS for each in found if issubclass(each, kind)), "tekst")


def _values(annotation: Any) -> Iterator[str]:
    for each in _types(annotation):
        if isinstance(each, type) and issubclass(each, StrEnum):
            yield ", ".join(each)


def _bounds(field: FieldInfo) -> Iterator[str]:
    for rule in field.metadata:
        for name, words in RULES.items():
            if (value := getattr(rule, name, None)) is not None:
                yield _in_words(name, value) or words.format(str(value).replace("|", "&#124;"))


def _in_words(rule: str, value: object) -> str | None:
    """What reads better than the rule itself."""
    if rule == "min_length" and value == 1:
        return "niet leeg"
    if rule == "pattern" and CONTROL in str(value):
        return "niet alleen spaties" if "+" in str(value) else "zonder besturingstekens"
    return None
