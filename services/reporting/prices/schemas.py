"""Tarieven, kentallen, verdeelsleutels en parameters op de lijn."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import Field

from services.reporting.fields import ProductCode, Rate, Reference
from services.reporting.prices.commands import ProposeVersion
from services.reporting.prices.domain import Validity
from services.reporting.prices.kinds import Kind, VersionRow
from shared.http.schema import Day, Flag, Instant, Participant, Text, Whole, Wire, whole

_COMMON = {"valid_from", "valid_until", "decision_reference"}


class VersionIn(Wire, validate_by_name=False):
    """Vanaf wanneer een voorgestelde versie geldt, en op welk besluit."""

    valid_from: Day
    valid_until: Day | None = Field(None, description="Eerste dag waarop dit niet meer geldt")
    decision_reference: Reference

    columns: ClassVar[Mapping[str, str]] = {}

    def command(self, kind: Kind[Any]) -> ProposeVersion[Any]:
        own = type(self).model_fields.keys() - _COMMON
        values = {self.columns.get(name, name): getattr(self, name) for name in own}
        validity = Validity(self.valid_from, self.valid_until)
        return ProposeVersion(kind, values, validity, self.decision_reference)


class TariffIn(VersionIn):
    """Een tarief in euro per uur; zonder product geldt het voor alle producten."""

    product: ProductCode | None = None
    rate: Rate


class NormIn(VersionIn):
    """Een kental: minuten voor een stuk."""

    product: ProductCode
    minutes: Annotated[int, whole(1, 100_000)]


Weight = Annotated[int, whole(0, 10_000_000)]


class KeyIn(VersionIn):
    """Een sleutel die verdeelt, met een heel gewicht per deelnemer."""

    code: Text
    name: Text
    weights: Annotated[dict[Participant, Weight], Field(min_length=1, max_length=100)]


class ParameterIn(VersionIn):
    """Een grens of een keuze die beleid is."""

    code: Text
    content: Annotated[dict[str, Any], Field(min_length=1, max_length=20)]

    columns: ClassVar[Mapping[str, str]] = {"content": "value"}


class VersionOut(Wire):
    """Wat elke versie draagt."""

    id: UUID
    version: Whole
    valid_from: Day
    valid_until: Day | None = Field(description="Eerste dag waarop dit niet meer geldt")
    decision_reference: str
    confirmed: Flag
    proposed_by: str
    proposed_at: Instant
    activated_by: str | None
    activated_at: Instant | None

    columns: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def of(cls, row: VersionRow) -> Self:
        names = cls.model_fields.keys()
        return cls(**{name: getattr(row, cls.columns.get(name, name)) for name in names})


class TariffOut(VersionOut):
    """Een tarief."""

    product: str | None
    rate: Rate


class NormOut(VersionOut):
    """Een kental."""

    product: str
    minutes: Whole


class KeyOut(VersionOut):
    """Een verdeelsleutel."""

    code: str
    name: str
    weights: dict[str, int]


class ParameterOut(VersionOut):
    """Een parameter."""

    code: str
    content: dict[str, Any]

    columns: ClassVar[Mapping[str, str]] = {"content": "value"}


class Tariffs(Wire):
    """Tarieven."""

    results: tuple[TariffOut, ...]


class Norms(Wire):
    """Kentallen."""

    results: tuple[NormOut, ...]


class Keys(Wire):
    """Verdeelsleutels."""

    results: tuple[KeyOut, ...]


class Parameters(Wire):
    """Parameters."""

    results: tuple[ParameterOut, ...]
