"""What came of the job that sends a letter, kept with the letter."""

from collections.abc import Mapping
from typing import Final

from services.intake.figures import LETTERS
from services.intake.letters.domain.mail import MailState
from services.intake.letters.tables import outgoing_mail
from shared.db.unit_of_work import UnitOfWork
from shared.jobs.standing import JobRow
from shared.jobs.states import JobState

# The kind of job.
LETTER: Final = "brief"

STATES: Final[Mapping[JobState, MailState]] = {
    JobState.QUEUED: MailState.WAITING,
    JobState.RUNNING: MailState.WAITING,
    JobState.RETRY: MailState.WAITING,
    JobState.DONE: MailState.SENT,
    JobState.FAILED: MailState.FAILED,
    JobState.CANCELLED: MailState.CANCELLED,
}


async def keep_outcome(work: UnitOfWork, job: JobRow) -> None:
    """Keep with the letter what its lists show: in the commit that changes the job."""
    state = STATES[job.state]
    values = {"state": state, "attempts": job.attempts, "last_error": job.error}
    work.update(outgoing_mail, key={"id": job.id}, values=values)
    if job.state not in {JobState.QUEUED, JobState.RUNNING}:
        work.count(LETTERS.of(state))
