"""The settlement of a participant's year: what is owed, less the advance, to the cent.

Money is rounded once, per line of participant, product and tariff version; totals add up what is
shown. The same input gives the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import Any

from services.reporting.realisation.domain import rounded
from shared.errors import NotAllowed
from shared.money import apportion, euros, minutes_at
from shared.state_machine import StateMachine


class SettlementState(StrEnum):
    """A settlement is a trial until it is adopted; then it is frozen."""

    TRIAL = "proef"
    ADOPTED = "vastgesteld"


TRANSITIONS = StateMachine[SettlementState](
    "een afrekening",
    {(SettlementState.TRIAL, SettlementState.ADOPTED): "vastgesteld door een tweede persoon"},
)


class BandMode(StrEnum):
    """What happens to a deviation of the planned hours."""

    NONE = "geen"
    EXCESS_ONLY = "alleen meerdere"
    ALL_WHEN_EXCEEDED = "alles bij overschrijding"


@dataclass(frozen=True, slots=True)
class Band:
    """A tolerance around the planned hours; exactly on the edge is inside."""

    percentage: Decimal = Decimal(0)
    mode: BandMode = BandMode.NONE


@dataclass(frozen=True, slots=True)
class Priced:
    """Hours of one product at one version of the tariff."""

    product: str
    tariff_id: str
    rate: Decimal
    minutes: int
    collective: bool = False

    @property
    def amount(self) -> Decimal:
        """Rounded once, here."""
        return minutes_at(self.minutes, self.rate)


@dataclass(frozen=True, slots=True)
class Result:
    """The agency's result after the hours, and the key that divides it."""

    amount: Decimal = Decimal(0)
    weights: Mapping[str, int] | None = None
    key_id: str | None = None

    def share_of(self, participant: str) -> Decimal:
        """The participant's part; all parts together are the amount to the cent."""
        if not self.amount or not self.weights:
            return Decimal("0.00")
        cents = int((euros(self.amount) * 100).to_integral_value())
        part = apportion(cents, self.weights).get(participant, 0)
        return Decimal(part).scaleb(-2)


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a settlement depends on."""

    participant: str
    year: int
    lines: tuple[Priced, ...]
    planned_minutes: int
    planned_rate: Decimal
    advance: Decimal
    band: Band = Band()
    result: Result = Result()
    budget_id: str | None = None
    cutoff: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the inputs come to."""

    minutes: int
    owed: Decimal
    deviation_minutes: int
    settled_minutes: int
    balance: Decimal
    result_share: Decimal
    to_pay: Decimal


def settle(inputs: Inputs) -> Outcome:
    """S = hours x tariff - advance, through the band; P = S - the share in the result."""
    minutes = sum(line.minutes for line in inputs.lines)
    owed = sum((line.amount for line in inputs.lines), Decimal("0.00"))
    deviation = minutes - inputs.planned_minutes
    settled = _through(inputs.band, deviation, inputs.planned_minutes)
    balance = _balance(inputs, minutes, owed, deviation, settled)
    share = inputs.result.share_of(inputs.participant)
    return Outcome(minutes, owed, deviation, settled, balance, share, balance - share)


def _through(band: Band, deviation: int, planned: int) -> int:
    """The minutes of the deviation that are settled."""
    if band.mode is BandMode.NONE:
        return deviation
    inside = Fraction(band.percentage) * planned / 100
    if abs(deviation) <= inside:
        return 0
    if band.mode is BandMode.ALL_WHEN_EXCEEDED:
        return deviation
    excess = int(rounded(abs(deviation) - inside, 0))
    return excess if deviation > 0 else -excess


def _balance(inputs: Inputs, minutes: int, owed: Decimal, deviation: int, settled: int) -> Decimal:
    """All of it, nothing, or the excess at the average tariff of the year's hours."""
    if inputs.band.mode is BandMode.NONE or (settled == deviation and settled):
        return owed - euros(inputs.advance)
    if minutes == 0:
        return minutes_at(settled, inputs.planned_rate)
    exact = sum((Fraction(line.rate) * line.minutes for line in inputs.lines), Fraction(0))
    return rounded(exact / minutes * settled / 60, 2)


def collective_part(
    hours: Sequence[Priced], weights: Mapping[str, int], participant: str
) -> tuple[Priced, ...]:
    """The participant's minutes of collective hours, divided by the key without a loss."""
    parts = []
    for line in hours:
        share = apportion(line.minutes, weights).get(participant, 0)
        if share:
            parts.append(Priced(line.product, line.tariff_id, line.rate, share, collective=True))
    return tuple(parts)


def snapshot(inputs: Inputs) -> bytes:
    """The settlement as it is kept: canonical JSON of input, lines and outcome."""
    outcome = settle(inputs)
    return _canonical(
        {
            "invoer": facts(inputs),
            "minuten": outcome.minutes,
            "verschuldigd": f"{outcome.owed:.2f}",
            "voorschot": f"{euros(inputs.advance):.2f}",
            "afwijkingMinuten": outcome.deviation_minutes,
            "verrekendeMinuten": outcome.settled_minutes,
            "saldo": f"{outcome.balance:.2f}",
            "aandeelResultaat": f"{outcome.result_share:.2f}",
            "teBetalen": f"{outcome.to_pay:.2f}",
        }
    )


def input_hash(inputs: Inputs) -> str:
    """The fingerprint of what went in: equal means equal figures."""
    return sha256(_canonical(facts(inputs))).hexdigest()


def facts(inputs: Inputs) -> dict[str, Any]:
    """The input in plain values, in an order of its own."""
    lines = sorted(inputs.lines, key=lambda line: (line.product, line.tariff_id, line.collective))
    return {
        "deelnemer": inputs.participant,
        "jaar": inputs.year,
        "peildatum": inputs.cutoff.isoformat() if inputs.cutoff else None,
        "begrotingId": inputs.budget_id,
        "begroteMinuten": inputs.planned_minutes,
        "voorschot": f"{euros(inputs.advance):.2f}",
        "bandbreedte": {"percentage": f"{inputs.band.percentage:f}", "wijze": inputs.band.mode},
        "resultaat": {
            "bedrag": f"{euros(inputs.result.amount):.2f}",
            "sleutelId": inputs.result.key_id,
            "gewichten": dict(sorted((inputs.result.weights or {}).items())),
        },
        "regels": [
            {
                "product": line.product,
                "tariefId": line.tariff_id,
                "uurtarief": f"{line.rate:.4f}",
                "minuten": line.minutes,
                "bedrag": f"{line.amount:.2f}",
                "collectief": line.collective,
            }
            for line in lines
        ],
    }


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def require_closed_year(year: int, today: date, open_months: Sequence[int]) -> None:
    """Raises NotAllowed until the year is over and each month of it is closed."""
    if today.year <= year:
        raise NotAllowed(f"het jaar {year} is nog niet voorbij", article="jaarafsluiting")
    if open_months:
        listed = ", ".join(str(month) for month in open_months)
        raise NotAllowed(
            f"deze maanden van {year} zijn nog niet afgesloten: {listed}", article="jaarafsluiting"
        )


def require_same_input(found: str, expected: str) -> None:
    """Raises NotAllowed when the figures moved since the trial."""
    if found != expected:
        raise NotAllowed(
            "de gegevens zijn veranderd sinds deze proefberekening; maak een nieuwe",
            article="invoerhash",
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """The control totals of a year: the sums of what is shown per participant."""

    owed: Decimal
    advance: Decimal
    balance: Decimal
    result_share: Decimal
    to_pay: Decimal
    in_balance: bool


def control_totals(rows: Sequence[tuple[Decimal, Decimal, Decimal, Decimal, Decimal]]) -> Totals:
    """Sums of (owed, advance, balance, share, to pay); to pay must be balance less share."""
    zero = Decimal("0.00")
    owed, advance, balance, share, to_pay = (
        sum((row[column] for row in rows), zero) for column in range(5)
    )
    return Totals(owed, advance, balance, share, to_pay, to_pay == balance - share)
