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

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from fastapi import Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from shared.auth.api import caller_of_request
from shared.auth.sight import Sight
from shared.context import Kit, ReadContext, WriteContext, write_context
from shared.db.database import Database
from shared.errors import Forbidden, Invalid, InvalidParam, Refused
from shared.http.idempotency import CONSTRAINT, AnsweredBeforeError, Idempotency, idempotency_of
from shared.http.operation import Context

KEY_HEADER, LONGEST_KEY = "Idempotency-Key", 200
_KEY = re.compile(rf"[\x20-\x7e\xa0-\xff]{{1,{LONGEST_KEY}}}")


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


@asynccontextmanager
async def _read(request: Request) -> AsyncIterator[ReadContext[Any]]:
    caller = await caller_of_request(request)
    db: Database = request.app.state.db
    async with db.read(caller.sight) as rows:
        yield ReadContext(rows=rows, caller=caller, kit=request.app.state.kit, now=db.clock.now())


@asynccontextmanager
async def _write(request: Request) -> AsyncIterator[ApiWriteContext[Any]]:
    """A repeat of a request that was carried out before gets the answer of that time."""
    caller = await caller_of_request(request)
    db: Database = request.app.state.db
    idempotency = await idempotency_of(request, _key_of(request), caller)
    try:
        async with db.work(actor=caller.subject, sight=caller.sight) as work:
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
        await _raise_earlier(idempotency, db, caller.sight)
        raise
    except Forbidden:
        # Who may not do it any more does not get the answer of before either.
        raise
    except Refused:
        await _raise_earlier(idempotency, db, caller.sight)
        raise


@asynccontextmanager
async def _record(request: Request) -> AsyncIterator[WriteContext[Any]]:
    caller = await caller_of_request(request)
    db: Database = request.app.state.db
    async with db.work(actor=caller.subject, sight=caller.sight) as work:
        yield write_context(work, caller, request.app.state.kit)


def _key_of(request: Request) -> str | None:
    """The Idempotency-Key. Raises Invalid for one that is empty, too long or not plain text."""
    key = request.headers.get(KEY_HEADER)
    if key is not None and not _KEY.fullmatch(key):
        reason = f"Gebruik 1 tot {LONGEST_KEY} gewone tekens."
        param = InvalidParam(KEY_HEADER.lower(), "patroon", reason, as_sent=True)
        raise Invalid("1 veld is ongeldig.", params=(param,))
    return key


async def _raise_earlier(idempotency: Idempotency, db: Database, sight: Sight) -> None:
    """Raises AnsweredBeforeError when this request was carried out before."""
    if idempotency.key is None:
        return
    async with db.read(sight) as rows:
        if earlier := await idempotency.earlier(rows):
            raise AnsweredBeforeError(earlier)


_READING = Context(_read)
_RECORDED = Context(_record)
_WRITING = Context(
    _write,
    {
        "name": KEY_HEADER.lower(),
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": LONGEST_KEY, "pattern": f"^{_KEY.pattern}$"},
        "description": "Eigen kenmerk van het verzoek: herhalen geeft hetzelfde antwoord",
    },
)


def reading() -> Any:
    """The dependency of an operation that reads; its type is `ReadContext[Kit]`."""
    return Depends(_READING)


def recorded_reading() -> Any:
    """The dependency of a read that writes down that it was read; its type is `WriteContext[Kit]`.

    It takes no Idempotency-Key: there is nothing to repeat, and its answer is nowhere kept.
    """
    return Depends(_RECORDED)


def writing() -> Any:
    """The dependency of an operation that changes something; its type is `ApiWriteContext[Kit]`.

    Its work is committed before the response starts.
    """
    return Depends(_WRITING)
