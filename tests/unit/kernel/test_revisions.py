"""The script of a revision is cut into its statements, function bodies whole."""

from itertools import chain
from pathlib import Path

import pytest

from shared.db.revisions import statements

SCRIPT = """
-- What it is for; nothing more.
CREATE TABLE one (
    id int DEFAULT 1,
    kind text CHECK (kind IN ('a; b', 'c'))
);

CREATE FUNCTION two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RETURN NULL;
END
$$;
DROP TABLE three;
"""


def test_each_statement_comes_whole_and_without_its_semicolon() -> None:
    found = list(statements(SCRIPT))
    assert [statement.split()[1] for statement in found] == ["TABLE", "FUNCTION", "TABLE"]
    assert "('a; b', 'c')" in found[0]
    assert found[1].endswith("END\n$$")
    assert found[2] == "DROP TABLE three"


def test_what_the_linter_is_told_stays() -> None:
    script = "-- why\n-- squawk-ignore a-rule\nDROP INDEX one;\nDROP TABLE two\n-- not yet;\n;\n"
    first, second = statements(script)
    assert first == "-- squawk-ignore a-rule\nDROP INDEX one"
    assert second == "DROP TABLE two\n-- not yet;\n"


def test_a_script_that_was_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="DROP TABLE three"):
        list(statements("DROP TABLE one;\nDROP TABLE three"))


def test_no_script_stands_without_its_revision() -> None:
    root = Path(__file__).parents[3]
    folders = chain(root.glob("services/*/migrations"), root.glob("shared/*/migrations"))
    scripts = [path for folder in folders for path in folder.glob("versions/*.sql")]
    assert scripts
    assert all(path.with_suffix(".py").exists() for path in scripts)
