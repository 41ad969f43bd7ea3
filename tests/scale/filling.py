"""Fills the databases of an installation by SQL: rows that fit together, the same each time."""

import json
import re
import time
from collections.abc import Collection
from pathlib import Path
from string import Template
from typing import Final

import asyncpg

from deploy import databases
from shared.settings import SERVICES, Settings
from tests.scale.sizes import Size

SQL: Final = Path(__file__).parent / "sql"
# The rows fit by how they are made, and foreign keys are looked at one by one.
_PREPARE: Final = """
SET session_replication_role = replica; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'
"""
# They are built faster at once than row by row; those of constraints stay.
_INDEXES: Final = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
WHERE t.relnamespace = 'public'::regnamespace AND t.relname = ANY($1::text[])
  AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
"""


async def fill(settings: Settings, size: Size, only: Collection[str] = SERVICES) -> None:
    """Put the rows of this size into every service, in place of those of the size before."""
    for service in only:
        began = time.perf_counter()
        await _fill(service, databases.administration(settings, f"vth_{service}"), size)
        print(f"{service} filled in {time.perf_counter() - began:.0f} s", flush=True)


async def _fill(service: str, url: str, size: Size) -> None:
    connection = await asyncpg.connect(url, timeout=30, command_timeout=3600)
    try:
        await connection.execute(_PREPARE)
        scripts = [_script(name, size) for name in _scripts_of(service)]
        filled = re.findall(r"^INSERT INTO (\w+)", "\n".join(scripts), re.MULTILINE)
        await connection.execute(f"TRUNCATE {', '.join(dict.fromkeys(filled))} CASCADE")
        indexes = await connection.fetch(_INDEXES, filled)
        for name, _ in indexes:
            await connection.execute(f"DROP INDEX {name}")
        for script in scripts:
            await connection.execute(script)
        for _, definition in indexes:
            await connection.execute(definition)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _scripts_of(service: str) -> tuple[str, ...]:
    # Reporting has the participants by its seeds, and tells the others.
    told = () if service == "reporting" else ("told_participants",)
    return ("common", *told, service)


def _script(name: str, size: Size) -> str:
    values = {name: str(count) for name, count in size.counts().items()}
    codes = ", ".join(f"'{code}'" for code in participants())
    template = Template((SQL / f"{name}.sql").read_text("utf-8"))
    return template.substitute(values, participants=f"ARRAY[{codes}]")


def participants() -> list[str]:
    """The codes of the participants of the example agency."""
    seed = databases.EXAMPLES / "reporting" / "01_participant.json"
    return [row["code"] for row in json.loads(seed.read_text("utf-8"))["rows"]]
