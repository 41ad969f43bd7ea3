"""What intake does by the clock: the letters go out."""

from datetime import timedelta
from functools import lru_cache
from typing import Final

from services.intake.context import Kit
from services.intake.letters import sending
from shared.context import system_context
from shared.db.unit_of_work import UnitOfWork
from shared.jobs.kinds import recurring
from shared.mail import Mailer, mailer_for
from shared.settings import Settings


@lru_cache(maxsize=1)
def _tools() -> tuple[Mailer, Kit]:
    """The mail server and the keys of this process, from its environment."""
    settings = Settings()
    return mailer_for(settings), Kit(settings)


async def _send_letters(work: UnitOfWork) -> None:
    mailer, kit = _tools()
    await sending.send_due(system_context(work, kit), mailer)


JOBS: Final = (
    recurring("uitgaande-post", "Brieven verzenden", timedelta(seconds=2), _send_letters),
)
