"""Events for those without Kafka: the pull feed, webhooks, and the administrator's screens."""
