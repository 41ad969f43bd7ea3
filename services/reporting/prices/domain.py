"""What policy decides: rows with a validity and a decision, put in force by a second person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared import four_eyes
from shared.errors import Forbidden, NotAllowed, conflict
from shared.money import apportion, minutes_at


@dataclass(frozen=True, slots=True)
class Validity:
    """From the first day up to, not including, the last (`tot`); no last day is open-ended."""

    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies within."""
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Validity") -> bool:
        """Whether they share a day."""
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )


def require_second_person(proposer: str, actor: str) -> None:
    """Raises Forbidden when one person would both propose and decide (four eyes)."""
    refusal = "Iemand anders dan de voorsteller moet dit vaststellen (vierogenprincipe)."
    four_eyes.require_second_person(proposer, actor, Forbidden(refusal))


def require_open_period(start: date, closed_until: date | None) -> None:
    """Raises NotAllowed when a new version would price hours that were closed already."""
    if closed_until is not None and start <= closed_until:
        raise NotAllowed(
            f"Een nieuwe versie kan pas ingaan na {closed_until:%d-%m-%Y}, het eind van wat is "
            "afgesloten",
            article="maandafsluiting",
        )


def require_order(validity: Validity) -> None:
    """Raises Conflict when the end lies not after the start."""
    if validity.end is not None and validity.end <= validity.start:
        raise conflict("valid_until", "volgorde", "Vul een datum in die na geldigVanaf ligt.")


def replaced_by(active: Iterable[Validity], new: Validity) -> Validity | None:
    """The open-ended version that the new one follows up, to be ended on its first day.

    Raises NotAllowed when the new version would cut into a period that is decided already.
    """
    followed: Validity | None = None
    for known in active:
        if not known.overlaps(new):
            continue
        if known.end is not None or known.start >= new.start:
            raise NotAllowed(
                f"Er geldt al een vastgestelde versie vanaf {known.start:%d-%m-%Y}",
                article="geldigheid",
            )
        followed = known
    return followed


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
class Key:
    """A key that divides, in the version that holds."""

    id: str
    weights: Mapping[str, int]


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
