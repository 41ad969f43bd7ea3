"""A condition that statements in text share."""


def limited_to(column: str) -> str:
    """The caller may see the row of the participant in this column; the statement takes a sight."""
    return f"(CAST(:sight_all AS boolean) OR {column} = ANY(CAST(:sight AS text[])))"
