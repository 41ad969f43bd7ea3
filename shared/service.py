"""A service as an application: its API under /v1, its screens beside it, one lifespan."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import MetaData, text
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from shared import administration, participants
from shared.administration.jobs import api as jobs
from shared.auth.sight import Sight
from shared.auth.verify import verifier_for
from shared.contracts.base import Event
from shared.db.database import Database
from shared.encryption_keys import KeyUse, require_right_keys
from shared.figures import Counted
from shared.http import openapi, problems
from shared.http.dutch import title_of
from shared.http.guards import add_api_middleware
from shared.http.idempotency import AnsweredBeforeError
from shared.http.operation import operations
from shared.http.rate_limit import TokenLimit
from shared.http.rate_limit_storage import PostgresCounts
from shared.imports import ImportSpec
from shared.jobs.kinds import JobKind
from shared.messaging.handlers import Handler
from shared.messaging.notifier import Notifier
from shared.messaging.publishing import publisher_for
from shared.messaging.tables import MessagingTables
from shared.participants import ParticipantNames, refresh_names
from shared.rebuild.projection import Projection
from shared.settings import ServiceName, Settings
from shared.ui import errors as error_pages
from shared.ui.guards import add_page_middleware
from shared.webhooks import api as subscriptions
from shared.webhooks import secrets as webhook_secrets

# Spans, figures and logs are ours (`tracing`, `telemetry`); FastAPI would look at each request.
NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False}


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """What makes one service: read this in its main.py to know what it consists of."""

    name: ServiceName
    title: str
    description: str
    version: str
    metadata: MetaData
    messaging: MessagingTables
    api: APIRouter
    pages: APIRouter
    templates: Path
    consumers: Mapping[type[Event], Handler]
    imports: tuple[ImportSpec, ...] = ()
    # What its contexts hold as `kit`, made once for each process.
    kit: Callable[[Settings], object] | None = None
    jobs: tuple[JobKind, ...] = ()
    keys: tuple[KeyUse, ...] = ()
    projections: tuple[Projection, ...] = ()
    # What it counts of its own work when it publishes an event.
    figures: tuple[Counted[Any], ...] = ()


async def open_database(
    spec: ServiceSpec, settings: Settings, *, role: str = "web", size: int | None = None
) -> Database:
    """The database of a service; `size` where it is not that of the settings."""
    return await Database.open(
        settings.database_for(spec.name),
        publisher=publisher_for(spec, settings),
        application=f"vth-{spec.name}-{role}",
        size=size or settings.pool_size,
        slow_ms=settings.slow_statement_ms,
    )


def key_uses(spec: ServiceSpec) -> tuple[KeyUse, ...]:
    """Where the service keeps keys of records, wrapped by a key of the installation."""
    subscription = spec.metadata.tables.get("subscription")
    if subscription is None:
        return spec.keys
    return (*spec.keys, webhook_secrets.key_use(subscription))


async def open_database_with_keys(spec: ServiceSpec, settings: Settings, *, role: str) -> Database:
    """The database of a service for what seals or opens data in it.

    Raises WrongKeyError beside data that another key sealed.
    """
    database = await open_database(spec, settings, role=role)
    try:
        await require_right_keys(database, key_uses(spec), settings)
    except BaseException:
        await database.close()
        raise
    return database


def build_service(spec: ServiceSpec, settings: Settings) -> FastAPI:
    """The application of a service: mount it at `/<name>`."""
    api = _api(spec, settings)
    app = FastAPI(
        title=spec.title,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
        lifespan=_lifespan(spec, settings, api),
        routes=[
            Mount("/v1", api),
            Route("/v{version:int}", NoSuchVersion(spec.version)),
            Route("/v{version:int}/{rest:path}", NoSuchVersion(spec.version)),
        ],
    )
    kit = spec.kit(settings) if spec.kit else None
    token_limit = TokenLimit(settings.requests_per_minute)
    for each in (app, api):
        each.state.settings = settings
        each.state.service, each.state.consumers = spec.name, spec.consumers
        each.state.projections = spec.projections
        each.state.jobs = {kind.name: kind for kind in spec.jobs}
        each.state.verifier = verifier_for(settings)
        each.state.kit = kit
        each.state.token_limit = token_limit
        each.add_exception_handler(AnsweredBeforeError, _answered_before)
    error_pages.install(app)
    app.state.api = api
    app.include_router(_health())
    app.state.participants = ParticipantNames()
    named = [Depends(refresh_names)] if participants.TABLE in spec.metadata.tables else []
    app.include_router(spec.pages, include_in_schema=False, dependencies=named)
    app.include_router(administration.router, include_in_schema=False)
    add_page_middleware(app, settings, service=spec.name, except_below="/v1/")
    return app


class NoSuchVersion:
    """Answers a version of the API that does not exist as a problem: who asks is no browser."""

    def __init__(self, version: str) -> None:
        self._headers = {"API-Version": version}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        title, _ = title_of(404)
        response = problems.problem(
            404,
            title=title,
            detail="Deze versie van de API bestaat niet. Het adres begint met de dienst en /v1/.",
            code="niet-gevonden",
            headers=self._headers,
        )
        await response(scope, receive, send)


def api_of(app: FastAPI) -> FastAPI:
    """The API application inside a service's application."""
    api: FastAPI = app.state.api
    return api


def _api(spec: ServiceSpec, settings: Settings) -> FastAPI:
    api = FastAPI(
        title=spec.title,
        description=spec.description,
        version=spec.version,
        openapi_url=None,
        routes=operations((spec.api, *subscriptions.ROUTERS, jobs.router)),
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    problems.install(api)
    add_api_middleware(api, settings, service=spec.name)
    api.add_api_route("/openapi.json", _open_document, include_in_schema=False)

    def documented() -> dict[str, Any]:
        if not api.openapi_schema:
            api.openapi_schema = openapi.document(api, spec.name)
        return api.openapi_schema

    api.openapi = documented  # type: ignore[method-assign]
    return api


async def _open_document(request: Request) -> Response:
    """The document is for everybody, also for a page of another origin (NL API rules)."""
    headers = {"Access-Control-Allow-Origin": "*"}
    return JSONResponse(request.app.openapi(), headers=headers)


def _lifespan(spec: ServiceSpec, settings: Settings, api: FastAPI) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            db = await open_database_with_keys(spec, settings, role="web")
            stack.push_async_callback(db.close)
            notifier = Notifier(db.pool)
            await stack.enter_async_context(notifier)
            db.on_published = notifier.notify_soon
            app.state.db = api.state.db = db
            app.state.counts = api.state.counts = PostgresCounts(db.pool)
            yield

    return lifespan


async def _answered_before(_: Request, error: Exception) -> Response:
    assert isinstance(error, AnsweredBeforeError)
    return error.response


def _health() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/health/ready")
    async def ready(request: Request) -> JSONResponse:
        async with request.app.state.db.read(Sight.ALL) as rows:
            await rows.value(text("select 1"))
        return JSONResponse({"status": "ok"})

    @router.get("/metrics")
    async def metrics() -> PlainTextResponse:
        return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
