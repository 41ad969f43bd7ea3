"""The settlement of a year: what each participant owes, less its advance, to the cent.

One run settles all participants of a year by one set of versions; they are its children.

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

from services.reporting.prices.domain import Priced
from services.reporting.realisation.domain.plan import rounded
from shared.calendar import MONTHS
from shared.errors import NotAllowed
from shared.money import apportion, euros, minutes_at
from shared.state_machine import StateMachine


class SettlementState(StrEnum):
    """A run and its settlements are a trial until the run is adopted; then they are frozen."""

    TRIAL = "proef"
    ADOPTED = "vastgesteld"


TRANSITIONS = StateMachine[SettlementState](
    "een jaarafrekening",
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
    """Everything a settlement depends on; `planned_minutes` are those of own products."""

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
    planned_collective_minutes: int = 0
    planned_collective_amount: Decimal = Decimal(0)

    @property
    def own_lines(self) -> tuple[Priced, ...]:
        """The hours on the participant's own products."""
        return tuple(line for line in self.lines if not line.collective)

    @property
    def collective_minutes(self) -> int:
        """The participant's part of the collective hours."""
        return sum(line.minutes for line in self.lines if line.collective)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the inputs come to.

    Deviation and settled minutes are of own hours; `collective_balance` is what collective hours
    come to beyond their plan.
    """

    minutes: int
    owed: Decimal
    deviation_minutes: int
    settled_minutes: int
    collective_balance: Decimal
    balance: Decimal
    result_share: Decimal
    to_pay: Decimal


def settle(inputs: Inputs) -> Outcome:
    """S = hours x tariff - advance, own hours through the band; P = S - the share in the result."""
    minutes = sum(line.minutes for line in inputs.lines)
    owed = sum((line.amount for line in inputs.lines), Decimal("0.00"))
    deviation = sum(line.minutes for line in inputs.own_lines) - inputs.planned_minutes
    settled = _through(inputs.band, deviation, inputs.planned_minutes)
    collective = _collective_balance(inputs)
    balance = _balance(inputs, owed, deviation, settled, collective)
    share = inputs.result.share_of(inputs.participant)
    return Outcome(minutes, owed, deviation, settled, collective, balance, share, balance - share)


def _collective_balance(inputs: Inputs) -> Decimal:
    """What the part in collective hours costs beyond what the advance holds for it."""
    amounts = (line.amount for line in inputs.lines if line.collective)
    return sum(amounts, Decimal("0.00")) - euros(inputs.planned_collective_amount)


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


def _balance(
    inputs: Inputs, owed: Decimal, deviation: int, settled: int, collective: Decimal
) -> Decimal:
    """All of it; or the settled own hours at their average tariff, and the collective ones.

    The band is a tolerance around what a participant asked for itself. What all do together is
    not its own deviation, so collective hours are always settled in full.
    """
    if inputs.band.mode is BandMode.NONE or (settled == deviation and settled):
        return owed - euros(inputs.advance)
    minutes = sum(line.minutes for line in inputs.own_lines)
    if minutes == 0:
        return minutes_at(settled, inputs.planned_rate) + collective
    exact = sum((Fraction(line.rate) * line.minutes for line in inputs.own_lines), Fraction(0))
    return rounded(exact / minutes * settled / 60, 2) + collective


def snapshot(inputs: Inputs) -> bytes:
    """The settlement as it is kept: canonical JSON of input, lines and outcome."""
    outcome = settle(inputs)
    return canonical(
        {
            "invoer": facts(inputs),
            "minuten": outcome.minutes,
            "verschuldigd": f"{outcome.owed:.2f}",
            "voorschot": f"{euros(inputs.advance):.2f}",
            "afwijkingMinuten": outcome.deviation_minutes,
            "verrekendeMinuten": outcome.settled_minutes,
            "collectiefSaldo": f"{outcome.collective_balance:.2f}",
            "saldo": f"{outcome.balance:.2f}",
            "aandeelResultaat": f"{outcome.result_share:.2f}",
            "teBetalen": f"{outcome.to_pay:.2f}",
        }
    )


def input_hash(inputs: Inputs) -> str:
    """The fingerprint of what went in: equal means equal figures."""
    return sha256(canonical(facts(inputs))).hexdigest()


def facts(inputs: Inputs) -> dict[str, Any]:
    """The input in plain values, in an order of its own."""
    lines = sorted(inputs.lines, key=lambda line: (line.product, line.tariff_id, line.collective))
    return {
        "deelnemer": inputs.participant,
        "jaar": inputs.year,
        "peildatum": inputs.cutoff.isoformat() if inputs.cutoff else None,
        "begrotingId": inputs.budget_id,
        "begroteMinuten": inputs.planned_minutes,
        "begroteCollectieveMinuten": inputs.planned_collective_minutes,
        "begrootCollectiefBedrag": f"{euros(inputs.planned_collective_amount):.2f}",
        "voorschot": f"{euros(inputs.advance):.2f}",
        **versions(inputs.band, inputs.result),
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


def versions(band: Band, result: Result) -> dict[str, Any]:
    """What is the same for all participants of a year, in plain values."""
    return {
        "bandbreedte": {"percentage": f"{band.percentage:f}", "wijze": band.mode},
        "resultaat": {
            "bedrag": f"{euros(result.amount):.2f}",
            "sleutelId": result.key_id,
            "gewichten": dict(sorted((result.weights or {}).items())),
        },
    }


def versions_hash(band: Band, result: Result) -> str:
    """The fingerprint of the versions that a settlement followed."""
    return sha256(canonical(versions(band, result))).hexdigest()


def canonical(value: Any) -> bytes:
    """JSON of which equal values give equal bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def require_closed_year(year: int, today: date, open_months: Sequence[int]) -> None:
    """Raises NotAllowed until the year is over and each month of it is closed."""
    if today.year <= year:
        raise NotAllowed(f"Het jaar {year} is nog niet voorbij", article="jaarafsluiting")
    if open_months:
        listed = ", ".join(MONTHS[month - 1] for month in open_months)
        raise NotAllowed(
            f"Sluit eerst deze maanden van {year} af: {listed}", article="jaarafsluiting"
        )


def require_same_input(found: str, expected: str) -> None:
    """Raises NotAllowed when the figures moved since the trial."""
    if found != expected:
        raise NotAllowed(
            "De gegevens zijn veranderd sinds deze proefberekening; maak een nieuwe",
            article="invoerhash",
        )
