"""What production refuses: each weak setting has a sentence that names it."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.settings import Settings, weaknesses

ROOT = Path(__file__).resolve().parents[3]
KEY = b64encode(bytes(range(7, 39))).decode()
STRONG: dict[str, Any] = {
    "environment": "production",
    "master_key": KEY,
    "webhook_key": KEY,
    "public_url": "https://vth.example.nl",
    "oidc_issuer": "https://login.example.nl/realms/vth",
    "transport": "kafka",
    "kafka_security": "sasl_ssl",
}


def test_strong_settings_are_taken() -> None:
    assert Settings(**STRONG).environment == "production"


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("token_key", "k" * 40, "VTH_TOKEN_KEY"),
        ("oidc_issuer", "", "VTH_OIDC_ISSUER"),
        ("oidc_issuer", "http://login.example.nl/realms/vth", "VTH_OIDC_ISSUER"),
        ("oidc_audience", " ", "VTH_OIDC_AUDIENCE"),
        ("public_url", "http://vth.example.nl", "VTH_PUBLIC_URL"),
        ("master_key", b64encode(bytes(32)).decode(), "VTH_MASTER_KEY"),
        ("master_key", b64encode(b"wachtwoordwachtwoordwachtwoordwa").decode(), "VTH_MASTER_KEY"),
        ("master_key", "kort", "VTH_MASTER_KEY"),
        ("webhook_key", b64encode(bytes(32)).decode(), "VTH_WEBHOOK_KEY"),
        ("kafka_security", "plaintext", "VTH_KAFKA_SECURITY"),
        ("kafka_security", "sasl_plaintext", "VTH_KAFKA_SECURITY"),
    ],
)
def test_a_weak_setting_is_refused_by_name(setting: str, value: str, named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        Settings(**{**STRONG, setting: value})


def test_every_weakness_is_told_at_once() -> None:
    values: dict[str, Any] = {"token_key": "k" * 40, "public_url": "http://vth.example.nl"}
    assert len(list(weaknesses(Settings(environment="local", **values)))) == 3


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1:8000"])
def test_this_machine_itself_needs_no_tls(address: str) -> None:
    assert Settings(**{**STRONG, "public_url": address})


def test_plain_kafka_on_a_closed_network_is_a_choice() -> None:
    assert Settings(**{**STRONG, "kafka_security": "plaintext", "kafka_network_is_closed": True})


@pytest.mark.parametrize("proxies", ["*", "gateway", "10.0.0.1/8"])
def test_only_addresses_and_networks_are_trusted_as_proxy(proxies: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=proxies)
    assert Settings(trusted_proxies="127.0.0.1, 10.0.0.0/8, ::1").trusted_proxies


def test_the_gateway_does_not_pass_on_where_a_visitor_says_to_come_from() -> None:
    conf = (ROOT / "deploy/nginx/vth.conf").read_text("utf-8")
    said = [line.split()[2] for line in conf.splitlines() if "X-Forwarded-For" in line]
    assert said == ["$remote_addr;"]
