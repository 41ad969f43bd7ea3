"""Telling the other services who takes part: once for each state of a participant."""

from dataclasses import dataclass

from services.reporting.context import Ctx
from services.reporting.participants import store
from shared.contracts.reporting import ParticipantRegistered


@dataclass(frozen=True, slots=True)
class AnnounceParticipants:
    """Tell what was not told yet."""


async def announce(_: AnnounceParticipants, ctx: Ctx) -> None:
    """A participant that did not change since is not told again."""
    for row in await store.lock_untold(ctx.work):
        event = ParticipantRegistered(
            version=row.version,
            participant=row.code,
            name=row.name,
            joined_on=row.joined_on,
            left_on=row.left_on,
        )
        ctx.work.publish(event)
        store.told(ctx.work, row)
