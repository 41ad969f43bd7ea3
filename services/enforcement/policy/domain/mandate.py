"""Mandates (Awb afd. 10.1.1): who decides in the name of whom, on what, up to what amount."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from shared.contracts.enforcement import Instrument
from shared.errors import NotAllowed, conflict
from shared.money import written

ARTICLE: Final = "Awb 10:1 en 10:3"


@dataclass(frozen=True, slots=True)
class Mandate:
    """One row of a mandate register."""

    id: UUID
    version: int
    participant: str
    organ: str
    function: str
    power: Instrument
    article: str
    valid_from: date
    valid_until: date | None = None
    maximum: Decimal | None = None
    exclusion: str | None = None
    consult_first: bool = False
    submandate: bool = False
    source: str | None = None
    confirmed: bool = False

    def valid_on(self, day: date) -> bool:
        """Within its period."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody wants to decide, and in which functions."""

    participant: str | None
    instrument: Instrument
    amount: Decimal | None
    on: date
    functions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of a mandate check: kept with the decision."""

    allowed: bool
    reason: str
    mandate: Mandate | None = None

    @property
    def consult_first(self) -> bool:
        """The organ wants to be consulted first."""
        return self.mandate is not None and self.mandate.consult_first

    def record(self, on: date) -> dict[str, Any]:
        """As it is stored with the decision (Awb 10:10: the decision names the organ)."""
        mandate = self.mandate
        return {
            "toegestaan": self.allowed,
            "toelichting": self.reason,
            "getoetstOp": on.isoformat(),
            "mandaatId": str(mandate.id) if mandate else None,
            "orgaan": mandate.organ if mandate else None,
            "functie": mandate.function if mandate else None,
            "artikel": mandate.article if mandate else None,
            "vastgesteld": mandate.confirmed if mandate else False,
        }


NOT_NEEDED: Final = Check(
    allowed=True, reason="Geen besluit in de zin van de Awb: mandaat is niet nodig."
)


def taken_over(source: str) -> Check:
    """Of a decision that another system brings: it was taken there, under the mandate of then."""
    return Check(allowed=True, reason=f"Overgenomen uit {source}")


def check(mandates: Iterable[Mandate], decision: Decision) -> Check:
    """The first mandate that covers the decision, or why none does."""
    fitting = [
        mandate
        for mandate in mandates
        if mandate.participant == decision.participant
        and mandate.power is decision.instrument
        and mandate.function in decision.functions
    ]
    if not fitting:
        return Check(allowed=False, reason=_missing(decision))
    refusals = []
    for mandate in fitting:
        refusal = _refusal(mandate, decision)
        if refusal is None:
            return Check(allowed=True, reason=_granted(mandate), mandate=mandate)
        refusals.append(Check(allowed=False, reason=refusal, mandate=mandate))
    return refusals[0]


def _missing(decision: Decision) -> str:
    functions = ", ".join(sorted(decision.functions)) or "geen functie"
    return (
        f"Geen mandaat van deelnemer {decision.participant or 'onbekend'} voor "
        f"{decision.instrument} aan {functions}; het bestuursorgaan beslist zelf"
    )


def _refusal(mandate: Mandate, decision: Decision) -> str | None:
    if not mandate.valid_on(decision.on):
        return f"Het mandaat voor {mandate.power} geldt niet op {decision.on:%d-%m-%Y}"
    if mandate.exclusion:
        return f"Uitgesloten van het mandaat: {mandate.exclusion}"
    if mandate.maximum is not None and (decision.amount or Decimal(0)) > mandate.maximum:
        return (
            f"Het mandaat gaat tot {written(mandate.maximum)}; "
            f"dit besluit gaat over {written(decision.amount or Decimal(0))}"
        )
    return None


def _granted(mandate: Mandate) -> str:
    until = f" tot en met {mandate.valid_until:%d-%m-%Y}" if mandate.valid_until else ""
    limit = f", ten hoogste {written(mandate.maximum)}" if mandate.maximum is not None else ""
    return f"Namens {mandate.organ}, als {mandate.function} ({mandate.article}){limit}{until}"


def require(found: Check, consulted: str | None) -> None:
    """Raises NotAllowed without a mandate, or when its organ was to be consulted and was not."""
    if not found.allowed:
        raise NotAllowed(found.reason, article=ARTICLE)
    if found.consult_first and not consulted:
        raise NotAllowed(
            "Het mandaat vraagt vooraf overleg met het bestuursorgaan: leg het overleg vast",
            article="Awb 10:6",
        )


def require_period(mandate: Mandate) -> None:
    """Raises Conflict for a mandate that ends before it starts."""
    if mandate.valid_until is not None and mandate.valid_until < mandate.valid_from:
        raise conflict("valid_until", "voor-begin", "Het einde ligt voor het begin.")
