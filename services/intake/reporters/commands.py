"""Keeping, reading and destroying who complained: for a purpose, and written down."""

from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import bindparam, select

from services.intake.context import Ctx
from services.intake.reporters.domain import ProcessingAct, Purpose, Reporter
from services.intake.reporters.tables import processing, reporter, reporter_key
from services.intake.tables import complaint
from shared.crypto import Vault, decrypt, encrypt
from shared.db.query import Query
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A person as stored."""

    sealed: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class ReadReporter:
    """Whose data somebody wants to see, and why."""

    complaint_id: UUID
    purpose: Purpose


class Unsealed(NamedTuple):
    """A person, and the key with which letters to them are sealed."""

    reporter: Reporter
    key: bytes


_SEALED: Final = Query(
    SealedRow,
    select(reporter.c.sealed, reporter_key.c.wrapped)
    .join(reporter_key, reporter_key.c.complaint_id == reporter.c.complaint_id)
    .where(reporter.c.complaint_id == bindparam("complaint_id")),
)
_VISIBLE: Final = Query(
    UUID, select(complaint.c.id).where(complaint.c.id == bindparam("id"), visible(complaint))
)


def seal(key: bytes, who: Reporter) -> bytes:
    """The person, unreadable without the key of the complaint."""
    return encrypt(key, orjson.dumps(who))


def opened(key: bytes, sealed: bytes) -> Reporter:
    """The person again. Raises InvalidTag for another key."""
    return Reporter(**orjson.loads(decrypt(key, sealed)))


def keep(complaint_id: UUID, who: Reporter, vault: Vault, work: UnitOfWork) -> bytes:
    """Queue the person, sealed; gives the key of the complaint."""
    key = vault.new_key()
    work.insert(reporter, {"complaint_id": complaint_id, "sealed": seal(key, who)})
    work.insert(reporter_key, {"complaint_id": complaint_id, "wrapped": vault.wrap(key)})
    return key


async def unsealed(complaint_id: UUID, ctx: Ctx) -> Unsealed | None:
    """The person behind a complaint; None when anonymous or erased."""
    row = await ctx.rows.first(_SEALED, complaint_id=complaint_id)
    if row is None:
        return None
    key = ctx.kit.vault.unwrap(row.wrapped)
    return Unsealed(opened(key, row.sealed), key)


async def read(command: ReadReporter, ctx: Ctx) -> Reporter:
    """The person, for a purpose that is written down with who looked. Raises NotFound."""
    ctx.require(Scope.REPORTERS_READ)
    await ctx.rows.one(_VISIBLE, "Deze klacht", id=command.complaint_id, sight=ctx.sight)
    found = await unsealed(command.complaint_id, ctx)
    if found is None:
        raise NotFound("Van deze klacht is geen melder bekend: anoniem gemeld, of gewist.")
    log_processing(command.complaint_id, ProcessingAct.READ, command.purpose, ctx.work)
    return found.reporter


def destroy(complaint_id: UUID, purpose: Purpose, work: UnitOfWork) -> None:
    """Destroy the key: without it neither the person nor the letters can be read again."""
    work.delete(reporter_key, key={"complaint_id": complaint_id})
    work.delete(reporter, key={"complaint_id": complaint_id})
    log_processing(complaint_id, ProcessingAct.ERASED, purpose, work)


def log_processing(
    complaint_id: UUID, act: ProcessingAct, purpose: Purpose, work: UnitOfWork
) -> None:
    """Write down who did what with whose personal data, when and why."""
    work.insert(
        processing,
        {
            "id": new_id(),
            "complaint_id": complaint_id,
            "act": act,
            "purpose": purpose,
            "actor": work.actor,
            "at": work.now,
        },
    )
