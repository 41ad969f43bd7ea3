"""What every use case of intake has at hand: keys, numbers, reference data, the agency."""

import asyncio
import time
from typing import Final

import orjson
from sqlalchemy import select

from services.intake.reference.domain.lists import DatedTerms, Entry, Reference
from services.intake.reference.domain.terms import ClockKind, Terms
from services.intake.reporters.domain import Reporter
from services.intake.tables import (
    category,
    cause,
    complaint_number,
    incident_number,
    term,
    term_version,
)
from shared.contracts.intake import Urgency
from shared.crypto import decrypt, encrypt
from shared.db.numbers import Numbers
from shared.db.rows import Row, Rows
from shared.http.rate_limit import Limiter
from shared.settings import Settings

REFRESH_SECONDS: Final = 60.0

_CATEGORIES = select(category).order_by(category.c.position, category.c.valid_from)
_CAUSES = select(cause).order_by(cause.c.position, cause.c.valid_from)
_TERMS = (
    select(term_version, term.c.urgency, term.c.kind, term.c.working_days)
    .join(term, term.c.version == term_version.c.version)
    .order_by(term_version.c.version)
)


class ReferenceCache:
    """Reference data in memory, read again each minute; while one reads, the others go on."""

    def __init__(self) -> None:
        self._known: Reference | None = None
        self._read_at = 0.0
        self._lock = asyncio.Lock()

    async def get(self, rows: Rows) -> Reference:
        """The reference data, at most a minute old."""
        fresh = time.monotonic() - self._read_at < REFRESH_SECONDS
        if self._known is not None and (fresh or self._lock.locked()):
            return self._known
        async with self._lock:
            self._known = await read_reference(rows)
            self._read_at = time.monotonic()
        return self._known


async def read_reference(rows: Rows) -> Reference:
    """The reference data as stored."""
    return Reference(
        categories=tuple(_entry(row) for row in await rows.all(_CATEGORIES)),
        causes=tuple(_entry(row) for row in await rows.all(_CAUSES)),
        terms=_terms(await rows.all(_TERMS)),
    )


def _entry(row: Row) -> Entry:
    return Entry(
        code=row["code"],
        name=row["name"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        examples=row.get("examples", ""),
        referral=row.get("referral"),
        mapping=row.get("mapping"),
        confirmed=row["confirmed"],
    )


def _terms(rows: list[Row]) -> tuple[DatedTerms, ...]:
    versions: dict[int, dict[tuple[Urgency, ClockKind], int]] = {}
    of_version = {row["version"]: row for row in rows}
    for row in rows:
        days = versions.setdefault(row["version"], {})
        days[Urgency(row["urgency"]), ClockKind(row["kind"])] = row["working_days"]
    return tuple(
        DatedTerms(
            Terms(version, of_version[version]["confirmed"], days),
            of_version[version]["valid_from"],
            of_version[version]["valid_until"],
        )
        for version, days in versions.items()
    )


class Desk:
    """One per application."""

    def __init__(self, settings: Settings) -> None:
        self.vault = settings.melder_vault()
        self.agency = settings.agency_name
        self.complaint_numbers = Numbers("K", complaint_number)
        self.incident_numbers = Numbers("I", incident_number)
        self.reference = ReferenceCache()
        self.public_limit = Limiter(settings.public_complaints_per_hour)


def seal_reporter(key: bytes, reporter: Reporter) -> bytes:
    """The person, unreadable without the key of the complaint."""
    return encrypt(key, orjson.dumps(reporter))


def open_reporter(key: bytes, sealed: bytes) -> Reporter:
    """The person again. Raises InvalidTag for another key."""
    return Reporter(**orjson.loads(decrypt(key, sealed)))
