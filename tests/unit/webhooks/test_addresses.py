"""Where webhooks may go: nothing inside, however it is written."""

import pytest

from shared.settings import Settings
from shared.webhooks.addresses import AddressRefusedError, Rules, checked, resolved

OUTSIDE = Rules(https_only=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://afnemer.example.nl/x",
        "ftp://afnemer.example.nl/x",
        "afnemer.example.nl/x",
        "https:///x",
        "https://naam:geheim@afnemer.example.nl/",
        "https://afnemer.example.nl/#deel",
        "https://afnemer.example.nl:0/",
        "https://afnemer.example.nl:99999/",
        "https://[::1/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[64:ff9b:1::5db8:d822]/",
        "https://[::10.0.0.1]/",
        "https://[::127.0.0.1]/",
        "https://[fec0::1]/",
        "https://192.88.99.1/",
        "https://[::]/",
    ],
)
def test_is_refused(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        checked(url, OUTSIDE)


@pytest.mark.parametrize(
    "url",
    [
        "https://afnemer.example.nl/webhooks?a=1",
        "https://afnemer.example.nl:8443/",
        "https://93.184.216.34/",
        "https://[2606:2800:220:1::]/",
    ],
)
def test_is_allowed(url: str) -> None:
    assert checked(url, OUTSIDE).hostname


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001"])
async def test_a_name_that_points_inside_is_refused(host: str) -> None:
    with pytest.raises(AddressRefusedError):
        await resolved(checked(f"https://{host}/", OUTSIDE), OUTSIDE)


async def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(AddressRefusedError, match="bestaat niet"):
        await resolved(checked("https://nergens.invalid/", OUTSIDE), OUTSIDE)


def test_production_allows_what_its_settings_name() -> None:
    settings = Settings(
        environment="production",
        public_url="https://vth.example.nl",
        oidc_issuer="https://aanbieder.example.nl",
        webhook_networks="10.20.0.0/16,fd00:1::/32",
    )
    rules = Rules.of(settings)
    assert checked("https://10.20.3.4/", rules)
    assert checked("https://[fd00:1::9]/", rules)
    for url in ("https://10.21.3.4/", "https://127.0.0.1/", "http://10.20.3.4/"):
        with pytest.raises(AddressRefusedError):
            checked(url, rules)


def test_a_trial_installation_reaches_its_own_machine_alone() -> None:
    rules = Rules.of(Settings(environment="local"))
    assert checked("http://127.0.0.1:8080/", rules)
    with pytest.raises(AddressRefusedError):
        checked("http://10.0.0.1/", rules)


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="appear to be"):
        Settings(webhook_networks=("10.0.0.0/99",))
