"""What a token may say, and what comes of it when it says something odd."""

import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.auth.sight import Sight
from shared.auth.verify import LOCAL_ISSUER, LocalVerifier
from shared.errors import Unauthenticated
from shared.product.roles import ROLES, Role, Scope

KEY = "a-key-of-more-than-32-characters-for-tests"
ODD: list[Any] = [5, 1.5, True, {"a": 1}, [["x"]], [{"a": 1}], [None], ["x", 5]]


def token(**claims: Any) -> str:
    usual = {
        "iss": LOCAL_ISSUER,
        "aud": "vth",
        "sub": "jan",
        "exp": int(time.time()) + 600,
        "roles": ["klachtbehandelaar"],
        "deelnemers": ["gm0153"],
    }
    said = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    return jwt.encode({"alg": "HS256"}, said, OctKey.import_key(KEY))


async def scopes(**claims: Any) -> frozenset[str]:
    return (await LocalVerifier(KEY).verify(token(**claims))).scopes


async def test_rights_come_from_the_role_matrix() -> None:
    assert await scopes() == ROLES[Role.COMPLAINTS_OFFICER]
    assert await scopes(roles=["onbekend"]) == frozenset()
    assert await scopes(roles=None) == frozenset()


@pytest.mark.parametrize("scope", ["openid profile", "", None])
async def test_a_scope_that_names_no_right_says_nothing(scope: str | None) -> None:
    assert await scopes(scope=scope) == ROLES[Role.COMPLAINTS_OFFICER]


async def test_a_scope_narrows_and_never_adds() -> None:
    assert await scopes(scope="openid klachten.lezen") == {Scope.COMPLAINTS_READ}
    assert await scopes(scope="afrekeningen.vaststellen klachten.lezen") == {Scope.COMPLAINTS_READ}
    assert await scopes(scope="afrekeningen.vaststellen") == frozenset()
    assert await scopes(roles=[], scope="klachten.lezen") == frozenset()


async def test_everybody_is_named_in_a_list() -> None:
    verifier = LocalVerifier(KEY)
    assert (await verifier.verify(token(deelnemers=["*"]))).sight is Sight.ALL
    assert (await verifier.verify(token(deelnemers=None))).sight == Sight.of(())
    for single in ("*", "gm0153", ""):
        with pytest.raises(Unauthenticated, match="deelnemers"):
            await verifier.verify(token(deelnemers=single))


@pytest.mark.parametrize("claim", ["roles", "deelnemers", "scope", "sub", "aud", "iss", "exp"])
@pytest.mark.parametrize("value", ODD, ids=repr)
async def test_an_odd_claim_is_refused_not_a_fault(claim: str, value: Any) -> None:
    with pytest.raises(Unauthenticated):
        await LocalVerifier(KEY).verify(token(**{claim: value}))


@pytest.mark.parametrize("subject", ["jan\x00", "jan\njansen", "j" * 256])
async def test_a_subject_that_no_log_or_table_keeps_is_refused(subject: str) -> None:
    with pytest.raises(Unauthenticated, match="sub"):
        await LocalVerifier(KEY).verify(token(sub=subject))


async def test_a_token_may_end_when_nobody_counts_any_more() -> None:
    verifier = LocalVerifier(KEY)
    endless = token(exp=10**400)
    assert await verifier.verify(endless) == await verifier.verify(endless)


async def test_a_name_is_one_line_that_can_be_kept() -> None:
    name = "Jan\x00 \x1b[31mJansen\n" + "x" * 300
    assert (
        await LocalVerifier(KEY).verify(token(name=name))
    ).name == f"Jan   [31mJansen {'x' * 300}"[:255]


@pytest.mark.parametrize("value", ODD, ids=repr)
async def test_an_odd_name_is_shown_as_it_is(value: Any) -> None:
    assert (await LocalVerifier(KEY).verify(token(name=value))).name == str(value)
