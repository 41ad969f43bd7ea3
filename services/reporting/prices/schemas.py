"""Participants, products, versioned figures and budgets on the wire."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from services.reporting.fields import ProductCode, Rate, Reference
from services.reporting.prices.domain import Validity
from shared.db.rows import Row
from shared.http.schema import (
    Day,
    Flag,
    Instant,
    Participant,
    Text,
    Whole,
    Wire,
    whole,
)


class VersionIn(Wire, validate_by_name=False):
    """When a proposed version holds, and on what decision."""

    valid_from: Day
    valid_until: Day | None = None
    decision_reference: Reference

    @property
    def validity(self) -> Validity:
        return Validity(self.valid_from, self.valid_until)

    def values(self) -> dict[str, Any]:
        """What is particular to this kind."""
        return {name: getattr(self, name) for name in type(self).model_fields.keys() - _COMMON}


_COMMON = {"valid_from", "valid_until", "decision_reference"}


class TariffIn(VersionIn):
    """A tariff in euro an hour; without a product it holds for all."""

    product: ProductCode | None = None
    rate: Rate


class NormIn(VersionIn):
    """A norm (kental): minutes for one piece."""

    product: ProductCode
    minutes: Annotated[int, whole(1, 100_000)]


Weight = Annotated[int, whole(0, 10_000_000)]


class KeyIn(VersionIn):
    """A key that divides, with whole weights per participant."""

    code: Text
    name: Text
    weights: Annotated[dict[Participant, Weight], Field(min_length=1, max_length=100)]


class ParameterIn(VersionIn):
    """A limit or a choice that policy decides."""

    code: Text
    content: Annotated[dict[str, Any], Field(min_length=1, max_length=20)]


class VersionOut(Wire):
    """What every version carries."""

    id: UUID
    version: Whole
    valid_from: Day
    valid_until: Day | None
    decision_reference: str
    confirmed: Flag
    proposed_by: str
    proposed_at: Instant
    activated_by: str | None
    activated_at: Instant | None

    columns: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def of(cls, row: Row) -> "VersionOut":
        return cls(**{name: row[cls.columns.get(name, name)] for name in cls.model_fields})


class TariffOut(VersionOut):
    """A tariff."""

    product: str | None
    rate: Rate


class NormOut(VersionOut):
    """A norm."""

    product: str
    minutes: Whole


class KeyOut(VersionOut):
    """A key."""

    code: str
    name: str
    weights: dict[str, int]


class ParameterOut(VersionOut):
    """A parameter."""

    code: str
    content: dict[str, Any]

    columns: ClassVar[Mapping[str, str]] = {"content": "value"}
