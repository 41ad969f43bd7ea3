"""Receives files: a form in parts, read as a stream into the storage."""

from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from shared.errors import Invalid, UnsupportedMedia, invalid
from shared.files.kinds import FileKind
from shared.files.receiving import Upload
from shared.files.service import Files
from shared.files.states import OwnerKey, ReceivedFile

MAX_PARTS: Final = 100
MAX_HEADER_BYTES: Final = 8 * 1024
MAX_HEADERS: Final = 20
MAX_VALUES_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Accepts:
    """How many files of which kind a field of the form takes."""

    kind: FileKind
    most: int = 1


@dataclass(slots=True)
class Form:
    """What was sent: files that lie in the storage by field, and the values of other fields."""

    files: dict[str, list[ReceivedFile]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    @property
    def all_files(self) -> list[ReceivedFile]:
        """The files of all fields."""
        return [each for files in self.files.values() for each in files]


@dataclass(slots=True)
class Part:
    """One part of the form; its bytes must be read before the next part."""

    name: str
    filename: str | None
    content: AsyncGenerator[bytes]


async def read_form(
    request: Request,
    files: Files,
    accepts: Mapping[str, Accepts],
    *,
    key: OwnerKey | None = None,
) -> Form:
    """Take in a form with files, piece by piece. Nothing of a refused form stays.

    Raises Invalid, UnsupportedMedia. Who then gives the files no row discards them.
    """
    form = Form()
    try:
        async with aclosing(parts_of(request)) as parts:
            async for part in parts:
                await _take(part, form, files, accepts, key)
    except BaseException:
        await files.discard(*form.all_files)
        raise
    return form


async def _take(
    part: Part,
    form: Form,
    files: Files,
    accepts: Mapping[str, Accepts],
    key: OwnerKey | None,
) -> None:
    if part.filename is None:
        left = MAX_VALUES_BYTES - sum(map(len, form.values.values()))
        form.values[part.name] = await _text(part, left)
        return
    if part.filename == "":
        return  # a browser sends the field of which no file was chosen so
    accepted = accepts.get(part.name)
    if accepted is None:
        raise invalid(part.name, "onbekend", "In dit veld hoort geen bestand.")
    received = form.files.setdefault(part.name, [])
    if len(received) >= accepted.most:
        most = "1 bestand" if accepted.most == 1 else f"{accepted.most} bestanden"
        raise invalid(part.name, "te-veel", f"Stuur ten hoogste {most} in dit veld.")
    upload = Upload(part.name, part.filename, part.content)
    received.append(
        await files.receive(upload, accepted.kind, key=key if accepted.kind.personal else None)
    )


async def _text(part: Part, most: int) -> str:
    value = bytearray()
    async for block in part.content:
        value += block
        if len(value) > most:
            raise invalid(part.name, "te-lang", "De tekst van dit formulier is te lang.")
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise invalid(part.name, "tekens", "Dit veld is geen tekst in UTF-8.") from error


async def parts_of(request: Request) -> AsyncGenerator[Part]:
    """The parts of a request as multipart/form-data. Raises UnsupportedMedia, Invalid."""
    media_type, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if media_type != b"multipart/form-data" or not boundary:
        raise UnsupportedMedia("Stuur de bestanden als multipart/form-data.")
    reader = _Reader(request, boundary)
    while part := await reader.next_part():
        yield part
        async for _ in part.content:
            pass  # what nobody read


class _Reader:
    """Turns the calls of the parser into parts that are asked for.

    What the parser said waits here: the headers of a part, its bytes, or None at its end.
    """

    def __init__(self, request: Request, boundary: bytes) -> None:
        self._stream = request.stream()
        self._events: deque[dict[str, bytes] | bytes | None] = deque()
        self._headers: dict[str, bytes] = {}
        self._field, self._value = bytearray(), bytearray()
        self._parts, self._ended = 0, False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, a, b: self._collect(self._field, data[a:b]),
                "on_header_value": lambda data, a, b: self._collect(self._value, data[a:b]),
                "on_header_end": self._header,
                "on_headers_finished": lambda: self._events.append(self._headers),
                "on_part_data": lambda data, a, b: self._events.append(data[a:b]),
                "on_part_end": lambda: self._events.append(None),
                "on_end": self._end,
            },
        )

    async def next_part(self) -> Part | None:
        """The next part, or None at the end. Raises Invalid."""
        if not await self._more():
            return None
        headers = self._events.popleft()
        if not isinstance(headers, dict):
            raise _unreadable()
        disposition, options = parse_options_header(headers.get("content-disposition"))
        name, filename = options.get(b"name", b""), options.get(b"filename")
        if disposition != b"form-data" or not name:
            raise _unreadable()
        given = None if filename is None else _decoded(filename)
        return Part(_decoded(name), given, self._content())

    async def _content(self) -> AsyncGenerator[bytes]:
        while await self._more():
            block = self._events.popleft()
            if not isinstance(block, bytes):
                return
            yield block

    async def _more(self) -> bool:
        """Read until something is known; False at the end. Raises Invalid for what is cut off."""
        while not self._events:
            if self._ended:
                return False
            try:
                block = await anext(self._stream, None)
                if block is None:
                    raise _unreadable()
                self._parser.write(block)
            except (FormParserError, ClientDisconnect) as error:
                raise _unreadable() from error
        return True

    def _begin(self) -> None:
        self._headers = {}
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise _unreadable()

    def _collect(self, into: bytearray, piece: bytes) -> None:
        into += piece
        if len(into) > MAX_HEADER_BYTES:
            raise _unreadable()

    def _header(self) -> None:
        if len(self._headers) >= MAX_HEADERS:
            raise _unreadable()
        self._headers[self._field.decode("latin-1").lower()] = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _end(self) -> None:
        self._ended = True


def _decoded(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _unreadable() -> Invalid:
    return Invalid("Dit formulier is niet te lezen: het is afgebroken of heeft een verkeerde vorm.")
