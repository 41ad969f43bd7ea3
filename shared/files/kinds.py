"""Kinds of files as data: how large, and which types of content."""

from dataclasses import dataclass
from typing import Final

MB: Final = 1024 * 1024

# The types that are accepted, with the extension a file of that type gets.
EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
# What a browser shows without running anything in it; everything else is only saved.
SHOWN_INLINE: Final = frozenset(
    name for name in EXTENSIONS if name.startswith(("image/", "audio/", "video/"))
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """What may be sent in as this. `personal`: encrypted with the key of its owner."""

    name: str
    max_bytes: int
    media_types: frozenset[str]
    personal: bool = False

    def __post_init__(self) -> None:
        if unknown := self.media_types - EXTENSIONS.keys():
            raise ValueError(f"no content check for {', '.join(sorted(unknown))}")

    @property
    def accepted(self) -> str:
        """The extensions, for a message and for the `accept` of a form."""
        return ", ".join(sorted(EXTENSIONS[name] for name in self.media_types))


def of_families(*families: str) -> frozenset[str]:
    """All accepted types of families such as `image`."""
    return frozenset(name for name in EXTENSIONS if name.split("/")[0] in families)


PHOTO: Final = FileKind("foto", 15 * MB, of_families("image"))
SOUND: Final = FileKind("geluid", 100 * MB, of_families("audio"))
VIDEO: Final = FileKind("video", 500 * MB, of_families("video"))
DOCUMENT: Final = FileKind("document", 50 * MB, of_families("application"))
