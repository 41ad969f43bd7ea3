"""Money and shares to the cent: one rounding mode, and parts that always add up."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def euros(amount: Decimal) -> Decimal:
    """Rounded to cents, halves away from zero: the one mode used everywhere."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def written(amount: Decimal) -> str:
    """As the Dutch write it, on screens and in decisions: "€ 1.234,50", with a real minus sign."""
    rounded = euros(amount)
    digits = f"{abs(rounded):,}".translate(str.maketrans(",.", ".,"))
    return f"€{NBSP}{MINUS if rounded < 0 else ''}{digits}"


def minutes_at(minutes: int, tariff: Decimal) -> Decimal:
    """The price of a number of minutes at a tariff in euro an hour, rounded once."""
    return euros(Decimal(minutes) * tariff / Decimal(60))


def apportion(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Divide whole units (cents, minutes) by the largest remainder; the parts add up to the total.

    Ties go to the lowest code, a negative total is the mirror of the positive one and a zero weight
    gets nothing. Raises ValueError for a negative weight, or weights that are all zero.
    """
    if any(weight < 0 for weight in weights.values()) or not any(weights.values()):
        raise ValueError("weights must be zero or more, and not all zero")
    if total < 0:
        return {code: -part for code, part in apportion(-total, weights).items()}
    whole = sum(weights.values())
    exact = {code: Fraction(total * weight, whole) for code, weight in weights.items()}
    parts = {code: int(share) for code, share in exact.items()}
    by_remainder = sorted(exact, key=lambda code: (parts[code] - exact[code], code))
    for code in by_remainder[: total - sum(parts.values())]:
        parts[code] += 1
    return parts
