"""Tokens: signature, issuer, audience and time are checked, then read into a Caller."""

import time
from collections.abc import Mapping
from typing import Any, Protocol

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey
from joserfc.jwt import JWTClaimsRegistry

from shared.auth.caller import Caller
from shared.errors import Unauthenticated
from shared.product.roles import Scope, scopes_of
from shared.settings import Settings

LOCAL_ISSUER = "vth-lokaal"
CACHE_SIZE = 4096
JWKS_SECONDS = 600


class Verifier(Protocol):
    """Turns a bearer token into a caller. Raises Unauthenticated."""

    async def verify(self, token: str) -> Caller: ...


def caller_of(claims: Mapping[str, Any]) -> Caller:
    """The caller that checked claims describe. Raises Unauthenticated for claims of another type.

    Rights come from the role matrix alone. A `scope` that names rights of the platform narrows
    them (RFC 6749, 3.3); it adds none, and a scope without such a name, as `openid`, says nothing.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise _unreadable("sub")
    roles = _names(claims, "roles")
    asked = claims.get("scope", "")
    if not isinstance(asked, str):
        raise _unreadable("scope")
    scopes: frozenset[str] = scopes_of(roles)
    if named := set(Scope) & set(asked.split()):
        scopes &= named
    name = claims.get("name") or claims.get("preferred_username") or subject
    return Caller(subject, str(name), roles, scopes, _names(claims, "deelnemers"))


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
        self._known[token] = (float(claims["exp"]), caller)
        return caller


class LocalVerifier:
    """Tokens of the local issuer: a shared key, for machines without an identity provider."""

    def __init__(self, key: str) -> None:
        self._key = OctKey.import_key(key)
        self._cache = _Cached()
        self._rules = _rules(LOCAL_ISSUER, "vth")

    async def verify(self, token: str) -> Caller:
        return self._cache.get(token) or self._cache.put(
            token, _decoded(token, self._key, self._rules, ["HS256"])
        )


class OidcVerifier:
    """Tokens of an OpenID Connect provider, with its published keys."""

    def __init__(self, issuer: str, audience: str, jwks_url: str = "") -> None:
        self._issuer = issuer.rstrip("/")
        self._jwks_url = jwks_url
        self._rules = _rules(self._issuer, audience)
        self._keys: KeySet | None = None
        self._fetched = 0.0
        self._cache = _Cached()

    async def verify(self, token: str) -> Caller:
        if caller := self._cache.get(token):
            return caller
        keys = await self._key_set(max_age=JWKS_SECONDS)
        try:
            claims = _decoded(token, keys, self._rules, ["RS256", "ES256", "EdDSA"])
        except Unauthenticated:
            # The provider may have rotated its keys since we asked.
            keys = await self._key_set(max_age=10)
            claims = _decoded(token, keys, self._rules, ["RS256", "ES256", "EdDSA"])
        return self._cache.put(token, claims)

    async def _key_set(self, max_age: float) -> KeySet:
        if self._keys is None or time.monotonic() - self._fetched > max_age:
            async with httpx.AsyncClient(timeout=10) as client:
                if not self._jwks_url:
                    where = f"{self._issuer}/.well-known/openid-configuration"
                    found = (await client.get(where)).raise_for_status().json()
                    self._jwks_url = found["jwks_uri"]
                answer = (await client.get(self._jwks_url)).raise_for_status()
            self._keys = KeySet.import_key_set(answer.json())
            self._fetched = time.monotonic()
        return self._keys


def _rules(issuer: str, audience: str) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        leeway=10,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": True},
    )


def _decoded(
    token: str, key: OctKey | KeySet, rules: JWTClaimsRegistry, algorithms: list[str]
) -> dict[str, Any]:
    try:
        claims = jwt.decode(token, key, algorithms=algorithms).claims
        rules.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise Unauthenticated(
            "Het toegangstoken is ongeldig of verlopen. Vraag een nieuw token aan."
        ) from error
    return dict(claims)


def verifier_for(settings: Settings) -> Verifier:
    """The verifier that the settings ask for: the provider's where there is one."""
    if settings.oidc_issuer:
        return OidcVerifier(settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url)
    return LocalVerifier(settings.token_key.get_secret_value())
