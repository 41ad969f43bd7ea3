"""The lists to choose from, on the wire."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from services.intake.reference.domain.lists import Entry
from shared.http.schema import Day, Wire

Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z/ -]+$")]


class CategoryOut(Wire):
    """Een categorie of oorzaak zoals die nu geldt."""

    code: str
    name: str
    examples: str
    referral: str | None
    mapping: str | None
    valid_from: Day
    valid_until: Day | None = Field(description="Eerste dag waarop dit niet meer geldt")
    confirmed: bool

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """From the reference data."""
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})
