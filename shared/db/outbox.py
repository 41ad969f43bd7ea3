"""From a domain event to its row in the outbox, with the CloudEvents attributes of NL GOV."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table

from shared.contracts.base import Event
from shared.figures import ByEvent
from shared.ids import new_id


def _no_trace() -> str | None:
    return None


class Publisher:
    """Knows where a service's events go and who it says they are from."""

    def __init__(
        self,
        outbox: Table,
        *,
        source: str,
        public_url: str = "",
        traceparent: Callable[[], str | None] = _no_trace,
        figures: ByEvent = MappingProxyType({}),
    ) -> None:
        self.outbox = outbox
        self._source = source
        self._public_url = public_url
        self._traceparent = traceparent
        self.figures = figures

    def row(self, event: Event, now: datetime) -> dict[str, Any]:
        """The outbox row of the event."""
        subject = str(event.subject)
        headers = {
            "source": self._source,
            "subject": subject,
            "time": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "dataref": self._public_url + event.dataref,
            "dataschema": f"{self._public_url}/schemas/{event.type}/{event.schema_version}.json",
            "sequence": str(event.version),
            "sequencetype": "Integer",
        }
        if event.participant:
            headers["deelnemer"] = event.participant
        if event.succeeded_by:
            headers["opvolger"] = event.succeeded_by
        if trace := self._traceparent():
            headers["traceparent"] = trace
        return {
            "id": new_id(),
            "aggregatetype": event.resource,
            "aggregateid": subject,
            "type": event.type,
            "topic": event.goes_to,
            "key": str(event.key),
            "headers": headers,
            "payload": event.model_dump_json(by_alias=True, exclude_none=True).encode(),
            "occurred_at": now,
        }
