"""Domain events between the services: outbox, relay, transports, inbox and parking."""
