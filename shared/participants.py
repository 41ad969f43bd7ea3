"""The participants of the agency, kept by each service that shows them, as reporting tells.

Their codes are CBS codes and part of every contract: `gm` with the code of a municipality, `pv`
with that of a province.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Column,
    Date,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    column,
    func,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY
from starlette.requests import Request

from shared.auth.sight import Sight
from shared.clock import local_date
from shared.contracts.reporting import ParticipantRegistered
from shared.db.database import Database
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import Delivery, Handlers
from shared.rebuild.projection import Projection, only

TABLE: Final = "participant"
# Also a process that was not told of a change itself shows it after this time.
FRESH_SECONDS: Final = 60.0


def participant_table(metadata: MetaData) -> Table:
    """The projection of a service that does not own the participants."""
    return Table(
        TABLE,
        metadata,
        Column("code", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("joined_on", Date, nullable=False),
        Column("left_on", Date),
    )


class _Version(NamedTuple):
    code: str
    version: int


class KeptParticipants:
    """Keeps the newest state of each participant; an older event changes nothing."""

    def __init__(self, kept: Table) -> None:
        self._table = kept
        self._versions = Query(
            _Version,
            select(kept.c.code, kept.c.version)
            .where(kept.c.code == func.any(bindparam("codes", type_=ARRAY(Text))))
            .order_by(kept.c.code)
            .with_for_update(),
        )

    @property
    def handlers(self) -> Handlers:
        """The consumer: one line in the literal of a service."""
        return {ParticipantRegistered: only(self.keep)}

    @property
    def projection(self) -> Projection:
        """What a rebuild makes anew."""
        return Projection(
            name="deelnemers",
            title="Deelnemers",
            tables=(self._table,),
            handlers=self.handlers,
        )

    async def keep(
        self, deliveries: Sequence[Delivery[ParticipantRegistered]], work: UnitOfWork
    ) -> None:
        """Store what is newest of each."""
        newest: dict[str, ParticipantRegistered] = {}
        for delivery in deliveries:
            event = delivery.event
            other = newest.get(event.participant)
            if other is None or other.version < event.version:
                newest[event.participant] = event
        codes = sorted(newest)
        rows = await work.all(self._versions, codes=codes)
        stored = {row.code: row.version for row in rows}
        for code in codes:
            if stored.get(code, 0) < newest[code].version:
                work.upsert(self._table, _row(newest[code]), keys=("code",))


def _row(event: ParticipantRegistered) -> dict[str, Any]:
    return {
        "code": event.participant,
        "version": event.version,
        "name": event.name,
        "joined_on": event.joined_on,
        "left_on": event.left_on,
    }


class ParticipantName(NamedTuple):
    """A participant on a screen."""

    code: str
    name: str
    left_on: date | None = None


_PARTICIPANT = table(
    TABLE,
    column("code", Text),
    column("name", Text),
    column("left_on", Date),
)
_NAMES: Final = Query(
    ParticipantName,
    select(_PARTICIPANT).order_by(_PARTICIPANT.c.name, _PARTICIPANT.c.code),
)


class ParticipantNames:
    """The names in memory, read again by the first page after a minute or after a code it lacks."""

    def __init__(self) -> None:
        self._names: Mapping[str, ParticipantName] = {}
        self._read_at = -FRESH_SECONDS
        self._today = date.min

    async def refresh(self, db: Database) -> None:
        """Read the names when they may be old."""
        if time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        async with db.read(Sight.ALL) as rows:
            found = await rows.all(_NAMES)
        self._names = {each.code: each for each in found}
        self._today = local_date(db.clock.now())
        self._read_at = time.monotonic() if found else -FRESH_SECONDS

    def name_of(self, code: str | None) -> str:
        """The name of a participant; the code itself when it is not known here."""
        if code is None:
            return "nog niet bekend"
        if code not in self._names:
            self._read_at = -FRESH_SECONDS
            return code
        return self._names[code].name

    def choices(self, sees: Callable[[str | None], bool]) -> list[tuple[str, str]]:
        """Codes and names that can be chosen, in the order of their names: who takes part today."""
        return [
            (each.code, each.name)
            for each in self._names.values()
            if sees(each.code) and (each.left_on is None or each.left_on > self._today)
        ]


def names_for(request: Request) -> ParticipantNames:
    """The names that this service knows."""
    names: ParticipantNames = request.app.state.participants
    return names


async def refresh_names(request: Request) -> None:
    """Asked for by every page of a service that keeps participants."""
    await names_for(request).refresh(request.app.state.db)
