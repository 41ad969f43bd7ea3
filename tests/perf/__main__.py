"""`make perf`: every benchmark, or those named: complaints events relay ..."""

import sys
import tempfile
from pathlib import Path

from tests.perf import (
    complaints,
    consumer,
    events,
    memory,
    pages,
    rebuild,
    relay,
    webhooks,
)
from tests.perf.figures import Figure, show

PARTS = {
    "complaints": complaints.measure,
    "consumer": consumer.measure,
    "events": events.measure,
    "memory": memory.measure,
    "pages": pages.measure,
    "rebuild": rebuild.measure,
    "relay": relay.measure,
    "webhooks": webhooks.measure,
}


def main() -> int:
    figures: list[Figure] = []
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory(prefix="vth-perf-") as folder:
            Path(folder).chmod(0o755)
            figures += PARTS[name](Path(folder))
    show(figures)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
