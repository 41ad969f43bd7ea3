"""Generate contracts, glossary and settings from the code; `--check` only compares."""

import sys
from pathlib import Path
from typing import Any

from deploy.documents import as_text, events, openapi_of
from shared.contracts import guide, schemas
from shared.product import glossary
from shared.settings import SERVICES, Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


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
        **{DOCS / "openapi" / f"{name}.json": as_text(openapi_of(name)) for name in SERVICES},
        DOCS / "asyncapi.json": as_text(events()),
        DOCS / "gebeurtenissen.md": guide.markdown(),
        DOCS / "woordenlijst.md": glossary.markdown(),
        DOCS / "instellingen.md": _settings(),
        **schemas.files(),
    }


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


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
