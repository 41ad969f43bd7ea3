"""A provider that answers with something else than what was asked is away: it passes."""

from collections.abc import Iterator

import pytest

from shared.auth.provider import Provider, SignIn
from shared.auth.verify import ASYMMETRIC, ProviderAwayError, ProviderKeys
from shared.settings import Settings
from tests.support.issuer import Issuer, running_issuer


@pytest.fixture
def maintained() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        issuer.maintained = True
        yield issuer


async def test_its_keys_cannot_be_had(maintained: Issuer) -> None:
    keys = ProviderKeys(maintained.url)
    with pytest.raises(ProviderAwayError):
        await keys.decoded(maintained.signed({"sub": "anna"}), ASYMMETRIC)
    maintained.maintained = False
    found = await keys.decoded(maintained.signed({"sub": "anna"}), ASYMMETRIC)
    assert found.claims["sub"] == "anna"


async def test_nobody_signs_in_meanwhile(maintained: Issuer) -> None:
    provider = Provider(Settings(oidc_issuer=maintained.url))
    with pytest.raises(ProviderAwayError):
        await provider.authorization_url(SignIn.new("/"))
    maintained.maintained = False
    assert (await provider.authorization_url(SignIn.new("/"))).startswith(maintained.url)
