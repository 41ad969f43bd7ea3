"""Subscriptions on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.registry import EVENTS
from shared.db.rows import Row
from shared.http.schema import Cursor, Instant, Participant, Text, Wire, text
from shared.webhooks.states import AttemptKind, SubscriptionState

_TYPES = "|".join(event.type.replace(".", r"\.") for event in EVENTS)
EventType = Annotated[str, StringConstraints(pattern=f"^({_TYPES})$")]
SIGNING_KEY = "Sleutel van de handtekening (Standard Webhooks); met whsec_ ervoor in base64"
Secret = Annotated[str, text(200, minimum=32)]
# What a header carries as it is: visible ASCII.
Token = Annotated[str, StringConstraints(min_length=32, max_length=200, pattern=r"^[!-~]+$")]
Url = Annotated[
    str, StringConstraints(max_length=500, pattern=r"^https?://[A-Za-z0-9.:\[\]_~%-]+(/[!-~]*)?$")
]


class SubscriptionIn(Wire, validate_by_name=False):
    """Een aanvraag: waar gebeurtenissen naartoe gaan, en welke."""

    name: Text = Field(description="Waar u het abonnement aan herkent")
    callback_url: Url = Field(
        description="Adres dat OPTIONS beantwoordt en waar gebeurtenissen met POST naartoe gaan",
        examples=["https://afnemer.example.nl/webhooks/vth"],
    )
    token: Token = Field(description="Wordt gestuurd als Authorization: Bearer; ten minste 32")
    signing_key: Secret = Field(
        description="Sleutel van de handtekening (Standard Webhooks); met whsec_ ervoor in base64"
    )
    types: list[EventType] | None = Field(
        None, min_length=1, max_length=50, description="Soorten gebeurtenissen; leeg: alle"
    )
    participants: list[Participant] | None = Field(
        None, min_length=1, max_length=50, description="Deelnemers; leeg: alle die u ziet"
    )
    after: Cursor | None = Field(
        None, description="Begin na deze cursor van de gebeurtenissen; leeg: vanaf nu"
    )


class SecretsIn(Wire, validate_by_name=False):
    """De geheimen die de vorige vervangen, beide."""

    token: Token = Field(description="Wordt gestuurd als Authorization: Bearer; ten minste 32")
    signing_key: Secret = Field(
        description="Sleutel van de handtekening (Standard Webhooks); met whsec_ ervoor in base64"
    )


class SubscriptionOut(Wire):
    """Een abonnement; de geheimen worden nooit getoond."""

    id: UUID
    name: str
    callback_url: str
    types: list[str] | None
    participants: list[str] | None = Field(description="null: alle deelnemers")
    state: SubscriptionState
    state_reason: str | None
    created_at: Instant
    delivered_at: Instant | None
    failing_since: Instant | None
    next_attempt_at: Instant | None

    @classmethod
    def of(cls, row: Row) -> "SubscriptionOut":
        """The subscription of a row."""
        waiting = row["failing_since"] and row["state"] in {
            SubscriptionState.REQUESTED,
            SubscriptionState.ACTIVE,
        }
        same = ("id", "name", "callback_url", "types", "state", "state_reason")
        moments = ("created_at", "delivered_at", "failing_since")
        return cls(
            **{name: row[name] for name in (*same, *moments)},
            participants=None if row["everyone"] else row["participants"],
            next_attempt_at=row["next_attempt_at"] if waiting else None,
        )


class AttemptOut(Wire):
    """Een poging: wat er geprobeerd is en wat ervan kwam."""

    kind: AttemptKind
    event_id: UUID | None
    event_type: str | None
    attempt: int
    attempted_at: Instant
    duration_ms: int
    http_status: int | None
    error: str | None
    delivered: bool
    next_attempt_at: Instant | None

    @classmethod
    def of(cls, row: Row) -> "AttemptOut":
        """The attempt of a row."""
        same = ("kind", "event_id", "event_type", "attempted_at", "duration_ms", "error")
        return cls(
            **{name: row[name] for name in (*same, "delivered", "next_attempt_at")},
            attempt=row["number"],
            http_status=row["status"],
        )
