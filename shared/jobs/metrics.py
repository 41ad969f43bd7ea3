"""Figures of jobs, on the worker's `/metrics`."""

from prometheus_client import Counter, Gauge

jobs = Gauge("vth_jobs", "Jobs by state, without those that are done", ["service", "kind", "state"])
jobs_late = Gauge(
    "vth_jobs_late_seconds", "How long the oldest job waits that is due", ["service", "kind"]
)
jobs_ended = Counter("vth_jobs_ended", "Attempts that ended", ["service", "kind", "result"])
