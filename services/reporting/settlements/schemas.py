"""Jaarafrekeningen en de afrekeningen van deelnemers op de lijn."""

from dataclasses import asdict
from decimal import Decimal
from uuid import UUID

import orjson

from services.reporting.fields import Rate, Reference, Year
from services.reporting.settlements.commands import AdoptRun, TryRun
from services.reporting.settlements.domain.run import Totals
from services.reporting.settlements.domain.settlement import BandMode, SettlementState
from services.reporting.settlements.queries import (
    FullSettlement,
    RunDetail,
    RunRow,
    SettlementRow,
)
from shared.http.schema import Amount, Day, Flag, Instant, Whole, Wire


class TrialIn(Wire, validate_by_name=False):
    """Het jaar dat op proef wordt berekend, met het te verdelen resultaat."""

    year: Year
    result_amount: Amount = Decimal("0.00")

    def command(self) -> TryRun:
        return TryRun(self.year, self.result_amount)


class AdoptionIn(Wire, validate_by_name=False):
    """Het besluit dat vaststelt."""

    decision_reference: Reference

    def command(self, run_id: UUID, version: int) -> AdoptRun:
        return AdoptRun(run_id, version, self.decision_reference)


class SettlementLineOut(Wire):
    """Uren van een product tegen een versie van het tarief; een keer afgerond."""

    product: str
    tariff_id: UUID
    rate: Rate
    minutes: Whole
    amount: Amount
    collective: Flag


class BandOut(Wire):
    """De bandbreedte rond de begrote eigen uren."""

    percentage: str
    band_mode: BandMode


class ResultOut(Wire):
    """Het resultaat dat is verdeeld, en de sleutel."""

    amount: Amount
    key_id: UUID | None
    weights: dict[str, int]


class InputsOut(Wire):
    """Alles waar de afrekening van afhangt."""

    participant: str
    year: Whole
    cutoff: Day | None
    budget_id: UUID | None
    planned_minutes: Whole
    planned_collective_minutes: Whole | None = None
    planned_collective_amount: Amount | None = None
    advance: Amount
    band: BandOut
    result: ResultOut
    lines: tuple[SettlementLineOut, ...]


class CalculationOut(Wire):
    """De vastgelegde berekening."""

    inputs: InputsOut
    minutes: Whole
    owed: Amount
    advance: Amount
    deviation_minutes: Whole
    settled_minutes: Whole
    collective_balance: Amount | None = None
    balance: Amount
    result_share: Amount
    to_pay: Amount


class SettlementOut(Wire):
    """De afrekening van een deelnemer, zonder haar berekening."""

    id: UUID
    version: Whole
    run_id: UUID
    participant: str
    year: Whole
    state: SettlementState
    minutes: Whole
    owed: Amount
    advance: Amount
    balance: Amount
    result_share: Amount
    to_pay: Amount
    input_hash: str
    proposed_by: str
    proposed_at: Instant
    adopted_by: str | None
    adopted_on: Day | None
    decision_reference: str | None

    @classmethod
    def of(cls, row: SettlementRow) -> "SettlementOut":
        return cls(**_facts(row))


class Settlements(Wire):
    """Afrekeningen."""

    results: tuple[SettlementOut, ...]


class FullSettlementOut(SettlementOut):
    """De afrekening van een deelnemer, met haar berekening zoals die is vastgelegd."""

    calculation: CalculationOut

    @classmethod
    def whole(cls, found: FullSettlement) -> "FullSettlementOut":
        kept = orjson.loads(found.snapshot)
        calculation = CalculationOut.model_validate(kept)
        return cls(**_facts(found.settlement), calculation=calculation)


def _facts(row: SettlementRow) -> dict[str, object]:
    facts = asdict(row)
    del facts["participant_name"]
    return facts


class TotalsOut(Wire):
    """De controletotalen van de vastgestelde afrekeningen van een jaar, en wat niet sluit."""

    year: Whole
    owed: Amount
    advance: Amount
    balance: Amount
    result_share: Amount
    to_pay: Amount
    in_balance: Flag
    deviations: tuple[str, ...]

    @classmethod
    def of(cls, year: int, totals: Totals) -> "TotalsOut":
        return cls(year=year, in_balance=totals.in_balance, **asdict(totals))


class RunOut(Wire):
    """Een jaarafrekening, zonder de afrekeningen van de deelnemers."""

    id: UUID
    version: Whole
    year: Whole
    state: SettlementState
    inherited: Flag
    result_amount: Amount
    collective_minutes: Whole
    missing_participants: tuple[str, ...]
    input_hash: str
    proposed_by: str
    proposed_at: Instant
    adopted_by: str | None
    adopted_on: Day | None
    decision_reference: str | None

    @classmethod
    def of(cls, row: RunRow) -> "RunOut":
        return cls(**_run_facts(row))


def _run_facts(row: RunRow) -> dict[str, object]:
    facts = asdict(row)
    missing = facts.pop("missing")
    return {**facts, "missing_participants": missing}


class Runs(Wire):
    """Jaarafrekeningen."""

    results: tuple[RunOut, ...]


class FullRunOut(RunOut):
    """Een jaarafrekening met de afrekeningen van de deelnemers en hun sommen."""

    settlements: tuple[SettlementOut, ...]
    totals: TotalsOut

    @classmethod
    def of_detail(cls, found: RunDetail) -> "FullRunOut":
        return cls(
            **_run_facts(found.run),
            settlements=tuple(SettlementOut.of(row) for row in found.settlements),
            totals=TotalsOut.of(found.run.year, found.totals),
        )
