"""The guide to events for readers outside, from the contracts: as data for a page, and as text."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, get_args

import orjson
from pydantic import BaseModel

from shared.contracts.base import Event
from shared.contracts.examples import NOW, example_of
from shared.contracts.registry import EVENTS, NOTICES, topic_of
from shared.contracts.texts import MEANING, WHEN
from shared.product.glossary import TERMS
from shared.settings import SERVICES

OWNERS: Mapping[str, str] = {
    "intake": "Klachten en incidenten",
    "risk": "Locaties en risico",
    "enforcement": "Toezicht en handhaving",
    "reporting": "Uren en afrekeningen",
}


class Field(NamedTuple):
    """A field of the data: its name on the wire, and what a reader must know of it."""

    name: str
    kind: str
    required: bool
    meaning: str
    source: str


class Explained(NamedTuple):
    """All there is to know of one kind of event."""

    type: str
    title: str
    service: str
    topic: str
    version: str
    when: str
    key: str
    fields: tuple[Field, ...]
    example: str


def explained(event: type[Event]) -> Explained:
    """The explanation of one event. Raises KeyError for one that lacks its texts."""
    located = "location_id" in event.model_fields
    return Explained(
        type=event.type,
        title=event.type.rpartition(".")[2].replace("-", " ").capitalize(),
        service=event.service,
        topic=topic_of(event.service),
        version=event.schema_version,
        when=WHEN[event.type],
        key="de locatie, en anders het onderwerp zelf" if located else "het onderwerp zelf",
        fields=tuple(_fields(event)),
        example=_pretty(document_of(event)),
    )


def by_service() -> dict[str, list[Explained]]:
    """Every event, by the service that publishes it."""
    return {
        service: [explained(event) for event in EVENTS if event.service == service]
        for service in SERVICES
    }


def document_of(event: type[Event]) -> dict[str, Any]:
    """The example as a CloudEvent in structured JSON."""
    made = example_of(event)
    address = "https://vth.example.nl"
    document = {
        "specversion": "1.0",
        "id": "019a0000-0000-7000-8000-00000000abcd",
        "type": event.type,
        "source": f"urn:nld:oin:00000001823288444000:systeem:vth-{event.service}",
        "subject": str(made.subject),
        "time": NOW.isoformat().replace("+00:00", "Z"),
        "dataref": address + made.dataref,
        "dataschema": f"{address}/schemas/{event.type}/{event.schema_version}.json",
        "sequence": str(made.version),
        "sequencetype": "Integer",
        "datacontenttype": "application/json",
        "partitionkey": str(made.key),
        "data": orjson.loads(made.model_dump_json(by_alias=True, exclude_none=True)),
    }
    if made.participant:
        document["deelnemer"] = made.participant
    return document


def _fields(model: type[BaseModel], within: str = "") -> Iterator[Field]:
    """The fields of the data; those of an object in it as `adres.straatnaam`."""
    schema = model.model_json_schema(by_alias=True, mode="serialization")
    for name, info in model.model_fields.items():
        wire = TERMS[name].wire
        kinds = _kinds_of(info.annotation)
        kind = _kind(_shape(schema["properties"][wire], schema.get("$defs", {})), kinds)
        required = wire in schema.get("required", ())
        yield Field(within + wire, kind, required, MEANING[name], TERMS[name].source)
        for inner in kinds:
            if issubclass(inner, BaseModel):
                yield from _fields(inner, f"{within}{wire}.")


def _kinds_of(annotation: Any) -> list[type]:
    """The classes that an annotation names."""
    options = get_args(annotation) or (annotation,)
    return [option for option in options if isinstance(option, type)]


def _shape(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, also where it is a reference or may be absent."""
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return _shape(option, definitions)
    if "$ref" in schema:
        found: Mapping[str, Any] = definitions[schema["$ref"].rpartition("/")[2]]
        return found
    return schema


KINDS: Mapping[tuple[str, str | None], str] = {
    ("string", "uuid"): "UUID",
    ("string", "date-time"): "tijdstip",
    ("string", "date"): "datum",
    ("string", None): "tekst",
    ("integer", None): "geheel getal",
    ("boolean", None): "ja of nee",
    ("array", None): "lijst",
    ("object", None): "object",
}


def _kind(shape: Mapping[str, Any], kinds: Sequence[type]) -> str:
    if Decimal in kinds:
        return "decimaal getal als tekst"
    if "const" in shape:
        return f"altijd {shape['const']}"
    if "enum" in shape:
        return "een van: " + ", ".join(map(str, shape["enum"]))
    return KINDS[shape["type"], shape.get("format")]


def _pretty(document: Mapping[str, Any]) -> str:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def markdown() -> str:
    """The guide as a document."""
    parts = [INTRODUCTION]
    for service, events in by_service().items():
        parts.append(f"## {OWNERS[service]}\n\nTopic `{topic_of(service)}`, feed ")
        parts[-1] += f"`/{service}/v1/gebeurtenissen`.\n"
        parts += map(_section, events)
    parts += [NOTICED, *(_section(explained(event)) for event in NOTICES)]
    return "\n".join(parts)


def _section(event: Explained) -> str:
    rows = "\n".join(
        f"| `{field.name}` | {field.kind} | {'ja' if field.required else 'nee'} "
        f"| {field.meaning} | {field.source} |"
        for field in event.fields
    )
    return (
        f"### {event.title}\n\n`{event.type}`, schema {event.version}\n\n{event.when} "
        f"Volgorde: per sleutel, en die is {event.key}.\n\n"
        "| veld | soort | altijd | betekenis | herkomst |\n|---|---|---|---|---|\n"
        f"{rows}\n\n```json\n{event.example}\n```\n"
    )


NOTICED = """## Meldingen over gebeurtenissen

Op Kafka, topic `<topic van de gebeurtenis>.dlq` (zoals `vth.intake.v1.dlq`); niet in de feed en \
niet bij webhooks. Voor wie de keten bewaakt: wat er moet gebeuren doet een beheerder onder \
**Gebeurtenissen**.
"""

INTRODUCTION = """# Gebeurtenissen

Gegenereerd uit `shared/contracts`. Elke gebeurtenis is een CloudEvent 1.0 volgens het NL GOV \
profiel. Er staan geen gegevens van melders en geen vrije tekst in: `dataref` wijst naar de \
gegevens.

| attribuut | betekenis |
|---|---|
| `id` | uniek per gebeurtenis; bij een herhaling hetzelfde: sla over wat u al verwerkte |
| `source` | de dienst die publiceert, als URN met het OIN |
| `type` | soort gebeurtenis; een onverenigbare wijziging krijgt een nieuw type op `.v2` |
| `subject` | kenmerk van het onderwerp |
| `time` | moment van vastleggen, niet dat van het feit |
| `sequence` | versie van het onderwerp: hoger is nieuwer |
| `partitionkey` | binnen deze sleutel is de volgorde vast |
| `deelnemer` | de gemeente of provincie die het aangaat; leeg: nog niet bekend |
| `dataref` | waar de gegevens te lezen zijn, met een token |
| `dataschema` | JSON Schema van `data` |
| `opvolger` | alleen zolang een oud en een nieuw type naast elkaar komen: dezelfde gebeurtenis \
komt ook als dit type; sla deze over als u het nieuwe leest |

Binnen een schema komen er alleen velden bij: lees tolerant. Drie manieren om te volgen, met \
dezelfde gebeurtenissen:

1. **Ophalen**: `GET /<dienst>/v1/gebeurtenissen?na=<cursor>`, recht `gebeurtenissen.lezen`. \
Bewaar `volgende` na het verwerken. Een cursor ouder dan de bewaartermijn krijgt 410.
2. **Webhook**: `POST /<dienst>/v1/abonnementen`. Het platform vraagt toestemming met OPTIONS \
(`WebHook-Request-Origin`; antwoord met `WebHook-Allowed-Origin`) en stuurt daarna elke \
gebeurtenis met POST als `application/cloudevents+json`, in volgorde, met uw token als Bearer en \
een handtekening volgens Standard Webhooks (`Webhook-Id`, `Webhook-Timestamp`, \
`Webhook-Signature: v1,<base64>`): de HMAC-SHA256 van `<id>.<timestamp>.<body>` met uw sleutel, \
of met de bytes erin als zij begint met `whsec_`. \
Antwoord 2xx als u haar hebt; 410 beëindigt, 429 met `Retry-After` wacht, de rest wordt een dag \
lang opnieuw geprobeerd. Nieuwe geheimen geeft u met `PUT \
/<dienst>/v1/abonnementen/{id}/geheimen`; neem ze aan uw kant eerst aan, naast de oude, en er gaat \
geen gebeurtenis verloren.
3. **Kafka**, binnen de organisatie: binaire vorm (`ce_*`-kopregels), zie `asyncapi.json`.

Wie in Python werkt, installeert dit pakket (`pip install .`) en gebruikt `shared.client`: \
`FeedReader` haalt op, `KafkaReader` leest van Kafka, `typed` geeft de gegevens als klasse en \
`is_signed` controleert een webhook. Voorbeelden die werken: \
[voorbeeld-consument.py](voorbeeld-consument.py) en [voorbeeld-webhook.py](voorbeeld-webhook.py).

```sh
VTH_URL=http://127.0.0.1:8000 VTH_TOKEN=$(vth token enschede) python docs/voorbeeld-consument.py
```
"""
