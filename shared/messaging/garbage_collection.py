"""The garbage collector of a process that handles events by the thousand."""

import gc
from typing import Final

# Events come and go without cycles, so reference counts free them. At the default of 700 objects
# the collector would look through every batch dozens of times and find nothing.
THRESHOLDS: Final = (10_000, 20, 20)


def collect_less() -> None:
    """Leave alone what is loaded by now, and look less often at what comes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
