"""How complaints arrive from another system: in bulk, also closed ones from years ago."""

from typing import Final

from services.intake.complaints.imports.correcting import correct
from services.intake.complaints.imports.rows import ComplaintRow
from services.intake.complaints.imports.taking_over import store
from shared.imports import ImportSpec

__all__ = ["IMPORTS", "ComplaintRow", "store"]

IMPORTS: Final = (
    ImportSpec(
        kind="klachten",
        row=ComplaintRow,
        store=store,
        correct=correct,
        correction="Een gewijzigde regel zet recht wat is gemeld (omschrijving, adres, plaats, "
        "bron), met de oude en nieuwe waarde op de tijdlijn, en voegt toe wat sindsdien gebeurde: "
        "locatie, contact, beoordeling, afhandeling. Ontvangst, categorie, kanaal, urgentie en "
        "melder liggen vast; een afgehandelde klacht wordt niet anders beoordeeld.",
    ),
)
