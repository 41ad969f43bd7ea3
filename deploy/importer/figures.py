"""Figures of an import, as a file: its process is gone before anybody can ask it for `/metrics`.

The textfile collector of the Prometheus node exporter reads such files from a folder.
"""

import time
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from deploy.importer.engine import Report


def write(path: Path, kind: str, report: Report) -> None:
    """Write what the last import of this kind did; the file is replaced in one step."""
    registry = CollectorRegistry()
    rows = Gauge(
        "vth_import_rows", "Rows of the last import", ["kind", "outcome"], registry=registry
    )
    counted = {
        "nieuw": report.new,
        "gewijzigd": report.changed,
        "ongewijzigd": report.unchanged,
        "geweigerd": len(report.refused),
    }
    for outcome, number in counted.items():
        rows.labels(kind, outcome).set(number)
    ended = Gauge(
        "vth_import_ended_timestamp_seconds", "When it ended", ["kind"], registry=registry
    )
    ended.labels(kind).set(time.time())
    write_to_textfile(str(path), registry)
