"""The mapping file (TOML): which column of the export is which field, and how values are written.

bron = "zaaksysteem-hengelo"     # naam van het systeem; sleutels gelden binnen een bron
scheidingsteken = ";"            # leeg: wordt herkend
tekenset = "windows-1252"        # leeg: UTF-8, en anders vragen wij ernaar
getallen = "nl"                  # 1.234,56 (nl) of 1,234.56 (en); leeg: alleen wat zeker is
datums = "dd-mm-jjjj"            # of mm-dd-jjjj, jjjj-mm-dd, jjjjmmdd, ddmmjjjj; leeg: idem
tijdzone = "Europe/Amsterdam"    # van tijden zonder verschil met UTC

[kolommen]                       # veld = kolomnaam in de export, of twee: datum en tijd
source_key = "Zaaknummer"
received_at = ["Datum ontvangst", "Tijd ontvangst"]

[vast]                           # veld = waarde voor elke regel
channel = "telefoon"

[waarden.category]               # waarde in de export = waarde van het platform
"Stank" = "geur"
"""

import re
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deploy.importer.values import DATE_FORMS, NUMBER_FORMS, Notation
from shared.imports import ImportRow

PARTS = frozenset(
    {
        *("bron", "kolommen", "vast", "waarden", "scheidingsteken", "tekenset"),
        *("getallen", "datums", "tijdzone"),
    }
)
SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class MappingError(ValueError):
    """A mapping that cannot be used; says which part and what to do (Dutch)."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file."""

    columns: dict[str, tuple[str, ...]]
    source: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    delimiter: str = ""
    encoding: str = ""
    notation: Notation = field(default_factory=Notation)


def load(path: Path) -> Mapping:
    """Read a mapping file. Raises MappingError when it is no TOML, or a part is not right."""
    try:
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MappingError(f"{path} is geen geldige TOML in UTF-8: {error}") from error
    if unknown := given.keys() - PARTS:
        raise MappingError(f"{path}: onbekend deel {', '.join(sorted(unknown))}")
    return Mapping(
        columns={str(name): _columns(name, of) for name, of in _table(given, "kolommen").items()},
        source=source_named(str(given.get("bron", ""))),
        constants=_texts(_table(given, "vast")),
        values={
            str(name): _texts(_table(_table(given, "waarden"), name))
            for name in _table(given, "waarden")
        },
        delimiter=str(given.get("scheidingsteken", "")),
        encoding=str(given.get("tekenset", "")),
        notation=_notation(given),
    )


def source_named(name: str) -> str:
    """The name of a source as it may be; empty is not named yet. Raises MappingError."""
    if name and not SOURCE.fullmatch(name):
        raise MappingError(
            f"bron '{name}': gebruik kleine letters, cijfers en streepjes, ten hoogste 40"
        )
    return name


def identity(row: type[ImportRow], headers: list[str]) -> Mapping:
    """The mapping of a file whose columns already have the field's own names."""
    return Mapping(columns={name: (name,) for name in row.model_fields if name in headers})


def check(mapping: Mapping, row: type[ImportRow], headers: list[str]) -> None:
    """Raises MappingError for a field that does not exist, or a column that is not there once."""
    given = mapping.columns.keys() | mapping.constants.keys()
    if unknown := (given | mapping.values.keys()) - row.model_fields.keys():
        raise MappingError(
            f"onbekend veld {', '.join(sorted(unknown))}; kies uit {', '.join(row.model_fields)}"
        )
    if both := mapping.columns.keys() & mapping.constants.keys():
        raise MappingError(f"{', '.join(sorted(both))} staat bij kolommen én bij vast")
    wanted = [column for columns in mapping.columns.values() for column in columns]
    if absent := [column for column in wanted if column not in headers]:
        raise MappingError(
            f"het bestand heeft geen kolom {', '.join(absent)}; wel: {', '.join(headers)}"
        )
    if twice := sorted({column for column in wanted if headers.count(column) > 1}):
        raise MappingError(f"het bestand heeft meer dan één kolom {', '.join(twice)}")
    required = {name for name, info in row.model_fields.items() if info.is_required()}
    if missing := required - given:
        raise MappingError(f"geef ook een kolom voor {', '.join(sorted(missing))}")


def _notation(given: Table[str, Any]) -> Notation:
    numbers = _one_of(given, "getallen", NUMBER_FORMS)
    dates = _one_of(given, "datums", DATE_FORMS)
    zone = str(given.get("tijdzone", "Europe/Amsterdam"))
    try:
        return Notation(numbers, dates, ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise MappingError(f"tijdzone '{zone}' bestaat niet") from None


def _one_of(given: Table[str, Any], part: str, forms: tuple[str, ...]) -> str:
    form = str(given.get(part, ""))
    if form and form not in forms:
        raise MappingError(f"{part} = '{form}': kies uit {', '.join(forms)}")
    return form


def _table(given: Table[str, Any], part: str) -> Table[str, Any]:
    found = given.get(part, {})
    if not isinstance(found, dict):
        raise MappingError(f"{part} moet een tabel zijn: [{part}]")
    return found


def _columns(name: str, of: Any) -> tuple[str, ...]:
    if isinstance(of, str):
        return (of,)
    if isinstance(of, list) and 1 <= len(of) <= 2 and all(isinstance(each, str) for each in of):
        return tuple(of)
    raise MappingError(f"kolommen.{name}: geef één kolomnaam, of twee (datum en tijd)")


def _texts(table: Table[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in table.items()}
