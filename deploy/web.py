"""The web process: services mounted under their names, the portal at the root."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from deploy import services
from deploy.supervisor import follow_parent
from shared.settings import Settings
from shared.ui.portal import build_portal

GRACE_SECONDS = 20

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def build(names: Sequence[str], settings: Settings) -> Starlette:
    """One application of these services; its lifespan runs theirs."""
    apps = {name: services.app_of(name, settings) for name in names}
    routes = [Mount(f"/{name}", app) for name, app in apps.items()]
    portal = build_portal(settings)
    mounted = [*apps.values(), portal]
    app = Starlette(routes=[*routes, Mount("/", portal)], lifespan=_lifespan(mounted))
    app.router.redirect_slashes = False
    return app


def serve(names: Sequence[str], settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests that run may finish."""
    follow_parent()
    uvicorn.run(
        build(names, settings),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _lifespan(apps: Sequence[Starlette]) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in apps:
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    return lifespan
