"""What was told of a complaint is put right; what it was, stays on its time line."""

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from services.intake.complaints import store
from services.intake.complaints.domain.complaint import Complaint
from services.intake.context import Ctx
from services.intake.timeline.commands import Note, note
from shared.contracts.base import Address
from shared.product.roles import Scope

LABELS: Final = {
    "description": "omschrijving",
    "street": "straat",
    "house_number": "huisnummer",
    "postcode": "postcode",
    "city": "plaats",
    "place_description": "plaatsaanduiding",
    "supposed_source": "vermoedelijke bron",
}


@dataclass(frozen=True, slots=True)
class CorrectComplaint:
    """What should have been written down when the complaint came in."""

    complaint_id: UUID
    version: int | None
    description: str
    address: Address
    place_description: str | None
    supposed_source: str | None

    @property
    def told(self) -> dict[str, Any]:
        """The values by their columns."""
        return {
            "description": self.description,
            **self.address.model_dump(),
            "place_description": self.place_description,
            "supposed_source": self.supposed_source,
        }


async def correct(command: CorrectComplaint, ctx: Ctx) -> Complaint:
    """Replace what was told, where it differs. Raises Refused."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    found = await store.lock(ctx.work, command.complaint_id, ctx.sight, version=command.version)
    before = await store.told(ctx.rows, found.id)
    changed = {name: value for name, value in command.told.items() if before[name] != value}
    if not changed:
        return found
    corrected = replace(found, version=found.version + 1)
    store.save(ctx.work, corrected, **changed)
    parts = [
        f"{LABELS[name]} was {_shown(before[name])}, is {_shown(value)}"
        for name, value in changed.items()
    ]
    title = "Gecorrigeerd" if ctx.source is None else f"Gecorrigeerd in {ctx.source}"
    told = Note(title=title, by=ctx.caller.name, complaint_id=found.id, detail="; ".join(parts))
    note(told, ctx.work)
    return corrected


def _shown(value: Any) -> str:
    return "leeg" if value is None else f"'{value}'"
