"""What a service declares of its projections: tables that hold nothing but what events told."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table
from sqlalchemy.sql.base import Executable

from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import Delivery, Handler, Handlers


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Tables that can be made anew from the log.

    Only the handlers write them, and the handlers write nothing else: no events, no rows of other
    tables, nothing that depends on the moment. `after` is run with the swap, for what the service
    derived from the tables by itself.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    handlers: Handlers
    after: Executable | None = None


def only(keep: Callable[[Sequence[Delivery[Any]], UnitOfWork], Awaitable[object]]) -> Handler:
    """A handler that keeps what it was told, and does nothing with what that gives."""

    async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
        await keep(deliveries, work)

    return handle
