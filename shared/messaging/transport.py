"""What carries events from one service to another: four methods, two implementations."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias


class TransientTransportError(Exception):
    """The transport does not answer now; the same call may succeed later."""


class NoTopicsError(Exception):
    """The topics cannot be made; the message says where and why."""


class Message(NamedTuple):
    """What is published. The key decides the partition, and so the order."""

    topic: str
    key: str
    headers: Mapping[str, str]
    value: bytes


class Record(NamedTuple):
    """What is received: a message at its place in the log."""

    topic: str
    partition: int
    offset: int
    key: str
    headers: Mapping[str, str]
    value: bytes


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
