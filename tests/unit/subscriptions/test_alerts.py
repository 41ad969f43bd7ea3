"""The alerts ask for figures that exist."""

import re
from pathlib import Path

import yaml
from prometheus_client import REGISTRY

from shared.subscriptions import metrics

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "deploy" / "prometheus" / "subscriptions.yml"


def test_alerts_name_figures_that_exist() -> None:
    assert metrics.feed_leads
    known = {
        name for metric in REGISTRY.collect() for name in (metric.name, f"{metric.name}_total")
    }
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    for rule in group["rules"]:
        asked = set(re.findall(r"\bvth_\w+", rule["expr"]))
        assert asked, rule["alert"]
        assert asked <= known, rule["alert"]
        assert rule["annotations"]["description"].endswith((".", "?"))
