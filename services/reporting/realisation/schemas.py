"""Begroting tegenover werkelijkheid, en indicatoren, op de lijn."""

from decimal import Decimal
from uuid import UUID

from services.reporting.fields import RatioOut
from services.reporting.realisation.domain.indicators import Indicator
from services.reporting.realisation.domain.plan import Light, Ratio
from services.reporting.realisation.domain.year import ProductYear, Realisation
from shared.http.schema import Amount, Day, Whole, Wire


class ProductResultOut(Wire):
    """Een product in het jaar."""

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
    def of(cls, row: ProductYear) -> "ProductResultOut":
        renamed = {"product", "product_name", "product_unit", "unapproved_minutes"}
        return cls(
            product=row.code,
            product_name=row.name,
            product_unit=row.unit,
            unapproved_minutes=row.unapproved,
            **{name: getattr(row, name) for name in cls.model_fields.keys() - renamed},
        )


class BridgeOut(Wire):
    """Van begrote naar werkelijke euro's; de delen tellen op tot op de cent."""

    planned: Amount
    volume: Amount
    efficiency: Amount
    price: Amount
    actual: Amount


class RealisationOut(Wire):
    """Begroting tegenover werkelijkheid van een deelnemer en een jaar."""

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
    planned_collective_minutes: Whole
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
            *("participant", "name", "year", "planned_minutes", "minutes"),
            *("collective_minutes", "planned_collective_minutes", "planned_amount"),
            *("amount", "advance", "months"),
        )
        share = found.progress.share
        return cls(
            **{name: getattr(found, name) for name in same},
            cutoff=found.progress.until,
            budget_id=UUID(found.budget.id) if found.budget else None,
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
    """Een indicator met teller en noemer."""

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
        return cls(
            code=found.code,
            name=found.definition.name,
            description=found.definition.description,
            definition_version=found.definition.version,
            product_unit=found.definition.unit,
            participant=found.participant or None,
            year=found.year,
            measured_on=found.measured_on,
            ratio=RatioOut.of(found.ratio),
        )


class Indicators(Wire):
    """Indicatoren."""

    results: tuple[IndicatorOut, ...]
