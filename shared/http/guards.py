"""The middleware of an API."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from shared.http.middleware import RequestMiddleware, ResponseMiddleware
from shared.settings import Settings

REQUEST_HEADERS = (
    "Accept-Crs", "Authorization", "Content-Crs", "Content-Type", "Idempotency-Key", "If-Match",
    "If-None-Match", "Traceparent",
)  # fmt: skip
RESPONSE_HEADERS = (
    "API-Version", "Content-Crs", "ETag", "Idempotency-Replayed", "Link", "Location",
    "RateLimit", "RateLimit-Policy", "Retry-After", "Traceresponse",
)  # fmt: skip


def add_api_middleware(app: FastAPI, settings: Settings, *, service: str) -> None:
    """Limits, cross-origin rules, headers and figures for every operation."""
    app.add_middleware(
        RequestMiddleware,
        max_body=settings.max_body_bytes,
        seconds_to_send=settings.request_seconds,
        json_only=True,
    )
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
            allow_headers=REQUEST_HEADERS,
            expose_headers=RESPONSE_HEADERS,
        )
    app.add_middleware(
        ResponseMiddleware,
        service=service,
        api_version=app.version,
        access_log=settings.access_log,
    )
