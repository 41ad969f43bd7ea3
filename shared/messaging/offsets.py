"""What a log still holds."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from shared.messaging.transport import TopicPartition

Positions: TypeAlias = Mapping[TopicPartition, int]


class LogOffsets(NamedTuple):
    """The first offset of each partition, and the next one to come."""

    first: Positions
    end: Positions

    @property
    def shortened(self) -> list[TopicPartition]:
        """Where the beginning is gone."""
        return [place for place, offset in self.first.items() if offset > 0]
