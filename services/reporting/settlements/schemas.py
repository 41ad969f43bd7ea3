"""Plan against actual, settlements and indicators on the wire."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from services.reporting.fields import Rate, Reference, Year
from services.reporting.settlements.domain import BandMode, SettlementState, Totals
from shared.db.rows import Row
from shared.http.schema import Amount, Day, Flag, Instant, Participant, Whole, Wire


class TrialIn(Wire, validate_by_name=False):
    """A settlement to try out, with the result to be shared."""

    participant: Participant
    year: Year
    result_amount: Amount = Decimal("0.00")


class AdoptionIn(Wire, validate_by_name=False):
    """The decision that adopts."""

    decision_reference: Reference


class SettlementLineOut(Wire):
    """Hours of one product at one version of the tariff; rounded once."""

    product: str
    tariff_id: UUID
    rate: Rate
    minutes: Whole
    amount: Amount
    collective: Flag


class BandOut(Wire):
    """The tolerance around the planned hours."""

    percentage: str
    band_mode: BandMode


class ResultOut(Wire):
    """The result that was shared, and the key."""

    amount: Amount
    key_id: UUID | None
    weights: dict[str, int]


class InputsOut(Wire):
    """Everything the settlement depends on."""

    participant: str
    year: Whole
    cutoff: Day | None
    budget_id: UUID | None
    planned_minutes: Whole
    advance: Amount
    band: BandOut
    result: ResultOut
    lines: tuple[SettlementLineOut, ...]


class CalculationOut(Wire):
    """The frozen calculation."""

    inputs: InputsOut
    minutes: Whole
    owed: Amount
    advance: Amount
    deviation_minutes: Whole
    settled_minutes: Whole
    balance: Amount
    result_share: Amount
    to_pay: Amount


class SettlementOut(Wire):
    """A settlement without its calculation."""

    id: UUID
    version: Whole
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
    def of(cls, row: Row) -> "SettlementOut":
        return cls(**{name: row[name] for name in cls.model_fields})


class FullSettlementOut(SettlementOut):
    """A settlement with its calculation as it was kept."""

    calculation: CalculationOut

    @classmethod
    def whole(cls, row: Row) -> "FullSettlementOut":
        facts: dict[str, Any] = {name: row[name] for name in SettlementOut.model_fields}
        kept = orjson.loads(bytes(row["snapshot"]))
        return cls(**facts, calculation=CalculationOut.model_validate(kept))


class TotalsOut(Wire):
    """The control totals of the adopted settlements of a year."""

    year: Whole
    owed: Amount
    advance: Amount
    balance: Amount
    result_share: Amount
    to_pay: Amount
    in_balance: Flag

    @classmethod
    def of(cls, year: int, found: Totals) -> "TotalsOut":
        names = cls.model_fields.keys() - {"year"}
        return cls(year=year, **{name: getattr(found, name) for name in names})
