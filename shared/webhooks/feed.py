"""Pages of the feed: the events of a service in the order of its outbox, as CloudEvents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from shared.auth.sight import Sight
from shared.db.rows import Row, Rows
from shared.errors import Gone
from shared.messaging.cloudevents import binary_headers, from_record, to_structured
from shared.messaging.transport import Message

# Events looked at in one statement, and statements of one page, when few match the filters.
WINDOW: Final = 10_000
ROUNDS: Final = 10

# One statement is one snapshot: what is purged meanwhile is seen as purged. Notices about parked
# events (shared/contracts/notices) pass through the outbox too, and are not for subscribers.
_PAGE: Final = text("""
SELECT f.decided, f.purged, e.seq, e.id, e.type, e.topic, e.key, e.headers, e.payload
FROM event_feed AS f
LEFT JOIN LATERAL (
    SELECT o.seq, o.id, o.type, o.topic, o.key, o.headers, o.payload FROM outbox AS o
    WHERE o.seq > greatest(CAST(:after AS bigint), f.purged)
      AND o.seq <= least(f.decided, greatest(CAST(:after AS bigint), f.purged) + :window)
      AND right(o.topic, 4) <> '.dlq'
      AND (CAST(:types AS text[]) IS NULL OR o.type = ANY(CAST(:types AS text[])))
      AND (CAST(:sight_all AS boolean)
           OR o.headers ->> 'deelnemer' = ANY(CAST(:sight AS text[])))
    ORDER BY o.seq LIMIT :most
) AS e ON true
ORDER BY e.seq
""")
_PLACE: Final = text("SELECT decided, purged FROM event_feed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose events, and of which types; None stands for all types."""

    sight: Sight
    types: Sequence[str] | None = None


class FeedEvent(NamedTuple):
    """An event at its place, as one JSON document."""

    seq: int
    id: Any
    type: str
    document: bytes


class FeedPage(NamedTuple):
    """Events, the place to go on from, and whether more are there already."""

    events: Sequence[FeedEvent]
    cursor: int
    more: bool


async def page(rows: Rows, wanted: Wanted, *, after: int | None, most: int) -> FeedPage:
    """The events after a place; from the oldest that is kept when that is None.

    Raises Gone when events after that place were purged: the reader cannot know what it missed.
    """
    cursor, more = after or 0, True
    for _ in range(ROUNDS):
        found = await rows.all(
            _PAGE,
            after=cursor,
            window=WINDOW,
            types=None if wanted.types is None else list(wanted.types),
            sight=wanted.sight,
            most=most,
        )
        decided, purged = found[0]["decided"], found[0]["purged"]
        if after is not None and cursor < purged:
            raise Gone(
                "Gebeurtenissen na deze cursor zijn niet meer bewaard. Lees de huidige gegevens "
                "via de API en begin daarna zonder cursor."
            )
        events = [_event(row) for row in found if row["seq"] is not None]
        cursor = _reached(events, most, decided, max(cursor, purged))
        more = cursor < decided
        if events or not more:
            return FeedPage(events, cursor, more)
    return FeedPage((), cursor, more)


async def end(rows: Rows) -> int:
    """The place after the last event that is decided."""
    place = await rows.one(_PLACE)
    return max(int(place["decided"]), int(place["purged"]))


async def start(rows: Rows) -> int:
    """The place before the oldest event that is kept."""
    return int((await rows.one(_PLACE))["purged"])


def _reached(events: Sequence[FeedEvent], most: int, decided: int, start: int) -> int:
    if len(events) == most:
        return events[-1].seq
    return max(start, min(decided, start + WINDOW))


def _event(row: Row) -> FeedEvent:
    headers = binary_headers(str(row["id"]), row["type"], row["key"], row["headers"])
    message = Message(row["topic"], row["key"], headers, row["payload"])
    return FeedEvent(row["seq"], row["id"], row["type"], to_structured(from_record(message)))
