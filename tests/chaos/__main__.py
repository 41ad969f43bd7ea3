"""`make chaos ROUNDS=100`: rounds on one broker, then on a cluster of three.

Every round is printed and written into build/chaos.json; the exit code says whether all held.
"""

import argparse
import asyncio
import json
import logging
import os
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from deploy import postgres_folder
from tests.chaos.faults import schedule
from tests.chaos.rounds import Round, Trial
from tests.chaos.site import Plan, running

TARGET: Final = Path("build/chaos.json")
ON_CLUSTER: Final = 0.4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--fault", action="append", help="only these faults, in turn")
    parser.add_argument("--brokers", type=int, choices=(1, 3), help="only on so many brokers")
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    faults = schedule(asked.seed, asked.rounds)
    if asked.fault:
        faults = [asked.fault[at % len(asked.fault)] for at in range(asked.rounds)]
    clustered = round(asked.rounds * ON_CLUSTER)
    if asked.brokers:
        clustered = asked.rounds if asked.brokers == 3 else 0
    alone = asked.rounds - clustered
    # What its clients say while brokers are away is no news here.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    for name in [name for name in os.environ if name.startswith("VTH_")]:
        del os.environ[name]
    rounds: list[Round] = []
    for brokers, part, first in ((1, faults[:alone], 1), (3, faults[alone:], alone + 1)):
        if part and not _run(_play(brokers, asked.seed, part, first, rounds)):
            return 1
    return 0 if all(each.holds for each in rounds) else 1


def _run(playing: Coroutine[Any, Any, None]) -> bool:
    """Run it; False when it was ended from outside, which leaves nothing running either."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        task = loop.create_task(playing)
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            return False
    return True


async def _play(
    brokers: int, seed: int, faults: list[str], first: int, rounds: list[Round]
) -> None:
    """These faults on an installation of their own; its logs are kept when something was wrong."""
    folder = _folder()
    held = False
    try:
        async with running(folder, Plan(brokers)) as site:
            trial = Trial(site, seed)
            await trial.prepare()
            async for each in trial.play(faults, first):
                rounds.append(each)
                print(each, *each.found, sep="\n      ", flush=True)
                _write(seed, rounds)
            await trial.load.close()
        held = all(each.holds for each in rounds)
    finally:
        postgres_folder.remove(folder / "postgres")
        if held:
            shutil.rmtree(folder)
        else:
            print(f"the logs are in {folder}", file=sys.stderr)


def _folder() -> Path:
    """A folder that the account of PostgreSQL may enter."""
    folder = Path(tempfile.mkdtemp(prefix="vth-chaos-"))
    folder.chmod(0o755)
    return folder


def _write(seed: int, rounds: list[Round]) -> None:
    TARGET.parent.mkdir(exist_ok=True)
    names = ("requests", "events", "lost", "double", "order_breaks", "parked")
    totals: dict[str, Any] = {name: sum(getattr(each, name) for each in rounds) for name in names}
    totals |= {"rounds": len(rounds), "holds": all(each.holds for each in rounds)}
    found = {"seed": seed, "totals": totals, "rounds": [asdict(each) for each in rounds]}
    fresh = TARGET.with_suffix(".new")
    fresh.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    fresh.rename(TARGET)


if __name__ == "__main__":
    sys.exit(main())
