"""The short form of `make chaos`: a few faults on one broker, judged by the same oracle."""

import shutil
from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS, schedule
from tests.chaos.rounds import Trial
from tests.chaos.site import Plan, running

SEED = 20261125
PLAN = Plan(brokers=1, webs=("all",), doubled=("risk",))
SHORT = ("kill relay", "restart PostgreSQL", "cut Kafka")
pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]


@pytest.mark.usefixtures("own_brokers")
async def test_nothing_is_lost_doubled_or_out_of_order(server_folder: Path) -> None:
    folder = server_folder / "chaos"
    folder.mkdir(mode=0o755)
    async with running(folder, PLAN) as site:
        trial = Trial(site, SEED)
        await trial.prepare()
        rounds = [each async for each in trial.play(SHORT)]
        await trial.load.close()
    for each in rounds:
        print(each, *each.found, sep="\n  ")
    assert all(each.holds for each in rounds), [each.found for each in rounds]
    assert all(each.requests and each.events for each in rounds)
    shutil.rmtree(folder)


def test_every_fault_comes_in_twenty_rounds_and_a_seed_repeats_them() -> None:
    found = schedule(SEED, 20)
    assert {name: found.count(name) for name in FAULTS} == {
        name: times for name, (_, times) in FAULTS.items()
    }
    assert found == schedule(SEED, 20)
    assert found != schedule(SEED + 1, 20)
