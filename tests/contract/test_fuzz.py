"""Requests that the documents allow, and many that they do not: schemathesis, all checks on.

VTH_EXAMPLES says how many per operation; `make schemathesis` asks for 200.
"""

import os
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from starlette.applications import Starlette

EXAMPLES = int(os.environ.get("VTH_EXAMPLES", "5"))
OPENAPI = Path(__file__).parents[2] / "docs" / "openapi"
CONFIG = {
    "generation": {"max-examples": EXAMPLES, "deterministic": True},
    "checks": {
        # A version that does not exist is allowed by the schema, and refused with 412.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "412"]
        },
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "403", "404", "405", "406", "413", "415"]
        },
    },
}


def fuzz(case: Any, fuzzed: Starlette, administrator: dict[str, str]) -> None:
    """One request: the answer is as documented, whatever is sent."""
    case.call_and_validate(app=fuzzed, headers=administrator)


def parametrized(service: str) -> Any:
    """The test of one service: each operation of its document is a test."""
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_path(OPENAPI / f"{service}.json", config=config)
    schema.config.update(base_url=f"http://vth.test/{service}/v1")
    return schema.parametrize()(fuzz)


test_intake = parametrized("intake")
test_risk = parametrized("risk")
# ENF
test_reporting = parametrized("reporting")
