"""Idempotency keys: the answer is stored in the commit of the write, and given again on a repeat.

The key is inserted without looking first (docs/adr): a first request pays no extra round trip, a
repeat runs into the primary key, is rolled back and gets the stored answer.
"""

from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from starlette.responses import Response

from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict
from shared.http.responses import JSON, answer, headers_of

CONSTRAINT = "idempotency_pkey"


def idempotency_table(metadata: MetaData) -> Table:
    """The stored answers of one service."""
    return Table(
        "idempotency",
        metadata,
        Column("caller", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("request_hash", LargeBinary, nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        PrimaryKeyConstraint("caller", "key", name=CONSTRAINT),
    )


# Only to name the columns; every service has its own table of this shape.
_TABLE = idempotency_table(MetaData())
_FIND = select(_TABLE).where(
    _TABLE.c.caller == bindparam("caller"), _TABLE.c.key == bindparam("key")
)


class AnsweredBeforeError(Exception):
    """The request was carried out before; carries the answer it got then."""

    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


@dataclass(slots=True)
class Idempotency:
    """The key of one request, if it sent one."""

    key: str | None
    caller: str
    request_hash: bytes
    kept: bool = False

    def answer(
        self,
        work: UnitOfWork,
        model: BaseModel,
        *,
        status: int = 201,
        version: int | None = None,
        location: str | None = None,
    ) -> Response:
        """The answer, stored with the work when the request had a key."""
        response = answer(model, status=status, version=version, location=location)
        self._keep(work, response, headers_of(version, location))
        return response

    def no_content(self, work: UnitOfWork) -> Response:
        """The answer without a body, stored in the same way."""
        response = Response(status_code=204)
        self._keep(work, response, {})
        return response

    def _keep(self, work: UnitOfWork, response: Response, headers: dict[str, str]) -> None:
        if self.key is None:
            return
        self.kept = True
        work.insert(
            _TABLE,
            {
                "caller": self.caller,
                "key": self.key,
                "request_hash": self.request_hash,
                "status": response.status_code,
                "headers": headers,
                "body": bytes(response.body),
            },
        )

    def require_kept(self) -> None:
        """Raises RuntimeError when there is a key and no answer: a repeat would act twice."""
        if self.key is not None and not self.kept:
            raise RuntimeError("this operation documents Idempotency-Key and keeps no answer")

    async def earlier(self, rows: Rows) -> Response | None:
        """The answer of an earlier request with this key, or None.

        Raises Conflict when that was another request.
        """
        if self.key is None:
            return None
        row = await rows.first(_FIND, caller=self.caller, key=self.key)
        if row is None:
            return None
        if bytes(row["request_hash"]) != self.request_hash:
            raise Conflict(
                "Deze Idempotency-Key is al gebruikt voor een ander verzoek. Gebruik een nieuwe."
            )
        headers = {**row["headers"], "Idempotency-Replayed": "true"}
        if row["status"] == HTTPStatus.NO_CONTENT:
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        return Response(bytes(row["body"]), row["status"], media_type=JSON, headers=headers)


async def idempotency_of(request: Request, key: str | None, caller: Caller) -> Idempotency:
    """The key of a request, who sent it and a digest of what it asked."""
    if key is None:
        return Idempotency(None, caller.subject, b"")
    asked = f"{request.method} {request.scope['path']}\n".encode() + await request.body()
    return Idempotency(key, caller.subject, sha256(asked + seen_by(caller.sight)).digest())


def seen_by(sight: Sight) -> bytes:
    """Makes the request of who sees other rows by now another request; nothing for everyone's."""
    return b"" if sight.everyone else f"\n{sorted(sight.participants)}".encode()
