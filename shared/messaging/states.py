"""The life of a parked event."""

from enum import StrEnum


class ParkedState(StrEnum):
    """A parked event waits for a person or for its key; a retry waits for the consumer."""

    PARKED = "parked"
    RETRY = "retry"
    DISCARDED = "discarded"
    DONE = "done"
