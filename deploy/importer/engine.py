"""The import itself: rows are read, compared with what was taken over before, and stored.

A dry run is the real run, rolled back at its end: it refuses what the import would refuse.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple, NoReturn

import asyncpg
from pydantic import ValidationError
from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.schema import MetaData

from deploy.importer import mapping as mappings
from deploy.importer.mapping import Mapping, MappingError
from deploy.importer.reading import Export, Line, open_export
from deploy.importer.values import read, says_nothing
from shared import imports
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.http.problems import invalid_params
from shared.imports import (
    IN_HOURS,
    ImportRow,
    ImportSpec,
    Store,
    imported_row_table,
    key_of,
    own_key,
)

BATCH = 2000
ACTOR = "import"
# A field before what is wrong with it, as `reason_of` writes it.
_NAMED = re.compile(r"(^|; )([a-z_]+)(?:\.\d+)?: ")
_TABLE = imported_row_table(MetaData())


class Imported(NamedTuple):
    """A row that was taken over before."""

    source_key: str
    content_hash: bytes


_BEFORE = Query(
    Imported,
    select(_TABLE.c.source_key, _TABLE.c.content_hash).where(
        _TABLE.c.kind == bindparam("kind"),
        _TABLE.c.source_key == func.any(bindparam("keys", type_=ARRAY(Text))),
    ),
)


class _RolledBackError(Exception):
    """The end of a dry run: nothing of it stays."""


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
    new: int = 0
    unchanged: int = 0
    # The lines of the rows that corrected what was taken over before.
    changed_lines: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many rows corrected what was taken over before."""
        return len(self.changed_lines)


class Numbered(NamedTuple):
    """A typed row, where it stands in the file, and what it says."""

    line: int
    row: ImportRow
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file with its mapping, ready to be read as typed rows."""

    export: Export
    mapping: Mapping
    spec: ImportSpec
    source: str

    def rows(self, report: Report) -> Iterator[Numbered]:
        """Typed rows; the others go into the report. A repeated key is refused."""
        seen: dict[str, int] = {}
        for line in self.export.lines():
            report.read += 1
            key = self._key(line)
            try:
                row = self._row(line, seen)
            except ValueError as error:
                report.refused.append(Refusal(line.number, key, reason_of(error)))
                continue
            seen[row.source_key] = line.number
            yield Numbered(line.number, row, _hash(row))

    def _row(self, line: Line, seen: dict[str, int]) -> ImportRow:
        if line.problem is not None:
            raise ValueError(line.problem)
        values: dict[str, object] = dict(self.mapping.constants)
        problems: list[str] = []
        for name, columns in self.mapping.columns.items():
            text = " ".join(filter(None, (line.cells.get(column, "") for column in columns)))
            text = self.mapping.values.get(name, {}).get(text, text)
            info = self.spec.row.model_fields[name]
            if not info.is_required() and says_nothing(text, info.annotation):
                continue
            hours = IN_HOURS in info.metadata
            try:
                values[name] = read(text, info.annotation, self.mapping.notation, hours=hours)
            except ValueError as error:
                problems.append(f"{' en '.join(columns)}: {error}")
        if problems:
            raise ValueError("; ".join(problems))
        if not values.get("source_key"):
            raise ValueError("de bronsleutel is leeg")
        key = values["source_key"] = key_of(self.source, str(values["source_key"]))
        if key in seen:
            raise ValueError(f"deze bronsleutel staat ook op regel {seen[key]}")
        return self.spec.row.model_validate(values)

    def tell(self, report: Report) -> Report:
        """The report by line, with the columns of the file for the fields of the platform."""
        told = [replace(each, reason=self._in_columns(each.reason)) for each in report.refused]
        report.refused = sorted(told, key=lambda refusal: refusal.line)
        return report

    def _in_columns(self, reason: str) -> str:
        return _NAMED.sub(self._column, reason)

    def _column(self, named: re.Match[str]) -> str:
        columns = self.mapping.columns.get(named[2])
        return f"{named[1]}{' en '.join(columns)}: " if columns else named[0]

    def _key(self, line: Line) -> str:
        columns = self.mapping.columns.get("source_key", ())
        return " ".join(line.cells.get(column, "") for column in columns)


def reason_of(error: Exception) -> str:
    """Why a row was refused, in one line."""
    if isinstance(error, ValidationError):
        wrong = invalid_params(dict(detail) for detail in error.errors())
        return "; ".join(f"{param.name}: {param.reason}" for param in wrong)
    return str(error)


def prepare(spec: ImportSpec, path: Path, mapping_path: Path | None, source: str = "") -> Prepared:
    """Open the file and check the mapping. Raises MappingError, UnreadableError or OSError."""
    mapping = mappings.load(mapping_path) if mapping_path else None
    export = open_export(
        path,
        delimiter=mapping.delimiter if mapping else "",
        encoding=mapping.encoding if mapping else "",
    )
    mapping = mapping or mappings.identity(spec.row, export.headers)
    mappings.check(mapping, spec.row, export.headers)
    named = mappings.source_named(source) or mapping.source
    if not named:
        raise MappingError(
            'noem het systeem waar het bestand uit komt: bron = "..." in de mapping, of --source; '
            "sleutels gelden binnen een bron"
        )
    return Prepared(export, mapping, spec, named)


async def dry_run(prepared: Prepared, db: Database, progress: Callable[[int], None]) -> Report:
    """The whole import in one transaction that is rolled back, so that nothing stays."""
    report = Report()
    try:
        async with db.work(ACTOR, sight=Sight.ALL) as work:
            await work.take_time()
            for batch in _batches(prepared, report):
                await _store(prepared.spec, batch, work, report)
                progress(report.read)
            _roll_back()
    except _RolledBackError:
        progress(report.read)
    return prepared.tell(report)


def _roll_back() -> NoReturn:
    raise _RolledBackError


async def run(prepared: Prepared, db: Database, progress: Callable[[int], None]) -> Report:
    """Store the rows. A batch is one commit; an import that stopped is simply run again."""
    report = Report()
    for batch in _batches(prepared, report):
        async with db.work(ACTOR, sight=Sight.ALL) as work:
            await _store(prepared.spec, batch, work, report)
        progress(report.read)
    progress(report.read)
    return prepared.tell(report)


def _batches(prepared: Prepared, report: Report) -> Iterator[list[Numbered]]:
    rows = prepared.rows(report)
    while batch := list(islice(rows, BATCH)):
        yield batch


async def _store(
    spec: ImportSpec, batch: Sequence[Numbered], work: UnitOfWork, report: Report
) -> None:
    """Sort the batch by what is known of it, and store what is new or changed."""
    keys = [each.row.source_key for each in batch]
    before = {
        each.source_key: each.content_hash
        for each in await work.all(_BEFORE, kind=spec.kind, keys=keys)
    }
    fresh = [each for each in batch if each.row.source_key not in before]
    changed = [
        each
        for each in batch
        if before.get(each.row.source_key, each.content_hash) != each.content_hash
    ]
    report.unchanged += len(batch) - len(fresh) - len(changed)
    report.new += len(await _taken(spec, fresh, spec.store, work, report))
    report.changed_lines += await _taken(spec, changed, spec.correct, work, report)


async def _taken(
    spec: ImportSpec,
    rows: Sequence[Numbered],
    store: Store,
    work: UnitOfWork,
    report: Report,
) -> list[int]:
    """The lines of the rows that were stored; of a batch that fails whole, each part by itself."""
    if not rows:
        return []
    try:
        async with work.savepoint():
            refused = await _stored(spec, rows, store, work)
    except (Refused, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
        if len(rows) == 1:
            refused = {rows[0].row.source_key: imports.reason_of(error)}
        else:
            middle = len(rows) // 2
            first = await _taken(spec, rows[:middle], store, work, report)
            return first + await _taken(spec, rows[middle:], store, work, report)
    _refuse(report, rows, refused)
    return [each.line for each in rows if each.row.source_key not in refused]


async def _stored(
    spec: ImportSpec, rows: Sequence[Numbered], store: Store, work: UnitOfWork
) -> dict[str, str]:
    rejections = await store([each.row for each in rows], work)
    refused = dict(rejections)
    for each in rows:
        if each.row.source_key not in refused:
            row = {
                "kind": spec.kind,
                "source_key": each.row.source_key,
                "content_hash": each.content_hash,
            }
            work.upsert(_TABLE, row, keys=("kind", "source_key"))
    return refused


def _refuse(report: Report, rows: Iterable[Numbered], reasons: dict[str, str]) -> None:
    for each in rows:
        if (reason := reasons.get(each.row.source_key)) is not None:
            report.refused.append(Refusal(each.line, own_key(each.row.source_key), reason))


def _hash(row: ImportRow) -> bytes:
    """Of what the row says: a field that a later version adds changes nothing of it."""
    return sha256(row.model_dump_json(exclude_defaults=True).encode()).digest()
