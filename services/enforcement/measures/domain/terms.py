"""Legal terms (clocks) with their articles; what ends on a weekend or holiday moves on.

The Algemene termijnenwet moves a term that a law sets (art. 1), but not one of a year (art. 4).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.calendar import legal_day

OBJECTION_WEEKS: Final = 6
PAYMENT_WEEKS: Final = 6
LEAP_DAY: Final = (2, 29)


class TermKind(StrEnum):
    """Which clock runs."""

    HEARING = "zienswijze"
    COMPLIANCE = "begunstigingstermijn"
    REPAIR = "hersteltermijn"
    OBJECTION = "bezwaar"
    PAYMENT = "betaling dwangsom"
    PRESCRIPTION = "verjaring dwangsom"


ARTICLES: Final = {
    TermKind.HEARING: "Awb 4:8",
    TermKind.COMPLIANCE: "Awb 5:24 lid 2 en 5:32a lid 2",
    TermKind.REPAIR: "LHSO: waarschuwing met hersteltermijn",
    TermKind.OBJECTION: "Awb 6:7 en 6:8",
    TermKind.PAYMENT: "Awb 5:33",
    TermKind.PRESCRIPTION: "Awb 5:35 lid 1",
}

NEXT: Final = {
    TermKind.HEARING: "Na afloop kan het besluit worden genomen.",
    TermKind.COMPLIANCE: "Na afloop volgt een hercontrole; bij niet naleven is de dwangsom "
    "van rechtswege verbeurd.",
    TermKind.REPAIR: "Na afloop volgt een hercontrole.",
    TermKind.OBJECTION: "Tot en met deze dag kan een belanghebbende bezwaar maken.",
    TermKind.PAYMENT: "Na afloop volgt de invorderingsbeschikking (Awb 5:37).",
    TermKind.PRESCRIPTION: "Na afloop kan de dwangsom niet meer worden ingevorderd; een "
    "invorderingsbeschikking stuit (Awb 5:37a).",
}

# These end by themselves: nobody at the agency has to act when they do.
LAPSING: Final = frozenset({TermKind.OBJECTION})


@dataclass(frozen=True, slots=True)
class Term:
    """One clock of a measure."""

    kind: TermKind
    starts_on: date
    ends_on: date
    forfeiture_id: UUID | None = None

    @property
    def article(self) -> str:
        """Where the term comes from."""
        return ARTICLES[self.kind]

    @property
    def lapses(self) -> bool:
        """Ends without anybody having to act."""
        return self.kind in LAPSING


def hearing(intended_on: date, days: int) -> Term:
    """The time to give a view on an intention; its length is policy."""
    return Term(TermKind.HEARING, _next(intended_on), legal_day(intended_on + timedelta(days)))


def objection(published_on: date) -> Term:
    """Six weeks from the day after publication."""
    end = legal_day(published_on + timedelta(weeks=OBJECTION_WEEKS))
    return Term(TermKind.OBJECTION, _next(published_on), end)


def compliance(published_on: date, days: int, *, order: bool) -> Term:
    """The time to comply, from the day after publication: of an order, or of a lighter measure."""
    kind = TermKind.COMPLIANCE if order else TermKind.REPAIR
    return Term(kind, _next(published_on), legal_day(published_on + timedelta(days)))


def payment(forfeited_on: date, forfeiture_id: UUID) -> Term:
    """Six weeks after forfeiture by law."""
    end = legal_day(forfeited_on + timedelta(weeks=PAYMENT_WEEKS))
    return Term(TermKind.PAYMENT, _next(forfeited_on), end, forfeiture_id)


def prescription(from_day: date, forfeiture_id: UUID) -> Term:
    """One year after the day of forfeiture, or after an act that interrupts it (Awb 4:110)."""
    return Term(TermKind.PRESCRIPTION, _next(from_day), a_year_after(from_day), forfeiture_id)


def a_year_after(day: date) -> date:
    """The same day a year later; 28 February for 29 February."""
    if (day.month, day.day) == LEAP_DAY:
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def _next(day: date) -> date:
    return day + timedelta(days=1)
