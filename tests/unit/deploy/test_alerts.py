"""The alerts ask for figures that exist, say what to do, and have a heading in the manual."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from deploy import worker
from services.intake import figures as intake
from services.risk import figures as risk
from shared.files.metrics import FILES as RECEIVED_FILES
from shared.jobs import metrics as jobs
from shared.messaging import metrics as messaging
from shared.settings import SERVICES
from shared.webhooks import metrics as subscriptions

ROOT = Path(__file__).resolve().parents[3]
OWN_WORK = (
    *(each.figure for each in (*risk.FIGURES, *intake.FIGURES)),
    intake.LETTERS,
    RECEIVED_FILES,
)
FILES = sorted((ROOT / "deploy" / "prometheus").glob("*.yml"))
MANUAL = (ROOT / "docs" / "beheer.md").read_text("utf-8")


def rules() -> Iterator[dict[str, Any]]:
    for path in FILES:
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
            yield from group["rules"]


every = pytest.mark.parametrize("rule", list(rules()), ids=lambda rule: rule["alert"])


def figures() -> dict[str, tuple[str, ...]]:
    """The names under which the code's figures are exposed, with their labels."""
    found: dict[str, tuple[str, ...]] = {}
    for figure in OWN_WORK:
        found[f"{figure.name}_total"] = figure.labels
    for module in (messaging, jobs, subscriptions, risk):
        for each in vars(module).values():
            if isinstance(each, MetricWrapperBase):
                (family,) = each.describe()
                suffix = "_total" if family.type == "counter" else ""
                found[family.name + suffix] = each._labelnames
                if family.type == "histogram":
                    found |= {
                        f"{family.name}_{part}": each._labelnames for part in ("sum", "count")
                    }
    return found


@every
def test_an_alert_asks_for_figures_and_labels_that_exist(rule: dict[str, Any]) -> None:
    known = figures()
    asked = set(re.findall(r"\bvth_\w+", rule["expr"]))
    assert asked
    assert asked <= known.keys()
    labels = {label for name in asked for label in known[name]}
    for named in re.findall(r"(?:by|on) \(([\w, ]+)\)", rule["expr"]):
        assert set(named.split(", ")) <= labels
    assert set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"]))) <= labels


@every
def test_an_alert_says_in_dutch_what_to_do_and_where_to_read_on(rule: dict[str, Any]) -> None:
    told = rule["annotations"]
    assert re.search(r"\b(de|het|een|er|en)\b", told["description"].lower())
    assert told["description"].endswith(".")
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert told["runbook"] == f"docs/beheer.md#{rule['alert'].lower()}"
    assert f"\n### {rule['alert']}\n" in MANUAL


def test_the_manual_explains_no_alert_that_is_gone() -> None:
    runbook = MANUAL.partition("## Meldingen van Prometheus")[2].partition("\n## ")[0]
    assert re.findall(r"^### (\w+)$", runbook, re.MULTILINE) == [rule["alert"] for rule in rules()]


def test_names_are_unique_and_every_service_is_watched() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    (seen,) = [rule["expr"] for rule in rules() if rule["alert"] == "WorkerNotSeen"]
    assert set(re.findall(r'service="(\w+)"', seen)) == set(SERVICES)


def test_the_figures_are_those_of_the_worker() -> None:
    assert worker.RUNS
    exposed = {family.name for family in REGISTRY.collect()}
    assert {re.sub("_(total|sum|count)$", "", name) for name in figures()} <= exposed
