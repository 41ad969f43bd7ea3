"""The mapping file (TOML): which column of the export is which field, and how values are written.

scheidingsteken = ";"            # leeg: wordt herkend
tekenset = "windows-1252"        # leeg: utf-8, anders windows-1252

[kolommen]                       # veld = kolomnaam in de export
bronsleutel = "Zaaknummer"
ontvangen_op = "Datum ontvangst"

[vast]                           # veld = waarde voor elke regel
kanaal = "telefoon"

[waarden.categorie]              # waarde in de export = waarde van het platform
"Stank" = "geur"
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.imports import ImportRow


class MappingError(ValueError):
    """A mapping that cannot be used; says which part and what to do (Dutch)."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file."""

    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    delimiter: str = ""
    encoding: str = ""


def load(path: Path) -> Mapping:
    """Read a mapping file. Raises MappingError when it is no TOML, or has unknown parts."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} is geen geldige TOML: {error}") from error
    parts = {"kolommen", "vast", "waarden", "scheidingsteken", "tekenset"}
    if unknown := found.keys() - parts:
        raise MappingError(f"{path}: onbekend deel {', '.join(sorted(unknown))}")
    return Mapping(
        columns=_texts(found.get("kolommen", {})),
        constants=_texts(found.get("vast", {})),
        values={name: _texts(table) for name, table in found.get("waarden", {}).items()},
        delimiter=str(found.get("scheidingsteken", "")),
        encoding=str(found.get("tekenset", "")),
    )


def identity(row: type[ImportRow], headers: list[str]) -> Mapping:
    """The mapping of a file whose columns already have the field's own names."""
    return Mapping(columns={name: name for name in row.model_fields if name in headers})


def check(mapping: Mapping, row: type[ImportRow], headers: list[str]) -> None:
    """Raises MappingError for a field that does not exist, or a column that the file lacks."""
    given = mapping.columns.keys() | mapping.constants.keys()
    if unknown := given - row.model_fields.keys():
        raise MappingError(
            f"onbekend veld {', '.join(sorted(unknown))}; kies uit {', '.join(row.model_fields)}"
        )
    if absent := [column for column in mapping.columns.values() if column not in headers]:
        raise MappingError(
            f"het bestand heeft geen kolom {', '.join(absent)}; wel: {', '.join(headers)}"
        )
    required = {name for name, info in row.model_fields.items() if info.is_required()}
    if missing := required - given:
        raise MappingError(f"geef ook een kolom voor {', '.join(sorted(missing))}")


def _texts(table: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in dict(table).items()}
