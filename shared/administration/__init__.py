"""The administrator's screens of events and jobs, in every service under `/gebeurtenissen`."""

from fastapi import APIRouter

from shared.administration import overview, parked, rebuilds, subscriptions
from shared.administration.jobs import screens as jobs

router = APIRouter()
for part in (overview, parked, jobs, rebuilds, subscriptions):
    router.include_router(part.router)
