"""A report on its way: kept sealed in the browser, so that one can go on later, without account."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping

import orjson
from cryptography.exceptions import InvalidTag
from fastapi import Request
from starlette.responses import Response

from services.intake.context import Kit
from shared.crypto import UnknownKeyError
from shared.errors import invalid
from shared.ids import new_id
from shared.settings import Settings

COOKIE = "vth_melding"
PATH = "/intake/melden"
KEPT_SECONDS = 24 * 3600
# What browsers keep of one cookie is 4096 bytes with its name and attributes.
MAX_SEALED = 3800


def opened(request: Request, kit: Kit) -> dict[str, str]:
    """The answers so far; a cookie that is not ours counts as none."""
    try:
        sealed = urlsafe_b64decode(request.cookies.get(COOKIE, ""))
        values = orjson.loads(zlib.decompress(kit.vault.unwrap(sealed)))
    except (ValueError, NotBase64, InvalidTag, UnknownKeyError, zlib.error):
        return fresh()
    return {str(name): str(value) for name, value in values.items()}


def fresh() -> dict[str, str]:
    """A new report; its key makes sending twice harmless."""
    return {"sleutel": str(new_id())}


def keep(response: Response, answers: Mapping[str, str], kit: Kit, settings: Settings) -> None:
    """Keep the answers for a day. Raises Invalid when they are too long."""
    packed = zlib.compress(orjson.dumps(dict(answers)), 9)
    sealed = urlsafe_b64encode(kit.vault.wrap(packed)).decode()
    if len(sealed) > MAX_SEALED:
        raise invalid("description", "te-lang", "Uw tekst is te lang. Maak hem wat korter.")
    response.set_cookie(
        COOKIE,
        sealed,
        max_age=KEPT_SECONDS,
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=settings.public_url.startswith("https://"),
    )
