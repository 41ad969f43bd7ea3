"""Lists with filters: only the conditions that were asked for end up in the statement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import text

from shared.auth.sight import Sight
from shared.db.query import Query
from shared.db.rows import Rows
from shared.http.paging import Paging, bad_cursor

R = TypeVar("R")


def limited_to(column: str) -> str:
    """The condition that the caller may see the row of the participant in this column."""
    return f"(CAST(:sight_all AS boolean) OR {column} = ANY(CAST(:sight AS text[])))"


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[R]):
    """A select of rows of one type, the conditions it may take, and the keys it is sorted by.

    `participant` is the column by which rows are limited to what the caller may see; a list
    without one holds nothing of participants.
    """

    row: type[R]
    select: str
    conditions: Mapping[str, str]
    after: str
    order: str
    key: tuple[str, ...]
    casts: tuple[Callable[[Any], Any], ...]
    participant: str | None = None
    _built: dict[frozenset[str], Query[R]] = field(default_factory=dict)

    def statement(self, names: frozenset[str]) -> Query[R]:
        """The statement with these conditions."""
        made = self._built.get(names)
        if made is None:
            parts = [self.conditions[name] for name in sorted(names - {"after_0"})]
            if self.participant is not None:
                parts.append(limited_to(self.participant))
            if "after_0" in names:
                parts.append(self.after)
            where = " AND ".join(parts) or "true"
            # Only conditions written in the code get here, never input.
            sql = f"{self.select} WHERE {where} ORDER BY {self.order} LIMIT :rows"
            made = self._built[names] = Query(self.row, text(sql))
        return made

    async def page(
        self, rows: Rows, page: Paging, filters: Mapping[str, Any], sight: Sight
    ) -> tuple[list[R], tuple[Any, ...] | None]:
        """A page, and the key of its last row when more may follow. Raises NotFound."""
        asked = {name: value for name, value in filters.items() if value is not None}
        names = frozenset(asked)
        if page.after is not None:
            asked |= self._after(page.after)
            names |= {"after_0"}
        if self.participant is not None:
            asked["sight"] = sight
        fetched = await rows.all(self.statement(names), rows=page.limit + 1, **asked)
        if len(fetched) <= page.limit:
            return fetched, None
        last = fetched[page.limit - 1]
        return fetched[: page.limit], tuple(getattr(last, name) for name in self.key)

    def _after(self, key: tuple[Any, ...]) -> dict[str, Any]:
        if len(key) != len(self.casts):
            raise bad_cursor()
        try:
            return {
                f"after_{number}": cast(value)
                for number, (cast, value) in enumerate(zip(self.casts, key, strict=True))
            }
        except (TypeError, ValueError):
            raise bad_cursor() from None
