"""What intake does by the clock: the post goes out."""

from datetime import timedelta
from functools import lru_cache
from typing import Final

from services.intake.letters import commands as mailing
from shared.crypto import Vault
from shared.db.unit_of_work import UnitOfWork
from shared.mail import Mailer, mailer_for
from shared.schedules import Schedule
from shared.settings import Settings


@lru_cache(maxsize=1)
def _tools() -> tuple[Mailer, Vault]:
    """The mail server and the key of this process, from its environment."""
    settings = Settings()
    return mailer_for(settings), settings.melder_vault()


async def _send_post(work: UnitOfWork) -> None:
    mailer, vault = _tools()
    await mailing.send_due(work, mailer, vault)


SCHEDULES: Final = {"uitgaande post": Schedule(timedelta(seconds=2), _send_post)}
