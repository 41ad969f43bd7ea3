"""Plan against actual, and indicators, on the wire."""

from decimal import Decimal
from uuid import UUID

from services.reporting.fields import RatioOut
from services.reporting.realisation.domain import Light, Ratio
from services.reporting.realisation.indicators import Indicator
from services.reporting.realisation.queries import ProductRow, Realisation
from shared.http.schema import Amount, Day, Whole, Wire


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
