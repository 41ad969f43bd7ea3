"""Links that keep the view: the present query with something changed."""

from urllib.parse import urlencode

from starlette.requests import Request


def with_query(request: Request, **changes: object) -> str:
    """The present address with query keys replaced; None or an empty text removes a key."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in changes]
    added = [(key, str(value)) for key, value in changes.items() if value not in (None, "")]
    query = urlencode(kept + added)
    return f"{request.url.path}?{query}" if query else request.url.path


def local_path(address: str, otherwise: str = "/") -> str:
    """The address when it stays on this site, else `otherwise` (no open redirects)."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and address.isprintable() else otherwise
