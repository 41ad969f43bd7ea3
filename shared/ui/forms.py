"""Forms on the server: read them, keep what was typed, and put each refusal beside its field.

form = await read_form(request)            # refuses a post from another site
try: ... except Invalid as refusal: return templates.page(..., form=form.refused(refusal))
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request

from shared.errors import Forbidden, Refused, UnsupportedMedia, VersionConflict
from shared.http.problems import on_the_wire
from shared.ids import new_id
from shared.ui.reading import Model, Words, read

KEY_FIELD, VERSION_FIELD = "idempotentiesleutel", "versie"
# Says that the form is to be shown with what was typed before the session ended.
GO_ON_FIELD = "verder"
# The name of an error that is about the form as a whole.
WHOLE = "body"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_FIELDS, MAX_FILES = 500, 20

Value = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field, and what to do."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form, whole."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed, what is wrong with it, and the key that makes a second click harmless."""

    fields: Mapping[str, Value] = field(default_factory=dict)
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)
    problems: tuple[FieldError, ...] = ()
    message: str = ""
    key: str = field(default_factory=lambda: str(new_id()))

    def text(self, name: str, otherwise: str = "") -> str:
        """The value of a field, stripped; the last one when it was sent more than once."""
        value = self.fields.get(name, otherwise)
        last = value if isinstance(value, str) else (value[-1] if value else otherwise)
        return last.strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a field: checked boxes, repeated rows."""
        value = self.fields.get(name, ())
        return (value,) if isinstance(value, str) else tuple(value)

    def given(self, *names: str) -> dict[str, str]:
        """The fields that were filled in, of these names (all, when none are named)."""
        wanted = names or tuple(name for name in self.fields if name != KEY_FIELD)
        return {name: self.text(name) for name in wanted if self.text(name)}

    @property
    def version(self) -> int:
        """The version that the form was drawn with; 0, which no row has, when it is not there."""
        text = self.text(VERSION_FIELD)
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0

    def read(self, model: type[Model], words: Words | None = None) -> Model:
        """The fields of this wire model, as they were typed. Raises Invalid."""
        filled = frozenset(name for name in self.fields if any(map(str.strip, self.texts(name))))
        return read(model, self.texts, filled, words)

    def error(self, name: str) -> str:
        """The message beside a field, empty when it is right."""
        return next((problem.text for problem in self.problems if problem.name == name), "")

    def refused(self, refusal: Refused, names: Mapping[str, str] | None = None) -> "Form":
        """The same form with the refusal in it; `names` maps wire names to field names.

        What is wrong with the form as a whole ("body") is the message.
        """
        renamed = names or {}
        params = [on_the_wire(param) for param in refusal.params]
        beside = tuple(
            FieldError(renamed.get(param.name, param.name), param.reason)
            for param in params
            if param.name != WHOLE or WHOLE in renamed
        )
        of_all = next((param.reason for param in params if param.name == WHOLE), "")
        return replace(self, problems=self.problems + beside, message=of_all or _said(refusal))

    def wrong(self, name: str, text: str) -> "Form":
        """The same form with one more message."""
        return replace(self, problems=(*self.problems, FieldError(name, text)))

    def filled(self, values: Mapping[str, Value]) -> "Form":
        """The same form with these values where nothing was typed yet."""
        return replace(self, fields={**values, **self.fields})


def _said(refusal: Refused) -> str:
    """The refusal for somebody who reads; versions are for machines."""
    if isinstance(refusal, VersionConflict):
        return (
            f"{refusal.what} is intussen gewijzigd, door iemand anders of in een ander venster. "
            "Wat u invulde staat er nog. Controleer het en verstuur het opnieuw."
        )
    return refusal.detail


async def _split(data: FormData) -> tuple[dict[str, Value], dict[str, list[Upload]]]:
    texts: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    for name, value in data.multi_items():
        if isinstance(value, str):
            texts.setdefault(name, []).append(value)
        elif value.filename:
            upload = Upload(value.filename, value.content_type or "", await value.read())
            files.setdefault(name, []).append(upload)
    single = {name: many[0] if len(many) == 1 else many for name, many in texts.items()}
    return dict(single), files


def same_site(request: Request) -> bool:
    """Whether the browser says that the post comes from one of our own pages."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.url.netloc


def require_same_site(request: Request) -> None:
    """Refuse a post from another site (the session cookie would go along)."""
    if not same_site(request):
        raise Forbidden(
            "Dit formulier is vanaf een andere website verstuurd. Open het hier opnieuw."
        )


async def read_form(request: Request) -> Form:
    """The posted form. Raises Forbidden for another site, UnsupportedMedia for another type."""
    require_same_site(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORM_TYPES:
        raise UnsupportedMedia("Verstuur dit formulier vanaf de pagina zelf.")
    async with request.form(max_fields=MAX_FIELDS, max_files=MAX_FILES) as data:
        fields, files = await _split(data)
    posted = Form(fields=fields, files=files)
    return replace(posted, key=posted.text(KEY_FIELD) or posted.key)
