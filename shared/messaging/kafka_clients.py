"""The clients of aiokafka as we need them: how to reach the brokers, and how to let go of them.

With the brokers gone aiokafka flushes and leaves its group for ever, and what is cancelled half-way
keeps trying in the background: hence the time limits, and a way to give up for good.
"""

import asyncio
import ssl
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.messaging.transport import Record, storable

log = structlog.get_logger(__name__)

STOP_LIMIT: Final = 5.0
ABORT_LIMIT: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSecurity:
    """TLS and SASL; the files are PEM, and without a CA those of the system are trusted."""

    protocol: str = "PLAINTEXT"
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    mechanism: str = "SCRAM-SHA-512"
    username: str = ""
    password: str = ""

    def options(self) -> dict[str, Any]:
        """What aiokafka's clients want to know. Raises OSError for a file that is not there."""
        found: dict[str, Any] = {"security_protocol": self.protocol}
        if self.protocol.endswith("SSL"):
            found["ssl_context"] = context = ssl.create_default_context(cafile=self.ca_file)
            if self.cert_file:
                context.load_cert_chain(self.cert_file, self.key_file)
        if self.protocol.startswith("SASL"):
            found |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaConfig:
    """How to reach the brokers, and who we are to them."""

    bootstrap_servers: str
    client_id: str = "vth"
    security: KafkaSecurity = KafkaSecurity()
    idempotent: bool = True
    # A member with a name of its own comes back to its partitions after a restart (KIP-345).
    instance_id: str | None = None
    # After this silence the brokers give a member's partitions to others; a batch takes less.
    session_seconds: float = 20.0
    # An idempotent producer tries for ever by itself.
    send_seconds: float = 30.0

    def options(self) -> dict[str, Any]:
        """What every client wants to know."""
        return {
            "bootstrap_servers": self.bootstrap_servers,
            "client_id": self.client_id,
            **self.security.options(),
        }


def make_producer(config: KafkaConfig) -> AIOKafkaProducer:
    """A producer that waits until all replicas in sync have a record."""
    return AIOKafkaProducer(
        **config.options(),
        acks="all",
        enable_idempotence=config.idempotent,
        compression_type="lz4",
        max_batch_size=256 * 1024,
        linger_ms=0,
        request_timeout_ms=10_000,
    )


def make_consumer(
    config: KafkaConfig,
    group: str | None,
    topics: Sequence[str],
    listener: ConsumerRebalanceListener,
) -> AIOKafkaConsumer:
    """A consumer that starts at the first record and commits when it is told to."""
    consumer = AIOKafkaConsumer(
        **config.options(),
        group_id=group,
        group_instance_id=config.instance_id,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=int(config.session_seconds * 1000),
        rebalance_timeout_ms=int(config.session_seconds * 2000),
        heartbeat_interval_ms=int(config.session_seconds * 100),
        max_partition_fetch_bytes=1024 * 1024,
        fetch_max_bytes=8 * 1024 * 1024,
    )
    consumer.subscribe(topics, listener=listener)
    return consumer


def make_admin(config: KafkaConfig) -> AIOKafkaAdminClient:
    """A client for topics and groups."""
    return AIOKafkaAdminClient(**config.options())


async def stop(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stop in good order, within the limit; after it, give up what was in hand."""
    # A task of its own: aiokafka lets the cancellation of a fetch out of its stop, half-way.
    stopping = asyncio.create_task(client.stop(), name="Kafka client stops")
    try:
        await asyncio.wait({stopping}, timeout=STOP_LIMIT)
    finally:
        stopping.cancel()
    ended: list[BaseException | None] = await asyncio.gather(stopping, return_exceptions=True)
    error = ended[0]
    if error is None:
        return
    log.warning("a Kafka client did not stop in good order", error=repr(error))
    abort(client)
    if not isinstance(error, KafkaError | OSError | asyncio.CancelledError):
        raise error


def is_spent(consumer: AIOKafkaConsumer) -> bool:
    """Whether a task of its background died: from then on it only raises what that died of."""
    # Nothing public tells: `assignment()` and `subscription()` stay as they were when a task died.
    group = getattr(consumer, "_coordinator", None)
    tasks = (
        getattr(group, "_coordination_task", None),
        getattr(consumer._fetcher, "_fetch_task", None),  # noqa: SLF001 - it does not tell
    )
    return any(task is not None and task.done() for task in tasks)


_aborting: set[asyncio.Task[None]] = set()


def abort(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Give up at once what the client was doing; its connections are closed in the background.

    Without this its tasks would send old records as soon as the brokers are back.
    """
    task = asyncio.get_running_loop().create_task(_abort(client), name="Kafka client given up")
    _aborting.add(task)
    task.add_done_callback(_aborting.discard)


async def aborted() -> None:
    """Wait until the clients that were given up are gone."""
    if _aborting:
        await asyncio.wait(set(_aborting), timeout=ABORT_LIMIT)


async def _abort(client: Any) -> None:
    # `stop()` is the only public end. It flushes or leaves the group first, without a limit, and
    # called again after it was cancelled it does nothing: its tasks would go on.
    client._closed = True  # noqa: SLF001 - the library has no way to give up
    connections = getattr(client, "_client", None) or client.client
    tasks = _tasks_of(client)
    for task in tasks:
        task.cancel()
    await _ignoring(connections.close())
    if tasks:
        await asyncio.wait(tasks, timeout=ABORT_LIMIT)
        # A connection may have been made while the first were closing.
        await _ignoring(connections.close())


def _tasks_of(client: Any) -> set[asyncio.Task[Any]]:
    """The background tasks of the client and of its parts, by whose method they run."""
    parts = {id(client)}
    for name in ("_sender", "_message_accumulator", "_coordinator", "_fetcher"):
        parts.add(id(getattr(client, name, None)))
    parts.discard(id(None))
    return {
        task
        for task in asyncio.all_tasks()
        if task is not asyncio.current_task() and id(_owner(task.get_coro())) in parts
    }


def _owner(coroutine: object) -> object:
    frame = getattr(coroutine, "cr_frame", None)
    return frame.f_locals.get("self") if frame else None


async def _ignoring(closing: Coroutine[Any, Any, None]) -> None:
    with suppress(KafkaError, OSError):
        async with asyncio.timeout(STOP_LIMIT):
            await closing


def record_of(record: Any) -> Record:
    """A record of aiokafka as ours; bytes that are no text leave a mark where they stood."""
    try:
        key = record.key.decode()
        headers = {name: value.decode() for name, value in record.headers}
    except (AttributeError, UnicodeDecodeError):
        key = _text(record.key)
        headers = {name: _text(value) for name, value in record.headers}
    value = record.value or b""
    return Record(record.topic, record.partition, record.offset, storable(key), headers, value)


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "replace")
