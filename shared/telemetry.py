"""Logs, traces and figures: structlog lines that carry the trace, W3C traceparent, Prometheus."""

import logging
import secrets
import sys
from contextvars import ContextVar
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from structlog.typing import EventDict

REQUESTS = Counter("vth_http_requests", "HTTP requests", ["service", "method", "route", "status"])
DURATION = Histogram(
    "vth_http_seconds",
    "Time until the response started",
    ["service", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)

_trace: ContextVar[str | None] = ContextVar("traceparent", default=None)


def current_traceparent() -> str | None:
    """The W3C traceparent of the request or event that is being handled."""
    return _trace.get()


def enter_trace(incoming: str | None) -> str:
    """Go on in the incoming trace, or start one; gives the traceparent of this step."""
    parts = (incoming or "").split("-")
    well_formed = len(parts) == 4 and len(parts[1]) == 32 and len(parts[2]) == 16
    fresh = secrets.token_hex(24)
    trace_id = parts[1] if well_formed else fresh[16:]
    flags = parts[3] if well_formed else "01"
    here = f"00-{trace_id}-{fresh[:16]}-{flags}"
    _trace.set(here)
    return here


def _with_trace(_: Any, __: str, line: EventDict) -> EventDict:
    if trace := _trace.get():
        line.setdefault("trace_id", trace.split("-")[1])
    return line


def configure_logging(*, service: str, form: str, level: str) -> None:
    """One structured line per event on standard output; never personal data in it."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        # The pretty tracebacks show local variables, and those may hold personal data.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _with_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if form == "json" else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.basicConfig(stream=sys.stdout, level=level.upper(), format="%(message)s")
