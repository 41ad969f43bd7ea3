"""Figures of rebuilds, on the worker's `/metrics`."""

from prometheus_client import Gauge

rebuild_running = Gauge("vth_rebuild_running", "1 while a rebuild is open", ["service"])
rebuild_done = Gauge("vth_rebuild_done_events", "Events read by the last rebuild", ["service"])
rebuild_total = Gauge("vth_rebuild_total_events", "Events there were to read", ["service"])
rebuild_failed = Gauge("vth_rebuild_failed", "1 when the last rebuild failed", ["service"])
