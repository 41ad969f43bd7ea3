"""An OpenID Connect provider on this machine: signs in whoever is set, as strict as a real one."""

import asyncio
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.postgres_folder import free_port
from shared.auth.provider import BACK_CHANNEL_EVENT

CLIENT, CLIENT_SECRET = "vth-web", "geheim-van-de-client"


@dataclass(slots=True)
class Issuer:
    """What it does is set by the tests, what was asked of it is counted."""

    url: str
    subject: str = "anna"
    roles: tuple[str, ...] = ("klachtbehandelaar",)
    # Seconds that an access token lives.
    life: float = 900
    away: bool = False
    # A page for people in place of its configuration, as while it is being maintained.
    maintained: bool = False
    # What the next identity token says in place of the truth.
    lies: dict[str, Any] = field(default_factory=dict)
    slow: float = 0.0
    asked: list[dict[str, str]] = field(default_factory=list)
    signed_out: list[dict[str, str]] = field(default_factory=list)
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "a"}))
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _refresh: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def refreshes(self) -> int:
        """How often a new access token was asked for with a refresh token."""
        return sum(each["grant_type"] == "refresh_token" for each in self.asked)

    def forget_sessions(self) -> None:
        """End every session: refresh tokens are refused from now on."""
        self._refresh.clear()

    def signed(self, claims: dict[str, Any]) -> str:
        """A token with its signature."""
        return jwt.encode({"alg": "RS256", "kid": "a"}, claims, self._key)

    def logout_token(self, **claims: Any) -> str:
        """What it tells a client whose session ended elsewhere."""
        now = int(time.time())
        told = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_hex(8),
            "events": {BACK_CHANNEL_EVENT: {}},
        }
        return self.signed(told | claims)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/keys", self._keys),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/logout", self._logout),
            ]
        )

    async def _configuration(self, _: Request) -> Response:
        if self.away:
            return PlainTextResponse("away", 503)
        if self.maintained:
            return PlainTextResponse("<h1>Onderhoud</h1>")
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "end_session_endpoint": f"{self.url}/logout",
            }
        )

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = query | {"sub": self.subject, "sid": secrets.token_hex(8)}
        answer = urlencode({"code": code, "state": query["state"]})
        return RedirectResponse(f"{query['redirect_uri']}?{answer}", 303)

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            sent = {name: str(value) for name, value in form.items()}
        self.asked.append(sent)
        await asyncio.sleep(self.slow)
        if self.away:
            return PlainTextResponse("away", 503)
        if (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_client"}, 401)
        known = self._granted(sent)
        if known is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(self._tokens(known))

    def _granted(self, sent: dict[str, str]) -> dict[str, str] | None:
        """Codes and refresh tokens are taken once."""
        if sent["grant_type"] == "refresh_token":
            return self._refresh.pop(sent["refresh_token"], None)
        known = self._codes.pop(sent["code"], None)
        digest = sha256(sent["code_verifier"].encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if known is None or known["code_challenge"] != challenge:
            return None
        return known if known["redirect_uri"] == sent["redirect_uri"] else None

    def _tokens(self, known: dict[str, str]) -> dict[str, Any]:
        now = int(time.time())
        refresh = secrets.token_urlsafe(16)
        self._refresh[refresh] = known
        both = {"iss": self.url, "sub": known["sub"], "iat": now, "exp": now + self.life}
        access = both | {"aud": "vth", "roles": list(self.roles), "deelnemers": ["*"]}
        identity = both | {"aud": CLIENT, "sid": known["sid"], "nonce": known["nonce"]}
        return {
            "access_token": self.signed(access | {"jti": secrets.token_hex(4)}),
            "token_type": "Bearer",
            "expires_in": self.life,
            "refresh_token": refresh,
            "id_token": self.signed(identity | self.lies),
        }

    async def _logout(self, request: Request) -> Response:
        self.signed_out.append(dict(request.query_params))
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """A provider that listens on this machine."""
    port = free_port(0)
    issuer = Issuer(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(uvicorn.Config(issuer.app(), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield issuer
    server.should_exit = True
    thread.join(timeout=10)
