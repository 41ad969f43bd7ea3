"""The administrator's screens of events, in every service under `/gebeurtenissen`."""

from fastapi import APIRouter

from shared.administration import overview, parked, rebuilds, subscriptions

router = APIRouter()
for part in (overview, parked, rebuilds, subscriptions):
    router.include_router(part.router)
