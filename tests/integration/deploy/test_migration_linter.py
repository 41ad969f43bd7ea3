"""The linter of revisions tells of what locks a table for long, and of nothing else."""

import pytest

from tools.check_migrations import FROZEN, lint

HEAD = "SET lock_timeout = '4s';\n\nBEGIN;\n\n"


def judged(statement: str) -> tuple[int, str]:
    return lint({"proef": f"{HEAD}{statement};\n\nCOMMIT;\n"})


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("CREATE INDEX i ON complaint (number)", "require-concurrent-index-creation"),
        ("DROP INDEX i", "require-concurrent-index-deletion"),
        ("ALTER TABLE complaint ALTER COLUMN number TYPE bigint", "changing-column-type"),
        ("ALTER TABLE complaint ALTER COLUMN number SET NOT NULL", "adding-not-nullable-field"),
        ("ALTER TABLE complaint ADD CHECK (number > 0)", "constraint-missing-not-valid"),
        ("ALTER TABLE complaint ADD UNIQUE (number)", "disallowed-unique-constraint"),
        (
            "ALTER TABLE complaint ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES b (id)",
            "adding-foreign-key-constraint",
        ),
        ("ALTER TABLE complaint ADD COLUMN a float DEFAULT random()", "adding-field-with-default"),
        ("REINDEX TABLE complaint", "require-concurrent-reindex"),
    ],
)
def test_what_locks_for_long_is_told(statement: str, rule: str) -> None:
    code, said = judged(statement)
    assert code != 0
    assert rule in said


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE complaint ADD COLUMN note text",
        "ALTER TABLE complaint DROP COLUMN note",
        "ALTER TABLE complaint ADD COLUMN note text NOT NULL DEFAULT ''",
        "ALTER TABLE complaint ADD CONSTRAINT k CHECK (number > 0) NOT VALID",
        "COMMIT;\n\nCREATE INDEX CONCURRENTLY i ON complaint (number);\n\nBEGIN",
        (
            "CREATE TABLE answer (id uuid PRIMARY KEY, number int NOT NULL);\n\n"
            "CREATE INDEX answer_number ON answer (number)"
        ),
        (
            "-- squawk-ignore changing-column-type\n"
            "ALTER TABLE complaint ALTER COLUMN number TYPE bigint"
        ),
    ],
)
def test_what_does_not_is_not(statement: str) -> None:
    code, said = judged(statement)
    assert code == 0, said


def test_only_what_every_installation_ran_is_exempt() -> None:
    assert FROZEN == {
        "intake": "0004",
        "risk": "0003",
        "enforcement": "0003",
        "reporting": "0003",
        "events": "0002",
    }
