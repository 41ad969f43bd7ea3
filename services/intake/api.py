"""The doors of intake: who may come in, and what can go wrong."""

from fastapi import APIRouter

from services.intake.complaints.api import answering, complaints, linking
from services.intake.incidents import api as incidents
from services.intake.letters import api as post
from services.intake.letters import documents_api as answers
from services.intake.reference import api as reference
from services.intake.reporters import api as reporters

PARTS = (complaints, linking, answering, answers, reporters, incidents, post, reference)
# Side by side, not included: a router in a router is searched twice for every request.
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])
