"""Where a job stands, in the words of the screens."""

from enum import StrEnum
from typing import Final


class JobState(StrEnum):
    """The life of a job."""

    QUEUED = "wacht"
    RUNNING = "loopt"
    RETRY = "wacht op nieuwe poging"
    FAILED = "mislukt"
    DONE = "klaar"
    CANCELLED = "geannuleerd"


ENDED: Final = (JobState.FAILED, JobState.DONE, JobState.CANCELLED)
OPEN: Final = tuple(state for state in JobState if state not in ENDED)
