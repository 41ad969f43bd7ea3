"""The context of a use case: who asks, what they may see, where rows are read and written.

Commands are `(command, ctx)` with a `WriteContext`, reads `(..., ctx)` with a `ReadContext`. `Kit`
is what a service holds for as long as it runs: numbers, reference data, keys.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Generic, Self, TypeVar

from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.clock import local_date
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.product.roles import Scope

Kit = TypeVar("Kit")


@dataclass(frozen=True, kw_only=True)
class ReadContext(Generic[Kit]):
    """What a read is given."""

    rows: Rows
    caller: Caller
    kit: Kit
    now: datetime

    @property
    def sight(self) -> Sight:
        """Whose rows the caller may see."""
        return self.caller.sight

    @cached_property
    def today(self) -> date:
        """The legal day in the Netherlands."""
        return local_date(self.now)

    def require(self, scope: Scope) -> None:
        """Raises Forbidden when the caller lacks the scope."""
        self.caller.require(scope)

    def require_agency(self) -> None:
        """Raises Forbidden when the caller does not work for the whole agency."""
        self.caller.require_agency()

    def require_participant(self, participant: str | None) -> None:
        """Raises Forbidden when the participant is not one of the caller's."""
        self.caller.require_participant(participant)


@dataclass(frozen=True, kw_only=True)
class WriteContext(ReadContext[Kit]):
    """What a command is given: its rows are the unit of work, so it reads what it locked."""

    rows: UnitOfWork
    # The source system of the row that is imported; None where a person or system acts now.
    source: str | None = None

    @property
    def work(self) -> UnitOfWork:
        """The unit of work: locks, writes, events."""
        return self.rows

    def importing(self, source: str) -> Self:
        """The same, for a row of this source system."""
        return replace(self, source=source)

    def at(self, moment: datetime) -> Self:
        """The same at another moment, for an act of the past: its rules are those of that day."""
        return replace(self, now=moment)


def write_context(work: UnitOfWork, caller: Caller, kit: Kit) -> WriteContext[Kit]:
    """The context of a command that this caller gives, at the moment of the work."""
    return WriteContext(rows=work, caller=caller, kit=kit, now=work.now)


def system_context(work: UnitOfWork, kit: Kit, *, name: str = "systeem") -> WriteContext[Kit]:
    """The context of a consumer, a job or the command line: every right, every row."""
    return write_context(work, Caller.system(name), kit)
