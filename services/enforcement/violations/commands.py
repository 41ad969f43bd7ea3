"""Violations get their place in the matrix."""

from datetime import date

from services.enforcement.changes import Change, require_version, require_visible
from services.enforcement.policy import store as policy
from services.enforcement.policy.domain.dated_policy import Suggestion, suggest
from services.enforcement.violations import domain as rules
from services.enforcement.violations import store as violations
from services.enforcement.violations.domain import Assessment, Position, Signature, Violation
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork


async def suggestion_for(rows: Rows, found: Violation, today: date) -> Suggestion:
    """Whether the earlier violations at the location look like recidivism, by today's policy."""
    held = await policy.policy_on(rows, today)
    kinship = await violations.kinship_of(rows, found)
    earlier = await violations.earlier_than(rows, found)
    return suggest(held, kinship, found.established_on, earlier)


async def position(
    change: Change, assessment: Assessment, work: UnitOfWork
) -> tuple[Violation, Position]:
    """Position a violation, under the policy that its case started with. Raises Refused."""
    found = await violations.lock(work, change.id)
    require_visible(change.caller, found.participant, "Deze overtreding")
    require_version(found.version, change, "De overtreding")
    matrix = await policy.matrix_for(work, found.matrix_version)
    suggestion = await suggestion_for(work, found, work.today)
    sequence = await violations.positions_of(work, found.id) + 1
    signature = Signature(sequence, work.now, change.caller.name)
    placed, kept, event = rules.position(found, assessment, matrix, suggestion.record(), signature)
    violations.save(work, placed)
    violations.add_position(work, kept)
    work.publish(event)
    return placed, kept
