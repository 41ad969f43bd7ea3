"""The doors of intake: who may come in, and what can go wrong."""

from fastapi import APIRouter

from services.intake.api import (
    answering,
    complaints,
    incidents,
    linking,
    post,
    reference,
    reporters,
)

PARTS = (complaints, linking, answering, reporters, incidents, post, reference)
# Side by side, not included: a router in a router is searched twice for every request.
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])
