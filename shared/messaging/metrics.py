"""Figures of relay and consumers, on the process's `/metrics`."""

from prometheus_client import Counter, Gauge, Histogram

BATCHES = (1, 5, 20, 50, 100, 200, 350, 500, 1000, 2000)

outbox_backlog = Gauge("vth_outbox_backlog", "Events not published yet", ["service"])
outbox_age = Gauge("vth_outbox_age_seconds", "Age of the oldest unpublished event", ["service"])
relay_leads = Gauge("vth_relay_leads", "1 where this process publishes", ["service"])
relay_batch = Histogram("vth_relay_batch_events", "Events per batch", ["service"], buckets=BATCHES)
relay_failures = Counter("vth_relay_failures", "Batches the transport did not take", ["service"])
relay_purged = Counter("vth_relay_purged_events", "Old events removed", ["service"])

consumer_batch = Histogram(
    "vth_consumer_batch_events", "Events per transaction", ["consumer"], buckets=BATCHES
)
consumer_seconds = Histogram("vth_consumer_batch_seconds", "Time per transaction", ["consumer"])
consumer_handled = Counter("vth_consumer_handled_events", "Events handled", ["consumer", "type"])
consumer_skipped = Counter(
    "vth_consumer_known_events", "Events delivered again and skipped", ["consumer"]
)
consumer_parked = Counter("vth_consumer_parked_events", "Events parked", ["consumer"])
consumer_retries = Counter("vth_consumer_retries", "Events tried again in place", ["consumer"])
consumer_lag = Gauge("vth_consumer_lag_events", "Events that wait", ["consumer", "topic"])
consumer_polled = Gauge(
    "vth_consumer_polled_timestamp_seconds", "When it last asked for events", ["consumer"]
)
parked_open = Gauge("vth_parked_open_events", "Parked events that wait", ["consumer"])
parked_oldest = Gauge("vth_parked_oldest_seconds", "Age of the oldest parked event", ["consumer"])
