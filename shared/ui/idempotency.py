"""A form that is sent twice is carried out once, also without scripts: the key in it says so.

async def act(work: UnitOfWork) -> str: ...    # what to do; gives the address to go on to
return await once(Sent(request, form, caller, db), act)
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256

import asyncpg
import structlog
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from shared.auth.caller import Caller
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, Forbidden, Refused
from shared.http.idempotency import Idempotency
from shared.ui.forms import Form

log = structlog.get_logger(__name__)

KEY_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as somebody sent it."""

    request: Request
    form: Form
    caller: Caller
    db: Database


class Receipt(BaseModel):
    """Where a form led; the same form again leads there too."""

    address: str


def go(address: str) -> RedirectResponse:
    """On to a page after a post."""
    return RedirectResponse(address, status_code=303)


async def once(sent: Sent, act: Callable[[UnitOfWork], Awaitable[str]]) -> RedirectResponse:
    """Do it, and go to the address it gives; a second click goes there without doing it again.

    Raises Refused.
    """
    key = _key(sent)
    try:
        async with sent.db.work(actor=sent.caller.subject, sight=sent.caller.sight) as work:
            receipt = Receipt(address=await act(work))
            key.answer(work, receipt, status=303)
    except Forbidden:
        raise
    except Refused:
        if earlier := await _earlier(sent, key):
            return earlier
        raise
    except asyncpg.UniqueViolationError as error:
        if earlier := await _earlier(sent, key):
            return earlier
        log.info("unique violation", constraint=error.constraint_name)
        raise Conflict("Dit bestaat al; er is niets opgeslagen.") from None
    return go(receipt.address)


def _key(sent: Sent) -> Idempotency:
    """What was typed is part of the key: a form that came back with Back may be sent changed."""
    asked = f"{sent.request.url}\n{sorted(sent.form.fields.items())!r}"
    digest = sha256(asked.encode())
    key = f"{sent.form.key[:KEY_LENGTH]} {digest.hexdigest()}"
    return Idempotency(key, sent.caller.subject, digest.digest())


async def _earlier(sent: Sent, key: Idempotency) -> RedirectResponse | None:
    """Where the form led the first time, if there was one."""
    async with sent.db.read(sent.caller.sight) as rows:
        found: Response | None = await key.earlier(rows)
    if found is None:
        return None
    return go(Receipt.model_validate_json(bytes(found.body)).address)
