"""How complaints arrive from another system: in bulk, also closed ones from years ago."""

from typing import Final

from services.intake.complaints.imports.rows import ComplaintRow
from services.intake.complaints.imports.storing import store
from shared.imports import ImportSpec, left_as_it_is

__all__ = ["IMPORTS", "ComplaintRow", "store"]

IMPORTS: Final = (
    ImportSpec(
        kind="klachten",
        row=ComplaintRow,
        store=store,
        correct=left_as_it_is,
        correction="Een regel die na het overnemen wijzigt, wordt geweigerd.",
    ),
)
