"""A run: all participants of a year settled by one set of versions, and whether that is so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from services.reporting.prices.domain import Key, Priced
from services.reporting.settlements.domain.settlement import (
    Band,
    Inputs,
    Result,
    canonical,
    input_hash,
    versions_hash,
)
from shared.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class RunInputs:
    """Everything a run depends on; `missing` are participants that it cannot settle yet."""

    year: int
    band: Band
    result: Result
    collective_minutes: int
    participants: tuple[Inputs, ...]
    missing: tuple[str, ...]

    @property
    def versions_hash(self) -> str:
        """The fingerprint of the versions that all its settlements follow."""
        return versions_hash(self.band, self.result)

    @property
    def input_hash(self) -> str:
        """The fingerprint of everything that went in: equal means equal figures for all."""
        facts = {
            "jaar": self.year,
            "collectieveMinuten": self.collective_minutes,
            "ontbreekt": list(self.missing),
            "afrekeningen": {each.participant: input_hash(each) for each in self.participants},
        }
        return sha256(canonical(facts)).hexdigest()


def charged(
    hours: Mapping[str, tuple[Priced, ...]],
    collective: Sequence[Priced],
    collective_key: Key | None,
    result: Result,
) -> set[str]:
    """Who has a part in the year: own hours, collective ones, or the result."""
    found = set(hours)
    if collective and collective_key is not None:
        found |= _weighed(collective_key.weights)
    if result.amount:
        found |= _weighed(result.weights or {})
    return found


def _weighed(weights: Mapping[str, int]) -> set[str]:
    return {participant for participant, weight in weights.items() if weight}


def require_complete(missing: Iterable[str], year: int) -> None:
    """Raises NotAllowed while a participant of the year has no budget to settle against."""
    if listed := ", ".join(missing):
        raise NotAllowed(
            f"Er is geen vastgestelde begroting van {year} voor: {listed}", article="begroting"
        )


def require_not_inherited(*, inherited: bool) -> None:
    """Raises NotAllowed for a trial of one participant, from before years were settled whole."""
    if inherited:
        raise NotAllowed(
            "Deze proefberekening gaat over een deelnemer; bereken het hele jaar opnieuw",
            article="jaarafsluiting",
        )


@dataclass(frozen=True, slots=True)
class SettledPart:
    """What one settlement adds to the totals of its year."""

    owed: Decimal
    advance: Decimal
    balance: Decimal
    result_share: Decimal
    to_pay: Decimal
    collective_minutes: int
    versions_hash: str


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run says all its settlements come to."""

    result_amount: Decimal
    collective_minutes: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The control totals of a year: the sums of what is shown per participant, and what is off."""

    owed: Decimal
    advance: Decimal
    balance: Decimal
    result_share: Decimal
    to_pay: Decimal
    deviations: tuple[str, ...]

    @property
    def in_balance(self) -> bool:
        """Whether the sums come out to the cent, for all participants by the same rules."""
        return not self.deviations


def control_totals(
    runs: Sequence[RunFacts], parts: Sequence[SettledPart], *, whole: bool
) -> Totals:
    """The sums, and what does not come out; `whole` says that all of the year is in view."""
    zero = Decimal("0.00")
    owed = sum((part.owed for part in parts), zero)
    advance = sum((part.advance for part in parts), zero)
    balance = sum((part.balance for part in parts), zero)
    share = sum((part.result_share for part in parts), zero)
    to_pay = sum((part.to_pay for part in parts), zero)
    off = []
    if to_pay != balance - share:
        off.append("te betalen is niet het saldo min het aandeel in het resultaat")
    if len({part.versions_hash for part in parts}) > 1:
        off.append("niet alle deelnemers zijn verrekend met hetzelfde resultaat en dezelfde regels")
    if whole and parts:
        off += _deviations_of_runs(runs, share, sum(part.collective_minutes for part in parts))
    return Totals(owed, advance, balance, share, to_pay, tuple(off))


def _deviations_of_runs(
    runs: Sequence[RunFacts], share: Decimal, collective_minutes: int
) -> list[str]:
    off = []
    if missing := sorted({code for run in runs for code in run.missing}):
        off.append(f"niet verrekend: {', '.join(missing)}")
    if {run.result_amount for run in runs} != {share}:
        off.append("de aandelen zijn samen niet het resultaat")
    if max((run.collective_minutes for run in runs), default=0) != collective_minutes:
        off.append("de collectieve uren zijn niet helemaal verdeeld")
    return off
