"""What a budget plans, and when its lines hold together."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.errors import Conflict, InvalidParam, NotAllowed, conflict


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """What is planned of one product; of a collective one the participant's own part."""

    product: str
    quantity: int
    minutes: int
    amount: Decimal
    # Of a line that is imported: its key in the source system.
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedLine(PlannedProduct):
    """The same in a budget in force; a collective one is not compared with own hours."""

    collective: bool = False


@dataclass(frozen=True, slots=True)
class BudgetInForce:
    """The adopted budget of a participant and a year."""

    id: str
    number: int
    reference: str
    advance: Decimal
    lines: tuple[PlannedLine, ...]

    @property
    def own(self) -> tuple[PlannedLine, ...]:
        """What is planned of the participant's own products."""
        return tuple(line for line in self.lines if not line.collective)

    @property
    def own_minutes(self) -> int:
        """The hours planned of the participant's own products."""
        return sum(line.minutes for line in self.own)

    @property
    def collective_minutes(self) -> int:
        """The participant's planned part of the collective hours."""
        return sum(line.minutes for line in self.lines if line.collective)

    @property
    def collective_amount(self) -> Decimal:
        """What that part costs by the plan."""
        amounts = (line.amount for line in self.lines if line.collective)
        return sum(amounts, Decimal("0.00"))


def check_lines(lines: Sequence[PlannedProduct], plannable: Collection[str]) -> None:
    """Raises Conflict with every wrong field of every line."""
    codes = [line.product for line in lines]
    if len(set(codes)) != len(codes):
        raise conflict("lines", "dubbel", "Zet elk product een keer in de begroting.")
    wrong = [
        InvalidParam(f"lines.{number}.{field}", code, reason)
        for number, line in enumerate(lines)
        for field, code, reason in _faults(line, plannable)
    ]
    if wrong:
        raise Conflict("De begroting klopt niet.", params=tuple(wrong))


def _faults(line: PlannedProduct, plannable: Collection[str]) -> Iterator[tuple[str, str, str]]:
    if line.product not in plannable:
        yield "product", "onbekend", "Kies een product dat per deelnemer of collectief telt."
    if line.amount and not line.minutes:
        yield "minutes", "verplicht", "Begroot ook de uren bij dit bedrag."


def require_unsettled(year: int, *, settled: bool) -> None:
    """Raises NotAllowed once the year was settled."""
    if settled:
        raise NotAllowed(f"Het jaar {year} is al verrekend", article="jaarafsluiting")
