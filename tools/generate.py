"""Generate contracts, glossary and settings from the code; `--check` only compares."""

import json
import sys
from pathlib import Path
from typing import Any

from deploy.services import app_of
from shared import glossary
from shared.contracts import asyncapi, schemas
from shared.http.service import api_of
from shared.settings import SERVICES, Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
VERSION = "0.1.0"


def main() -> int:
    files = generated()
    stale = [path for path, text in files.items() if not _is(path, text)]
    if "--check" in sys.argv:
        for path in stale:
            print(f"out of date: {path.relative_to(ROOT)} (run `make docs`)", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], "utf-8")
        print(path.relative_to(ROOT))
    return 0


def generated() -> dict[Path, str]:
    """Every generated file and its text."""
    return {
        **{DOCS / "openapi" / f"{name}.json": _json(_openapi(name)) for name in SERVICES},
        DOCS / "asyncapi.json": _json(asyncapi.document(VERSION)),
        DOCS / "woordenlijst.md": glossary.markdown(),
        DOCS / "instellingen.md": _settings(),
        **schemas.files(),
    }


def _openapi(name: str) -> dict[str, Any]:
    key = "a-key-that-only-describes-the-contract"
    settings = Settings(environment="test", token_key=key, master_key="A" * 43 + "=")
    document: dict[str, Any] = api_of(app_of(name, settings)).openapi()
    return document


def _settings() -> str:
    rows = [
        f"| `VTH_{name.upper()}` | {info.description} | {_default(info.default)} |"
        for name, info in Settings.model_fields.items()
    ]
    head = "# Instellingen\n\nGegenereerd uit `shared/settings.py`.\n\n"
    return head + "| variabele | betekenis | standaard |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _default(value: Any) -> str:
    text = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
    return f"`{text}`" if text and text not in {"None", "()"} else "leeg"


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
