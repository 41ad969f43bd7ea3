"""What intake does that lasts: the letters go out."""

from typing import Final

from services.intake.letters import sending

JOBS: Final = (sending.letters(),)
