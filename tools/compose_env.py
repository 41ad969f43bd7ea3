"""Write a .env for docker compose with random secrets, unless there is one."""

import secrets
from base64 import b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "deploy" / "compose.env.example"
TARGET = ROOT / ".env"
NOTE = "# Without the master key the personal data of complainants cannot be read: keep it.\n"


def values() -> dict[str, str]:
    """The variables of the example, with random values where it leaves them open."""
    lines = EXAMPLE.read_text("utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: given or _random(name) for name, given in pairs}


def _random(name: str) -> str:
    if name in {"VTH_MASTER_KEY", "VTH_WEBHOOK_KEY"}:
        return b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(24)


def main() -> None:
    if TARGET.exists():
        return
    TARGET.touch(mode=0o600)
    lines = [f"{name}={value}\n" for name, value in values().items()]
    TARGET.write_text(NOTE + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
