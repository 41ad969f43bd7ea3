"""Two events of a service that exists for the tests alone."""

from typing import ClassVar
from uuid import UUID, uuid4

from shared.contracts.base import Event


class _Trial(Event):
    service: ClassVar[str] = "proef"
    resource: ClassVar[str] = "proeven"

    complaint_id: UUID
    number: str

    @property
    def subject(self) -> UUID:
        return self.complaint_id


class Noted(_Trial):
    """Something was noted."""

    type: ClassVar[str] = "nl.vth.proeven.proef-genoteerd"


class Amended(_Trial):
    """Something was changed."""

    type: ClassVar[str] = "nl.vth.proeven.proef-gewijzigd"


def noted(number: int, key: UUID | None = None) -> Noted:
    return Noted(version=1, complaint_id=key or uuid4(), number=str(number))


def amended(number: int, key: UUID) -> Amended:
    return Amended(version=2, complaint_id=key, number=str(number))
