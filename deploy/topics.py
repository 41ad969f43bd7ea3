"""The topics of the services on Kafka; the log in PostgreSQL gets them from its migration."""

from shared.contracts.registry import topics_for
from shared.messaging.transport import NoTopicsError
from shared.settings import SERVICES, Settings

__all__ = ["NoTopicsError", "create"]


async def create(settings: Settings, *, replication: int = 1) -> None:
    """Create the topics that are missing, where Kafka is the transport. Raises NoTopicsError."""
    if settings.transport == "kafka":
        from shared.messaging.connect import kafka_config
        from shared.messaging.kafka_topics import create_topics

        config = kafka_config(settings, "vth-topics")
        await create_topics(config, topics_for(SERVICES), replication=replication)
