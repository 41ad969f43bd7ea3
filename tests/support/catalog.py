"""What a database consists of, read from the catalogs of PostgreSQL: two databases can be compared.

Everything that a revision can make is here by name with its definition, so that one missing CHECK,
index, default or policy shows as one differing line.
"""

from collections.abc import Mapping, Sequence

import asyncpg

# Alembic's own table is part of no schema.
_OURS = """
n.nspname = current_schema() AND c.relname NOT LIKE 'alembic_version%'
AND NOT EXISTS (
    SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e'
)
"""
_COLUMNS = f"""
SELECT c.relname || '.' || a.attname AS name,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), o.collname,
                 CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                 CASE WHEN a.attidentity <> '' THEN 'IDENTITY ' || a.attidentity::text END,
                 CASE WHEN a.attgenerated <> '' THEN 'GENERATED ' || a.attgenerated::text END,
                 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS definition
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation AS o ON o.oid = a.attcollation AND o.collname <> 'default'
WHERE {_OURS} AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
"""
_TABLES = f"""
SELECT c.relname AS name,
       concat_ws(' ', c.relkind, c.relpersistence, array_to_string(c.reloptions, ','),
                 CASE WHEN c.relrowsecurity THEN 'ROW SECURITY' END,
                 CASE WHEN c.relforcerowsecurity THEN 'FORCED' END) AS definition
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE {_OURS} AND c.relkind IN ('r', 'p', 'v', 'm')
"""
_CONSTRAINTS = f"""
SELECT c.relname || '.' || k.conname AS name,
       concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated::text) AS definition
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE {_OURS}
"""
_INDEXES = f"""
SELECT c.relname AS name, concat_ws(' ', pg_get_indexdef(c.oid), i.indisvalid::text) AS definition
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE {_OURS}
"""
_SEQUENCES = f"""
SELECT c.relname AS name,
       concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin,
                 s.seqmax, s.seqcache, s.seqcycle) AS definition
FROM pg_sequence AS s
JOIN pg_class AS c ON c.oid = s.seqrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE {_OURS}
"""
_VIEWS = f"""
SELECT c.relname AS name, pg_get_viewdef(c.oid) AS definition
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE {_OURS} AND c.relkind IN ('v', 'm')
"""
_FUNCTIONS = """
SELECT c.oid::regprocedure::text AS name, pg_get_functiondef(c.oid) AS definition
FROM pg_proc AS c JOIN pg_namespace AS n ON n.oid = c.pronamespace
WHERE n.nspname = current_schema() AND c.prokind IN ('f', 'p')
  AND c.proname NOT IN (SELECT 'text_range' UNION SELECT 'text_multirange')
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
"""
_TRIGGERS = f"""
SELECT c.relname || '.' || t.tgname AS name,
       concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled) AS definition
FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE {_OURS} AND NOT t.tgisinternal
"""
_POLICIES = """
SELECT tablename || '.' || policyname AS name,
       concat_ws(' ', permissive, roles::text, cmd, 'USING ' || qual, 'CHECK ' || with_check)
           AS definition
FROM pg_policies WHERE schemaname = current_schema()
"""
_TYPES = """
SELECT t.typname AS name, concat_ws(' ', t.typtype, format_type(r.rngsubtype, NULL)) AS definition
FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_range AS r ON r.rngtypid = t.oid
WHERE n.nspname = current_schema() AND t.typtype IN ('d', 'e', 'r')
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = t.oid AND d.deptype = 'e')
"""
_EXTENSIONS = "SELECT extname AS name, extversion AS definition FROM pg_extension"
# Who may do what: the owner of each thing and the rights granted on it.
_RIGHTS = f"""
SELECT c.relname AS name,
       concat_ws(' ', pg_get_userbyid(c.relowner),
                 (SELECT string_agg(item::text, ' ' ORDER BY item::text)
                  FROM unnest(c.relacl) AS item)) AS definition
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE {_OURS} AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
UNION ALL
SELECT 'schema', concat_ws(' ', pg_get_userbyid(nspowner),
                           (SELECT string_agg(item::text, ' ' ORDER BY item::text)
                            FROM unnest(nspacl) AS item))
FROM pg_namespace WHERE nspname = current_schema()
"""

QUERIES: Mapping[str, str] = {
    "column": _COLUMNS,
    "table": _TABLES,
    "constraint": _CONSTRAINTS,
    "index": _INDEXES,
    "sequence": _SEQUENCES,
    "view": _VIEWS,
    "function": _FUNCTIONS,
    "trigger": _TRIGGERS,
    "policy": _POLICIES,
    "type": _TYPES,
    "extension": _EXTENSIONS,
    "rights": _RIGHTS,
}
Catalog = Mapping[str, str]


async def catalog(connection: asyncpg.Connection, kinds: Sequence[str] = tuple(QUERIES)) -> Catalog:
    """Everything in the current schema: `kind name` to its definition."""
    found: dict[str, str] = {}
    for kind in kinds:
        for row in await connection.fetch(QUERIES[kind]):
            found[f"{kind} {row['name']}"] = row["definition"]
    return found


def differences(one: Catalog, other: Catalog) -> list[str]:
    """What is in one and not, or otherwise, in the other."""
    return [
        f"{name}: {one.get(name, 'missing')} | {other.get(name, 'missing')}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]
