"""One parameter of an operation: where it is, and how it is read."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from fastapi._compat import ModelField, field_annotation_is_sequence
from fastapi.dependencies.utils import (
    _get_param_aliases,
    _get_param_model,
    _is_json_field,
    request_params_to_args,
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path, query or header parameter."""

    field: ModelField
    alias: str
    many: bool
    default: Any
    optional: bool

    @classmethod
    def of(cls, field: ModelField) -> "Parameter | None":
        """The parameter, or None for a kind that only FastAPI reads: a model, JSON in a text."""
        aliases = _get_param_aliases(field)
        if _get_param_model(field) is not None or _is_json_field(field) or len(aliases) > 1:
            return None
        info = field.field_info
        optional = not info.is_required() and not info.validate_default
        default = field.default if optional else None
        many = field_annotation_is_sequence(info.annotation)
        return cls(field, aliases[0][1], many, default, optional)

    def read(self, received: Any, values: dict[str, Any], errors: list[Any]) -> None:
        """Read it into the values; FastAPI words what is wrong with it."""
        value = received.getlist(self.alias) if self.many else received.get(self.alias)
        if self.optional and (value is None or (self.many and not value)):
            values[self.field.name] = deepcopy(self.default)
            return
        read, wrong = self._validated(value, received)
        values.update(read)
        errors.extend(wrong)

    def _validated(self, value: Any, received: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        if value:
            result, wrong = self.field.validate(value, loc=())
            if not wrong:
                return {self.field.name: result}, []
        return request_params_to_args([self.field], received)
