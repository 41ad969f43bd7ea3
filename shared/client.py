"""Follow the events of the platform from another program.

    reader = FeedReader("https://vth.example.nl", "intake", token)     # or KafkaReader(...)
    async for page in reader.follow(after=my_last_cursor):
        for event in page.events:
            ...                                # event.id, event.type, event.data, typed(event)
        my_last_cursor = page.cursor           # store it together with what you did

Each event comes at least once and in order per key (`event.key`); one that comes again has the same
`id`. A reader that stops in the middle of a page gets that page again. For webhooks `is_signed`
tells whether a delivery is ours. What events there are: docs/gebeurtenissen.md.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Final, NamedTuple
from uuid import uuid4

import httpx
import orjson
import structlog

from shared.contracts.base import Event
from shared.contracts.registry import BY_TYPE, topic_of
from shared.contracts.upcasting import UPCASTERS, upcast, way_to
from shared.db.connections import pauses
from shared.messaging.cloudevents import Envelope, from_record, from_structured
from shared.messaging.kafka import KafkaConfig, KafkaTransport
from shared.messaging.transport import TransientTransportError
from shared.webhooks.signing import is_signed

__all__ = ["CursorGoneError", "FeedReader", "KafkaReader", "Page", "is_signed", "typed"]

log = structlog.get_logger(__name__)

MOST: Final = 500
RETRIED: Final = frozenset({429, 500, 502, 503, 504})


class CursorGoneError(Exception):
    """Events after the cursor are not kept any longer: read the present state, start without."""


class Page(NamedTuple):
    """Consecutive events, and the cursor behind them (empty where Kafka keeps the place)."""

    events: Sequence[Envelope]
    cursor: str


def typed(event: Envelope) -> Event | None:
    """The data as the class of its contract; None for a type that this kit does not know yet.

    An old major version comes as the class of the new one.
    """
    way = way_to(event.type, BY_TYPE, UPCASTERS)
    if way is None:
        return None
    data = upcast(event.data, way.changes)
    return BY_TYPE[way.type].model_validate_json(data, extra="ignore")


class FeedReader:
    """Reads the feed of one service over HTTP.

    `token` may be a function, for tokens that expire; it is asked before every request.
    """

    def __init__(
        self,
        url: str,
        service: str,
        token: str | Callable[[], str],
        *,
        types: Sequence[str] = (),
        participants: Sequence[str] = (),
        most: int = MOST,
        every: float = 1.0,
    ) -> None:
        self._url = f"{url.rstrip('/')}/{service}/v1/gebeurtenissen"
        self._token = token if callable(token) else lambda: token
        self._filters = [("type", name) for name in types]
        self._filters += [("deelnemer", code) for code in participants]
        self._filters += [("limit", str(most))]
        self._every = every

    async def follow(self, after: str = "") -> AsyncGenerator[Page, None]:
        """Pages for ever, from the cursor on (from the oldest event kept when it is empty).

        Waits out a platform that is away. Raises CursorGoneError, httpx.HTTPStatusError for a
        request that is refused.
        """
        waits = pauses()
        async with httpx.AsyncClient(timeout=30) as client:
            while True:
                response = await self._ask(client, after)
                if response is None:
                    await asyncio.sleep(next(waits))
                    continue
                waits = pauses()
                found = orjson.loads(response.content)
                after = found["volgende"]
                events = [from_structured(orjson.dumps(each)) for each in found["resultaten"]]
                if events:
                    yield Page(events, after)
                if not found["meer"]:
                    await asyncio.sleep(self._every)

    async def _ask(self, client: httpx.AsyncClient, after: str) -> httpx.Response | None:
        """The answer; None when the platform cannot answer now."""
        query = httpx.QueryParams([*self._filters, *([("na", after)] if after else [])])
        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            response = await client.get(self._url, params=query, headers=headers)
        except httpx.TransportError as error:
            log.warning("feed out of reach", error=repr(error))
            return None
        if response.status_code == httpx.codes.GONE:
            raise CursorGoneError(response.json()["detail"])
        if response.status_code in RETRIED:
            log.warning("feed out of reach", status=response.status_code)
            return None
        return response.raise_for_status()


class KafkaReader:
    """Reads the topics of services from Kafka, as a member of a group that shares the work."""

    def __init__(
        self, servers: str, *, group: str, services: Sequence[str], types: Sequence[str] = ()
    ) -> None:
        self._config = KafkaConfig(
            bootstrap_servers=servers, client_id=f"{group}-{uuid4().hex[:8]}"
        )
        self._group = group
        self._topics = [topic_of(service) for service in services]
        self._types = frozenset(types)

    async def follow(self, after: str = "") -> AsyncGenerator[Page, None]:
        """Pages for ever, from where the group was; a new group starts at the oldest event.

        The place of the group moves when the next page is asked for. Waits out a broker that is
        away. `after` is there to be called as the feed is: Kafka keeps the place itself.
        """
        transport = KafkaTransport(self._config, group=self._group, topics=self._topics)
        try:
            async with aclosing(self._pages(transport)) as pages:
                async for page in pages:
                    yield page
        finally:
            await transport.close()

    async def _pages(self, transport: KafkaTransport) -> AsyncGenerator[Page, None]:
        waits = pauses()
        while True:
            try:
                batch = await transport.poll(0.5, MOST)
            except TransientTransportError as error:
                log.warning("Kafka out of reach", error=str(error))
                await asyncio.sleep(next(waits))
                continue
            waits = pauses()
            events = [from_record(record) for records in batch.values() for record in records]
            wanted = [event for event in events if not self._types or event.type in self._types]
            if wanted:
                yield Page(wanted, "")
            if batch:
                await transport.commit(
                    {place: records[-1].offset + 1 for place, records in batch.items()}
                )
