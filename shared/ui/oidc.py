"""Signing in at an OpenID Connect provider: authorization code with PKCE (RFC 7636)."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx

from shared.errors import Unauthenticated
from shared.settings import Settings

SIGN_IN_COOKIE = "vth_inloggen"
LONGEST_SESSION = 12 * 3600


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt to sign in, kept in a short-lived cookie of the browser that started it."""

    state: str
    verifier: str
    back_to: str

    @classmethod
    def new(cls, back_to: str) -> "SignIn":
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48), back_to)

    @classmethod
    def unpacked(cls, cookie: str) -> "SignIn | None":
        """The attempt in a cookie; None when it holds none."""
        try:
            return cls(**json.loads(urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))))
        except (ValueError, TypeError):
            return None

    def packed(self) -> str:
        return _base64url(json.dumps(asdict(self)).encode())

    def answers(self, state: str) -> bool:
        """Whether an answer belongs to this attempt."""
        return secrets.compare_digest(state.encode(), self.state.encode())

    @property
    def challenge(self) -> str:
        return _base64url(sha256(self.verifier.encode()).digest())


class Provider:
    """The provider of the settings. Servers reach it at the host of VTH_OIDC_JWKS_URL, if set."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._found: dict[str, Any] = {}

    @property
    def _answer_url(self) -> str:
        return f"{self._settings.public_url.rstrip('/')}/inloggen/terug"

    def _inside(self, address: str) -> str:
        """The address as this server reaches it: behind the gateway the host may differ."""
        if not self._settings.oidc_jwks_url:
            return address
        host = urlsplit(self._settings.oidc_jwks_url)
        return urlunsplit((host.scheme, host.netloc, *urlsplit(address)[2:]))

    def _outside(self, address: str) -> str:
        """The address as the browser reaches it: at the host of the issuer."""
        host = urlsplit(self._settings.oidc_issuer)
        return urlunsplit((host.scheme, host.netloc, *urlsplit(address)[2:]))

    async def _addresses(self) -> dict[str, Any]:
        if not self._found:
            issuer = self._settings.oidc_issuer.rstrip("/")
            where = self._inside(f"{issuer}/.well-known/openid-configuration")
            async with httpx.AsyncClient(timeout=10) as client:
                self._found = (await client.get(where)).raise_for_status().json()
        return self._found

    async def authorization_url(self, attempt: SignIn) -> str:
        """Where to send the browser to sign in."""
        endpoint = (await self._addresses())["authorization_endpoint"]
        query = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._answer_url,
            "scope": "openid profile",
            "state": attempt.state,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._outside(endpoint)}?{urlencode(query)}"

    async def sign_out_url(self) -> str:
        """Where the browser ends its session at the provider; empty when there is no such place."""
        endpoint = (await self._addresses()).get("end_session_endpoint", "")
        if not endpoint:
            return ""
        query = {
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": self._settings.public_url,
        }
        return f"{self._outside(endpoint)}?{urlencode(query)}"

    async def token(self, code: str, attempt: SignIn) -> tuple[str, int]:
        """The access token for a code, and its life in seconds. Raises Unauthenticated."""
        endpoint = self._inside((await self._addresses())["token_endpoint"])
        secret = self._settings.oidc_client_secret.get_secret_value()
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._answer_url,
            "client_id": self._settings.oidc_client_id,
            "code_verifier": attempt.verifier,
            **({"client_secret": secret} if secret else {}),
        }
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.post(endpoint, data=data)
        if answer.is_error:
            raise Unauthenticated(
                "De aanbieder heeft de aanmelding niet bevestigd. Meld u opnieuw aan."
            )
        found = answer.json()
        return str(found["access_token"]), min(int(found.get("expires_in", 300)), LONGEST_SESSION)
