"""Terms of those who follow events."""

CE = "CloudEvents 1.0, NL GOV profiel"
NRC = "ZGW Notificaties 1.0"
KAFKA = "Gebeurtenissenlog (Apache Kafka)"
PULL = "Ophalen van gebeurtenissen"

TERMS: dict[str, tuple[str, str]] = {
    "next_cursor": ("volgende", PULL),
    "more": ("meer", PULL),
    "after": ("na", PULL),
    "callback_url": ("callbackUrl", NRC),
    "types": ("types", CE),
    "token": ("token", NRC),
    "signing_key": ("ondertekeningssleutel", CE),
    "state_reason": ("statusReden", NRC),
    "failing_since": ("mislukkendSinds", NRC),
    "next_attempt_at": ("volgendePogingOp", NRC),
    "delivered_at": ("laatstAfgeleverdOp", NRC),
    "attempted_at": ("tijdstip", NRC),
    "attempt": ("poging", NRC),
    "duration_ms": ("duurMs", NRC),
    "http_status": ("httpStatus", NRC),
    "error": ("fout", NRC),
    "delivered": ("afgeleverd", NRC),
    "event_id": ("gebeurtenisId", CE),
    "event_type": ("gebeurtenistype", CE),
    "event_key": ("sleutel", CE),
    "from_topic": ("topic", KAFKA),
    "consumer": ("consument", KAFKA),
    "failure": ("soortFout", KAFKA),
    "parked_at": ("geparkeerdOp", KAFKA),
}
