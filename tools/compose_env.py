"""Write a .env for docker compose with random secrets, unless there is one."""

import secrets
from base64 import b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "deploy" / "compose.env.example"
TARGET = ROOT / ".env"


def value(name: str) -> str:
    """A random value that fits the variable."""
    if name == "VTH_MASTER_KEY":
        return b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(24)


def main() -> None:
    if TARGET.exists():
        return
    lines = [
        line + value(line.rstrip("=")) if line.endswith("=") else line
        for line in EXAMPLE.read_text("utf-8").splitlines()
    ]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    TARGET.chmod(0o600)


if __name__ == "__main__":
    main()
