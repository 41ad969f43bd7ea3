"""Terms of the risk service and its events."""

SOURCE = "Risicoprioritering omgevingsdiensten"
BAL = "Besluit activiteiten leefomgeving, hoofdstuk 3"

TERMS: dict[str, tuple[str, str]] = {
    "score": ("score", SOURCE),
    "risk_class": ("risicoklasse", SOURCE),
    "model_version": ("modelversie", SOURCE),
    "scored_at": ("berekendOp", SOURCE),
    "terms": ("termen", SOURCE),
    "weight": ("gewicht", SOURCE),
    "contribution": ("bijdrage", SOURCE),
    "never_inspected": ("nooitGecontroleerd", SOURCE),
    "changes": ("watVerandertDeScore", SOURCE),
    "on": ("peildatum", SOURCE),
    "complaints_received": ("klachtenOntvangen", SOURCE),
    "complaints_justified": ("klachtenGegrond", SOURCE),
    "complaints_open": ("klachtenOpen", SOURCE),
    "extra_inspection": ("extraControleVoorgesteld", SOURCE),
    "core_activity": ("kernactiviteit", BAL),
    "first_article": ("eersteArtikel", BAL),
    "permit": ("vergunningplicht", BAL),
    "law_date": ("toestandOp", BAL),
    "parameters": ("parameters", SOURCE),
    "author": ("opsteller", SOURCE),
    "activated_by": ("geactiveerdDoor", SOURCE),
    "activated_at": ("geactiveerdOp", SOURCE),
    "last_inspection": ("laatsteControle", SOURCE),
    "hours": ("uren", SOURCE),
    "rank": ("rang", SOURCE),
    "cause_event": ("aanleiding", SOURCE),
    "at": ("tijdstip", SOURCE),
    "what": ("wat", SOURCE),
    "reference": ("verwijzing", SOURCE),
}
