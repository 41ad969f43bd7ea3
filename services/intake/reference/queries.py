"""Reference data, read at most once a minute."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from services.intake.reference.domain.lists import DatedTerms, Entry, Reference
from services.intake.reference.domain.terms import ClockKind, Terms
from services.intake.reference.tables import category, cause, term, term_version
from shared.contracts.intake import Urgency
from shared.db.query import Query
from shared.db.rows import Rows

REFRESH_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of one version."""

    version: int
    valid_from: date
    valid_until: date | None
    confirmed: bool
    urgency: Urgency
    kind: ClockKind
    working_days: int


_CATEGORIES: Final = Query(
    Entry,
    select(*(category.c[name] for name in Entry.__slots__)).order_by(
        category.c.position, category.c.valid_from
    ),
)


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause has neither examples nor a referral."""

    code: str
    name: str
    valid_from: date
    valid_until: date | None
    confirmed: bool


_CAUSES: Final = Query(
    CauseRow,
    select(*(cause.c[name] for name in CauseRow.__slots__)).order_by(
        cause.c.position, cause.c.valid_from
    ),
)
_TERMS: Final = Query(
    TermRow,
    select(
        term_version.c.version,
        term_version.c.valid_from,
        term_version.c.valid_until,
        term_version.c.confirmed,
        term.c.urgency,
        term.c.kind,
        term.c.working_days,
    )
    .join(term, term.c.version == term_version.c.version)
    .order_by(term_version.c.version),
)


class ReferenceCache:
    """Reference data in memory, read again each minute; while one reads, the others go on."""

    def __init__(self) -> None:
        self._kept: Reference | None = None
        self._read_at = 0.0
        self._lock = asyncio.Lock()

    async def get(self, rows: Rows) -> Reference:
        """The reference data, at most a minute old."""
        fresh = time.monotonic() - self._read_at < REFRESH_SECONDS
        if self._kept is not None and (fresh or self._lock.locked()):
            return self._kept
        async with self._lock:
            self._kept = await read_reference(rows)
            self._read_at = time.monotonic()
        return self._kept


async def read_reference(rows: Rows) -> Reference:
    """The reference data as stored."""
    return Reference(
        categories=tuple(await rows.all(_CATEGORIES)),
        causes=tuple(_entry(row) for row in await rows.all(_CAUSES)),
        terms=_terms(await rows.all(_TERMS)),
    )


def _entry(row: CauseRow) -> Entry:
    return Entry(
        code=row.code,
        name=row.name,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        confirmed=row.confirmed,
    )


def _terms(rows: Sequence[TermRow]) -> tuple[DatedTerms, ...]:
    versions: dict[int, dict[tuple[Urgency, ClockKind], int]] = {}
    of_version = {row.version: row for row in rows}
    for row in rows:
        versions.setdefault(row.version, {})[row.urgency, row.kind] = row.working_days
    return tuple(
        DatedTerms(
            Terms(version, of_version[version].confirmed, days),
            of_version[version].valid_from,
            of_version[version].valid_until,
        )
        for version, days in versions.items()
    )
