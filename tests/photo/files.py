"""Files that phones, messengers and attackers make, made here: every kind, turned, damaged, lying about themselves."""

import io
import struct
import zlib

import numpy as np
import pillow_heif
from PIL import Image


def scene(width=96, height=64, seed=1):
    """Return an RGB picture, dark at its upper left and with some texture, so that each turn of it looks different."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    ramp = 40 + 90 * columns / width + 90 * rows / height
    noise = rng.normal(0, 6, (height, width, 3))
    pixels = np.clip(ramp[:, :, None] + noise + np.array([0, 8, -8]), 0, 255).astype(np.uint8)
    pixels[: height // 4, : width // 4] = 5
    return pixels


def save(pixels, kind="JPEG", **options):
    """Return the picture as a file of the kind, as Pillow writes it."""
    out = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    image.save(out, kind, **options)
    return out.getvalue()


def heic(pixels, **options):
    """Return the picture as HEIC."""
    out = io.BytesIO()
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    pillow_heif.from_pillow(image).save(out, **options)
    return out.getvalue()


def turned(pixels, orientation, kind="JPEG"):
    """Return a file whose EXIF says how to turn it, with a place and a thumbnail in its notes."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "Secretphone 9"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 54.0, 9.0), 3: "E", 4: (27.0, 33.0, 41.0)})
    return save(pixels, kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {}))


def chunk(name, data):
    """Return a PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width, height, rows=0):
    """Return a PNG that claims to be so large; its ``rows`` are zeros, packed a thousandfold."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes((1 + 3 * width) * rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def text_bomb(pixels, size=50_000_000):
    """Return a PNG with a compressed note that unpacks to ``size`` bytes."""
    data = save(pixels, "PNG")
    note = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(size), 9))
    return data[:33] + note + data[33:]


def jpeg_with_size(data, width, height):
    """Return the JPEG with another size in its frame header than it has."""
    place = min(at for at in (data.find(b"\xff\xc0"), data.find(b"\xff\xc2")) if at >= 0)
    return data[: place + 5] + struct.pack(">HH", height, width) + data[place + 9 :]


def webp_with_size(width, height):
    """Return the head of a WebP that claims to be so large."""
    body = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (width - 1).to_bytes(3, "little")
    body += (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def heic_with_size(data, width, height):
    """Return the HEIC with another size in its properties (ispe) than its pictures have."""
    parts = data.split(b"ispe")
    return parts[0] + b"".join(b"ispe" + part[:4] + struct.pack(">II", width, height) + part[12:] for part in parts[1:])


def many_scans(pixels, scans):
    """Return a progressive JPEG whose last scan comes again and again."""
    data = save(pixels, "JPEG", progressive=True)
    last = data.rfind(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + b"\xff\xd9"


def animated(kind):
    """Return a moving picture."""
    frames = [Image.fromarray(scene(seed=n)) for n in (1, 2, 3)]
    return save(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def seeds():
    """Return good files of every kind, small: the fuzzer begins with them."""
    pixels = scene()
    grey = pixels[:, :, 0]
    deep = Image.fromarray((grey.astype(np.uint16) << 8) + 7)
    clear = Image.fromarray(np.dstack([pixels, grey]))
    return {
        "jpeg": save(pixels),
        "jpeg-grey": save(grey),
        "jpeg-progressive": save(pixels, progressive=True, quality=60),
        "jpeg-cmyk": save(Image.fromarray(pixels).convert("CMYK")),
        "jpeg-restarts": save(pixels, restart_marker_blocks=2),
        "jpeg-turned": turned(pixels, 6),
        "png": save(pixels, "PNG"),
        "png-palette": save(Image.fromarray(pixels).quantize(16), "PNG", transparency=3),
        "png-16": save(deep, "PNG"),
        "png-alpha": save(clear, "PNG"),
        "png-bit": save(Image.fromarray(pixels).convert("1"), "PNG"),
        "png-turned": turned(pixels, 8, "PNG"),
        "png-moving": animated("PNG"),
        "webp": save(pixels, "WEBP"),
        "webp-lossless": save(clear, "WEBP", lossless=True),
        "webp-turned": turned(pixels, 3, "WEBP"),
        "webp-moving": animated("WEBP"),
        "heic": heic(pixels, quality=60),
        "heic-alpha": heic(clear),
        "heic-grey": heic(grey),
    }
