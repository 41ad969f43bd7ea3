"""The one dependency of an operation of the API: caller, idempotency key and unit of work.

    # services/<name>/context.py
    Reading = Annotated[ReadContext[Kit], reading()]
    Writing = Annotated[ApiWriteContext[Kit], writing()]

    # services/<name>/<part>/api.py
    @router.post("/klachten/{klacht_id}/sluiting", response_model=ComplaintOut)
    async def close(
        klacht_id: ComplaintId, version: IfMatch, body: ClosingIn, ctx: Writing
    ) -> Response:
        complaint = await commands.close(body.command(klacht_id, version), ctx)
        return ctx.answer(ComplaintOut.of(complaint), version=complaint.version)

The caller is authenticated here; rights are asked for by the command or the read itself.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from shared.auth.api import BearerScheme, caller_of_request
from shared.context import Kit, ReadContext, WriteContext
from shared.db.database import Database
from shared.errors import Refused
from shared.http.idempotency import CONSTRAINT, AnsweredBeforeError, Idempotency, idempotency_of
from shared.http.schema import text


@dataclass(frozen=True, kw_only=True)
class ApiWriteContext(WriteContext[Kit]):
    """The context of a command that comes by the API."""

    idempotency: Idempotency

    def answer(
        self,
        model: BaseModel,
        *,
        status: int = 200,
        version: int | None = None,
        location: str | None = None,
    ) -> Response:
        """The answer; kept in the same commit when the request has an Idempotency-Key."""
        return self.idempotency.answer(
            self.work, model, status=status, version=version, location=location
        )

    def no_content(self) -> Response:
        """The answer without a body; kept as well when the request has an Idempotency-Key."""
        return self.idempotency.no_content(self.work)


class _Reading(BearerScheme):
    """Gives a `ReadContext`, for the time of the operation."""

    async def __call__(self, request: Request) -> AsyncIterator[ReadContext[Any]]:
        caller = await caller_of_request(request)
        db: Database = request.app.state.db
        async with db.read() as rows:
            yield ReadContext(
                rows=rows, caller=caller, kit=request.app.state.kit, now=db.clock.now()
            )


class _Writing(BearerScheme):
    """Gives an `ApiWriteContext`; its work is committed before the response starts.

    A repeat of a request that was carried out before gets the answer of that time.
    """

    async def __call__(
        self,
        request: Request,
        idempotency_key: Annotated[
            str | None,
            Header(description="Eigen kenmerk van het verzoek: herhalen geeft hetzelfde antwoord"),
            text(200),
        ] = None,
    ) -> AsyncIterator[ApiWriteContext[Any]]:
        caller = await caller_of_request(request)
        db: Database = request.app.state.db
        idempotency = await idempotency_of(request, idempotency_key, caller.subject)
        try:
            async with db.work(actor=caller.subject) as work:
                yield ApiWriteContext(
                    rows=work,
                    caller=caller,
                    kit=request.app.state.kit,
                    now=work.now,
                    idempotency=idempotency,
                )
                idempotency.require_kept()
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name != CONSTRAINT:
                raise
            await _raise_earlier(idempotency, db)
            raise
        except Refused:
            await _raise_earlier(idempotency, db)
            raise


async def _raise_earlier(idempotency: Idempotency, db: Database) -> None:
    """Raises AnsweredBeforeError when this request was carried out before."""
    if idempotency.key is None:
        return
    async with db.read() as rows:
        if earlier := await idempotency.earlier(rows):
            raise AnsweredBeforeError(earlier)


def reading() -> Any:
    """The dependency of an operation that reads; its type is `ReadContext[Kit]`."""
    return Depends(_READING, scope="function")


def writing() -> Any:
    """The dependency of an operation that changes something; its type is `ApiWriteContext[Kit]`."""
    return Depends(_WRITING, scope="function")


_READING, _WRITING = _Reading(), _Writing()
