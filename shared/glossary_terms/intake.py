"""Terms of the intake service and its events."""

SOURCE = "CIm VTH FLo 1.0"

TERMS: dict[str, tuple[str, str]] = {
    "channel": ("kanaal", SOURCE),
    "received_at": ("ontvangenOp", SOURCE),
    "occurred_at": ("signaaltijdstip", SOURCE),
    "outcome": ("oordeel", SOURCE),
    "cause": ("oorzaak", SOURCE),
    "assessed_at": ("beoordeeldOp", SOURCE),
    "closed_at": ("afgehandeldOp", SOURCE),
    "within_term": ("binnenTermijn", SOURCE),
    "started_at": ("begonnenOp", SOURCE),
    "request_id": ("verzoekId", SOURCE),
    "requested_at": ("gevraagdOp", SOURCE),
    "complaints": ("klachten", SOURCE),
}
