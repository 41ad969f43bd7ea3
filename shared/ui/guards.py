"""The middleware of an application that serves pages."""

from fastapi import FastAPI

from shared.http.middleware import RequestMiddleware, ResponseMiddleware
from shared.settings import Settings
from shared.ui import errors


def add_page_middleware(
    app: FastAPI, settings: Settings, *, service: str, except_below: str | None = None
) -> None:
    """Limits, headers and figures for every page; what is mounted at `except_below` has its own."""
    app.add_middleware(
        RequestMiddleware,
        max_body=settings.max_body_bytes,
        seconds_to_send=settings.request_seconds,
        except_below=except_below,
        on_refusal=errors.refused,
        on_error=errors.unexpected,
    )
    app.add_middleware(
        ResponseMiddleware,
        service=service,
        except_below=except_below,
        access_log=settings.access_log,
    )
