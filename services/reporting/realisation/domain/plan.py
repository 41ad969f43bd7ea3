"""Plan against actual: forecast, traffic light and the bridge between the two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor

from shared.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share as it is kept: numerator and denominator, never a rounded percentage."""

    numerator: int
    denominator: int

    @property
    def percentage(self) -> Decimal | None:
        """In percents with one decimal, for display; nothing over zero."""
        if self.denominator == 0:
            return None
        return rounded(Fraction(self.numerator * 100, self.denominator), 1)


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Half away from zero, from the exact value."""
    scale = 10**decimals
    whole = floor(abs(value) * scale + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


def year_share(year: int, until: date) -> Fraction:
    """The part of the year that has passed at the end of the day."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    passed = min(max((until - first).days + 1, 0), (after - first).days)
    return Fraction(passed, (after - first).days)


def seasonal_share(year: int, until: date, season: Sequence[int]) -> Fraction:
    """The part of the year's work that belongs before now, by weights per month."""
    if until.year != year:
        return Fraction(int(until.year > year))
    first = until.replace(day=1)
    after = date(year + (until.month == 12), until.month % 12 + 1, 1)
    here = Fraction((until - first).days + 1, (after - first).days)
    before = sum(season[: until.month - 1])
    return (before + season[until.month - 1] * here) / Fraction(sum(season))


def forecast(actual: int, share: Fraction) -> int | None:
    """The year's total when the rest goes like the part so far; nothing before it began."""
    return None if share <= 0 else int(rounded(actual / share, 0))


class Light(StrEnum):
    """A judgement in one word."""

    GREEN = "groen"
    AMBER = "oranje"
    RED = "rood"
    NONE = "geen oordeel"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Up to which deviation of the plan it is green, and up to which amber; both inclusive."""

    green: Decimal
    amber: Decimal
    version: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The light, and the rule that decided it."""

    light: Light
    short: str
    deviation: Ratio
    basis: str = ""

    @property
    def rule(self) -> str:
        """The rule with the version of the limits it used."""
        return f"{self.short} ({self.basis})." if self.basis else f"{self.short}."


def judge(expected: int | None, planned: int, limits: Thresholds) -> Judgement:
    """Judge the forecast against the plan."""
    if expected is None or planned == 0:
        why = "er is geen begroting" if planned == 0 else "er is nog geen prognose"
        return Judgement(Light.NONE, f"Geen oordeel: {why}", Ratio(0, 0))
    deviation = Ratio(expected - planned, planned)
    size = Fraction(abs(deviation.numerator) * 100, planned)
    light, limit = _light(size, limits)
    shown = f"{rounded(size, 1)}".replace(".", ",")
    side = "boven" if expected > planned else "onder"
    where = f"{shown} % {side} de begroting" if size else "gelijk aan de begroting"
    return Judgement(light, f"Prognose {where}; {light} {limit}", deviation, limits.version)


def _light(size: Fraction, limits: Thresholds) -> tuple[Light, str]:
    green, amber = _plain(limits.green), _plain(limits.amber)
    if size <= Fraction(limits.green):
        return Light.GREEN, f"tot en met {green} %"
    if size <= Fraction(limits.amber):
        return Light.AMBER, f"boven {green} % tot en met {amber} %"
    return Light.RED, f"boven {amber} %"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class ProductResult:
    """What was planned and what was done of one product; its euros as they were rounded.

    No quantity means that nothing counts the product: then its hours are the volume.
    """

    planned_quantity: int
    planned_minutes: int
    planned_amount: Decimal
    quantity: int | None
    minutes: int
    amount: Fraction
    norm_minutes: int | None = None
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Bridge:
    """From planned to actual euros; the three parts add up exactly."""

    planned: Fraction
    volume: Fraction
    efficiency: Fraction
    price: Fraction

    @property
    def actual(self) -> Fraction:
        """Where the bridge ends."""
        return self.planned + self.volume + self.efficiency + self.price

    def __add__(self, other: "Bridge") -> "Bridge":
        return Bridge(
            self.planned + other.planned,
            self.volume + other.volume,
            self.efficiency + other.efficiency,
            self.price + other.price,
        )

    def in_cents(self) -> dict[str, int]:
        """The parts in cents, rounded so that the shown parts add up to the shown total."""
        parts = {
            "planned": self.planned,
            "volume": self.volume,
            "efficiency": self.efficiency,
            "price": self.price,
        }
        return {**balanced(parts), "actual": int(rounded(self.actual * 100, 0))}


NO_BRIDGE = Bridge(Fraction(0), Fraction(0), Fraction(0), Fraction(0))


def balanced(parts: Mapping[str, Fraction]) -> dict[str, int]:
    """Exact euros in cents by the largest remainder: the parts add up to the rounded total."""
    cents = {name: floor(part * 100) for name, part in parts.items()}
    missing = int(rounded(sum(parts.values(), Fraction(0)) * 100, 0)) - sum(cents.values())
    order = sorted(parts, key=lambda name: (cents[name] - parts[name] * 100, name))
    for name in order[:missing]:
        cents[name] += 1
    return cents


def bridge(result: ProductResult) -> Bridge:
    """Volume, efficiency and price of one product (exact)."""
    tariff = _planned_tariff(result)
    norm, planned, done = _volume(result)
    return Bridge(
        planned=Fraction(result.planned_amount),
        volume=(done - planned) * norm * tariff,
        efficiency=(result.minutes - done * norm) * tariff,
        price=result.amount - result.minutes * tariff,
    )


def _volume(result: ProductResult) -> tuple[Fraction, int, int]:
    """The norm, and the quantity planned and done; the hours themselves where none is counted."""
    if result.quantity is not None and result.planned_quantity > 0 and result.planned_minutes > 0:
        norm = Fraction(result.planned_minutes, result.planned_quantity)
        return norm, result.planned_quantity, result.quantity
    if result.quantity and result.planned_minutes == 0 and result.norm_minutes:
        return Fraction(result.norm_minutes), 0, result.quantity
    return Fraction(1), result.planned_minutes, result.minutes


def _planned_tariff(result: ProductResult) -> Fraction:
    """Euro a minute: of the plan where there is one, else as adopted, else as it turned out."""
    if result.planned_minutes:
        return Fraction(result.planned_amount) / result.planned_minutes
    if result.planned_amount:
        raise NotAllowed("Een begroot bedrag zonder begrote uren", article="begroting")
    if result.rate is not None:
        return Fraction(result.rate) / 60
    return result.amount / result.minutes if result.minutes else Fraction(0)
