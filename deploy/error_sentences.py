"""What goes wrong outside our code, as a sentence for the operator that says what to do."""

from collections.abc import Iterator
from errno import ENOSPC

import asyncpg
from pydantic import ValidationError

from deploy.operator_errors import OperatorError
from shared.encryption_keys import WrongKeyError
from shared.settings import Settings

_OF_EXTENSIONS = (
    *(asyncpg.FeatureNotSupportedError, asyncpg.UndefinedFileError),
    asyncpg.InsufficientPrivilegeError,
)
START = (
    "Draait het platform? Start het (`make run`, `docker compose up`), of noem de installatie met "
    "VTH_HOME of de database met VTH_DATABASE_URL."
)


def sentence_of(error: BaseException) -> str | None:
    """What to tell the operator; None for an error of our own, which keeps its traceback."""
    return next(filter(None, map(_sentence, _chain(error))), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what is inside it and what it came from."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _chain(each)
    if error.__cause__ is not None:
        yield from _chain(error.__cause__)


def _sentence(error: BaseException) -> str | None:
    match error:
        case OperatorError() | WrongKeyError():
            return str(error)
        case ValidationError() if error.title == Settings.__name__:
            return "De instellingen kloppen niet.\n" + "\n".join(_settings(error))
        case OSError():
            return _system(error)
        case asyncpg.PostgresError():
            return _extension(error) or _database(error)
    return None


def _system(error: OSError) -> str | None:
    if error.errno == ENOSPC:
        return "De schijf is vol. Maak ruimte en begin opnieuw; wat al is opgeslagen blijft."
    return f"Geen verbinding: {error}. {START}" if _is_connection(error) else None


def _is_connection(error: OSError) -> bool:
    """The driver wraps what several addresses answer in a plain OSError."""
    return isinstance(error, ConnectionError | TimeoutError) or "connect" in str(error).lower()


def _settings(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False, include_input=False):
        said = each["msg"].removeprefix("Value error, ")
        if each["loc"]:
            said = f"{'_'.join(('VTH', *map(str, each['loc']))).upper()}: {said}"
        yield from (f"  {line}" for line in said.splitlines())


def _extension(error: asyncpg.PostgresError) -> str | None:
    """Search needs pg_trgm, which comes with PostgreSQL."""
    if not isinstance(error, _OF_EXTENSIONS) or "extension" not in str(error):
        return None
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return (
            f"De uitbreiding mag niet worden gemaakt: {error}. Laat een beheerder in deze database "
            "CREATE EXTENSION pg_trgm uitvoeren, en voer `vth migrate` opnieuw uit."
        )
    return (
        f"PostgreSQL mist een uitbreiding: {error}. Zoeken gebruikt pg_trgm: installeer het pakket "
        "met de uitbreidingen van deze PostgreSQL (postgresql-contrib)."
    )


def _database(error: asyncpg.PostgresError) -> str | None:
    match error:
        case asyncpg.DiskFullError():
            return "De schijf van de database is vol. Maak ruimte en begin opnieuw."
        case asyncpg.InvalidAuthorizationSpecificationError():
            return (
                f"De database laat ons niet binnen: {error}. Controleer VTH_DATABASE_URL en "
                "VTH_DATABASE_PASSWORD_<DIENST>, en voer `vth migrate` uit, die de rollen bijwerkt."
            )
        case asyncpg.InvalidCatalogNameError():
            return f"De database ontbreekt: {error}. Maak haar met `vth migrate`."
        case asyncpg.UndefinedTableError() | asyncpg.UndefinedColumnError():
            return f"De tabellen passen niet bij deze versie: {error}. Voer `vth migrate` uit."
        case asyncpg.CannotConnectNowError() | asyncpg.TooManyConnectionsError():
            return f"De database neemt nu geen verbinding aan: {error}. Probeer het zo opnieuw."
    return None
