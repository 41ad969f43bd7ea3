"""Reading an export as it comes: what a line says is taken whole, or the line is refused.

A broken line (an open quote, bytes of another character set, too few cells) costs that line alone:
nothing after it is swallowed into its cells, and nothing is guessed.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

DELIMITERS: Final = ";,\t|"
# One cell may go on over so many lines; an open quote is looked for no further.
LONGEST_CELL: Final = 200
CELL_CHARACTERS: Final = 1_000_000
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
csv.field_size_limit(CELL_CHARACTERS)


class UnreadableError(ValueError):
    """The file cannot be read as it is; says what to do (Dutch)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record with the line of the file on which it begins; `problem` says why it is refused."""

    number: int
    cells: dict[str, str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was opened: its columns, and how it is written."""

    path: Path
    headers: list[str]
    delimiter: str
    encoding: str
    first_line: int

    def lines(self) -> Iterator[Line]:
        """Every record that is not empty."""
        with self.path.open(encoding=self.encoding, errors="surrogateescape", newline="") as file:
            yield from _records(islice(enumerate(file, 1), self.first_line, None), self)

    def named(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells by the name of their column."""
        return dict(zip(self.headers, (cell.strip() for cell in cells), strict=False))


def open_export(path: Path, *, delimiter: str = "", encoding: str = "") -> Export:
    """Recognise what can be for certain. Raises UnreadableError, naming what to state."""
    if len(delimiter) > 1:
        raise UnreadableError(f"scheidingsteken '{delimiter}' is meer dan één teken")
    encoding = _known_encoding(encoding) if encoding else _encoding(path)
    try:
        with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
            head = list(islice(file, LONGEST_CELL))
    except UnicodeError as error:
        raise UnreadableError(f"{path} is niet te lezen als {encoding}: {error}") from error
    told = head[0].strip().lower() if head else ""
    start = 1 if told.startswith("sep=") and len(told) == len("sep=;") else 0
    if start:
        delimiter = delimiter or told[-1]
    if not head[start:] or not head[start].strip():
        raise UnreadableError(f"{path} is leeg: de eerste regel moet de kolomnamen bevatten")
    delimiter = delimiter or max(DELIMITERS, key=head[start].count)
    headers, used = _headers(head[start:], delimiter)
    return Export(path, headers, delimiter, encoding, start + used)


def _headers(lines: list[str], delimiter: str) -> tuple[list[str], int]:
    """The names of the columns, on one line or, in quotes, on several."""
    for used in range(1, len(lines) + 1):
        cells = _split("".join(lines[:used]), delimiter)
        if cells is not None:
            return [" ".join(cell.split()) for cell in cells], used
    raise UnreadableError("de regel met kolomnamen heeft een aanhalingsteken dat niet sluit")


def _records(lines: Iterator[tuple[int, str]], export: Export) -> Iterator[Line]:
    waiting: list[tuple[int, str]] = []
    while True:
        if not waiting and (following := next(lines, None)) is not None:
            waiting.append(following)
        if not waiting:
            return
        number, _ = waiting[0]
        cells, used = _record(waiting, lines, export.delimiter, len(export.headers))
        waiting = waiting[used:]
        if cells is None:
            yield Line(number, {}, "een aanhalingsteken wordt niet goed gesloten")
        elif any(cell.strip() for cell in cells):
            yield Line(number, export.named(cells), _problem(cells, export))


def _record(
    waiting: list[tuple[int, str]], lines: Iterator[tuple[int, str]], delimiter: str, width: int
) -> tuple[list[str] | None, int]:
    """The cells that begin on the first waiting line, and over how many lines they go."""
    text = ""
    for used in range(1, LONGEST_CELL + 1):
        if used > len(waiting):
            following = next(lines, None)
            if following is None:
                break
            waiting.append(following)
        text += waiting[used - 1][1]
        cells = _split(text, delimiter)
        # Over several lines only what comes out whole: else an open quote ate its neighbours.
        if cells is not None and (used == 1 or len(cells) == width):
            return cells, used
        if cells is not None or len(text) > CELL_CHARACTERS or not _is_open(text, delimiter):
            break
    return None, 1


def _split(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record; None when its quotes do not fit."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else ([] if not rows else None)


def _is_open(text: str, delimiter: str) -> bool:
    """Whether a quote is still open at the end, so that the next line may close it."""
    try:
        list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _problem(cells: Sequence[str], export: Export) -> str | None:
    wanted = len(export.headers)
    if len(cells) != wanted:
        return f"de regel heeft {len(cells)} cellen, en er zijn {wanted} kolommen"
    if any("\x00" in cell for cell in cells):
        return "de regel bevat een nulteken"
    if any("\udc80" <= character <= "\udcff" for cell in cells for character in cell):
        return f"de regel bevat bytes die geen {export.encoding.removesuffix('-sig')} zijn"
    return None


def _known_encoding(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise UnreadableError(f"tekenset '{name}' bestaat niet") from None
    return "utf-8-sig" if found == "utf-8" else found


def _encoding(path: Path) -> str:
    """By its mark, or UTF-8 where the bytes say so. Windows-1252 would take anything: state it."""
    with path.open("rb") as file:
        start = file.read(4)
        for mark, encoding in MARKS:
            if start.startswith(mark):
                return encoding
        file.seek(0)
        broken, proven, first = _looked_at(file)
    if broken and not proven:
        raise UnreadableError(
            f"{path} is geen UTF-8 (regel {first}). Zet in de mapping hoe het bestand geschreven "
            'is, bijvoorbeeld: tekenset = "windows-1252"'
        )
    return "utf-8-sig"


def _looked_at(lines: Iterable[bytes]) -> tuple[int, int, int]:
    """How many lines are no UTF-8, how many show that they are, and the first that is none."""
    broken, proven, first = 0, 0, 0
    for number, line in enumerate(lines, 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            broken, first = broken + 1, first or number
        else:
            proven += not line.isascii()
    return broken, proven, first
