"""The program that takes a file apart: `python -m shared.files.inspection image|archive`.

A process of its own, because decoders are where hostile files strike: it gets no secret, opens no
file, and may use only so much memory and time. It reads the file from its input and writes one line
of JSON, for an image followed by the clean image and its thumbnail.
"""

import json
import re
import resource
import sys
import zipfile
from io import BytesIO
from typing import Any, Final

MAX_PIXELS: Final = 64_000_000
THUMBNAIL: Final = (320, 320)
MEMORY: Final = 1024**3
SECONDS: Final = 30
MAX_ENTRIES: Final = 10_000
_TYPES_BYTES: Final = 1024 * 1024
_MAIN: Final = re.compile(rb'ContentType="([^"]{1,200})\.main\+xml"')
_MACROS: Final = re.compile(r"(^|/)(vbaProject\.bin|Basic/|Scripts/)", re.IGNORECASE)
_FORMATS: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class UnfitError(Exception):
    """The file is refused; the text is the reason's code."""


def main() -> None:
    limit()
    content = sys.stdin.buffer.read()
    take_apart = {"image": image, "archive": archive}[sys.argv[1]]
    try:
        about, bodies = take_apart(content)
    except UnfitError as error:
        about, bodies = {"refused": str(error)}, ()
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n")
    for body in bodies:
        sys.stdout.buffer.write(body)


def limit() -> None:
    """No more memory and processor time than a large photo needs, and no file written."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def image(content: bytes) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """The picture alone, upright: nothing of what the camera or a sender wrote around it."""
    # Only this half needs the library; the import costs a tenth of a second.
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(content), formats=tuple(_FORMATS)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise UnfitError("te-veel-beeldpunten")
            form = "JPEG" if picture.format == "MPO" else str(picture.format)
            upright = ImageOps.exif_transpose(picture)
            clean = _encoded(upright, form)
            thumbnail = upright.copy()
            thumbnail.thumbnail(THUMBNAIL)
            small = _encoded(thumbnail, "JPEG")
    except (OSError, SyntaxError, ValueError, MemoryError) as error:
        raise UnfitError("onleesbaar") from error
    about = {"media_type": _FORMATS[form], "sizes": [len(clean), len(small)]}
    return about, (clean, small)


def _encoded(picture: Any, form: str) -> bytes:
    """The pixels in a new file without metadata."""
    from PIL import Image

    if form == "JPEG" and picture.mode != "RGB":
        layer = (
            picture.convert("RGBA")
            if "A" in picture.getbands() or "transparency" in picture.info
            else picture
        )
        picture = layer.convert("RGB")
        if layer.mode == "RGBA":
            white = Image.new("RGB", layer.size, "white")
            white.paste(layer, mask=layer.getchannel("A"))
            picture = white
    bare = picture.copy()
    bare.info = {name: bare.info[name] for name in ("transparency",) if name in bare.info}
    written = BytesIO()
    bare.save(written, form, **({"quality": 88} if form in {"JPEG", "WEBP"} else {}))
    return written.getvalue()


def archive(content: bytes) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Which document a ZIP is, by its own declaration; one with macros is refused."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as container:
            names = container.namelist()
            if len(names) > MAX_ENTRIES:
                raise UnfitError("onleesbaar")
            if any(_MACROS.search(name) for name in names):
                raise UnfitError("macros")
            return {"media_type": _document_type(container, names)}, ()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise UnfitError("onleesbaar") from error


def _document_type(container: zipfile.ZipFile, names: list[str]) -> str:
    if "mimetype" in names:
        with container.open("mimetype") as file:
            return file.read(200).decode("ascii")
    if "[Content_Types].xml" not in names:
        raise UnfitError("type")
    with container.open("[Content_Types].xml") as file:
        found = _MAIN.search(file.read(_TYPES_BYTES))
    if found is None:
        raise UnfitError("type")
    if b"macroEnabled" in found[1]:
        raise UnfitError("macros")
    return found[1].decode("ascii")


if __name__ == "__main__":
    main()
