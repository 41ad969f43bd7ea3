"""Lists with filters: only the conditions that were asked for end up in the statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import TextClause, text

from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor


@dataclass(frozen=True)
class Listing:
    """A select, the conditions it may take by parameter name, and the keys it is sorted by."""

    select: str
    conditions: Mapping[str, str]
    after: str
    order: str
    key: tuple[str, ...]
    casts: tuple[Any, ...]
    _built: dict[frozenset[str], TextClause] = field(default_factory=dict)

    def statement(self, names: frozenset[str]) -> TextClause:
        """The statement with these conditions."""
        found = self._built.get(names)
        if found is None:
            parts = [self.conditions[name] for name in sorted(names - {"after_0"})]
            if "after_0" in names:
                parts.append(self.after)
            where = " AND ".join(parts) or "true"
            # Only conditions written in the code get here, never input.
            sql = f"{self.select} WHERE {where} ORDER BY {self.order} LIMIT :rows"
            found = self._built[names] = text(sql)
        return found

    async def page(
        self, rows: Rows, page: Paging, filters: Mapping[str, Any]
    ) -> tuple[list[Row], tuple[Any, ...] | None]:
        """A page, and the key of its last row when more may follow. Raises Invalid."""
        asked = {name: value for name, value in filters.items() if value is not None}
        names = frozenset(asked)
        if page.after is not None:
            asked |= self._after(page.after)
            names |= {"after_0"}
        found = await rows.all(self.statement(names), rows=page.limit + 1, **asked)
        if len(found) <= page.limit:
            return found, None
        kept = found[: page.limit]
        return kept, tuple(kept[-1][name] for name in self.key)

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
