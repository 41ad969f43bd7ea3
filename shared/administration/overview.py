"""How the events of a service stand: outbox, feed, consumer, parking, subscriptions."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import asyncpg
import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.administration.common import Done, Reading, frame, templates
from shared.messaging import parking
from shared.messaging.connect import topics_of
from shared.messaging.operations import group_of, lag_of, standing
from shared.messaging.transport import PartitionLag, TransientTransportError
from shared.product.roles import Scope
from shared.webhooks import store

log = structlog.get_logger(__name__)

router = APIRouter()

MOST = 100


class TopicLag(NamedTuple):
    """How far the consumer is in one topic."""

    topic: str
    waiting: int
    end: int


@router.get("/gebeurtenissen")
async def overview(ctx: Reading, done: Done = "") -> Response:
    """What waits, what is parked, and who follows along."""
    ctx.require(Scope.EVENTS_MANAGE)
    ctx.require_agency()
    request, rows = ctx.request, ctx.rows
    stands = await standing(rows)
    place = await store.place(rows)
    parked = await parking.parked(rows, most=MOST)
    subscriptions = await store.listed(rows, None, None, MOST)
    return templates.page(
        request,
        "gebeurtenissen/overzicht.html",
        **frame(request, done),
        **await _lag(request),
        outbox=stands.outbox,
        parked_count=sum(line.waiting for line in stands.parked.values()),
        parked_oldest=max((line.oldest_seconds for line in stands.parked.values()), default=0.0),
        place=place,
        parked=parked,
        subscriptions=subscriptions,
        span=span,
    )


async def _lag(request: Request) -> dict[str, Any]:
    """The lag of the consumer of this service; None when the log does not answer."""
    service, settings = request.app.state.service, request.app.state.settings
    topics = topics_of(request.app.state.consumers)
    lag: list[TopicLag] | None
    try:
        lag = by_topic(await lag_of(settings, service, topics))
    except (TransientTransportError, OSError, asyncpg.PostgresError) as error:
        log.warning("lag not known", service=service, error=repr(error))
        lag = None
    return {"lag": lag, "group": group_of(service)}


def by_topic(lines: Sequence[PartitionLag]) -> list[TopicLag]:
    """The lag per topic, over its partitions."""
    topics = sorted({line.topic for line in lines})
    return [
        TopicLag(
            topic,
            sum(line.lag for line in lines if line.topic == topic),
            sum(line.end for line in lines if line.topic == topic),
        )
        for topic in topics
    ]


def span(seconds: float) -> str:
    """How long something waits, in the largest unit that tells enough."""
    for size, unit in ((86_400, "dagen"), (3_600, "uur"), (60, "minuten")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconden"
