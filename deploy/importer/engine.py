"""The import itself: check every row first, then store in batches that can be done again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from deploy.importer import mapping as mappings
from deploy.importer.cleaning import clean
from deploy.importer.mapping import Mapping
from deploy.importer.reading import Export, Line, open_export
from shared.db.database import Database
from shared.http.problems import invalid_params
from shared.imports import ImportRow, ImportSpec

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not stored: its line, its key and why."""

    line: int
    source_key: str
    reason: str


@dataclass(slots=True)
class Report:
    """What an import did, or would do."""

    read: int = 0
    stored: int = 0
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file with its mapping, ready to be read as typed rows."""

    export: Export
    mapping: Mapping
    spec: ImportSpec

    def rows(self, report: Report) -> Iterator[tuple[int, ImportRow]]:
        """Typed rows; the others go into the report. A repeated key is refused."""
        seen: set[str] = set()
        for line in self.export.lines():
            report.read += 1
            try:
                row = self._row(line, seen)
            except ValueError as error:
                report.refused.append(Refusal(line.number, self._key(line), reason_of(error)))
                continue
            seen.add(row.source_key)
            yield line.number, row

    def _row(self, line: Line, seen: set[str]) -> ImportRow:
        if self._key(line) in seen:
            raise ValueError("deze bronsleutel kwam al eerder voor in het bestand")
        if line.surplus:
            raise ValueError(f"de regel heeft {line.surplus} cellen te veel")
        values: dict[str, object] = dict(self.mapping.constants)
        problems: list[str] = []
        for name, column in self.mapping.columns.items():
            text = line.cells.get(column, "")
            text = self.mapping.values.get(name, {}).get(text, text)
            try:
                values[name] = clean(text, self.spec.row.model_fields[name].annotation)
            except ValueError as error:
                problems.append(f"{column}: {error}")
        if problems:
            raise ValueError("; ".join(problems))
        defaults = {name: value for name, value in values.items() if not self._default(name, value)}
        return self.spec.row.model_validate(defaults)

    def _default(self, name: str, value: object) -> bool:
        """An empty cell of a field that has a default leaves the default."""
        return value is None and not self.spec.row.model_fields[name].is_required()

    def _key(self, line: Line) -> str:
        return line.cells.get(self.mapping.columns.get("source_key", ""), "")


def reason_of(error: ValueError) -> str:
    """Why a row was refused, in one line."""
    if isinstance(error, ValidationError):
        found = invalid_params(dict(detail) for detail in error.errors())
        return "; ".join(f"{param.name}: {param.reason}" for param in found)
    return str(error)


def prepare(spec: ImportSpec, path: Path, mapping_path: Path | None) -> Prepared:
    """Open the file and check the mapping. Raises MappingError, ValueError or OSError."""
    mapping = mappings.load(mapping_path) if mapping_path else None
    export = open_export(
        path,
        delimiter=mapping.delimiter if mapping else "",
        encoding=mapping.encoding if mapping else "",
    )
    mapping = mapping or mappings.identity(spec.row, export.headers)
    mappings.check(mapping, spec.row, export.headers)
    return Prepared(export, mapping, spec)


def dry_run(prepared: Prepared, progress: Callable[[int], None]) -> Report:
    """Read everything, store nothing."""
    report = Report()
    for _ in prepared.rows(report):
        progress(report.read)
    return report


async def run(prepared: Prepared, db: Database, progress: Callable[[int], None]) -> Report:
    """Store the rows. A batch is one commit; a stopped import is simply run again."""
    report = Report()
    rows = prepared.rows(report)
    while batch := list(islice(rows, BATCH)):
        await _store(prepared.spec, batch, db, report)
        progress(report.read)
    progress(report.read)
    return report


async def _store(
    spec: ImportSpec, batch: list[tuple[int, ImportRow]], db: Database, report: Report
) -> None:
    async with db.work(actor="import") as work:
        rejections = await spec.store([row for _, row in batch], work)
    lines = {row.source_key: number for number, row in batch}
    report.refused += [Refusal(lines[key], key, reason) for key, reason in rejections]
    report.stored += len(batch) - len(rejections)
