"""What running an operation comes to: its dependencies in order, each solved once.

The plan is written from what FastAPI read in the signatures, and it keeps FastAPI's ways: a
dependency that several ask for runs once; one whose parameters are wrong is skipped with those
that need it, while the others run; every wrong parameter is told at once.
"""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from inspect import isasyncgenfunction, iscoroutinefunction, signature
from typing import Any, Final, cast

import orjson
from fastapi import Request
from fastapi._compat import ModelField, get_missing_field_error
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.params import Body, Form
from fastapi.routing import RouteContext
from pydantic_core import PydanticUndefined, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.http.parameters import Parameter

FAILED: Final = object()

Opened = AbstractAsyncContextManager[Any]


class UnplannedError(Exception):
    """FastAPI can do this and a plan cannot."""


Parameters = tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One dependency, or the operation itself."""

    call: Callable[..., Any]
    opens: Callable[..., Opened] | None
    needs: tuple[tuple[str | None, int], ...]
    in_path: Parameters
    in_query: Parameters
    in_header: Parameters
    reads: bool
    body: ModelField | None
    request_name: str | None

    def arguments(
        self, request: Request, body: Any, solved: list[Any], errors: list[Any]
    ) -> dict[str, Any] | None:
        """What to call it with, or None when something it needs is wrong."""
        before = len(errors)
        values: dict[str, Any] = {}
        if self.reads:
            self._read(request, values, errors)
        if self.body is not None:
            self._validate(body, values, errors)
        wrong = len(errors) > before
        for name, place in self.needs:
            value = solved[place]
            wrong = wrong or value is FAILED
            if name is not None:
                values[name] = value
        if self.request_name is not None:
            values[self.request_name] = request
        return None if wrong else values

    def _read(self, request: Request, values: dict[str, Any], errors: list[Any]) -> None:
        for parameter in self.in_path:
            parameter.read(request.path_params, values, errors)
        for parameter in self.in_query:
            parameter.read(request.query_params, values, errors)
        for parameter in self.in_header:
            parameter.read(request.headers, values, errors)

    def _validate(self, body: Any, values: dict[str, Any], errors: list[Any]) -> None:
        assert self.body is not None
        if body is not PydanticUndefined:
            # By the names of the wire alone: the code's own are nobody's business.
            try:
                values[self.body.name] = self.body._type_adapter.validate_python(  # noqa: SLF001
                    body, from_attributes=True, by_alias=True, by_name=False
                )
            except ValidationError as error:
                told = error.errors(include_url=False)
                errors += [{**each, "loc": ("body", *each["loc"])} for each in told]
        elif self.body.field_info.is_required():
            errors.append(get_missing_field_error(("body",)))
        else:
            values[self.body.name] = self.body.default


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one operation; the operation is the last."""

    steps: tuple[Step, ...]
    reads_body: bool

    async def run(self, request: Request) -> Response:
        """The response. Raises RequestValidationError, and what the steps raise."""
        body = await _body(request) if self.reads_body else PydanticUndefined
        return await self._run(request, body, [], [])

    async def _run(
        self, request: Request, body: Any, solved: list[Any], errors: list[Any]
    ) -> Response:
        """What was opened stays open for the steps after it, and closes in reverse."""
        for step in self.steps[len(solved) :]:
            arguments = step.arguments(request, body, solved, errors)
            if arguments is None:
                solved.append(FAILED)
            elif step.opens is not None:
                async with step.opens(**arguments) as opened:
                    solved.append(opened)
                    return await self._run(request, body, solved, errors)
            elif step is not self.steps[-1] or not errors:
                solved.append(await step.call(**arguments))
        if errors:
            raise RequestValidationError(errors, body=body)
        response: Response = solved[-1]
        return response


def plan_of(route: RouteContext) -> Plan | None:
    """The plan of a route, or None when FastAPI has to run it."""
    try:
        steps = list(_steps(route.dependant, {}, []))
        _require_response(route.dependant.call)
    except UnplannedError:
        return None
    bodies = [cast("Body", step.body.field_info) for step in steps if step.body is not None]
    if len(bodies) > 1 or any(isinstance(body, Form) or body.embed for body in bodies):
        return None
    return Plan(tuple(steps), reads_body=bool(bodies))


def _steps(dependant: Dependant, places: dict[Any, int], steps: list[Step]) -> list[Step]:
    """The steps of what it depends on, then its own."""
    needs = []
    for each in dependant.dependencies:
        if not each.use_cache or each.concurrency is not None:
            raise UnplannedError
        if each.call not in places:
            _steps(each, places, steps)
        needs.append((each.name, places[each.call]))
    assert dependant.call is not None
    places[dependant.call] = len(steps)
    steps.append(_step(dependant, tuple(needs)))
    return steps


def _step(dependant: Dependant, needs: tuple[tuple[str | None, int], ...]) -> Step:
    call: Any = dependant.call
    function = call if hasattr(call, "__code__") else type(call).__call__
    opens = isasyncgenfunction(function)
    if not opens and not iscoroutinefunction(function):
        raise UnplannedError
    if opens and dependant.scope != "function":
        raise UnplannedError
    if _asks_more(dependant):
        raise UnplannedError
    in_path = _parameters(dependant.path_params)
    in_query = _parameters(dependant.query_params)
    in_header = _parameters(dependant.header_params)
    return Step(
        call,
        asynccontextmanager(call) if opens else None,
        needs,
        in_path,
        in_query,
        in_header,
        bool(in_path or in_query or in_header),
        dependant.body_params[0] if dependant.body_params else None,
        dependant.request_param_name,
    )


def _parameters(fields: list[ModelField]) -> Parameters:
    found = tuple(Parameter.of(field) for field in fields)
    if None in found:
        raise UnplannedError
    return tuple(parameter for parameter in found if parameter is not None)


def _asks_more(dependant: Dependant) -> bool:
    return bool(
        dependant.cookie_params
        or len(dependant.body_params) > 1
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.http_connection_param_name
        or dependant.websocket_param_name
    )


def _require_response(call: Any) -> None:
    given = signature(call).return_annotation
    if not (isinstance(given, type) and issubclass(given, Response)):
        raise UnplannedError


async def _body(request: Request) -> Any:
    """The JSON of the request, the fast way; what is wrong with it is worded as FastAPI does."""
    raw = await request.body()
    if not raw:
        return PydanticUndefined
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(raw)
    try:
        return await request.json()
    except json.JSONDecodeError as error:
        wrong = {
            "type": "json_invalid",
            "loc": ("body", error.pos),
            "msg": "JSON decode error",
            "input": {},
            "ctx": {"error": error.msg},
        }
        raise RequestValidationError([wrong], body=error.doc) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "There was an error parsing the body") from error
