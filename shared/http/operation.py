"""An operation of an API: FastAPI's own route, with its context opened around it (docs/adr/0022).

`get_route_handler` is the place that FastAPI documents for what surrounds a request: here the query
keys are checked, the context is opened before the body is read, and its work is committed before
the response starts. An operation that takes a body and a context alone reads its body here, in one
step from bytes to model; what that refuses, FastAPI reads again and words the refusal.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from functools import wraps
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from fastapi import APIRouter, Request
from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.responses import Response
from starlette.routing import BaseRoute

from shared.auth.api import BEARER
from shared.http.query import only_known_keys

Endpoint = Callable[..., Awaitable[Any]]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Open = Callable[[Request], AbstractAsyncContextManager[Any]]
RunAlone = Callable[[Request, Any], Awaitable[Response | None]]

# The context of the operation that runs. FastAPI would look for it in every request anew.
_running: ContextVar[Any] = ContextVar("context of the operation")


class Context:
    """What an operation asks for by a parameter; `opens` makes it for one request."""

    def __init__(self, opens: Open, *parameters: dict[str, Any]) -> None:
        self.opens: Final = opens
        self.parameters: Final = parameters

    async def __call__(self, request: Request) -> Any:
        return _running.get()

    def documented(self, extra: dict[str, Any] | None) -> dict[str, Any]:
        """What the document says of such an operation: it needs a token, and takes these."""
        said: dict[str, Any] = {"security": BEARER}
        if self.parameters:
            said["parameters"] = list(self.parameters)
        return {**said, **(extra or {})}


class Operation(APIRoute):
    """A route that opens the context its function asks for."""

    def __init__(self, path: str, endpoint: Endpoint, **options: Any) -> None:
        asked = _context_of(endpoint)
        self._context = asked and asked[1]
        self._run_alone: RunAlone | None = None
        if asked and (model := body_alone(endpoint)) and not options.get("dependencies"):
            self._run_alone = _running_alone(endpoint, asked[0], model)
        if asked is not None:
            options["openapi_extra"] = asked[1].documented(options.get("openapi_extra"))
            endpoint = _within(endpoint, asked[0])
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        """FastAPI's handler, inside the context."""
        handle, context, run_alone = super().get_route_handler(), self._context, self._run_alone

        async def checked(request: Request) -> Response:
            only_known_keys(request)
            return await handle(request)

        if context is None:
            return checked

        async def within(request: Request) -> Response:
            async with context.opens(request) as opened:
                if run_alone is not None and (answer := await run_alone(request, opened)):
                    return answer
                _running.set(opened)
                return await checked(request)

        return within


def body_alone(endpoint: Endpoint) -> type[BaseModel] | None:
    """The model of the body of an operation that takes that and a context, and nothing else."""
    asked = _context_of(endpoint)
    # A body that comes another way than as JSON says so in an Annotated, which is no class.
    hints = get_type_hints(endpoint, include_extras=True)
    returned = hints.pop("return", None)
    models = [kind for name, kind in hints.items() if asked is None or name != asked[0]]
    if asked is None or len(models) != 1 or not _is(returned, Response):
        return None
    return models[0] if _is(models[0], BaseModel) else None


def _running_alone(endpoint: Endpoint, context: str, model: type[BaseModel]) -> RunAlone:
    """Runs such an operation; for a body that is wrong it does nothing, and gives no answer."""
    body = next(name for name, kind in get_type_hints(endpoint).items() if kind is model)

    async def run(request: Request, opened: Any) -> Response | None:
        only_known_keys(request)
        try:
            read = model.model_validate_json(await request.body())
        except ValidationError:
            return None
        answer: Response = await endpoint(**{body: read, context: opened})
        return answer

    return run


def _is(hint: Any, kind: type) -> bool:
    return isinstance(hint, type) and issubclass(hint, kind)


def operations(routers: Iterable[APIRouter]) -> list[BaseRoute]:
    """The routes of these routers as operations, side by side: FastAPI searches them once.

    Raises TypeError for a router within a router.
    """
    return [_operation(route) for router in routers for route in router.routes]


def _operation(route: BaseRoute) -> Operation:
    if not isinstance(route, APIRoute):
        raise TypeError("give the routers of the parts themselves, not a router that includes them")
    return Operation(
        route.path,
        route.endpoint,
        response_model=route.response_model,
        status_code=route.status_code,
        tags=route.tags,
        dependencies=route.dependencies,
        summary=route.summary,
        description=route.description,
        response_description=route.response_description,
        responses=route.responses,
        deprecated=route.deprecated,
        methods=route.methods,
        operation_id=route.operation_id,
        include_in_schema=route.include_in_schema,
        response_class=route.response_class,
        name=route.name,
        openapi_extra=route.openapi_extra,
        max_body_size=route.max_body_size,
    )


def _context_of(endpoint: Endpoint) -> tuple[str, Context] | None:
    """The parameter that asks for a context, and which; one at most. Raises TypeError."""
    asked = [
        (name, said.dependency)
        for name, hint in get_type_hints(endpoint, include_extras=True).items()
        if get_origin(hint) is Annotated
        for said in get_args(hint)[1:]
        if isinstance(said, Depends) and isinstance(said.dependency, Context)
    ]
    if len(asked) > 1:
        raise TypeError(f"{endpoint.__qualname__}: an operation has one context")
    return asked[0] if asked else None


def _within(endpoint: Endpoint, name: str) -> Endpoint:
    """The function without that parameter, which gets the context that runs."""
    signature = inspect.signature(endpoint)

    @wraps(endpoint)
    async def run(*positional: Any, **named: Any) -> Any:
        return await endpoint(*positional, **named, **{name: _running.get()})

    others = [each for each in signature.parameters.values() if each.name != name]
    run.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
    return run
