"""Search for a phrase in what a row says, by an index over trigrams (docs/adr, search).

    SAID = search_text(location.c.name, location.c.street)
    search_index("location_search", SAID)
    Query(Row, select(...).where(holds(SAID)))        # run with phrase=phrase_of(typed)

The number of a case is no phrase: it is looked up by itself, in an index of how numbers begin.
"""

import re
from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Index,
    Select,
    Text,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from shared.addresses import normal_postcode
from shared.db.filters import like
from shared.db.statements import PHRASE

FEW: Final = 1_000
# Of less than three letters an index over three at a time knows nothing.
SHORTEST: Final = 3
_NUMBER: Final = re.compile(r"(?:k|i|l|c|ov|hm)-[\d-]*", re.IGNORECASE)


class _Constant(ColumnElement[str]):
    """Text that stands in the statement itself, as it does in the index; it is no column."""

    inherit_cache = False
    type = Text()

    def __init__(self, sql: str) -> None:
        self.sql = sql


@compiles(_Constant)
def _written(element: _Constant, _: SQLCompiler, **__: Any) -> str:
    return element.sql


_NOTHING: Final = _Constant("''")
_SPACE: Final = _Constant("' '")


def search_text(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    """What the columns hold, in lower case, as index and search both have it."""
    filled = (func.coalesce(column, _NOTHING, type_=Text) for column in columns)
    joined: ColumnElement[Any] = reduce(_and_then, filled)
    return func.lower(joined, type_=Text)


def _and_then(text: ColumnElement[Any], more: ColumnElement[Any]) -> ColumnElement[Any]:
    return text + _SPACE + more


def search_index(name: str, text: ColumnElement[str]) -> Index:
    """The index that finds part of the text; the extension pg_trgm is there before it."""
    ops = {"said": "gin_trgm_ops"}
    return Index(name, text.label("said"), postgresql_using="gin", postgresql_ops=ops)


def number_index(name: str, column: ColumnElement[str]) -> Index:
    """The index of how a number begins, whatever the language of the database."""
    return Index(name, column, postgresql_ops={column.key: "text_pattern_ops"})


def phrase_of(typed: str) -> str | None:
    """The pattern of what was typed; None when it is too short to look for."""
    plain = normal_postcode(" ".join(typed.replace("\x00", "").split()))
    return like(plain) if len(plain) >= SHORTEST else None


def number_in(typed: str) -> str | None:
    """The beginning of a number, such as K-2026-0001, when that is what was typed."""
    plain = typed.strip()
    return plain.upper() if _NUMBER.fullmatch(plain) else None


def holds(text: ColumnElement[str]) -> ColumnElement[bool]:
    """The phrase of the parameter `phrase` occurs in the text."""
    return text.like(func.lower(bindparam(PHRASE, type_=Text)))


def begins(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """The column begins with the parameter; run with `**beginning(name, number)`.

    Two comparisons instead of LIKE: with row-level security only these may use the index.
    """
    from_it = column.op("~>=~", is_comparison=True)(bindparam(name, type_=Text))
    below = column.op("~<~", is_comparison=True)(bindparam(f"{name}_end", type_=Text))
    return and_(from_it, below)


def beginning(name: str, number: str) -> dict[str, str]:
    """The arguments of `begins`."""
    return {name: number, f"{name}_end": number[:-1] + chr(ord(number[-1]) + 1)}


def first_found(
    key: Column[Any],
    text: ColumnElement[str],
    limits: Sequence[ColumnElement[bool]],
    order: Sequence[Column[Any]],
    most: ColumnElement[int],
    found: Select[Any] | None = None,
) -> CompoundSelect[Any]:
    """The keys of the first rows whose text holds the phrase, in this order, at most so many.

    A few are found by the index and sorted. When there are more, walking in the order meets enough
    of them soon. PostgreSQL cannot tell which it is: where row-level security is on, it does not
    look at statistics for LIKE. So the walk asks in a way that the index does not know.

    `found` is another way to find the first thousand and one ids by the index.
    """
    columns = dict.fromkeys((key, *order))
    name = key.table.name
    if found is None:
        few = select(*columns).where(*limits, holds(text)).limit(FEW + 1).cte(f"few_{name}")
        counted = few
    else:
        counted = found.cte(f"found_{name}")
        few = select(*columns).where(*limits, key.in_(select(counted.c.id))).cte(f"few_{name}")
    many = select(func.count()).select_from(counted).scalar_subquery() > FEW
    by = [few.c[column.key] for column in order]
    sorted_few = select(few.c[key.key]).where(~many).order_by(*by).limit(most).subquery()
    walk = (*limits, holds(text + _NOTHING), many)
    walked = select(key).where(*walk).order_by(*order).limit(most).subquery()
    return select(sorted_few.c[key.key]).union_all(select(walked.c[key.key]))
