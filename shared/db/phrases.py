"""Part of a name or an address, found by its index for who sees the rows of some participants too.

Row-level security keeps LIKE away from an index, because LIKE is not leakproof: every row of the
participant would be read. So a function of the owner of the table looks, and gives ids and nothing
else. It keeps to the participants of the session by itself, as the policy does, and only the role
`vth_<service>_some` may ask it.
"""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    literal,
    select,
)

from shared.db.schema import after_tables
from shared.db.search import holds
from shared.db.statements import DIALECT, PHRASE

_FUNCTION: Final = """\
CREATE FUNCTION {table}_said(phrase text, most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
    SET search_path = public, pg_temp AS $$
BEGIN
    -- As text, so that it is planned for the phrase that is looked for.
    RETURN QUERY EXECUTE $said$
        SELECT id FROM {table}
        WHERE {said} LIKE lower($1) AND participant = ANY ($2) LIMIT $3
    $said$ USING phrase, NULLIF(current_setting('vth.participants', true), '')::text[], most;
END $$"""


def phrase_function(
    metadata: MetaData, service: str, table: Table, text: ColumnElement[str]
) -> None:
    """Define the function; a revision has to do the same, which a test compares."""
    said = str(text.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))
    name = f"{table.name}_said(text, integer)"
    after_tables(
        metadata,
        _FUNCTION.format(table=table.name, said=said),
        f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {name} TO vth_{service}_some",
    )


def said(table: Table, text: ColumnElement[str], most: int, *, everyone: bool) -> Select[Any]:
    """The ids of at most so many rows that hold the parameter `phrase`.

    For who sees `everyone`'s rows, or those of some participants.
    """
    if everyone:
        return select(table.c.id).where(holds(text)).limit(most)
    asked = getattr(func, f"{table.name}_said")
    found = asked(bindparam(PHRASE, type_=Text), literal(most, Integer), type_=Uuid)
    return select(found.label("id"))
