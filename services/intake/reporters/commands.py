"""Reading and erasing who complained: for a purpose, and written down."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from services.intake.complaints.commands.linking import Change, locked_for
from services.intake.context import Desk, open_reporter
from services.intake.letters.commands import log_processing
from services.intake.reporters.domain import ProcessingAct, Purpose, Reporter
from services.intake.tables import complaint, reporter, reporter_key
from shared.auth.caller import Caller
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound

_SEALED = (
    select(reporter.c.sealed, reporter_key.c.wrapped)
    .join(reporter_key, reporter_key.c.complaint_id == reporter.c.complaint_id)
    .where(reporter.c.complaint_id == bindparam("complaint_id"))
)
_OWNER = select(complaint.c.participant).where(complaint.c.id == bindparam("complaint_id"))


class Unsealed(NamedTuple):
    """A person, and the key with which letters to them are sealed."""

    reporter: Reporter
    key: bytes


async def unsealed(work: UnitOfWork, complaint_id: UUID, desk: Desk) -> Unsealed | None:
    """The person behind a complaint; None when anonymous or erased."""
    row = await work.first(_SEALED, complaint_id=complaint_id)
    if row is None:
        return None
    key = desk.vault.unwrap(row["wrapped"])
    return Unsealed(open_reporter(key, row["sealed"]), key)


async def read_reporter(
    complaint_id: UUID, purpose: Purpose, caller: Caller, work: UnitOfWork, desk: Desk
) -> Reporter:
    """The person, for a purpose that is written down with who looked. Raises NotFound."""
    owner = await work.one(_OWNER, "Deze klacht", complaint_id=complaint_id)
    if not caller.sees(owner["participant"]):
        raise NotFound("Deze klacht bestaat niet, of is niet voor u zichtbaar.")
    known = await unsealed(work, complaint_id, desk)
    if known is None:
        raise NotFound("Van deze klacht is geen melder bekend: anoniem gemeld, of gewist.")
    log_processing(work, [complaint_id], ProcessingAct.READ, purpose)
    return known.reporter


async def erase_reporter(change: Change, purpose: Purpose, work: UnitOfWork) -> None:
    """Destroy the key: the person and the letters cannot be read again, backups included."""
    found = await locked_for(work, change)
    work.delete(reporter_key, key={"complaint_id": found.id})
    work.delete(reporter, key={"complaint_id": found.id})
    values = {
        "version": found.version + 1,
        "reachable_by_mail": False,
        "wants_feedback": False,
        "wants_call": False,
    }
    work.update(complaint, key={"id": found.id}, values=values)
    log_processing(work, [found.id], ProcessingAct.ERASED, purpose)
