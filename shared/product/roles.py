"""Scopes per resource and action, and the roles that hold them: the role matrix as data."""

from collections.abc import Mapping
from enum import StrEnum


class Scope(StrEnum):
    """One right on one kind of resource."""

    COMPLAINTS_READ = "klachten.lezen"
    COMPLAINTS_WRITE = "klachten.schrijven"
    REPORTERS_READ = "melders.lezen"
    LOCATIONS_READ = "locaties.lezen"
    LOCATIONS_WRITE = "locaties.schrijven"
    RISK_MODELS_MANAGE = "risicomodellen.beheren"
    INSPECTIONS_READ = "controles.lezen"
    INSPECTIONS_WRITE = "controles.schrijven"
    ENFORCEMENT_READ = "handhaving.lezen"
    ENFORCEMENT_WRITE = "handhaving.schrijven"
    ORDER_IMPOSE = "handhaving.opleggen"
    MANDATES_MANAGE = "mandaten.beheren"
    HOURS_READ = "uren.lezen"
    HOURS_WRITE = "uren.schrijven"
    HOURS_APPROVE = "uren.goedkeuren"
    BUDGETS_MANAGE = "begrotingen.beheren"
    SETTLEMENTS_READ = "afrekeningen.lezen"
    SETTLEMENTS_ADOPT = "afrekeningen.vaststellen"
    EVENTS_READ = "gebeurtenissen.lezen"
    EVENTS_MANAGE = "gebeurtenissen.beheren"
    JOBS_MANAGE = "taken.beheren"


class Role(StrEnum):
    """The roles of an agency and its participants."""

    COMPLAINTS_OFFICER = "klachtbehandelaar"
    INSPECTOR = "toezichthouder"
    LAWYER = "jurist"
    PLANNER = "planner"
    TEAM_LEADER = "teamleider"
    CONTROLLER = "controller"
    PARTICIPANT = "deelnemer"
    FUNCTIONAL_ADMINISTRATOR = "functioneel-beheerder"
    OPERATOR = "technisch-beheerder"
    SYSTEM = "koppeling"


_FILE = frozenset(
    {
        Scope.COMPLAINTS_READ,
        Scope.LOCATIONS_READ,
        Scope.INSPECTIONS_READ,
        Scope.ENFORCEMENT_READ,
    }
)
_OWN_HOURS = frozenset({Scope.HOURS_READ, Scope.HOURS_WRITE})

ROLES: Mapping[Role, frozenset[Scope]] = {
    Role.COMPLAINTS_OFFICER: _FILE | _OWN_HOURS | {Scope.COMPLAINTS_WRITE, Scope.REPORTERS_READ},
    Role.INSPECTOR: _FILE
    | _OWN_HOURS
    | {Scope.INSPECTIONS_WRITE, Scope.ENFORCEMENT_WRITE, Scope.LOCATIONS_WRITE},
    Role.LAWYER: _FILE
    | _OWN_HOURS
    | {Scope.INSPECTIONS_WRITE, Scope.ENFORCEMENT_WRITE, Scope.ORDER_IMPOSE},
    Role.PLANNER: _FILE
    | _OWN_HOURS
    | {Scope.LOCATIONS_WRITE, Scope.INSPECTIONS_WRITE, Scope.RISK_MODELS_MANAGE},
    Role.TEAM_LEADER: _FILE
    | _OWN_HOURS
    | {Scope.HOURS_APPROVE, Scope.MANDATES_MANAGE, Scope.SETTLEMENTS_READ},
    Role.CONTROLLER: _FILE
    | _OWN_HOURS
    | {Scope.BUDGETS_MANAGE, Scope.SETTLEMENTS_READ, Scope.SETTLEMENTS_ADOPT},
    Role.PARTICIPANT: _FILE | {Scope.HOURS_READ, Scope.SETTLEMENTS_READ, Scope.EVENTS_READ},
    # Keeps what policy decides, and no cases: neither complainants nor a decision are for them.
    Role.FUNCTIONAL_ADMINISTRATOR: frozenset(
        {
            Scope.LOCATIONS_READ,
            Scope.ENFORCEMENT_READ,
            Scope.HOURS_READ,
            Scope.SETTLEMENTS_READ,
            Scope.RISK_MODELS_MANAGE,
            Scope.MANDATES_MANAGE,
            Scope.BUDGETS_MANAGE,
        }
    ),
    # Keeps the platform going: what waits, what is parked, jobs, rebuilds, subscriptions.
    Role.OPERATOR: frozenset({Scope.EVENTS_READ, Scope.EVENTS_MANAGE, Scope.JOBS_MANAGE}),
    # A system that does more than follow events has the role of who does that.
    Role.SYSTEM: frozenset({Scope.EVENTS_READ}),
}


def scopes_of(roles: frozenset[str]) -> frozenset[Scope]:
    """Every scope that the roles give; an unknown role gives none."""
    known = (Role(role) for role in roles if role in set(Role))
    return frozenset().union(*(ROLES[role] for role in known))
