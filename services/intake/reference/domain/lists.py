"""Reference data as it stood on a day: categories, causes and terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.intake.reference.domain.terms import Terms
from shared.errors import invalid


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of a list, with the days on which it may be used (the last one excluded)."""

    code: str
    name: str
    valid_from: date
    valid_until: date | None = None
    examples: str = ""
    referral: str | None = None
    mapping: str | None = None
    confirmed: bool = False

    def valid_on(self, day: date) -> bool:
        """Whether the word may be used on the day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class DatedTerms:
    """Terms, with the days on which complaints come under them."""

    terms: Terms
    valid_from: date
    valid_until: date | None

    def valid_on(self, day: date) -> bool:
        """Whether a complaint received on the day comes under these terms."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything that policy decides and complaints are handled by."""

    categories: Sequence[Entry]
    causes: Sequence[Entry]
    terms: Sequence[DatedTerms]

    def categories_on(self, day: date) -> list[Entry]:
        """The categories to choose from."""
        return [entry for entry in self.categories if entry.valid_on(day)]

    def causes_on(self, day: date) -> list[Entry]:
        """The causes to choose from."""
        return [entry for entry in self.causes if entry.valid_on(day)]

    def category(self, code: str, day: date) -> Entry:
        """The category. Raises Invalid when it is not in use on the day."""
        return _found(self.categories, code, day, "category")

    def cause(self, code: str | None, day: date) -> Entry | None:
        """The cause, if one is named. Raises Invalid when it is not in use on the day."""
        return None if code is None else _found(self.causes, code, day, "cause")

    def since_lists_began(self, day: date) -> date:
        """The day, or for what is older than the lists the day on which they began."""
        began = min((entry.valid_from for entry in (*self.categories, *self.causes)), default=day)
        return max(day, began)

    def category_name(self, code: str) -> str:
        """The name of a category, in use or not."""
        return next((entry.name for entry in self.categories if entry.code == code), code)

    def cause_name(self, code: str) -> str:
        """The name of a cause, in use or not."""
        return next((entry.name for entry in self.causes if entry.code == code), code)

    def terms_on(self, day: date) -> Terms:
        """The terms for a complaint received on the day; before the first ones, the first."""
        found = [dated for dated in self.terms if dated.valid_on(day)]
        return (found or sorted(self.terms, key=lambda dated: dated.valid_from))[0].terms


def _found(entries: Sequence[Entry], code: str, day: date, field: str) -> Entry:
    for entry in entries:
        if entry.code == code and entry.valid_on(day):
            return entry
    known = ", ".join(entry.code for entry in entries if entry.valid_on(day))
    raise invalid(field, "onbekend", f"Kies een van: {known}.")
