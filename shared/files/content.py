"""Which type a file has, by its first bytes; what its name or sender says is not believed.

The accepted types are few, so their signatures stand here in full: a library that knows hundreds
answers with several guesses for most of these.
"""

from typing import Final

# So many bytes decide; a file that is shorter has no accepted type.
HEAD: Final = 64
# A ZIP holds documents of several kinds: `inspection` looks which.
ARCHIVE: Final = "application/zip"

_BRANDS: Final = {
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "), "video/mp4"
    ),
    b"qt  ": "video/quicktime",
}
_STARTS: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"ID3": "audio/mpeg",
    b"fLaC": "audio/flac",
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": ARCHIVE,
}
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_OGG_AUDIO: Final = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")


def recognised(head: bytes) -> str | None:
    """The media type of a file that begins so, or None."""
    for start, media_type in _STARTS.items():
        if head.startswith(start):
            return media_type
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12])
    if head.startswith(b"OggS"):
        return "audio/ogg" if any(mark in head for mark in _OGG_AUDIO) else None
    return "audio/mpeg" if _is_mp3_frame(head) else None


def _is_mp3_frame(head: bytes) -> bool:
    """The header of an MPEG audio frame of layer III with a bit rate and a sampling rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return False
    return head[2] >> 4 not in {0, 15} and head[2] & 0x0C != 0x0C
