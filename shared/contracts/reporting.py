"""Events of reporting: hours and settlements."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.base import Event, Participant


class ParticipantRegistered(Event):
    """The full state of a participant: when it joins, at every change and when it leaves."""

    type: ClassVar[str] = "nl.vth.deelnemers.deelnemer-geregistreerd"
    service: ClassVar[str] = "reporting"
    resource: ClassVar[str] = "deelnemers"

    participant: Participant
    name: str
    joined_on: date
    left_on: date | None = None

    @property
    def subject(self) -> UUID:
        return uuid5(NAMESPACE_URL, f"urn:vth:deelnemer:{self.participant}")

    @property
    def dataref(self) -> str:
        return f"/{self.service}/v1/{self.resource}/{self.participant}"


class _Week(Event):
    service: ClassVar[str] = "reporting"
    resource: ClassVar[str] = "weekstaten"

    week_id: UUID
    employee: UUID
    week: str
    minutes: int

    @property
    def subject(self) -> UUID:
        return self.week_id


class HoursSubmitted(_Week):
    """An employee submitted the hours of an ISO week."""

    type: ClassVar[str] = "nl.vth.urenregistraties.uren-ingediend"

    submitted_at: datetime


class HoursApproved(_Week):
    """A team leader approved the hours of a week."""

    type: ClassVar[str] = "nl.vth.urenregistraties.uren-goedgekeurd"

    approved_at: datetime


class SettlementAdopted(Event):
    """The settlement of a participant for a year was adopted."""

    type: ClassVar[str] = "nl.vth.afrekeningen.afrekening-vastgesteld"
    service: ClassVar[str] = "reporting"
    resource: ClassVar[str] = "afrekeningen"

    settlement_id: UUID
    year: int
    minutes: int
    owed: Decimal
    advance: Decimal
    balance: Decimal
    adopted_on: date

    @property
    def subject(self) -> UUID:
        return self.settlement_id
