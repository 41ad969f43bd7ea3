"""The .env of docker compose: secrets once, and what a newer version asks is added."""

import re
from base64 import b64decode
from pathlib import Path

from tools import compose_env

COMPOSE = (compose_env.ROOT / "docker-compose.yml").read_text("utf-8")


def test_it_has_all_that_docker_compose_requires() -> None:
    required = set(re.findall(r"\$\{(\w+):\?", COMPOSE))
    assert required
    assert required <= compose_env.values().keys()


def test_secrets_are_random_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert compose_env.complete(first) == list(compose_env.values())
    compose_env.complete(second)
    assert first.stat().st_mode & 0o777 == 0o600
    ours, theirs = _read(first), _read(second)
    for name, value in _read(compose_env.EXAMPLE).items():
        assert (ours[name] == theirs[name]) == bool(value), name
    assert len(b64decode(ours["VTH_MASTER_KEY"])) == 32


def test_what_a_newer_version_asks_is_added_and_the_rest_stays(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    target.write_text("# ours\nVTH_AGENCY_NAME=Dienst\nVTH_MASTER_KEY=a=", "utf-8")
    added = compose_env.complete(target)
    text = target.read_text("utf-8")
    assert text.startswith("# ours\nVTH_AGENCY_NAME=Dienst\nVTH_MASTER_KEY=a=\n")
    assert not {"VTH_AGENCY_NAME", "VTH_MASTER_KEY"} & set(added)
    assert _read(target).keys() >= compose_env.values().keys()
    assert compose_env.complete(target) == []
    assert target.read_text("utf-8") == text


def _read(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
