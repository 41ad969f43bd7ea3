"""Plan against actual, settlements and indicators on the wire."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from services.reporting.domain.plan import Light, Ratio
from services.reporting.domain.settlement import BandMode, SettlementState, Totals
from services.reporting.schemas.common import Rate, RatioOut, Reference, Year
from services.reporting.views.kpis import Indicator
from services.reporting.views.realisation import ProductRow, Realisation
from shared.db.rows import Row
from shared.http.schema import Amount, Day, Flag, Instant, Participant, Whole, Wire


class ProductResultOut(Wire):
    """One product of the year."""

    product: str
    product_name: str
    product_unit: str
    planned_quantity: Whole
    quantity: Whole | None
    norm_minutes: Whole | None
    planned_minutes: Whole
    minutes: Whole
    unapproved_minutes: Whole
    planned_amount: Amount
    amount: Amount

    @classmethod
    def of(cls, row: ProductRow) -> "ProductResultOut":
        renamed = {"product", "product_name", "product_unit", "unapproved_minutes"}
        return cls(
            product=row.code,
            product_name=row.name,
            product_unit=row.unit,
            unapproved_minutes=row.unapproved,
            **{name: getattr(row, name) for name in cls.model_fields.keys() - renamed},
        )


class BridgeOut(Wire):
    """From planned to actual euros; the parts add up to the cent."""

    planned: Amount
    volume: Amount
    efficiency: Amount
    price: Amount
    actual: Amount


class RealisationOut(Wire):
    """Plan against actual of a participant and a year."""

    participant: str
    name: str
    year: Whole
    cutoff: Day
    budget_id: UUID | None
    year_share: RatioOut
    planned_minutes: Whole
    minutes: Whole
    unapproved_minutes: Whole
    collective_minutes: Whole
    forecast_linear: Whole | None
    forecast_seasonal: Whole | None
    planned_amount: Amount
    amount: Amount
    advance: Amount
    deviation: RatioOut
    light: Light
    deciding_rule: str
    bridge: BridgeOut
    products: tuple[ProductResultOut, ...]
    months: tuple[int, ...]

    @classmethod
    def of(cls, found: Realisation) -> "RealisationOut":
        cents = found.bridge.in_cents()
        same = (
            *("participant", "name", "year", "budget_id", "planned_minutes", "minutes"),
            *("collective_minutes", "planned_amount", "amount", "advance", "months"),
        )
        share = found.clock.share
        return cls(
            **{name: getattr(found, name) for name in same},
            cutoff=found.clock.until,
            year_share=RatioOut.of(Ratio(share.numerator, share.denominator)),
            unapproved_minutes=found.unapproved,
            forecast_linear=found.linear,
            forecast_seasonal=found.seasonal,
            deviation=RatioOut.of(found.judgement.deviation),
            light=found.judgement.light,
            deciding_rule=found.judgement.rule,
            bridge=BridgeOut(**{name: Decimal(part).scaleb(-2) for name, part in cents.items()}),
            products=tuple(ProductResultOut.of(row) for row in found.products),
        )


class TrialIn(Wire):
    """A settlement to try out, with the result to be shared."""

    participant: Participant
    year: Year
    result_amount: Amount = Decimal("0.00")


class AdoptionIn(Wire):
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


class IndicatorOut(Wire):
    """An indicator with its numerator and denominator."""

    code: str
    name: str
    description: str
    definition_version: str
    product_unit: str
    participant: str | None
    year: Whole
    measured_on: Day
    ratio: RatioOut

    @classmethod
    def of(cls, found: Indicator) -> "IndicatorOut":
        names = cls.model_fields.keys() - {"participant", "ratio", "product_unit"}
        return cls(
            product_unit=found.unit,
            participant=found.participant or None,
            ratio=RatioOut.of(found.ratio),
            **{name: getattr(found, name) for name in names},
        )
