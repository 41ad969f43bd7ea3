"""The routes that every service has for those who follow its events."""

from shared.webhooks.api import feed, subscriptions

ROUTERS = (feed.router, subscriptions.router)
