"""Write a .env for docker compose with random secrets; one that is there gets what it lacks.

A value that is there stays: whoever upgrades runs this again.
"""

import secrets
from base64 import b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "deploy" / "compose.env.example"
TARGET = ROOT / ".env"
NOTE = "# Without the master key the personal data of complainants cannot be read: keep it.\n"


def values() -> dict[str, str]:
    """The variables of the example, with random values where it leaves them open."""
    given = _read(EXAMPLE.read_text("utf-8"))
    return {name: value or _random(name) for name, value in given.items()}


def complete(target: Path) -> list[str]:
    """Write what the file lacks, and give the names; all of it when there is no file."""
    there = target.read_text("utf-8") if target.exists() else NOTE
    known = _read(there)
    missing = {name: value for name, value in values().items() if name not in known}
    target.touch(mode=0o600)
    if missing:
        kept = there if there.endswith("\n") else f"{there}\n"
        lines = [f"{name}={value}\n" for name, value in missing.items()]
        target.write_text(kept + "".join(lines), "utf-8")
    return list(missing)


def _read(text: str) -> dict[str, str]:
    lines = [line.strip() for line in text.splitlines()]
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value for name, value in pairs}


def _random(name: str) -> str:
    if name in {"VTH_MASTER_KEY", "VTH_WEBHOOK_KEY"}:
        return b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(24)


def main() -> None:
    added = complete(TARGET)
    print(f"{TARGET}: {', '.join(added) or 'nothing was missing'}")


if __name__ == "__main__":
    main()
