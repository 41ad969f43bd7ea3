"""The routes that every service has for those who follow its events."""

from fastapi import APIRouter

from shared.webhooks.api import feed, subscriptions

router = APIRouter()
for part in (feed, subscriptions):
    router.include_router(part.router)
