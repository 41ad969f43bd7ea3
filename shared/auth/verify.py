"""Tokens: signature, issuer, audience and time are checked, then read into a Caller."""

import time
from collections.abc import Mapping
from typing import Any, Final, Protocol

import httpx2
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey
from joserfc.jwt import JWTClaimsRegistry

from shared.auth.caller import Caller
from shared.errors import Refused, Unauthenticated
from shared.product.roles import Scope, scopes_of
from shared.settings import Settings

LOCAL_ISSUER = "vth-lokaal"
CACHE_SIZE = 4096
LONGEST: Final = 255
JWKS_SECONDS = 600
ASYMMETRIC: Final = ["RS256", "ES256", "EdDSA"]
# Nobody answers, or something else does: a page of its host, while the provider is away.
_NO_KEYS: Final = (httpx2.HTTPError, JoseError, ValueError, KeyError, TypeError)

log = structlog.get_logger(__name__)


class ProviderAwayError(Refused):
    """The provider of tokens does not answer; it passes."""

    status, code, title = 503, "aanbieder-niet-bereikbaar", "Aanmelden kan nu niet"

    def __init__(self, error: Exception) -> None:
        super().__init__(
            "De aanbieder van uw account antwoordt niet. Er is niets opgeslagen; probeer het over "
            "een minuut opnieuw."
        )
        log.warning("provider of tokens does not answer", error=repr(error))


class Verifier(Protocol):
    """Turns a bearer token into a caller. Raises Unauthenticated."""

    async def verify(self, token: str) -> Caller: ...


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """The caller that checked claims describe. Raises Unauthenticated for claims of another type.

    Rights come from the role matrix alone. A `scope` that names rights of the platform narrows
    them (RFC 6749, 3.3); it adds none, and a scope without such a name, as `openid`, says nothing.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _can_be_kept(subject):
        raise _unreadable("sub")
    roles = _names(claims, "roles")
    asked = claims.get("scope", "")
    if not isinstance(asked, str):
        raise _unreadable("scope")
    scopes: frozenset[str] = scopes_of(roles)
    if named := set(Scope) & set(asked.split()):
        scopes &= named
    name = claims.get("name") or claims.get("preferred_username") or subject
    shown = "".join(sign if sign.isprintable() else " " for sign in str(name))[:LONGEST]
    return Caller(subject, shown, roles, scopes, _names(claims, "deelnemers"))


def _can_be_kept(subject: str) -> bool:
    """In logs and tables, as OpenID Connect has it: at most 255 characters, on one line."""
    return 0 < len(subject) <= LONGEST and subject.isprintable()


def _names(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """A list of names; a single text is not one: "*" by itself would mean everybody."""
    names = claims.get(claim)
    if names is None:
        return frozenset()
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _unreadable(claim)
    return frozenset(names)


def _unreadable(claim: str) -> Unauthenticated:
    return Unauthenticated(
        f"Het toegangstoken heeft een onleesbaar gegeven '{claim}'. Laat de uitgever dit nakijken."
    )


class _Cached:
    """Remembers checked tokens until they expire: a signature is checked once, not per request."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Caller]] = {}

    def get(self, token: str) -> Caller | None:
        expires, caller = self._known.get(token, (0.0, None))
        return caller if expires > time.time() else None

    def put(self, token: str, claims: dict[str, Any]) -> Caller:
        if len(self._known) >= CACHE_SIZE:
            self._known.clear()
        caller = caller_of(claims)
        # A whole number may be larger than any float.
        self._known[token] = (claims["exp"], caller)
        return caller


class LocalVerifier:
    """Tokens of the local issuer: a shared key, for machines without an identity provider."""

    def __init__(self, key: str) -> None:
        self._key = OctKey.import_key(key)
        self._cache = _Cached()
        self._rules = _rules(LOCAL_ISSUER, "vth")

    async def verify(self, token: str) -> Caller:
        return self._cache.get(token) or self._cache.put(
            token, _checked(_signed(token, self._key, ["HS256"]), self._rules)
        )


class ProviderKeys:
    """The published keys of an OpenID Connect provider; fetched again when it may have new ones."""

    def __init__(self, issuer: str, jwks_url: str = "") -> None:
        self._issuer = issuer.rstrip("/")
        self._jwks_url = jwks_url
        self._keys: KeySet | None = None
        self._fetched = 0.0

    async def decoded(self, token: str, algorithms: list[str]) -> jwt.Token:
        """The token when a key of the provider signed it.

        Raises Unauthenticated, or ProviderAwayError when the keys cannot be fetched.
        """
        keys = await self._key_set(max_age=JWKS_SECONDS)
        try:
            return _signed(token, keys, algorithms)
        except Unauthenticated:
            # The provider may have rotated its keys since we asked.
            keys = await self._key_set(max_age=10)
            return _signed(token, keys, algorithms)

    async def _key_set(self, max_age: float) -> KeySet:
        if self._keys is None or time.monotonic() - self._fetched > max_age:
            try:
                self._keys = KeySet.import_key_set(await self._fetch())
            except _NO_KEYS as error:
                raise ProviderAwayError(error) from error
            self._fetched = time.monotonic()
        return self._keys

    async def _fetch(self) -> Any:
        async with httpx2.AsyncClient(timeout=10) as client:
            if not self._jwks_url:
                where = f"{self._issuer}/.well-known/openid-configuration"
                found = (await client.get(where)).raise_for_status().json()
                self._jwks_url = found["jwks_uri"]
            return (await client.get(self._jwks_url)).raise_for_status().json()


class OidcVerifier:
    """Tokens of an OpenID Connect provider, with its published keys."""

    def __init__(self, issuer: str, audience: str, jwks_url: str = "") -> None:
        self._rules = _rules(issuer.rstrip("/"), audience)
        self._keys = ProviderKeys(issuer, jwks_url)
        self._cache = _Cached()

    async def verify(self, token: str) -> Caller:
        if caller := self._cache.get(token):
            return caller
        found = await self._keys.decoded(token, ASYMMETRIC)
        return self._cache.put(token, _checked(found, self._rules))


def _rules(issuer: str, audience: str) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        leeway=10,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": True},
    )


def _signed(token: str, key: OctKey | KeySet, algorithms: list[str]) -> jwt.Token:
    try:
        return jwt.decode(token, key, algorithms=algorithms)
    except (JoseError, ValueError, TypeError) as error:
        raise _not_valid() from error


def _checked(token: jwt.Token, rules: JWTClaimsRegistry) -> dict[str, Any]:
    try:
        rules.validate(token.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise _not_valid() from error
    return dict(token.claims)


def _not_valid() -> Unauthenticated:
    return Unauthenticated("Het toegangstoken is ongeldig of verlopen. Vraag een nieuw token aan.")


def verifier_for(settings: Settings) -> Verifier:
    """The verifier that the settings ask for: the provider's where there is one."""
    if settings.oidc_issuer:
        return OidcVerifier(settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url)
    return LocalVerifier(settings.token_key.get_secret_value())
