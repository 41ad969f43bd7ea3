"""The folder of a local installation (VTH_HOME): data, logs, outgoing mail and secrets."""

import json
import os
import secrets
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from deploy.operator_errors import OperatorError
from deploy.postgres import EmbeddedPostgres
from deploy.postgres_folder import FolderLock, moved_to, remove
from shared.settings import SERVICES, Settings

DEFAULT_PORT = 8000
DATABASE_PASSWORDS = tuple(
    f"VTH_DATABASE_PASSWORD_{name.upper()}" for name in (*SERVICES, "events", "sessions")
)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a local installation keeps its state."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def logs(self) -> Path:
        return self.path / "log"

    @property
    def lock(self) -> FolderLock:
        """Held by the one platform that runs here."""
        return FolderLock(self.path / "lock")

    @property
    def demo_done(self) -> Path:
        """Exists once the demo data are complete."""
        return self.path / "demo-loaded"

    @property
    def installed(self) -> bool:
        """Whether its secrets were made."""
        return self._secrets.exists()

    @property
    def _secrets(self) -> Path:
        return self.path / "secrets.json"

    def environment(self) -> dict[str, str]:
        """The VTH_* variables of this installation; the secrets are made the first time."""
        variables = {
            "VTH_HOME": str(self.path),
            "VTH_OUTBOX_DIR": str(self.path / "post"),
            "VTH_FILES_DIR": str(self.path / "bestanden"),
            **self._kept_secrets(),
        }
        return {name: value for name, value in variables.items() if name not in os.environ}

    def wipe(self) -> None:
        """Forget everything."""
        remove(self.postgres)
        remove(self.path)

    def _kept_secrets(self) -> dict[str, str]:
        if not self.installed:
            self._require_no_data()
            self._write(_new_secrets())
        try:
            kept: dict[str, str] = json.loads(self._secrets.read_text("utf-8"))
        except ValueError as error:
            raise OperatorError(
                f"{self._secrets} is beschadigd: daarin staat de sleutel van de persoonsgegevens. "
                "Zet het bestand terug uit een reservekopie."
            ) from error
        if missing := {"VTH_WEBHOOK_KEY", *DATABASE_PASSWORDS} - kept.keys():
            # An installation from before these: `vth migrate` moves what they protect to them.
            kept |= {name: value for name, value in _new_secrets().items() if name in missing}
            kept.pop("VTH_DATABASE_PASSWORDS", None)
            self._write(kept)
        return kept

    def _write(self, secrets_of_all: dict[str, str]) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        fresh = self._secrets.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(secrets_of_all, indent=2), "utf-8")
        fresh.rename(self._secrets)

    def _require_no_data(self) -> None:
        """Raises OperatorError: new keys beside data would make what is personal unreadable."""
        if (self.postgres / "data").exists() or moved_to(self.postgres) is not None:
            raise OperatorError(
                f"{self._secrets} ontbreekt, en er zijn al gegevens: zonder de sleutel daarin zijn "
                "persoonsgegevens onleesbaar. Zet het bestand terug uit een reservekopie, of wis "
                "deze installatie met `vth reset`."
            )


def current() -> Home:
    """The home that VTH_HOME names, `.local` by default."""
    return Home(Path(os.environ.get("VTH_HOME") or ".local").absolute())


def settings() -> Settings:
    """The settings of this process: the environment, completed from the local home if it is used.

    A command typed beside a running `vth up` so finds its database without any variable.
    """
    home = current()
    if os.environ.get("VTH_ENVIRONMENT", "local") == "local" and home.installed:
        os.environ.update(home.environment())
        if "VTH_DATABASE_URL" not in os.environ and home.postgres.exists():
            os.environ["VTH_DATABASE_URL"] = EmbeddedPostgres(home.postgres).url
    return Settings()


def _new_secrets() -> dict[str, str]:
    return {
        "VTH_MASTER_KEY": b64encode(secrets.token_bytes(32)).decode("ascii"),
        "VTH_WEBHOOK_KEY": b64encode(secrets.token_bytes(32)).decode("ascii"),
        "VTH_TOKEN_KEY": secrets.token_urlsafe(48),
        **{name: secrets.token_urlsafe(32) for name in DATABASE_PASSWORDS},
    }
