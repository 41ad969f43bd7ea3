"""The published contracts as documents; they need no database and hold no secret."""

import json
from typing import Any

from pydantic import SecretStr

from deploy.services import app_of
from shared.contracts import asyncapi
from shared.service import api_of
from shared.settings import Settings

SAMPLE = SecretStr("A" * 43 + "=")


def openapi_of(service: str) -> dict[str, Any]:
    """The OpenAPI document of a service."""
    key = SecretStr("a-key-that-only-describes-the-contract")
    settings = Settings(environment="test", token_key=key, master_key=SAMPLE, webhook_key=SAMPLE)
    document: dict[str, Any] = api_of(app_of(service, settings)).openapi()
    return document


def events() -> dict[str, Any]:
    """The AsyncAPI document of all events."""
    return asyncapi.document()


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
