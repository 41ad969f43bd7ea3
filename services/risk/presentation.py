"""What the screens of risk share."""

from pathlib import Path
from typing import Final

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


def participants_of(ctx: PageCtx) -> list[tuple[str, str]]:
    """The participants that the caller may choose from."""
    return names_for(ctx.request).choices(ctx.sight.sees)


templates.environment.globals.update(tones=TONES, state_tones=STATE_TONES)
