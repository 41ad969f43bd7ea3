"""What the screens of risk share."""

from pathlib import Path
from typing import Final, Protocol

from services.risk.context import PageCtx
from services.risk.models.domain import ModelState
from shared.contracts.risk import RiskClass
from shared.participants import names_for
from shared.ui.render import Templates

TEMPLATES: Final = Path(__file__).parent / "templates"
templates: Final = Templates(TEMPLATES)

TONES: Final = {RiskClass.HIGH: "bad", RiskClass.MEDIUM: "warning", RiskClass.LOW: "good"}
STATE_TONES: Final = {
    ModelState.CONCEPT: "info",
    ModelState.PREPARING: "warning",
    ModelState.ACTIVE: "good",
    ModelState.RETIRED: "neutral",
}


class HasAddress(Protocol):
    """A row with an address, of which parts may be unknown."""

    @property
    def street(self) -> str | None: ...
    @property
    def house_number(self) -> str | None: ...
    @property
    def postcode(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...


def participants_of(ctx: PageCtx) -> list[tuple[str, str]]:
    """The participants that the caller may choose from."""
    return names_for(ctx.request).choices(ctx.caller.sees)


def address_of(row: HasAddress) -> str:
    """The address on one line; what is unknown is left out."""
    street = " ".join(part for part in (row.street, row.house_number) if part)
    city = " ".join(part for part in (row.postcode, row.city) if part)
    return ", ".join(part for part in (street, city) if part) or "adres onbekend"


templates.environment.globals.update(tones=TONES, state_tones=STATE_TONES, address_of=address_of)
