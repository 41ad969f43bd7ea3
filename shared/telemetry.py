"""Logs, traces and figures: structlog lines that carry the trace, W3C traceparent, Prometheus."""

import logging
import re
import sys
import time
from contextvars import ContextVar
from os import urandom
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from structlog.typing import EventDict, Processor

REQUESTS = Counter("vth_http_requests", "HTTP requests", ["service", "method", "route", "status"])
DURATION = Histogram(
    "vth_http_seconds",
    "Time until the response started",
    ["service", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)

# A broker that is out of reach is told a hundred times a second.
REPETITIVE = "aiokafka"
REPEAT_SECONDS = 60.0
# What these tell at level INFO is their own housekeeping.
CHATTY = ("aiokafka", "alembic", "httpx", "httpx2", "asyncio")

# Version, trace and parent; an id of zeros, and version ff, mean nothing (W3C Trace Context, 3.2).
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})", re.ASCII
)

_trace: ContextVar[str | None] = ContextVar("traceparent", default=None)


def current_traceparent() -> str | None:
    """The W3C traceparent of the request or event that is being handled."""
    return _trace.get()


def enter_trace(incoming: str | None) -> str:
    """Go on in the incoming trace, or start one; gives the traceparent of this step.

    What does not have the form of W3C Trace Context is not believed: it is echoed, logged and
    stored.
    """
    known = _TRACEPARENT.fullmatch(incoming or "")
    fresh = urandom(24).hex()
    trace_id, flags = known.groups() if known else (fresh[16:], "01")
    here = f"00-{trace_id}-{fresh[:16]}-{flags}"
    _trace.set(here)
    return here


def go_on_in(traceparent: str) -> str:
    """The step that runs is this one; gives it back."""
    _trace.set(traceparent)
    return traceparent


def _with_trace(_: Any, __: str, line: EventDict) -> EventDict:
    if trace := _trace.get():
        line.setdefault("trace_id", trace.split("-")[1])
    return line


def configure_logging(*, service: str, form: str, level: str) -> None:
    """One structured line per event on standard output; never personal data in it.

    Lines that libraries log through the standard library get the same form.
    """
    least = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = _rendering(form)
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    _configure_libraries(service, least, first, last)


def _rendering(form: str) -> list[Processor]:
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # The pretty tracebacks show local variables, and those may hold personal data.
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]


class Seldom(logging.Filter):
    """Lets a repetitive library say the same thing once a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if not record.name.startswith(REPETITIVE):
            return True
        what, now = (record.name, str(record.msg)), time.monotonic()
        seldom = now - self._said.get(what, -REPEAT_SECONDS) >= REPEAT_SECONDS
        if seldom:
            self._said[what] = now
        return seldom


def _configure_libraries(
    service: str, least: int, first: list[Processor], last: list[Processor]
) -> None:
    def named(_: Any, __: str, line: EventDict) -> EventDict:
        # A thread of a library has no context of its own to take the name from.
        line.setdefault("service", service)
        line["logger"] = line["_record"].name
        return line

    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[named, structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    handler.addFilter(Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(least)
    logging.captureWarnings(capture=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(least, logging.WARNING))
