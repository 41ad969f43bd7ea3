"""Figures of the feed and of deliveries, on the process's `/metrics`."""

from prometheus_client import Counter, Gauge, Histogram

feed_leads = Gauge("vth_feed_leads", "1 where this process moves the feed", ["service"])
feed_waiting = Gauge("vth_feed_waiting_events", "Events that cannot be read yet", ["service"])

webhook_attempts = Counter("vth_webhook_attempts", "Attempts to deliver", ["service", "result"])
webhook_seconds = Histogram("vth_webhook_seconds", "Time of an attempt", ["service"])
webhook_suspended = Gauge("vth_webhook_suspended", "Suspended subscriptions", ["service"])
webhook_failing = Gauge("vth_webhook_failing", "Subscriptions that fail", ["service"])


def forget(service: str) -> None:
    """Who does not lead says so, and keeps no alarm going with what it counted before."""
    for figure in (feed_leads, feed_waiting, webhook_suspended, webhook_failing):
        figure.labels(service).set(0)
