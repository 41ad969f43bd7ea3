"""Reading an export as it comes: Windows-1252, semicolons, a byte order mark, ragged lines."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = ";,\t|"
csv.field_size_limit(1_000_000)


@dataclass(frozen=True, slots=True)
class Line:
    """One record, with the line of the file on which it ends."""

    number: int
    cells: dict[str, str]
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was opened: its columns, and how it is written."""

    path: Path
    headers: list[str]
    delimiter: str
    encoding: str

    def lines(self) -> Iterator[Line]:
        """Every record that is not empty."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            next(reader)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield self._line(reader.line_num, cells)

    def _line(self, number: int, cells: list[str]) -> Line:
        named = dict(zip(self.headers, (cell.strip() for cell in cells), strict=False))
        return Line(number, named, max(0, len(cells) - len(self.headers)))


def open_export(path: Path, *, delimiter: str = "", encoding: str = "") -> Export:
    """Recognise encoding and delimiter where they are not given. Raises ValueError when empty."""
    encoding = encoding or _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
    if not first.strip():
        raise ValueError(f"{path} is leeg: de eerste regel moet de kolomnamen bevatten")
    delimiter = delimiter or max(DELIMITERS, key=first.count)
    headers = [name.strip() for name in next(csv.reader([first], delimiter=delimiter))]
    return Export(path, headers, delimiter, encoding)


def _encoding(path: Path) -> str:
    """UTF-8 where the bytes allow it: Windows-1252 accepts nearly everything."""
    with path.open("rb") as file:
        try:
            for chunk in iter(file.readline, b""):
                chunk.decode("utf-8")
        except UnicodeDecodeError:
            return "windows-1252"
    return "utf-8-sig"
