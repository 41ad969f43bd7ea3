"""How large an installation is: S as the example data, M a region, L the whole country."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows the main tables get; the others follow from these."""

    complaints: int
    locations: int
    inspections: int
    violations: int
    hour_lines: int
    cases: int

    def counts(self) -> dict[str, int]:
        """The counts by name, for the SQL that fills the tables."""
        return asdict(self)


SMALL: Final = "S"
SIZES: Final[Mapping[str, Size]] = {
    SMALL: Size(2_000, 1_000, 2_000, 1_000, 10_000, 4_000),
    "M": Size(100_000, 100_000, 150_000, 100_000, 1_000_000, 350_000),
    "L": Size(1_000_000, 500_000, 1_000_000, 300_000, 4_900_000, 2_300_000),
}
