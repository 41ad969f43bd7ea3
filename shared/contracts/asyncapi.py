"""The AsyncAPI 3.0 document of the event backbone, from the registry of events."""

from typing import Any

from shared.contracts.base import Event
from shared.contracts.guide import document_of
from shared.contracts.notices import parking_of
from shared.contracts.registry import EVENTS, NOTICES, topic_of
from shared.contracts.schemas import schema_of
from shared.contracts.texts import WHEN
from shared.settings import SERVICES

HEADERS = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type"],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "Uniek per gebeurtenis"},
        "ce_source": {"type": "string", "description": "URN met het OIN van de dienst"},
        "ce_type": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time", "description": "Vastgelegd op"},
        "ce_subject": {"type": "string", "description": "Kenmerk van het onderwerp"},
        "ce_sequence": {"type": "string", "description": "Versie van het onderwerp"},
        "ce_sequencetype": {"type": "string", "const": "Integer"},
        "ce_dataref": {"type": "string", "description": "Waar de gegevens te lezen zijn"},
        "ce_dataschema": {"type": "string"},
        "ce_deelnemer": {"type": "string", "description": "Deelnemer die het aangaat"},
        "ce_opvolger": {
            "type": "string",
            "description": "Dezelfde gebeurtenis komt ook als dit nieuwere type; sla deze over als "
            "u dat leest",
        },
        "traceparent": {"type": "string"},
        "content-type": {"type": "string", "const": "application/json"},
    },
}


VERSION = "0.1.0"


def document(version: str = VERSION) -> dict[str, Any]:
    """The document; its channels are the topics of the services."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "VTH Platform: gebeurtenissen",
            "version": version,
            "description": "Domeingebeurtenissen als CloudEvents 1.0 (NL GOV profiel 1.1), "
            "in binaire vorm op Kafka.",
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{broker}",
                "protocol": "kafka",
                "description": "De brokers van de dienst, binnen de eigen organisatie; anderen "
                "volgen met de ophaalfeed of een webhook",
                "variables": {
                    "broker": {
                        "description": "Adres en poort van een broker",
                        "default": "kafka.example.nl:9092",
                    }
                },
            }
        },
        "channels": {
            **{service: _channel(service) for service in SERVICES},
            **{_parking(service): _parking_channel(service) for service in SERVICES},
        },
        "operations": {
            **{f"{service}Publiceert": _operation(service) for service in SERVICES},
            **{f"{_parking(service)}Meldt": _operation(_parking(service)) for service in SERVICES},
        },
        "components": {
            "messages": {_name(event): _message(event) for event in (*EVENTS, *NOTICES)},
            "schemas": {"Kopregels": HEADERS},
        },
    }


def _channel(service: str) -> dict[str, Any]:
    names = [_name(event) for event in EVENTS if event.service == service]
    return {
        "address": topic_of(service),
        "description": f"Gebeurtenissen van {service}; 6 partities, op volgorde per sleutel.",
        "messages": _references(names),
    }


def _parking(service: str) -> str:
    return f"{service}Geparkeerd"


def _parking_channel(service: str) -> dict[str, Any]:
    return {
        "address": parking_of(topic_of(service)),
        "description": f"Meldingen dat een consument een gebeurtenis van {service} heeft "
        "geparkeerd; voor bewaking, niet in feed en webhooks.",
        "messages": _references([_name(event) for event in NOTICES]),
    }


def _references(names: list[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _operation(channel: str) -> dict[str, Any]:
    return {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}}


def _message(event: type[Event]) -> dict[str, Any]:
    schema = schema_of(event)
    del schema["$schema"]
    return {
        "name": event.type,
        "title": event.type.rsplit(".", 1)[-1],
        "summary": WHEN[event.type],
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Kopregels"},
        "payload": _inlined(schema, schema.pop("$defs", {})),
        "examples": [{"name": "voorbeeld", "payload": document_of(event)["data"]}],
    }


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    """Put definitions in place: a `$ref` would point into the document, not the payload."""
    if isinstance(node, dict):
        if "$ref" in node:
            return _inlined(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
        return {key: _inlined(value, definitions) for key, value in node.items()}
    if isinstance(node, list):
        return [_inlined(value, definitions) for value in node]
    return node


def _name(event: type[Event]) -> str:
    return event.__name__
