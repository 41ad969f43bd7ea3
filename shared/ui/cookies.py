"""Cookies of our own: closed to scripts and to posts of other sites."""

from starlette.requests import Request
from starlette.responses import Response

from shared.settings import Settings


def set_cookie(
    request: Request, response: Response, name: str, value: str, *, seconds: int, path: str = "/"
) -> None:
    """Set it, for as long as this; over HTTPS only where that is how people come."""
    settings: Settings = request.app.state.settings
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https://"),
    )
