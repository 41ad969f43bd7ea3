"""Versioned templates: a document that was made stays as it was when its template changes."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.documents.paper import Paper
from shared.documents.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Template:
    """How the snapshots of one kind become a paper, and in which layout it is drawn."""

    kind: str
    version: int
    compose: Callable[[Snapshot], Paper]
    layout: str = "brief-1"


class Templates:
    """The templates of a service: of each kind every version that was ever used."""

    def __init__(self, *templates: Template) -> None:
        self._templates = {(each.kind, each.version): each for each in templates}
        if len(self._templates) != len(templates):
            raise ValueError("two templates have the same kind and version")

    def of(self, snapshot: Snapshot) -> Template:
        """The template that the snapshot was made for. Raises KeyError."""
        return self._templates[snapshot.kind, snapshot.template_version]

    def newest(self, kind: str) -> int:
        """The version for what is made now."""
        return max(version for name, version in self._templates if name == kind)
