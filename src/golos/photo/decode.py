"""Decode: the bytes of a photograph -> pixels, upright. Bytes come from attackers: sizes are read before pixels.

What a file is, its first bytes say, never its name. Pillow decodes JPEG, PNG and WebP, libheif HEIC; nothing else is
opened. The limits hold the memory of one worker; that nothing worse happens is the sandbox's business (sandbox.py).
"""

import io
import math
from collections.abc import Callable
from typing import Any, Literal

import cv2
import numpy as np
import pi_heif
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from golos.model.problem import Problem
from golos.photo.picture import Picture

Pixels = NDArray[np.uint8]
"""(h, w), or (h, w, 3) in RGB."""
Kind = Literal["jpeg", "png", "webp", "heic"]

MAX_BYTES = 20_000_000
MAX_PIXELS: dict[Kind, int] = {"jpeg": 64_000_000, "png": 20_000_000, "webp": 12_500_000, "heic": 25_000_000}
MAX_PROGRESSIVE = 25_000_000
"""Pixels of a progressive JPEG: all its coefficients are held until the last scan."""
MAX_SCANS = 64
"""Scans of a progressive JPEG; each costs the time of a whole decoding. Encoders write ten or so."""
MIN_SIDE = 8
_ORIENTATION = 0x0112
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
_WHERE = "photo"
_AGAIN = "Save it as JPEG and send it again."

pi_heif.options.THUMBNAILS = False
pi_heif.options.DEPTH_IMAGES = False
pi_heif.options.AUX_IMAGES = False
pi_heif.options.DECODE_THREADS = 1
Image.MAX_IMAGE_PIXELS = None  # our own limits are tighter, and checked before anything is allocated


def decode(data: bytes, *, longest: int | None = None, colour: bool = False) -> Picture:
    """Return the picture, its longer side at most ``longest`` pixels (never enlarged).

    Raises Problem ``photo.bytes``, ``photo.kind``, ``photo.pixels``, ``photo.small``, ``photo.scans``,
    ``photo.animated``, ``photo.truncated``, ``photo.damaged``.
    """
    if len(data) > MAX_BYTES:
        raise Problem("photo.bytes", _WHERE, f"has more than {MAX_BYTES} bytes.", "Send a smaller picture.")
    kind = kind_of(data)
    try:
        pixels, width, height = _OPEN[kind](data, longest, colour)
    except (Problem, MemoryError):
        raise
    except Exception as error:  # whatever a decoder raises, it is these bytes that it could not read
        raise _unreadable(error) from None
    pixels = _shrink(pixels, longest)
    if pixels.ndim == 2:
        grey, bgr = pixels, np.repeat(pixels[:, :, None], 3, axis=2) if colour else None
    else:
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        bgr = np.ascontiguousarray(pixels[:, :, ::-1])
    return Picture(grey, bgr, (width, height))


def kind_of(data: bytes) -> Kind:
    """Return what the first bytes say. Raises Problem ``photo.kind``."""
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return "heic"
    raise Problem("photo.kind", _WHERE, "is not a JPEG, PNG, WebP or HEIC picture.", _AGAIN)


def _jpeg(data: bytes, longest: int | None, colour: bool) -> tuple[Pixels, int, int]:
    image = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
    width, height = image.size
    _expect_size(width, height, MAX_PROGRESSIVE if "progressive" in image.info else MAX_PIXELS["jpeg"])
    if "progressive" in image.info and data.count(b"\xff\xda") > MAX_SCANS:
        raise Problem("photo.scans", _WHERE, f"has more than {MAX_SCANS} scans.", _AGAIN)
    ratio = min(1.0, (longest or math.inf) / max(width, height))
    # The decoder itself halves the sides, one to three times, and leaves the colours out: most of the speed is here.
    image.draft("RGB" if colour else "L", (math.ceil(width * ratio), math.ceil(height * ratio)))
    return _upright(image, _converted(image, colour), width, height)


def _png(data: bytes, longest: int | None, colour: bool) -> tuple[Pixels, int, int]:
    image = PngImagePlugin.PngImageFile(io.BytesIO(data))
    return _whole(image, MAX_PIXELS["png"], colour)


def _webp(data: bytes, longest: int | None, colour: bool) -> tuple[Pixels, int, int]:
    _expect_size(*_webp_size(data), MAX_PIXELS["webp"])  # before Pillow, which allocates the canvas when it opens
    return _whole(WebPImagePlugin.WebPImageFile(io.BytesIO(data)), MAX_PIXELS["webp"], colour)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of the canvas (RFC 9649, section 2.5 to 2.7)."""
    if data[12:16] == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def _whole(image: Image.Image, limit: int, colour: bool) -> tuple[Pixels, int, int]:
    """Decode at full size: PNG and WebP know no other."""
    width, height = image.size
    _expect_size(width, height, limit)
    if getattr(image, "is_animated", False):
        raise Problem("photo.animated", _WHERE, "moves: it has more than one frame.", "Send a still photograph.")
    return _upright(image, _converted(image, colour), width, height)


def _heic(data: bytes, longest: int | None, colour: bool) -> tuple[Pixels, int, int]:
    """libheif turns and mirrors by the container's own properties; EXIF has no say in HEIF (ISO/IEC 23008-12)."""
    heif = pi_heif.open_heif(data, convert_hdr_to_8bit=True)
    width, height = heif.size
    _expect_size(width, height, MAX_PIXELS["heic"])
    image = heif[heif.primary_index].to_pillow()
    if image.size != (width, height):
        raise Problem("photo.damaged", _WHERE, "has another size inside than it says outside.", _AGAIN)
    return _converted(image, colour), width, height


_OPEN: dict[Kind, Callable[[bytes, int | None, bool], tuple[Pixels, int, int]]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "heic": _heic,
}


def _expect_size(width: int, height: int, limit: int) -> None:
    if width * height > limit:
        raise Problem("photo.pixels", _WHERE, f"has more than {limit:,} pixels.", "Send a smaller picture.")
    if min(width, height) < MIN_SIDE:
        raise Problem("photo.small", _WHERE, f"is less than {MIN_SIDE} pixels wide or high.", "Send the photograph.")


def _converted(image: Image.Image, colour: bool) -> Pixels:
    """Pixels as (h, w) or (h, w, 3); what is transparent is white, 16 bits become 8, CMYK becomes RGB."""
    if image.mode.startswith("I"):
        return np.asarray(np.asarray(image) >> 8, np.uint8)
    if image.mode in ("LA", "La", "RGBA", "RGBa", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image)
        image = paper
    return np.asarray(image.convert("RGB" if colour else "L"))


def _upright(image: Image.Image, pixels: Pixels, width: int, height: int) -> tuple[Pixels, int, int]:
    turn = _TURNS.get(_orientation(image))
    if turn is None:
        return pixels, width, height
    swapped = _orientation(image) >= 5
    return np.ascontiguousarray(turn(pixels)), height if swapped else width, width if swapped else height


_TURNS: dict[int, Callable[[Pixels], Pixels]] = {
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: np.swapaxes(p, 0, 1),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: np.swapaxes(p[::-1, ::-1], 0, 1),
    8: np.rot90,
}
"""EXIF orientation (JEITA CP-3451, 4.6.4) to what makes the picture upright."""


def _orientation(image: Image.Image) -> int:
    try:
        value: Any = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # the picture is worth more than its damaged notes
        return 1
    return value if isinstance(value, int) else 1


def _shrink(pixels: Pixels, longest: int | None) -> Pixels:
    height, width = pixels.shape[:2]
    if longest is None or max(height, width) <= longest:
        return pixels
    ratio = longest / max(height, width)
    size = max(1, round(width * ratio)), max(1, round(height * ratio))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _unreadable(error: Exception) -> Problem:
    if "truncated" in str(error).lower() or isinstance(error, EOFError):
        return Problem("photo.truncated", _WHERE, "ends too early.", "Send the whole file again.")
    return Problem("photo.damaged", _WHERE, "can't be decoded: the file is damaged.", _AGAIN)
