"""The wire models of risk."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from services.risk.domain import Score
from services.risk.handlers import LocationData
from shared.contracts.base import Address
from shared.contracts.risk import RiskClass
from shared.http.wire import (
    Day,
    Flag,
    Instant,
    Participant,
    PointIn,
    PointOut,
    Text,
    Whole,
    Wire,
)
from shared.rows import Row

Code = Annotated[str, StringConstraints(pattern=r"^3\.\d{1,2}\.\d{1,2}$")]
Number = Annotated[float, Field(description="Getal met ten hoogste 4 decimalen")]


class AddressIn(Wire):
    """Een adres uit de BAG; delen mogen ontbreken."""

    street: Text | None = None
    house_number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{1,20}$")] | None = None
    postcode: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3} ?[A-Z]{2}$")] | None = None
    city: Text | None = None


class LocationIn(Wire):
    """Een locatie (VTH-object) zoals die wordt vastgelegd."""

    name: Text
    participant: Participant
    place: PointIn = Field(description="Plaats in CRS84: lengtegraad, breedtegraad")
    address: AddressIn = Field(default_factory=AddressIn)
    activities: Annotated[list[Code], Field(max_length=50)] = Field(
        default_factory=list, description="Paragrafen uit hoofdstuk 3 van het Bal"
    )
    core_activity: Code | None = None
    active: Flag = True

    def data(self) -> LocationData:
        """What the handler takes."""
        return LocationData(
            name=self.name,
            participant=self.participant,
            place=self.place.point(),
            address=Address(**self.address.model_dump(by_alias=False)),
            activities=tuple(dict.fromkeys(self.activities)),
            core_activity=self.core_activity,
            active=self.active,
        )


class AddressOut(Wire):
    """Een adres."""

    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None


class LocationOut(Wire):
    """Een locatie met haar huidige risicoscore."""

    id: UUID
    number: str
    version: Whole
    name: str
    participant: str
    address: AddressOut
    place: PointOut
    activities: list[str]
    core_activity: str | None
    active: Flag
    score: Number
    risk_class: RiskClass
    model_version: str | None

    @classmethod
    def of(cls, row: Row, coordinates: tuple[float, float] | None = None) -> Self:
        """From a row; `coordinates` when another system than CRS84 was asked for."""
        return cls(
            id=row["id"],
            number=row["number"],
            version=row["version"],
            name=row["name"],
            participant=row["participant"],
            address=AddressOut(**{part: row[part] for part in AddressOut.model_fields}),
            place=PointOut(coordinates=coordinates or (row["lon"], row["lat"])),
            activities=list(row["activities"]),
            core_activity=row["core_activity"],
            active=row["active"],
            score=float(row["score"]),
            risk_class=row["risk_class"],
            model_version=row["model_version"],
        )


class TermOut(Wire):
    """Een onderdeel van de score."""

    name: str
    value: Number
    weight: Number
    contribution: Number
    source: str
    on: Day | None


class ScoreOut(Wire):
    """De score van nu met haar uitleg; klachten tellen niet mee in de score."""

    location_id: UUID
    score: Number
    risk_class: RiskClass
    model_version: str
    never_inspected: Flag
    terms: list[TermOut]
    changes: list[str]
    complaints_received: Whole
    complaints_justified: Whole
    complaints_open: Whole
    extra_inspection: Flag

    @classmethod
    def of(cls, location_id: UUID, score: Score, complaints: Row, trigger: int) -> Self:
        """From the rules and the figures."""
        return cls(
            location_id=location_id,
            score=float(score.total),
            risk_class=score.risk_class,
            model_version=score.model_version,
            never_inspected=score.never_inspected,
            terms=[
                TermOut(
                    name=term.name,
                    value=float(term.value),
                    weight=float(term.weight),
                    contribution=float(term.contribution),
                    source=term.source,
                    on=term.on,
                )
                for term in score.terms
            ],
            changes=list(score.changes),
            complaints_received=complaints["received"],
            complaints_justified=complaints["justified"],
            complaints_open=complaints["open"],
            extra_inspection=complaints["justified_year"] >= trigger,
        )


class HistoryOut(Wire):
    """Een score uit het verleden, en waardoor die ontstond."""

    score: Number
    risk_class: RiskClass
    model_version: str
    cause_event: str
    scored_at: Instant

    @classmethod
    def of(cls, row: Row) -> Self:
        """From a row."""
        names = ("risk_class", "model_version", "cause_event", "scored_at")
        return cls(score=float(row["score"]), **{name: row[name] for name in names})


class EntryOut(Wire):
    """Een regel van de tijdlijn."""

    at: Instant
    what: str
    reference: str | None

    @classmethod
    def of(cls, row: Row) -> Self:
        """From a row."""
        return cls(at=row["at"], what=row["what"], reference=row["reference"])


class ActivityOut(Wire):
    """Een milieubelastende activiteit uit het Bal."""

    code: str
    name: str
    first_article: str
    permit: str
    law_date: Day

    @classmethod
    def of(cls, row: Row) -> Self:
        """From a row."""
        return cls(**{name: row[name] for name in cls.model_fields})


class ModelIn(Wire):
    """Een voorstel voor een risicomodel."""

    model_version: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,40}$")]
    description: Text
    parameters: dict[str, Any]


class ModelOut(Wire):
    """Een risicomodel; niet vastgesteld betekent: voorbeeldwaarden."""

    id: UUID
    version: Whole
    model_version: str
    description: str
    state: str
    confirmed: Flag
    decision_reference: str | None
    author: str
    activated_by: str | None
    activated_at: Instant | None
    parameters: dict[str, Any]

    @classmethod
    def of(cls, row: Row) -> Self:
        """From a row."""
        return cls(**{name: row[name] for name in cls.model_fields})


class ActivationIn(Wire):
    """Het besluit waarmee een model gaat gelden."""

    decision_reference: Text


class PlaceInProgrammeOut(Wire):
    """Een locatie die in het toezichtprogramma past."""

    rank: Whole
    location_id: UUID
    name: str
    participant: str
    score: Number
    hours: Number
