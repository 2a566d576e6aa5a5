"""What people may upload: PDF files and pictures, known by their content and never by their name.

A picture is decoded, turned upright and written anew, so that neither the place where it was taken
nor anything hidden behind the picture is kept. A PDF is kept as it came.
"""

import secrets
import unicodedata
from io import BytesIO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
MAX_BYTES = 4 * MEGABYTE
MAX_PIXELS = 25_000_000
Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow itself refuses twice that, before it decodes

PICTURES = ("JPEG", "PNG", "WEBP")
KINDS = ("PDF", *PICTURES)
EXTENSIONS = {"PDF": ".pdf", "JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
LONGEST_NAME = 100  # characters


class CheckedFile(ContentFile):
    """A file that has passed `check`. Its name is random and its extension tells what it is.

    `original_name` is what its owner called it, fit to be shown.
    """

    def __init__(self, content, kind, original_name):
        super().__init__(content, name=secrets.token_hex(16) + EXTENSIONS[kind])
        self.original_name = original_name


def check(upload, kinds=KINDS, max_bytes=MAX_BYTES):
    """The upload as a CheckedFile, or ValidationError. `max_bytes` bounds what was sent."""
    if isinstance(upload, CheckedFile):
        return upload
    content, kind = read(upload, kinds, max_bytes)
    if kind in PICTURES:
        content = redraw(content, kind)
    return CheckedFile(content, kind, display_name(upload.name))


def read(upload, kinds, max_bytes):
    """(bytes, kind) of what was sent; ValidationError when it is too large or of no such kind."""
    if upload.size > max_bytes:
        raise ValidationError(
            _("This file is too large: at most %(most)d MB. Choose a smaller file or photo.")
            % {"most": max_bytes // MEGABYTE},
            code="too_large",
        )
    upload.seek(0)
    content = upload.read()
    kind = detect(content)
    if kind not in kinds:
        raise ValidationError(
            _("This is not a %(kinds)s file, whatever its name says. Choose another file.")
            % {"kinds": get_text_list(list(kinds), _("or"))},
            code="kind",
        )
    return content, kind


def detect(content):
    """What the bytes begin as: one of KINDS, or None."""
    if content.startswith(b"%PDF-"):
        return "PDF"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    return None


def redraw(content, kind):
    """The same picture, upright, with nothing but its dots; ValidationError if it is none."""
    picture = open_picture(content, kind)
    try:
        return drawn(picture, kind)
    except Exception as error:
        raise unreadable() from error


def open_picture(content, kind):
    """A picture that is not decoded yet; ValidationError if it is none or has too many dots."""
    try:
        picture = Image.open(BytesIO(content), formats=[kind])
        many = picture.width * picture.height > MAX_PIXELS
    except Image.DecompressionBombError:
        many = True
    except Exception as error:  # what a hostile file breaks in a decoder cannot be foreseen
        raise unreadable() from error
    if many:
        raise ValidationError(
            _("This picture has too many dots: at most 25 million. Choose a smaller one."),
            code="pixels",
        )
    return picture


def drawn(picture, kind):
    ImageOps.exif_transpose(picture, in_place=True)
    picture = in_256_greys(picture)
    clear = picture.has_transparency_data and kind != "JPEG"
    dots = picture.convert("RGBA" if clear else "RGB")
    dots.info = {}  # comments, profiles and the like, which Pillow would write again
    out = BytesIO()
    dots.save(out, kind, **({} if kind == "PNG" else {"quality": 85}))
    return out.getvalue()


def in_256_greys(picture):
    """A picture of 65,536 greys in 256 of them (`convert` makes it white); others as they are."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda grey: grey / 256).convert("L")


def unreadable():
    return ValidationError(
        _("This picture cannot be read; it may be damaged. Take or choose it once more."),
        code="unreadable",
    )


def display_name(name, extension=""):
    """A file's name as it may be shown: no folders, no control or direction characters.

    With `extension` (".pdf") the name ends in it, in place of another one of ours.
    """
    name = str(name or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in name if c == " " or unicodedata.category(c)[0] not in "CZ")
    stem, suffix = split_extension(" ".join(shown.split()).strip(". "))
    if extension and suffix.lower() not in (*CONTENT_TYPES, ".jpeg"):
        stem += suffix
    suffix = extension or suffix
    return (stem or _("file"))[: LONGEST_NAME - len(suffix)] + suffix


def split_extension(name):
    """("surat", ".pdf"); whatever is no short word after a dot is no extension ("CV. Maju")."""
    stem, _dot, last = name.rpartition(".")
    if stem and last.isalnum() and len(last) <= 5:
        return stem, f".{last}"
    return name, ""


class BodyLimitHandler(FileUploadHandler):
    """Refuses a form with files larger than MAX_BODY_BYTES before any of it is read."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > settings.MAX_BODY_BYTES:
            raise RequestDataTooBig("The whole form is larger than MAX_BODY_BYTES.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
