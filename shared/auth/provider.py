"""Signing in at an OpenID Connect provider: authorization code with PKCE, nonce and refresh."""

import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx2
import structlog
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError

from shared.auth.verify import ASYMMETRIC, ProviderAwayError, ProviderKeys
from shared.errors import Refused, Unauthenticated
from shared.settings import Settings

log = structlog.get_logger(__name__)

SIGN_IN_COOKIE: Final = "vth_inloggen"
PATIENCE: Final = 10.0
LEEWAY: Final = 10
# When a provider does not say how long its token lives.
SHORT_LIFE: Final = 300
BUSY: Final = frozenset({"server_error", "temporarily_unavailable"})
BACK_CHANNEL_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the provider gave for one session; it never leaves the server."""

    access: str
    # When the access token ends, in seconds since 1970; only matters where it can be refreshed.
    until: float = 0.0
    refresh: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt to sign in, kept in a short-lived cookie of the browser that started it."""

    state: str
    verifier: str
    nonce: str
    back_to: str

    @classmethod
    def new(cls, back_to: str) -> "SignIn":
        token = secrets.token_urlsafe
        return cls(token(24), token(48), token(24), back_to)

    @classmethod
    def unpacked(cls, cookie: str) -> "SignIn | None":
        """The attempt in a cookie; None when it holds none."""
        try:
            return cls(**json.loads(urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))))
        except (ValueError, TypeError):
            return None

    def packed(self) -> str:
        return urlsafe_b64encode(json.dumps(asdict(self)).encode()).rstrip(b"=").decode()

    def answers(self, state: str) -> bool:
        """Whether an answer belongs to this attempt."""
        return secrets.compare_digest(state.encode(), self.state.encode())


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in, by the identity token; `session` is the provider's own name of the session."""

    subject: str
    session: str = ""


class Provider:
    """The provider of the settings. Servers reach it at the host of VTH_OIDC_JWKS_URL, if set."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._found: dict[str, Any] = {}
        self._keys = ProviderKeys(settings.oidc_issuer, settings.oidc_jwks_url)

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
            try:
                async with httpx2.AsyncClient(timeout=PATIENCE) as client:
                    self._found = (await client.get(where)).raise_for_status().json()
            except (httpx2.HTTPError, ValueError) as error:
                raise ProviderAwayError(error) from error
        return self._found

    def _client(self) -> AsyncOAuth2Client:
        secret = self._settings.oidc_client_secret.get_secret_value()
        method = "client_secret_post" if secret else "none"
        return AsyncOAuth2Client(
            client_id=self._settings.oidc_client_id,
            client_secret=secret or None,
            token_endpoint_auth_method=method,
            redirect_uri=self._answer_url,
            code_challenge_method="S256",
            timeout=PATIENCE,
        )

    async def authorization_url(self, attempt: SignIn) -> str:
        """Where to send the browser to sign in. Raises ProviderAwayError."""
        endpoint = self._outside((await self._addresses())["authorization_endpoint"])
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                endpoint,
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
                scope=self._settings.oidc_scope,
            )
        return str(url)

    async def sign_out_url(self, tokens: Tokens | None) -> str:
        """Where the browser ends its session at the provider; empty when there is no such place."""
        endpoint = (await self._addresses()).get("end_session_endpoint", "")
        if not endpoint:
            return ""
        query = {
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": self._settings.public_url,
        }
        if tokens is not None and tokens.identity:
            query["id_token_hint"] = tokens.identity
        return f"{self._outside(endpoint)}?{urlencode(query)}"

    async def tokens(self, code: str, attempt: SignIn) -> tuple[Tokens, Identity]:
        """The tokens for a code, and who they are of. Raises Unauthenticated, ProviderAwayError."""
        endpoint = self._inside((await self._addresses())["token_endpoint"])
        try:
            async with self._client() as client:
                given = await client.fetch_token(
                    endpoint,
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=self._answer_url,
                    code_verifier=attempt.verifier,
                )
        except OAuthError as error:
            raise _refused(error) from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAwayError(error) from error
        tokens = _tokens(given)
        return tokens, await self._identity(tokens, attempt)

    async def refreshed(self, tokens: Tokens) -> Tokens:
        """New tokens for the refresh token of these.

        Raises Unauthenticated when the provider has ended the session, ProviderAwayError when it
        does not answer.
        """
        endpoint = self._inside((await self._addresses())["token_endpoint"])
        try:
            async with self._client() as client:
                given = await client.refresh_token(endpoint, refresh_token=tokens.refresh)
        except OAuthError as error:
            raise _refused(error) from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAwayError(error) from error
        return _tokens(given, before=tokens)

    async def _identity(self, tokens: Tokens, attempt: SignIn) -> Identity:
        """Who signed in. Raises Unauthenticated when the identity token is not for this attempt."""
        found = await self._decoded(tokens.identity)
        claims = CodeIDToken(
            found.claims,
            found.header,
            {
                "iss": {"essential": True, "value": self._issuer},
                "aud": {"essential": True, "value": self._settings.oidc_client_id},
            },
            {
                "nonce": attempt.nonce,
                "client_id": self._settings.oidc_client_id,
                "access_token": tokens.access,
            },
        )
        try:
            claims.validate(leeway=LEEWAY)
        except JoseError as error:
            raise _unconfirmed() from error
        return Identity(str(found.claims["sub"]), str(found.claims.get("sid", "")))

    async def ended(self, logout_token: str) -> Identity:
        """Whose session the provider ended, or which (OpenID Connect Back-Channel Logout 1.0).

        Raises Unauthenticated for a token that does not hold.
        """
        found = await self._decoded(logout_token)
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            iat={"essential": True},
            exp={"essential": True},
            events={"essential": True},
        )
        try:
            rules.validate(found.claims)
        except JoseError as error:
            raise _unconfirmed() from error
        events, claims = found.claims["events"], found.claims
        named = isinstance(events, Mapping) and BACK_CHANNEL_EVENT in events
        identity = Identity(str(claims.get("sub", "")), str(claims.get("sid", "")))
        if not named or "nonce" in claims or not (identity.subject or identity.session):
            raise _unconfirmed()
        return identity

    @property
    def _issuer(self) -> str:
        return self._settings.oidc_issuer.rstrip("/")

    async def _decoded(self, token: str) -> jwt.Token:
        """A token with the signature of the provider. Raises Unauthenticated, ProviderAwayError."""
        if not token:
            raise _unconfirmed()
        try:
            return await self._keys.decoded(token, ASYMMETRIC)
        except Unauthenticated as error:
            raise _unconfirmed() from error


def _tokens(given: Mapping[str, Any], before: Tokens | None = None) -> Tokens:
    """What a token endpoint gave; it may leave out what stays the same."""
    access = given.get("access_token")
    if not isinstance(access, str) or not access:
        raise _unconfirmed()
    until = float(given.get("expires_at") or time.time() + SHORT_LIFE)
    kept = before or Tokens("")
    return Tokens(
        access,
        until,
        str(given.get("refresh_token") or kept.refresh),
        str(given.get("id_token") or kept.identity),
    )


def _refused(error: OAuthError) -> Refused:
    if error.error in BUSY:
        return ProviderAwayError(error)
    log.info("refused by the provider", why=error.error)
    return _unconfirmed()


def _unconfirmed() -> Unauthenticated:
    return Unauthenticated("De aanbieder heeft de aanmelding niet bevestigd. Meld u opnieuw aan.")
