"""What a route asks for: a reader, a unit of work, the version it saw."""

from collections.abc import AsyncIterator
from typing import Annotated

import asyncpg
from fastapi import Depends, Header, Request

from shared.db.database import Database, Reader
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.http.idempotency import CONSTRAINT, AnsweredBeforeError, Idempotency, Once

__all__ = ["Db", "IfMatch", "Once", "Reading", "Writing"]

_ETAG = r'^(W/)?"[0-9]{1,9}"$'


async def database(request: Request) -> Database:
    """The database of the service."""
    db: Database = request.app.state.db
    return db


Db = Annotated[Database, Depends(database)]


# FastAPI goes through every dependency of a dependency for each request, also through one that was
# solved already: reader and writer ask for the request alone.


async def reader(request: Request) -> AsyncIterator[Reader]:
    """A reader for the time of the request."""
    db: Database = request.app.state.db
    async with db.read() as rows:
        yield rows


async def writer(request: Request) -> AsyncIterator[UnitOfWork]:
    """A unit of work, committed before the response starts (function scope).

    A repeat of a request that was carried out before gets the answer of that time.
    """
    db: Database = request.app.state.db
    caller = getattr(request.state, "caller", None)
    try:
        async with db.work(actor=caller.subject if caller else "publiek") as work:
            yield work
    except asyncpg.UniqueViolationError as error:
        if getattr(error, "constraint_name", None) != CONSTRAINT:
            raise
        await _answer_again(request, db)
        raise
    except Refused:
        await _answer_again(request, db)
        raise


async def _answer_again(request: Request, db: Database) -> None:
    once: Idempotency | None = getattr(request.state, "once", None)
    if once is None or once.key is None:
        return
    async with db.read() as rows:
        if earlier := await once.earlier(rows):
            raise AnsweredBeforeError(earlier)


async def if_match(
    if_match: Annotated[
        str,
        Header(description='De versie die u zag: de ETag, bijvoorbeeld "3"', pattern=_ETAG),
    ],
) -> int:
    """The version in If-Match."""
    return int(if_match.removeprefix("W/").strip('"'))


Reading = Annotated[Reader, Depends(reader, scope="function")]
Writing = Annotated[UnitOfWork, Depends(writer, scope="function")]
IfMatch = Annotated[int, Depends(if_match)]
