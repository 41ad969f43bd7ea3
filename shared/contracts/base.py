"""The base of every public event, and the small types they share.

No personal data and no free text in an event: `dataref` points to the resource instead.
"""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import core_schema

from shared.addresses import normal_postcode
from shared.product.glossary import wire_name


def topic_of(service: str) -> str:
    """The topic on which a service publishes."""
    return f"vth.{service}.v1"


Participant = Annotated[str, StringConstraints(pattern=r"^(gm\d{4}|pv\d{2})$")]


class Contract(BaseModel):
    """A value on the wire, in Dutch; a reader ignores what it does not know."""

    model_config = ConfigDict(
        alias_generator=wire_name, populate_by_name=True, extra="ignore", frozen=True
    )


class Unlisted(str):
    """A value of an open list that this release does not know: kept and shown as it was told.

    At most 100 characters; anything but text is refused.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: Any) -> core_schema.CoreSchema:
        words = core_schema.str_schema(min_length=1, max_length=100, strict=True)
        return core_schema.no_info_after_validator_function(cls, words)


Listed = TypeVar("Listed", bound=StrEnum)
# A list that the field extends: the known values, or one that only a newer release knows.
Open = Annotated[Listed | Unlisted, Field(union_mode="left_to_right")]


class Event(Contract):
    """A public domain event."""

    type: ClassVar[str]
    service: ClassVar[str]
    schema_version: ClassVar[str] = "1.0"
    resource: ClassVar[str]
    # The type of the new major version, for the release in which both are published.
    succeeded_by: ClassVar[str] = ""

    version: int = Field(ge=1)
    participant: Participant | None = None

    @property
    def subject(self) -> UUID:
        """The aggregate that the event is about."""
        raise AssertionError(f"{type(self).__name__} names no subject")

    @property
    def key(self) -> UUID:
        """What orders the event: its location where it has one, else its aggregate."""
        location: UUID | None = getattr(self, "location_id", None)
        return location or self.subject

    @property
    def goes_to(self) -> str:
        """The topic on which it is published."""
        return topic_of(self.service)

    @property
    def dataref(self) -> str:
        """Where the resource can be read, relative to the platform's address."""
        return f"/{self.service}/v1/{self.resource}/{self.subject}"


class Place(Contract):
    """A GeoJSON point in CRS84: longitude, latitude."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float]


# Events of before the rule are read as well, and come out in the one form.
Postcode = Annotated[str, AfterValidator(normal_postcode)]


class Address(Contract):
    """An address as in the BAG; parts may be unknown in a source system."""

    street: str | None = None
    house_number: str | None = None
    postcode: Postcode | None = None
    city: str | None = None


class Consequence(StrEnum):
    """Gevolg, LHSO: the vertical axis."""

    NEGLIGIBLE = "1"
    LIMITED = "2"
    SIGNIFICANT = "3"
    SEVERE = "4"


class Behaviour(StrEnum):
    """Gedrag, LHSO: the horizontal axis."""

    WILLING = "A"
    INDIFFERENT = "B"
    CALCULATING = "C"
    NOTORIOUS = "D"
