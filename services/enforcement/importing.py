"""How inspections arrive from another system."""

from typing import Final

from shared.importing import ImportSpec

IMPORTS: Final[tuple[ImportSpec, ...]] = ()
