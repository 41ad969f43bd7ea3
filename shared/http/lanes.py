"""The operations of an API, each run along its own lane (docs/adr/0013).

FastAPI reads the signatures once and makes the document; for every request it would then go
through its routers, its exit stacks and its dependencies again. A lane is what that comes to,
written down when the application is built. What a lane cannot carry stays with FastAPI.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.convertors import PathConvertor
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.http.middleware import Replay
from shared.http.plan import Plan, plan_of

Wrap = Callable[[ASGIApp], ASGIApp]
# Method, number of segments, and the first of them: what few operations share.
Bucket = tuple[str, int, str]


class Lane:
    """One operation as an application: its route is found, its path parameters are known."""

    def __init__(self, api: FastAPI, route: RouteContext, plan: Plan) -> None:
        self._api = api
        self._route = route
        self._plan = plan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self._api
        scope["route"] = self._route
        request = Request(scope, receive)
        if isinstance(receive, Replay):
            request._body = receive.body  # noqa: SLF001 - what it would read, and keep here
        try:
            response = await self._plan.run(request)
        except Exception as error:
            handler = self._handler(error)
            if handler is None:
                raise
            response = await handler(request, error)
        await response(scope, receive, send)

    def _handler(self, error: Exception) -> Callable[..., Awaitable[Any]] | None:
        handlers: dict[Any, Any] = self._api.exception_handlers
        return next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)


class Lanes:
    """An API: its lanes, and FastAPI for everything that has none."""

    def __init__(self, api: FastAPI, wrap: Wrap) -> None:
        self.api = api
        self._buckets: dict[Bucket, list[tuple[Any, RouteContext, ASGIApp]]] = {}
        # Paths without a parameter, that no route before theirs matches.
        self._exact: dict[tuple[str, str], ASGIApp] = {}
        for route in iter_route_contexts(api.routes):
            if hasattr(route, "dependant"):
                self._add(route, wrap)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._find(scope) if scope["type"] == "http" else self.api
        await app(scope, receive, send)

    def _add(self, route: RouteContext, wrap: Wrap) -> None:
        """In the order of the routes: the first that matches is the one."""
        convertors: dict[str, Any] = route.param_convertors
        if any(isinstance(each, PathConvertor) for each in convertors.values()):
            raise ValueError(f"{route.path}: a lane has a fixed number of segments")
        plan = plan_of(route)
        app = self.api if plan is None else wrap(Lane(self.api, route, plan))
        for method in route.methods or ():
            bucket = _bucket(method, str(route.path_format))
            if bucket[2].startswith("{"):
                raise ValueError(f"{route.path}: a lane is found by its first segment")
            before = self._buckets.setdefault(bucket, [])
            path = str(route.path)
            if not convertors and not any(regex.match(path) for regex, _, _ in before):
                self._exact[method, path] = app
            before.append((route.path_regex, route, app))

    def of(self, method: str, path: str) -> ASGIApp:
        """What answers this method of this path, a template counts as a path."""
        return self._find({"method": method, "path": path})

    def _find(self, scope: Scope) -> ASGIApp:
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        if exact := self._exact.get((scope["method"], path)):
            scope["path_params"] = {}
            return exact
        for regex, route, app in self._buckets.get(_bucket(scope["method"], path), ()):
            if matched := regex.match(path):
                convertors = route.param_convertors
                scope["path_params"] = {
                    name: convertors[name].convert(value)
                    for name, value in matched.groupdict().items()
                }
                return app
        return self.api


def _bucket(method: str, path: str) -> Bucket:
    segments = path.split("/", 2)
    return method, path.count("/"), segments[1] if len(segments) > 1 else ""
