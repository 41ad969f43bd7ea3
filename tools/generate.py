"""Generate contracts, glossary and settings from the code; `--check` only compares."""

import sys
from pathlib import Path
from typing import Any

from deploy.documents import as_text, events, openapi_of
from deploy.importer import guide as imports
from shared.contracts import guide, schemas
from shared.product import glossary
from shared.settings import SERVICES, Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
OTHERS_HEAD = "## Van de opdrachten en van docker compose\n\n"
# Read by a command or by docker-compose.yml itself, not by the services.
BESIDE = (
    ("VTH_HOME", "Map van de installatie van `make run`", "`.local`"),
    ("VTH_HOST", "Adres waarop `vth serve` en `vth up` luisteren", "`127.0.0.1`"),
    (
        "PORT, VTH_PORT",
        "Poort van `make run` en `vth serve`; in docker compose die van de gateway",
        "`8000`",
    ),
    ("VTH_BIND", "Adres van de machine waarop de gateway luistert (docker compose)", "`127.0.0.1`"),
    ("VTH_METRICS_PORT", "Poort van `/metrics` van een worker; 0: geen", "`0`"),
    ("VTH_KAFKA_REPLICATION", "Kopieën van elk topic dat `vth migrate` maakt", "`1`"),
    ("VTH_TAG", "Versie van de images (docker compose)", "`local`"),
    (
        "VTH_ENV_FILE",
        "Bestand met andere instellingen voor alle processen (docker compose)",
        "`vth.env`",
    ),
    (
        "POSTGRES_IMAGE, KAFKA_IMAGE, KEYCLOAK_IMAGE, NGINX_IMAGE, PYTHON_IMAGE",
        "Images van anderen (docker compose), met een digest als u die hebt beproefd",
        "een tag",
    ),
    ("KEYCLOAK_ADMIN_PORT", "Poort op de machine zelf van de console van Keycloak", "`8081`"),
)


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
        DOCS / "overnemen.md": imports.markdown(),
        DOCS / "adr" / "README.md": _decisions(),
        **schemas.files(),
    }


def _decisions() -> str:
    """The index of the decisions, from their headings."""
    pages = sorted((DOCS / "adr").glob("[0-9]*.md"))
    lines = [f"- [{_heading(page)}]({page.name})" for page in pages]
    return "# Decisions\n\n" + "\n".join(lines) + "\n"


def _heading(page: Path) -> str:
    return page.read_text("utf-8").partition("\n")[0].removeprefix("# ")


def _settings() -> str:
    rows = [
        f"| `VTH_{name.upper()}` | {info.description} | {_default(info.default)} |"
        for name, info in Settings.model_fields.items()
    ]
    head = "# Instellingen\n\nGegenereerd uit `shared/settings.py`.\n\n"
    table = "| variabele | betekenis | standaard |\n|---|---|---|\n"
    others = "".join(f"| `{name}` | {about} | {default} |\n" for name, about, default in BESIDE)
    return f"{head}{table}{chr(10).join(rows)}\n\n{OTHERS_HEAD}{table}{others}"


def _default(value: Any) -> str:
    text = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
    return f"`{text}`" if text and text not in {"None", "()"} else "leeg"


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
