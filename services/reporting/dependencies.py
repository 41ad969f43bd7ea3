"""Parameters and doors that several routes use."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from shared.auth.api import may
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.contracts.base import Participant
from shared.db.database import Database
from shared.errors import Forbidden
from shared.product.roles import Scope

Identity = Annotated[UUID, Path(alias="id", description="Kenmerk")]
ParticipantCode = Annotated[
    Participant, Path(alias="code", description="Code van de deelnemer, als gm0153 of pv23")
]
YearQuery = Annotated[int, Query(alias="jaar", ge=2000, le=2100, description="Kalenderjaar")]
YearFilter = Annotated[
    int | None, Query(alias="jaar", ge=2000, le=2100, description="Kalenderjaar")
]
ParticipantFilter = Annotated[
    Participant | None, Query(alias="deelnemer", description="Code van de deelnemer")
]
ProductFilter = Annotated[
    str | None,
    Query(alias="product", pattern=r"^[A-Z]\d{2}-\d{2}$", description="Code van het product"),
]

HoursReader = Annotated[Caller, may(Scope.HOURS_READ)]
HoursWriter = Annotated[Caller, may(Scope.HOURS_WRITE)]
Approver = Annotated[Caller, may(Scope.HOURS_APPROVE)]
Planner = Annotated[Caller, may(Scope.BUDGETS_MANAGE)]
Reviewer = Annotated[Caller, may(Scope.SETTLEMENTS_READ)]
Adopter = Annotated[Caller, may(Scope.SETTLEMENTS_ADOPT)]


def today(db: Database) -> date:
    """The legal day in the Netherlands."""
    return local_date(db.clock.now())


def require_agency(caller: Caller) -> None:
    """Raises Forbidden for those who work for a participant."""
    if not caller.sees_all:
        raise Forbidden("Weekstaten zijn van medewerkers van de dienst.")


def only_own_lines(caller: Caller) -> UUID | None:
    """Whose lines somebody sees: an employee the own ones, those who account for all, all."""
    accounts = (Scope.HOURS_APPROVE, Scope.BUDGETS_MANAGE, Scope.SETTLEMENTS_READ)
    if not caller.sees_all or any(caller.may(scope) for scope in accounts):
        return None
    return caller.employee
