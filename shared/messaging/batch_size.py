"""How many events share a transaction, learnt from how long the last ones took.

Few end-of-transactions make a fast consumer, but a transaction holds its rows until it ends: others
who want them wait, and the longer, the sooner two of them wait for each other.
"""

from typing import Final

HELD: Final = 0.2
LEAST: Final = 10
MOST: Final = 2_000
FIRST: Final = 500


class BatchSize:
    """As many events as are handled in `HELD` seconds, within bounds."""

    def __init__(self) -> None:
        self.size = FIRST

    def took(self, events: int, seconds: float) -> None:
        """Learn from a transaction; one that was not full only tells when it was too long."""
        if events < self.size and seconds <= HELD:
            return
        fitting = int(events * HELD / max(seconds, 1e-6))
        self.size = max(LEAST, min(fitting, 2 * self.size, MOST))

    def collided(self) -> None:
        """Somebody else wanted the same rows: hold fewer of them next time."""
        self.size = max(LEAST, self.size // 2)
