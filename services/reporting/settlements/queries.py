"""Runs and settlements, and the control totals of a year."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from services.reporting.context import ReadCtx
from services.reporting.settlements.domain.run import (
    RunFacts,
    SettledPart,
    Totals,
    control_totals,
)
from services.reporting.settlements.domain.settlement import SettlementState
from services.reporting.settlements.tables import settlement as settled
from services.reporting.settlements.tables import settlement_run
from services.reporting.sight import limited_to
from services.reporting.tables import participant
from shared.db.filters import equals
from shared.db.listing import Listing, Page
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.http.paging import Paging
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A settlement without its calculation."""

    id: UUID
    version: int
    run_id: UUID
    participant: str
    participant_name: str
    year: int
    state: SettlementState
    minutes: int
    owed: Decimal
    advance: Decimal
    balance: Decimal
    result_share: Decimal
    to_pay: Decimal
    input_hash: str
    proposed_by: str
    proposed_at: datetime
    adopted_by: str | None
    adopted_on: date | None
    decision_reference: str | None


class FullSettlement(NamedTuple):
    """A settlement with its calculation as it was kept: canonical JSON."""

    settlement: SettlementRow
    snapshot: bytes


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run without its settlements."""

    id: UUID
    version: int
    year: int
    state: SettlementState
    inherited: bool
    result_amount: Decimal
    collective_minutes: int
    missing: list[str]
    input_hash: str
    proposed_by: str
    proposed_at: datetime
    adopted_by: str | None
    adopted_on: date | None
    decision_reference: str | None

    @property
    def facts(self) -> RunFacts:
        """What it says all its settlements come to."""
        return RunFacts(self.result_amount, self.collective_minutes, tuple(self.missing))


class RunDetail(NamedTuple):
    """A run with its settlements and what they come to."""

    run: RunRow
    settlements: Sequence[SettlementRow]
    totals: Totals


_ONE = """
    SELECT s.id, s.version, s.run_id, s.participant, p.name AS participant_name, s.year, s.state,
           s.minutes, s.owed, s.advance, s.balance, s.result_share, s.to_pay, s.input_hash,
           s.proposed_by, s.proposed_at, s.adopted_by, s.adopted_on, s.decision_reference
    FROM settlement s JOIN participant p ON p.code = s.participant
"""
_SETTLEMENT = Query(SettlementRow, text(f"{_ONE} WHERE s.id = :id"))
_SNAPSHOT = Query(bytes, text("SELECT snapshot FROM settlement WHERE id = :id"))
_OF_RUN = Query(SettlementRow, text(f"{_ONE} WHERE s.run_id = :run_id ORDER BY p.name"))
_OF_YEAR = Query(
    SettlementRow,
    text(f"""{_ONE} WHERE s.participant = :participant AND s.year = :year
        ORDER BY s.state = 'vastgesteld' DESC, s.proposed_at DESC LIMIT 5"""),
)
_OF_SETTLEMENT = [field.name for field in fields(SettlementRow) if field.name != "participant_name"]
_SETTLEMENTS = Listing(
    SettlementRow,
    select(
        *(settled.c[name] for name in _OF_SETTLEMENT),
        participant.c.name.label("participant_name"),
    )
    .join(participant, participant.c.code == settled.c.participant)
    .where(visible(settled)),
    filters={
        "participant": equals(settled.c.participant, "participant"),
        "year": equals(settled.c.year, "year"),
        "state": equals(settled.c.state, "state"),
    },
    order=(settled.c.year, settled.c.participant, settled.c.id),
    descending=True,
)
_RUN = """
    SELECT r.id, r.version, r.year, r.state, r.inherited, r.result_amount, r.collective_minutes,
           r.missing, r.input_hash, r.proposed_by, r.proposed_at, r.adopted_by, r.adopted_on,
           r.decision_reference
    FROM settlement_run r
"""
_ONE_RUN = Query(RunRow, text(f"{_RUN} WHERE r.id = :id"))
_RUNS_OF_YEAR = Query(
    RunRow, text(f"{_RUN} WHERE r.year = :year AND r.state = 'vastgesteld' ORDER BY r.id")
)
_RUNS = Listing(
    RunRow,
    select(*(settlement_run.c[field.name] for field in fields(RunRow))),
    filters={
        "year": equals(settlement_run.c.year, "year"),
        "state": equals(settlement_run.c.state, "state"),
    },
    order=(settlement_run.c.year, settlement_run.c.id),
    descending=True,
)
_PART = """
    SELECT owed, advance, balance, result_share, to_pay, collective_minutes, versions_hash
    FROM settlement
"""
_PARTS_OF_YEAR = Query(
    SettledPart,
    text(f"""{_PART} WHERE year = :year AND state = 'vastgesteld'
        AND {limited_to("participant")}"""),
)
_PARTS_OF_RUN = Query(SettledPart, text(f"{_PART} WHERE run_id = :run_id"))


async def detail(rows: Rows, identity: UUID) -> RunDetail:
    """A run with its settlements, for a use case that settled who asks. Raises NotFound."""
    run = await rows.one(_ONE_RUN, "Deze jaarafrekening", id=identity)
    parts = await rows.all(_PARTS_OF_RUN, run_id=identity)
    settlements = await rows.all(_OF_RUN, run_id=identity)
    return RunDetail(run, settlements, control_totals([run.facts], parts, whole=True))


async def run(identity: UUID, ctx: ReadCtx) -> RunDetail:
    """A run with its settlements. Raises Forbidden, NotFound."""
    ctx.require(Scope.SETTLEMENTS_READ)
    ctx.require_agency()
    return await detail(ctx.rows, identity)


async def runs(
    page: Paging, ctx: ReadCtx, *, year: int | None, state: SettlementState | None = None
) -> Page[RunRow]:
    """The runs, of the last year first. Raises Forbidden."""
    ctx.require(Scope.SETTLEMENTS_READ)
    ctx.require_agency()
    return await _RUNS.page(ctx.rows, page, year=year, state=state)


async def settlement(identity: UUID, ctx: ReadCtx) -> FullSettlement:
    """One settlement with its calculation. Raises Forbidden, NotFound."""
    ctx.require(Scope.SETTLEMENTS_READ)
    row = await ctx.rows.one(_SETTLEMENT, "Deze afrekening", id=identity)
    ctx.require_participant(row.participant)
    return FullSettlement(row, await ctx.rows.one(_SNAPSHOT, "Deze afrekening", id=identity))


async def settlements(
    page: Paging,
    ctx: ReadCtx,
    *,
    participant: str | None = None,
    year: int | None = None,
    state: SettlementState | None = None,
) -> Page[SettlementRow]:
    """Settlements that a caller may see. Raises Forbidden."""
    ctx.require(Scope.SETTLEMENTS_READ)
    if participant is not None:
        ctx.require_participant(participant)
    filters = {"participant": participant, "year": year, "state": state}
    return await _SETTLEMENTS.page(ctx.rows, page, sight=ctx.sight, **filters)


async def of_participant(participant: str, year: int, ctx: ReadCtx) -> list[SettlementRow]:
    """The last settlements of a participant's year. Raises Forbidden."""
    ctx.require(Scope.SETTLEMENTS_READ)
    ctx.require_participant(participant)
    return await ctx.rows.all(_OF_YEAR, participant=participant, year=year)


async def totals(year: int, ctx: ReadCtx) -> Totals:
    """The control totals of what was adopted of a year. Raises Forbidden."""
    ctx.require(Scope.SETTLEMENTS_READ)
    parts = await ctx.rows.all(_PARTS_OF_YEAR, year=year, sight=ctx.sight)
    adopted = await ctx.rows.all(_RUNS_OF_YEAR, year=year)
    return control_totals([row.facts for row in adopted], parts, whole=ctx.sight.everyone)
