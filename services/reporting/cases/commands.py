"""Keeping the cases that other services tell of, and what they delivered."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.reporting.cases import domain, store
from services.reporting.cases.domain import CaseEvent
from services.reporting.context import Ctx


@dataclass(frozen=True, slots=True)
class RecordCases:
    """Events of one type, in the order in which they came.

    A rebuild leaves the hours alone: they are linked already.
    """

    events: Sequence[CaseEvent]
    link_hours: bool


@dataclass(frozen=True, slots=True)
class LinkHours:
    """Link imported hours to cases that were heard of since."""


async def record(command: RecordCases, ctx: Ctx) -> None:
    """Keep the cases, and count what was delivered, each product once."""
    if not command.events:
        return
    rules = await store.rules(ctx.rows, command.events[0].event)
    await store.keep(ctx.work, domain.case_rows(command.events, rules))
    ids = sorted({event.case_id for event in command.events})
    participants = await store.participants(ctx.rows, ids)
    store.count(ctx.work, domain.deliveries(command.events, rules, participants))
    if command.link_hours:
        await store.link_hours_of(ctx.work, ids)


async def link_hours(_: LinkHours, ctx: Ctx) -> None:
    """Nothing to refuse: what has no case yet waits."""
    await store.link_hours(ctx.work)
