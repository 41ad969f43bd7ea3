"""Spans by OpenTelemetry, through HTTP, database, outbox, Kafka and consumers; off by default.

The trace of a request travels in W3C `traceparent`: in the outbox row, the headers of the event
and the work of whoever consumes it. With VTH_OTLP_ENDPOINT set each step is also sent as a span.
Without it nothing is made: what is left is one look at a flag.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.telemetry import enter_trace, go_on_in

PROPAGATOR: Final = TraceContextTextMapPropagator()
Attributes = Mapping[str, str | int | bool]


class _Tracing:
    """The tracer of this process; none when spans are off."""

    tracer: Tracer | None = None
    provider: TracerProvider | None = None


def start_tracing(
    service: str, endpoint: str, *, ratio: float = 1.0, processor: SpanProcessor | None = None
) -> None:
    """Send spans to an OTLP collector (HTTP); an empty endpoint leaves them off.

    `ratio` is the share of new traces that is sent; a trace that comes in keeps its own choice.
    """
    if not endpoint and processor is None:
        return
    if processor is None:
        # Loaded only where it is used: it takes a part of the start of every process.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        processor = BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces"))
    resource = Resource.create({"service.name": f"vth-{service}", "service.namespace": "vth"})
    provider = TracerProvider(resource=resource, sampler=ParentBasedTraceIdRatio(ratio))
    provider.add_span_processor(processor)
    _Tracing.provider = provider
    _Tracing.tracer = provider.get_tracer("vth")


def stop_tracing() -> None:
    """Send what waits, and make no more spans."""
    provider, _Tracing.provider, _Tracing.tracer = _Tracing.provider, None, None
    if provider is not None:
        provider.shutdown()


@contextmanager
def entered(name: str, traceparent: str | None, kind: SpanKind = SpanKind.SERVER) -> Iterator[str]:
    """Go on in an incoming trace, or begin one; gives the traceparent of this step."""
    tracer = _Tracing.tracer
    if tracer is None:
        yield enter_trace(traceparent)
        return
    # What is not of the form of W3C is not believed; that is looked at in one place.
    trace_id = enter_trace(traceparent).split("-")[1]
    known = {"traceparent": traceparent} if traceparent and trace_id in traceparent else {}
    parent = PROPAGATOR.extract(known)
    with tracer.start_as_current_span(name, context=parent, kind=kind) as span:
        yield go_on_in(_traceparent_of(span))


def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, **attributes: str | int | bool
) -> AbstractContextManager[object]:
    """A step inside the one that runs; nothing where spans are off."""
    tracer = _Tracing.tracer
    if tracer is None or not trace.get_current_span().is_recording():
        return nullcontext()
    return tracer.start_as_current_span(name, kind=kind, attributes=attributes)


def database_span(what: str, sql: str) -> AbstractContextManager[object]:
    """A statement; its text has no values in it."""
    if _Tracing.tracer is None:
        return nullcontext()
    return span(f"postgresql {what}", SpanKind.CLIENT, **{"db.query.text": sql[:2000]})


def is_tracing() -> bool:
    """Whether spans are made in this process."""
    return _Tracing.tracer is not None


def note_published(events: Iterable[tuple[str, Mapping[str, Any]]], began: int) -> None:
    """A span for each event that was published since `began` (nanoseconds), in its own trace."""
    tracer = _Tracing.tracer
    if tracer is None:
        return
    for kind, headers in events:
        if traceparent := headers.get("traceparent"):
            parent = PROPAGATOR.extract({"traceparent": traceparent})
            tracer.start_span(
                f"publish {kind}", context=parent, kind=SpanKind.PRODUCER, start_time=began
            ).end()


def name_span(name: str, *, failed: bool = False, **attributes: str | int | bool) -> None:
    """What the running step turned out to be: its route and its answer."""
    if _Tracing.tracer is None:
        return
    running = trace.get_current_span()
    running.update_name(name)
    for key, value in attributes.items():
        running.set_attribute(key.replace("__", "."), value)
    if failed:
        running.set_status(Status(StatusCode.ERROR))


def _traceparent_of(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
