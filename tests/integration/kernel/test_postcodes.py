"""Postcodes of before the rule are rewritten by a revision of each service that keeps them."""

from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Table

from deploy import databases
from shared.clock import SystemClock
from shared.ids import new_id
from tests.support.databases import Templates

NOW = SystemClock().now()
VALUES: dict[type, Any] = {
    str: "voorbeeld",
    int: 1,
    float: 1.0,
    bool: True,
    list: ["3.2.1"],
    date: NOW.date(),
    Decimal: Decimal(1),
    datetime: NOW,
}
CHOSEN = {
    "state": "ontvangen",
    "channel": "telefoon",
    "urgency": "normaal",
    "risk_class": "laag",
    "participant": "gm0153",
}
COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = $1"
OLD = {"7511AB": "7511 AB", "7511 ab": "7511 AB", "7511 AB": "7511 AB", "onbekend": "onbekend"}


def a_row(table: Table, number: int, postcode: str) -> dict[str, Any]:
    row = {}
    for column in table.columns:
        if column.computed is not None or (column.nullable and column.name != "postcode"):
            continue
        kind = column.type.python_type
        row[column.name] = CHOSEN.get(column.name, new_id() if kind is UUID else VALUES.get(kind))
    return {**row, "postcode": postcode, "number": f"{number}"}


@pytest.mark.parametrize(
    ("service", "name", "before"),
    [
        ("intake", "location", "0004"),
        ("intake", "complaint", "0004"),
        ("risk", "location", "0003"),
        ("enforcement", "location", "0003"),
    ],
)
async def test_stored_postcodes_get_the_one_form(
    templates: Templates, service: str, name: str, before: str
) -> None:
    url = await templates.empty(service, f"vth_{service}_{name}_{before}")
    await databases.upgrade_async(service, url, before)
    table = import_module(f"services.{service}.tables").metadata.tables[name]
    connection = await asyncpg.connect(url)
    await connection.execute(f"SET ROLE vth_{service}_owner")
    there = {row["column_name"] for row in await connection.fetch(COLUMNS, name)}
    for number, postcode in enumerate(OLD):
        row = {
            column: value
            for column, value in a_row(table, number, postcode).items()
            if column in there
        }
        places = ", ".join(f"${at}" for at in range(1, len(row) + 1))
        await connection.execute(
            f"INSERT INTO {name} ({', '.join(row)}) VALUES ({places})", *row.values()
        )
    await databases.upgrade_async(service, url, f"{int(before) + 1:04}")
    found = await connection.fetch(f"SELECT postcode FROM {name} ORDER BY number")
    assert [row["postcode"] for row in found] == list(OLD.values())
    await connection.close()
    await templates.drop(url)
