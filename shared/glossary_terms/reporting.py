"""Terms of the reporting service and its events."""

SOURCE = "Urenverantwoording omgevingsdiensten"

TERMS: dict[str, tuple[str, str]] = {
    "week": ("week", SOURCE),
    "week_id": ("weekstaatId", SOURCE),
    "employee": ("medewerker", SOURCE),
    "minutes": ("minuten", SOURCE),
    "submitted_at": ("ingediendOp", SOURCE),
    "approved_at": ("goedgekeurdOp", SOURCE),
    "settlement_id": ("afrekeningId", SOURCE),
    "owed": ("verschuldigd", SOURCE),
    "advance": ("voorschot", SOURCE),
    "balance": ("saldo", SOURCE),
    "adopted_on": ("vaststellingsdatum", SOURCE),
}
