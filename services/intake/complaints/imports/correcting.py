"""A complaint that its source changed: what happened since is done, what was told is put right."""

from collections.abc import Sequence
from typing import Any

from services.intake.complaints import store
from services.intake.complaints.commands import answering, linking
from services.intake.complaints.commands.answering import (
    AssessComplaint,
    CloseComplaint,
)
from services.intake.complaints.commands.correcting import CorrectComplaint
from services.intake.complaints.commands.correcting import correct as correct_told
from services.intake.complaints.commands.linking import LinkComplaint
from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import Complaint
from services.intake.complaints.imports.existing import Existing, existing_before, incident_key
from services.intake.complaints.imports.rows import ComplaintRow
from services.intake.complaints.imports.taking_over import (
    assessed_at,
    assessment_of,
    command_of,
    context_of,
    require_whole,
    where_of,
    with_times,
)
from services.intake.context import Ctx
from services.intake.reporters import commands as reporters
from services.intake.reporters.domain import Reporter
from shared.contracts.base import Address
from shared.db.unit_of_work import UnitOfWork
from shared.errors import conflict
from shared.imports import Rejection, require_same, row_by_row


async def correct(rows: Sequence[ComplaintRow], work: UnitOfWork) -> list[Rejection]:
    """Correct complaints that were taken over before."""
    known = await existing_before(rows, work)
    return await row_by_row(rows, work, lambda row: _correct(row, known, context_of(row, work)))


async def _correct(given: ComplaintRow, known: Existing, ctx: Ctx) -> None:
    row = with_times(given)
    require_whole(row, ctx.now)
    found = await store.lock_by_key(ctx.work, row.source_key)
    reported = command_of(row, known.reference, where_of(row, known))
    require_same(f"Klacht {found.number}", await _final(row, found, ctx), row)
    if reported.category != found.category:
        raise conflict("category", "ligt-vast", f"was '{found.category}', en ligt vast")
    await _require_same_reporter(row, found, ctx)
    told = CorrectComplaint(
        complaint_id=found.id,
        version=None,
        description=row.description,
        address=row.address() or Address(),
        place_description=row.place_description,
        supposed_source=row.supposed_source,
    )
    await _follow(row, await correct_told(told, ctx), known, ctx)


async def _final(row: ComplaintRow, found: Complaint, ctx: Ctx) -> dict[str, Any]:
    """What cannot change: what the world was told when the complaint came in, and what was done."""
    told = await store.told(ctx.rows, found.id)
    occurred_at = found.occurred_at
    final: dict[str, Any] = {
        "received_at": found.received_at,
        "occurred_at": None if occurred_at == (row.occurred_at or row.received_at) else occurred_at,
        "channel": found.channel,
        "urgency": found.urgency,
        "longitude": told["lon"],
        "latitude": told["lat"],
    }
    if final["occurred_at"] is None:
        del final["occurred_at"]
    if found.location_id is None:
        final["participant"] = found.participant
    if found.first_contact_at is not None:
        final["first_contact_at"] = found.first_contact_at
    if found.closed_at is not None:
        final["closed_at"] = found.closed_at
    return final


async def _require_same_reporter(row: ComplaintRow, found: Complaint, ctx: Ctx) -> None:
    """Raises Conflict for another person; who was forgotten here is not taken over again."""
    kept = await reporters.unsealed(found.id, ctx)
    same = row.reporter() == (kept.reporter if kept else Reporter())
    if not same and (kept is not None or not await store.is_erased(ctx.rows, found.id)):
        raise conflict("reporter_name", "ligt-vast", "de gegevens van de melder liggen vast")


async def _follow(row: ComplaintRow, found: Complaint, known: Existing, ctx: Ctx) -> None:
    """Do what the row tells and was not done yet, each on its day. Raises Refused."""
    changed = await _linked(row, found, known, ctx)
    if row.first_contact_at is not None and changed.first_contact_at is None:
        changed = rules.contacted(changed, row.first_contact_at)
        store.save(ctx.work, changed)
    changed = await _assessed(row, changed, known, ctx)
    if row.closed_at is not None and changed.open:
        close = CloseComplaint(changed.id, None, None)
        await answering.close(close, ctx.at(row.closed_at))


async def _linked(row: ComplaintRow, found: Complaint, known: Existing, ctx: Ctx) -> Complaint:
    where = where_of(row, known)
    key = incident_key(row)
    about = known.incidents.get(key)
    another = about is None or about.id != found.incident_id
    if found.incident_id is not None and row.incident_key is not None and another:
        raise conflict("incident_key", "ligt-vast", "de klacht hoort bij een ander incident")
    if where is None or (where.id == found.location_id and found.incident_id is not None):
        return found
    if about is not None and about.location_id != where.id:
        about, key = None, ""
    link = LinkComplaint(found.id, None, where.id, about.id if about else None, key or None)
    return await linking.link(link, ctx)


async def _assessed(row: ComplaintRow, found: Complaint, known: Existing, ctx: Ctx) -> Complaint:
    if row.outcome is None:
        if found.outcome is not None:
            raise conflict("outcome", "ligt-vast", f"was '{found.outcome}', en vervalt niet")
        return found
    given = assessment_of(row, row.outcome, known.reference)
    before = (found.outcome, found.cause, found.explanation)
    if before == (given.outcome, given.cause, given.explanation):
        return found
    if not found.open:
        raise conflict(
            "outcome", "ligt-vast", f"was '{found.outcome}', en de klacht is afgehandeld"
        )
    command = AssessComplaint(found.id, None, given.outcome, given.cause, given.explanation)
    return await answering.assess(command, ctx.at(assessed_at(row)))
