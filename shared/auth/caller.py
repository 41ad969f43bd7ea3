"""The caller of a request, as its token tells."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.auth.sight import Sight
from shared.errors import Forbidden
from shared.product.roles import Scope

ALL = "*"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody, or a system, with scopes for a set of participants."""

    subject: str
    name: str
    roles: frozenset[str]
    scopes: frozenset[str]
    participants: frozenset[str]

    @property
    def employee(self) -> UUID:
        """The pseudonym under which hours are kept: stable, and not the account itself."""
        return uuid5(NAMESPACE_URL, f"vth:medewerker:{self.subject}")

    @classmethod
    def system(cls, name: str) -> "Caller":
        """The platform itself: a consumer, a schedule, the command line. Every right, every row."""
        every = frozenset(str(scope) for scope in Scope)
        return cls(name, name, frozenset(), every, frozenset({ALL}))

    @property
    def sight(self) -> Sight:
        """Whose rows the caller may see."""
        return Sight.ALL if ALL in self.participants else Sight.of(self.participants)

    @property
    def sees_all(self) -> bool:
        """Works for the agency, not for one participant."""
        return ALL in self.participants

    def may(self, scope: Scope) -> bool:
        """Holds the scope."""
        return scope in self.scopes

    def sees(self, participant: str | None) -> bool:
        """Whether rows of the participant are visible; an unknown one only to the agency."""
        return self.sees_all or participant in self.participants

    def require(self, scope: Scope) -> None:
        """Raises Forbidden, naming the scope that is missing."""
        if not self.may(scope):
            raise Forbidden(f"Hiervoor is het recht '{scope}' nodig.")

    def require_agency(self) -> None:
        """Raises Forbidden for who works for one or more participants, not for the whole agency."""
        if not self.sees_all:
            raise Forbidden("Dit is werk van medewerkers van de omgevingsdienst zelf.")

    def require_participant(self, participant: str | None) -> None:
        """Raises Forbidden when the participant is not the caller's."""
        if self.sees(participant):
            return
        if participant is None:
            raise Forbidden("Kies een deelnemer waarvoor u werkt.")
        raise Forbidden(f"U hebt geen toegang tot gegevens van deelnemer {participant}.")
