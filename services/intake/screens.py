"""The screens of intake."""

from fastapi import APIRouter

from services.intake.complaints.screens import (
    actions as deeds,
)
from services.intake.complaints.screens import (
    complaint,
    fragments,
    worklist,
)
from services.intake.complaints.screens import (
    phone_intake as taking,
)
from services.intake.incidents import screens as incident
from services.intake.letters import documents_screens as answers
from services.intake.letters import screens as post
from services.intake.public import screens as public

router = APIRouter()
for part in (taking, worklist, complaint, answers, deeds, incident, post, public, fragments):
    router.include_router(part.router)
