"""Photos from phones, made small enough for a page on a slow connection.

Of what is sent (8 MB at most) two WebP pictures are kept: one as large as a page shows it and a
small one. Both are drawn anew, upright, on white where the photo was see-through, and hold nothing
but their dots: no place, no telephone's name, no colour profile, no comment.
"""

import threading
from io import BytesIO
from typing import NamedTuple

from PIL import ExifTags, Image

from malaka_portal import uploads
from malaka_portal.files import PrivateFormFileField
from malaka_portal.uploads import CheckedFile

MOST_BYTES = 8 * uploads.MEGABYTE  # of what is sent
IMAGE_BYTES, THUMBNAIL_BYTES = 60_000, 12_000  # of what is kept
# Dots along the longest edge, the first that fits; colours suffer before the size does.
IMAGE_EDGES, THUMBNAIL_EDGES = (1280, 1024, 800, 640, 480, 320), (320, 240, 160, 80)
QUALITIES = (80, 65, 50, 35)
TURN = Image.Transpose
TURNS = {
    2: TURN.FLIP_LEFT_RIGHT,
    3: TURN.ROTATE_180,
    4: TURN.FLIP_TOP_BOTTOM,
    5: TURN.TRANSPOSE,
    6: TURN.ROTATE_270,
    7: TURN.TRANSVERSE,
    8: TURN.ROTATE_90,
}
# Decoding takes up to a hundred megabytes or two, so that each server process decodes one by one.
one_at_a_time = threading.Lock()


class Photo(NamedTuple):
    """Two files to keep; `width` and `height` are those of `image`, in dots."""

    image: CheckedFile
    thumbnail: CheckedFile
    width: int
    height: int


class PhotoFormField(PrivateFormFileField):
    """Cleans to a Photo."""

    def __init__(self, **kwargs):
        super().__init__(kinds=uploads.PICTURES, max_bytes=MOST_BYTES, **kwargs)

    def to_python(self, data):
        upload = super(PrivateFormFileField, self).to_python(data)
        return upload and shrink(upload)


def shrink(upload):
    """The upload as a Photo; ValidationError when it is too large, damaged or no picture."""
    content, kind = uploads.read(upload, uploads.PICTURES, MOST_BYTES)
    dots = read_dots(content, kind)
    name = uploads.display_name(upload.name)
    image, (width, height) = fit(dots, IMAGE_EDGES, IMAGE_BYTES)
    thumbnail, _size = fit(dots, THUMBNAIL_EDGES, THUMBNAIL_BYTES)
    return Photo(
        CheckedFile(image, "WEBP", name), CheckedFile(thumbnail, "WEBP", name), width, height
    )


def read_dots(content, kind):
    """The picture as RGB, upright, its longest edge 1280 dots at most."""
    picture = uploads.open_picture(content, kind)
    try:
        with one_at_a_time:
            return drawn(picture)
    except Exception as error:  # what a hostile file breaks in a decoder cannot be foreseen
        raise uploads.unreadable() from error


def drawn(picture):
    """Made small first (a JPEG while it is decoded), so that all the rest costs little memory."""
    edge, turn = IMAGE_EDGES[0], TURNS.get(orientation(picture))
    if picture.mode not in ("RGB", "RGBA", "L", "LA", "CMYK"):
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        picture = uploads.in_256_greys(picture).convert(mode)
    picture.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    dots = picture.convert("RGB")
    dots.info = {}  # comments, profiles and the like, which Pillow would write again
    return dots if turn is None else dots.transpose(turn)


def orientation(picture):
    """How the telephone was held, as EXIF numbers it; None where that cannot be read."""
    try:
        return picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # some telephones write it wrongly; the picture itself is sound
        return None


def fit(dots, edges, most_bytes):
    """(WebP, (width, height)): as large and good as `most_bytes` allow."""
    for edge in edges:
        smaller = dots.copy()
        smaller.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        worst = webp(smaller, QUALITIES[-1])
        if len(worst) <= most_bytes:
            break
    better = (webp(smaller, quality) for quality in QUALITIES[:-1])
    return next((found for found in better if len(found) <= most_bytes), worst), smaller.size


def webp(dots, quality):
    out = BytesIO()
    dots.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
