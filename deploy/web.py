"""The web process: services mounted under their names, the portal at the root."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy import http_protocol, services
from deploy.supervisor import follow_parent
from shared.auth.provider import Provider
from shared.http.dutch import title_of
from shared.http.middleware import SECURITY_HEADERS
from shared.http.problems import problem
from shared.service import api_of
from shared.sessions.sessions import open_sessions
from shared.settings import Settings
from shared.ui.portal import build_portal

GRACE_SECONDS = 20
# Containers made before the collector looks: a request makes thousands and drops them again.
YOUNG = 20_000

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def build(names: Sequence[str], settings: Settings) -> Starlette:
    """One application of these services; its lifespan runs theirs."""
    apps = {name: services.app_of(name, settings) for name in names}
    routes = [Mount(f"/{name}", app) for name, app in apps.items()]
    portal = build_portal(settings)
    app = Web(
        {name: api_of(app) for name, app in apps.items()},
        routes=[*routes, Mount("/", portal)],
        lifespan=_lifespan([*apps.values()], portal, settings),
        middleware=[Middleware(PlainPaths)],
    )
    app.router.redirect_slashes = False
    return app


class Web(Starlette):
    """An API is mounted inside its service; straight to it is a fraction of the layers."""

    def __init__(self, apis: Mapping[str, ASGIApp], **more: Any) -> None:
        super().__init__(**more)
        self._apis = {("", name, "v1"): api for name, api in apis.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].isprintable():
            *prefix, _ = scope["path"].split("/", 3)
            if api := self._apis.get(tuple(prefix)):
                scope["root_path"] = scope.get("root_path", "") + "/".join(prefix)
                await api(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


class PlainPaths:
    """Answers a path with control characters itself: a mount does not match it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].isprintable():
            await self.app(scope, receive, send)
            return
        title, detail = title_of(404)
        response = problem(404, title=title, detail=detail, code="niet-gevonden")
        response.headers.update(SECURITY_HEADERS)
        await response(scope, receive, send)


def serve(names: Sequence[str], settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests that run may finish."""
    follow_parent()
    app = build(names, settings)
    _settle()
    uvicorn.run(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=http_protocol.within(max(settings.request_seconds, settings.idle_seconds)),
        timeout_keep_alive=settings.idle_seconds,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _lifespan(apps: Sequence[Starlette], portal: Starlette, settings: Settings) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        provider = Provider(settings) if settings.oidc_issuer else None
        async with AsyncExitStack() as stack:
            sessions = await stack.enter_async_context(open_sessions(settings, provider))
            for app in (*apps, portal):
                app.state.sessions = sessions
                await stack.enter_async_context(app.router.lifespan_context(app))
            # The portal counts where a service does: it has no database of its own.
            portal.state.counts = apps[0].state.counts
            yield

    return lifespan


def _settle() -> None:
    """What was loaded at the start stays: the collector need not look at it for every request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
