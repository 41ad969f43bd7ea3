"""What carries events from one service to another: four methods, two implementations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias


class TransientTransportError(Exception):
    """The transport does not answer now; the same call may succeed later."""


class NoTopicsError(Exception):
    """The topics cannot be made; the message says where and why."""


def storable(text: str) -> str:
    """The text as PostgreSQL can keep it: without the character that ends a string in C."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


class Message(NamedTuple):
    """What is published. The key decides the partition, and so the order."""

    topic: str
    key: str
    headers: Mapping[str, str]
    value: bytes


@dataclass(slots=True)
class Record:
    """What is received: a message at its place in the log."""

    topic: str
    partition: int
    offset: int
    key: str
    headers: Mapping[str, str]
    value: bytes
    # What the reader of the transport made of it while it waited; None where nobody read it yet.
    content: object = field(default=None, compare=False, repr=False)


class TopicPartition(NamedTuple):
    topic: str
    partition: int


class PartitionLag(NamedTuple):
    """How far a consumer group is in one partition: the next offset to write and to read."""

    topic: str
    partition: int
    end: int
    position: int

    @property
    def lag(self) -> int:
        """How many records wait."""
        return max(self.end - self.position, 0)


Batch: TypeAlias = Mapping[TopicPartition, Sequence[Record]]
Reader: TypeAlias = Callable[[Record], object]


class Transport(Protocol):
    """A durable log of topics with partitions, read by consumer groups from the earliest record.

    Every method raises TransientTransportError when the log cannot be reached.
    """

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append all messages, in order per key; returns when they are durable."""

    async def poll(self, timeout: float, max_records: int) -> Batch:  # noqa: ASYNC109 - part of the question
        """The next records of the partitions that are ours, waiting at most `timeout` seconds.

        The batch before must be done: asking for more lets go of partitions others may take.
        """

    async def commit(self, positions: Mapping[TopicPartition, int]) -> None:
        """Remember for the group where to read on; never moves backwards."""

    async def close(self) -> None:
        """Leave the group and let go of all connections."""


class Observed(Protocol):
    """What a transport tells about the progress of its consumer group."""

    async def lag(self) -> Sequence[PartitionLag]:
        """The lag of every partition of the subscribed topics."""

    async def behind(self) -> bool:
        """Whether records wait in a partition that is ours."""


class ReadingAhead(Protocol):
    """What a transport can do while those before them are handled: have the next records read."""

    def read_ahead(self, reader: Reader) -> None:
        """Call this on records that wait; what it makes of one comes along as its content."""
