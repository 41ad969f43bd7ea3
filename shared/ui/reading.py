"""Read a form by the wire model of its operation: which fields, how each is typed, what is wrong.

A field of the form has the wire name; one inside a model or a list has a dotted name
(`last.bedrag`, `regels.0.minuten`). Other fields of the page are left alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from shared.errors import Invalid, InvalidParam
from shared.http.problems import invalid_params
from shared.http.schema import MinutesConstraint, PointIn
from shared.ui import typed

Model = TypeVar("Model", bound=BaseModel)
Values = Callable[[str], Sequence[str]]

ABSENT: Final = object()
_PARSERS: Final[tuple[tuple[type, Callable[[str], Any]], ...]] = (
    (bool, typed.flag),
    (int, typed.whole),
    (float, typed.number),
    (Decimal, typed.decimal),
    (datetime, typed.instant),
    (AwareDatetime, typed.instant),
    (date, typed.day),
)
# What pydantic says of a value that is not there, or is there and empty.
_MISSING: Final = frozenset({"verplicht", "te-kort", "te-weinig"})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a page: labels of its fields, and sentences for what is left open or misshapen.

    By the name of the field, or by its last part. `names` gives the field of the page where that
    is another than the wire name.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """What the field is called on the page."""
        return _of(self.labels, name) or _spoken(name)


@dataclass(slots=True)
class _Reader:
    """Collects the values of one form, and the fields that cannot be read."""

    values: Values
    filled: frozenset[str]
    words: Words
    wrong: dict[str, str] = field(default_factory=dict)
    choices: set[str] = field(default_factory=set)

    def model(self, model: type[BaseModel], prefix: str) -> dict[str, Any]:
        read = {}
        for name, info in model.model_fields.items():
            wire = info.alias or name
            value = self.field(info, f"{prefix}{wire}")
            if value is not ABSENT:
                read[wire] = value
        return read

    def field(self, info: FieldInfo, name: str) -> Any:
        annotation, metadata = _plain(info.annotation, info.metadata)
        if get_origin(annotation) is Literal or _is(annotation, Enum) or annotation is bool:
            self.choices.add(name)
        if annotation is bool:
            return self._flag(info, name)
        value = self.any(annotation, metadata, name, required=info.is_required())
        return [] if value is ABSENT and info.is_required() and _is_list(annotation) else value

    def any(self, annotation: Any, metadata: Sequence[Any], name: str, *, required: bool) -> Any:
        if annotation is PointIn:
            return self._point(name)
        if _is(annotation, BaseModel):
            here = f"{self.words.names.get(name, name)}."
            inside = self.model(annotation, f"{name}.")
            given = any(inside) or any(each.startswith(here) for each in self.filled)
            return inside if given or required else ABSENT
        if _is_list(annotation):
            return self._list(annotation, name)
        if get_origin(annotation) in {Union, UnionType} or get_origin(annotation) is dict:
            raise TypeError(f"{name}: a form cannot hold {annotation}")
        texts = self.texts(name)
        return self._read(texts[-1], annotation, metadata, name) if texts else ABSENT

    def _flag(self, info: FieldInfo, name: str) -> Any:
        """An unchecked box is not sent: that is no, unless the model takes something else."""
        texts = self.texts(name)
        if texts:
            return self._read(texts[-1], bool, (), name)
        return False if info.is_required() or info.default is False else ABSENT

    def _point(self, name: str) -> Any:
        """Two hidden fields that the map fills; half a point is none."""
        lon, lat = self.texts(f"{name}.lon"), self.texts(f"{name}.lat")
        if not lon or not lat:
            return ABSENT
        try:
            return {
                "type": "Point",
                "coordinates": [typed.coordinate(lon[-1]), typed.coordinate(lat[-1])],
            }
        except ValueError:
            self.wrong[name] = "Wijs een plaats in Nederland aan."
            return lon[-1]

    def _list(self, annotation: Any, name: str) -> Any:
        inner, metadata = _plain(next(iter(get_args(annotation)), str), ())
        if _is(inner, BaseModel):
            numbers = self._numbers(name)
            # Rows that were taken out leave gaps; the messages keep the number of the page.
            rows = [self.model(inner, f"{name}.{number}.") for number in numbers]
            return rows or ABSENT
        self.choices.add(name)
        texts = self.texts(name)
        return [self._read(text, inner, metadata, name) for text in texts] or ABSENT

    def _numbers(self, name: str) -> list[int]:
        pattern = re.compile(rf"{re.escape(name)}\.(\d{{1,4}})\.", re.ASCII)
        found = {int(match[1]) for each in self.filled if (match := pattern.match(each))}
        numbers = sorted(found)
        if numbers != list(range(len(numbers))):
            raise Invalid("De regels van dit formulier sluiten niet op elkaar aan.")
        return numbers

    def _read(self, text: str, annotation: Any, metadata: Sequence[Any], name: str) -> Any:
        parse: Callable[[str], Any] = str
        if any(isinstance(each, MinutesConstraint) for each in metadata):
            parse = typed.minutes
        elif not _is(annotation, Enum):
            parse = next((read for kind, read in _PARSERS if _is(annotation, kind)), str)
        try:
            return parse(text)
        except ValueError as error:
            self.wrong[name] = str(error)
            return text

    def texts(self, name: str) -> list[str]:
        """What was filled in in a field; a moment may come as a day and a time."""
        here = self.words.names.get(name, name)
        texts = [text.strip() for text in self.values(here) if text.strip()]
        if not texts and f"{here}.datum" in self.filled:
            parts = (*self.values(f"{here}.datum"), *self.values(f"{here}.tijd"))
            texts = [" ".join(part.strip() for part in parts)]
        return texts


def read(
    model: type[Model], values: Values, filled: frozenset[str], words: Words | None = None
) -> Model:
    """The wire model of what was typed.

    `filled` names the fields that are not empty. Raises Invalid, whose parameters have the names of
    the form's fields.
    """
    reader = _Reader(values, filled, words or Words())
    raw = reader.model(model, "")
    params = [InvalidParam(name, "vorm", text) for name, text in reader.wrong.items()]
    try:
        read = model.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        told = invalid_params(error.errors(include_url=False))
        params += [_said(each, reader) for each in told if not _covered(each.name, reader.wrong)]
    if not params:
        return read
    renamed = tuple(_placed(param, reader.words) for param in params)
    raise Invalid("Het formulier klopt nog niet.", params=renamed)


def _said(param: InvalidParam, reader: _Reader) -> InvalidParam:
    """What to do about it, in the words of the page."""
    words, name = reader.words, param.name
    if param.code in _MISSING and not reader.texts(name):
        verb = "Kies" if name in reader.choices else "Vul in"
        text = _of(words.missing, name) or f"{verb}: {words.label(name)}."
    elif param.code == "keuze":
        text = _of(words.shapes, name) or f"Kies: {words.label(name)}."
    else:
        text = _of(words.shapes, name) or param.reason
        if text == param.reason and name != "body":
            text = f"{words.label(name).capitalize()}: {text[:1].lower()}{text[1:]}"
    return InvalidParam(name, param.code, text)


def _placed(param: InvalidParam, words: Words) -> InvalidParam:
    return InvalidParam(
        words.names.get(param.name, param.name), param.code, param.reason, as_sent=True
    )


def _covered(name: str, wrong: Mapping[str, str]) -> bool:
    """Said already, of the field or of what is in it."""
    return any(name == each or name.startswith(f"{each}.") for each in wrong)


def _plain(annotation: Any, metadata: Sequence[Any]) -> tuple[Any, tuple[Any, ...]]:
    """The type without None and annotations, and what the annotations say."""
    said = tuple(metadata)
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            said += tuple(more)
        elif get_origin(annotation) in {Union, UnionType}:
            kinds = [each for each in get_args(annotation) if each is not NoneType]
            if len(kinds) != 1:
                return annotation, said
            annotation = kinds[0]
        else:
            return annotation, said


def _is(annotation: Any, kind: type) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, kind)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in {list, tuple, set, frozenset}


def _of(words: Mapping[str, str], name: str) -> str:
    return words.get(name) or words.get(name.rpartition(".")[2], "")


def _spoken(name: str) -> str:
    """`last.redenAfwijking` -> "reden afwijking"."""
    return " ".join(_parts(name.rpartition(".")[2])).lower()


def _parts(name: str) -> Iterator[str]:
    yield from re.findall(r"[A-Z]?[^A-Z]+|[A-Z]+", name) or [name]
