"""Terms of the risk service and its events."""

SOURCE = "Risicoprioritering omgevingsdiensten"

TERMS: dict[str, tuple[str, str]] = {
    "score": ("score", SOURCE),
    "risk_class": ("risicoklasse", SOURCE),
    "model_version": ("modelversie", SOURCE),
    "scored_at": ("berekendOp", SOURCE),
}
