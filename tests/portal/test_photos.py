"""Photos of phones: whatever is sent, what is kept is small, upright and tells nothing else."""

import io
import random
import subprocess
import sys

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from malaka_portal import photos, uploads
from tests.portal.test_files import png_of

MODES = {
    "JPEG": ["RGB", "L", "1", "CMYK"],
    "PNG": ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"],
    "WEBP": ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"],
}
EVERY_MODE = [(kind, mode) for kind in MODES for mode in MODES[kind]]


def noise(mode="RGB", size=(1280, 960), seed=1):
    """Random dots, which no format can make small."""
    plain = "L" if mode in ("1", "P") else mode
    length = size[0] * size[1] * (2 if mode == "I;16" else len(plain))
    dots = Image.frombytes(plain, size, random.Random(seed).randbytes(length))
    return dots.convert(mode) if plain != mode else dots


def written(picture, kind="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def shrunk(content, name="foto.jpg"):
    return photos.shrink(SimpleUploadedFile(name, content))


def opened(file):
    return Image.open(io.BytesIO(file.open().read()))


def refusal(content):
    with pytest.raises(ValidationError) as caught:
        shrunk(content)
    return caught.value.code


def check(photo):
    """Both files are WebP, within their budgets, and say nothing but their dots."""
    image, thumbnail = opened(photo.image), opened(photo.thumbnail)
    assert (image.format, thumbnail.format) == ("WEBP", "WEBP")
    assert (photo.image.size <= 60_000, photo.thumbnail.size <= 12_000) == (True, True)
    assert (photo.width, photo.height) == image.size
    assert max(image.size) <= 1280 and max(thumbnail.size) <= 320
    for kept in (image, thumbnail):
        assert kept.getexif() == {}
        assert (
            set(kept.info) & {"exif", "icc_profile", "xmp", "comment", "XML:com.adobe.xmp"} == set()
        )
        assert kept.mode == "RGB"
    return image


@pytest.mark.parametrize(("kind", "mode"), EVERY_MODE)
def test_the_worst_picture_of_every_mode_fits(kind, mode):
    check(shrunk(written(noise(mode), kind)))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 1700), st.integers(1, 1700), st.sampled_from(EVERY_MODE), st.integers(0, 9))
def test_any_size_fits_and_keeps_its_shape(width, height, kind_and_mode, seed):
    kind, mode = kind_and_mode
    image = check(shrunk(written(noise(mode, (width, height), seed), kind)))

    # a narrow picture is made smaller in two steps, each of which rounds to a whole dot
    expected = image.width * height / width
    assert abs(image.height - expected) <= 1 + expected / image.width or image.height == 1


@pytest.mark.filterwarnings("ignore")  # as in production: Pillow warns of much that it can read
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(EVERY_MODE), st.data())
def test_a_picture_cut_or_spoilt_anywhere_is_taken_or_refused_in_words(kind_and_mode, data):
    kind, mode = kind_and_mode
    content = bytearray(written(noise(mode, (40, 30)), kind))
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content = content[:at] or b"x"
    else:
        content[at] ^= data.draw(st.integers(1, 255))
    try:
        check(shrunk(bytes(content)))
    except ValidationError as error:
        assert error.code in {"kind", "unreadable", "pixels"}


def test_a_quiet_picture_keeps_its_size_and_is_not_made_larger():
    big = check(shrunk(written(Image.new("RGB", (4000, 3000), "#8c2a1d"))))
    small = check(shrunk(written(Image.new("RGB", (50, 40), "#8c2a1d"))))

    assert (big.size, small.size) == ((1280, 960), (50, 40))
    assert all(
        abs(a - b) < 6 for a, b in zip(big.getpixel((9, 9)), (0x8C, 0x2A, 0x1D), strict=True)
    )


def phone_photo(kind="JPEG", orientation=6, size=(400, 200)):
    """The left half red, the right half blue, held somehow; with the place it was taken at."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "TELEPON"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (9.0, 32.0, 11.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif, "icc_profile": profile}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", "TELEPON")
    elif kind == "JPEG":
        options |= {"comment": "TELEPON", "xmp": b"TELEPON"}
    else:
        options["xmp"] = b"TELEPON"
    return written(picture, kind, **options)


@pytest.mark.parametrize("kind", MODES)
def test_nothing_but_the_dots_is_kept(kind):
    content = phone_photo(kind) + b"<script>TELEPON</script>"
    photo = shrunk(content)

    assert b"TELEPON" in content
    check(photo)
    for file in (photo.image, photo.thumbnail):
        kept = file.open().read()
        assert b"TELEPON" not in kept and b"EXIF" not in kept and b"ICCP" not in kept


# where the red half is, for each way in which a telephone can be held
HELD = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}


@pytest.mark.parametrize(("orientation", "red_at"), HELD.items())
def test_a_photo_stands_upright(orientation, red_at):
    image = check(shrunk(phone_photo(orientation=orientation)))
    width, height = image.size
    places = {
        "left": (width // 4, height // 2),
        "right": (width * 3 // 4, height // 2),
        "top": (width // 2, height // 4),
        "bottom": (width // 2, height * 3 // 4),
    }
    red = [name for name, at in places.items() if image.getpixel(at)[0] > 200]

    assert red_at in red
    assert (width > height) == (orientation < 5)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # as in production
def test_an_unreadable_orientation_is_no_reason_to_refuse():
    content = phone_photo().replace(b"II*\x00\x08\x00\x00\x00", b"II*\x00\xff\xff\xff\x7f")
    content = content.replace(b"MM\x00*\x00\x00\x00\x08", b"MM\x00*\x7f\xff\xff\xff")

    assert check(shrunk(content)).size == (400, 200)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_was_see_through_is_white(kind):
    clear = Image.new("RGBA", (60, 40), (10, 20, 30, 0))
    image = check(shrunk(written(clear, kind)))

    assert min(image.getpixel((30, 20))) > 250


def test_a_see_through_colour_of_a_palette_is_white():
    content = written(Image.new("P", (60, 40), 0), "PNG", transparency=0)

    assert min(check(shrunk(content)).getpixel((30, 20))) > 250


def test_the_first_picture_of_a_moving_one_is_kept():
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "green")]
    for kind in ("WEBP", "PNG"):
        moving = written(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        image = check(shrunk(moving))
        assert getattr(image, "n_frames", 1) == 1
        assert image.getpixel((30, 20))[0] > 200


def test_greys_of_16_bits_stay_grey():
    image = check(shrunk(written(Image.new("I;16", (60, 40), 30_000), "PNG")))

    assert all(abs(channel - 117) < 4 for channel in image.getpixel((30, 20)))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # as in production
@pytest.mark.parametrize("size", [(12_000, 12_000), (30_000, 30_000), (6_000, 6_000)])
def test_a_flood_of_dots_is_refused(size):
    assert refusal(png_of(*size)) == "pixels"


def test_a_photo_of_8_mb_is_taken_and_a_byte_more_is_not():
    content = phone_photo().ljust(8 * uploads.MEGABYTE, b"\0")

    check(shrunk(content))
    assert refusal(content + b"\0") == "too_large"


def test_a_pdf_is_no_photo():
    assert refusal(b"%PDF-1.4\n%%EOF") == "kind"


MEASURE = """
import io, re
from PIL import Image
import django
django.setup()
from django.core.files.base import ContentFile
from malaka_portal import photos
mode, kind = "{mode}", "{kind}"
content = open("{path}", "rb").read()
Image.new("RGB", (9, 9)).save(io.BytesIO(), "WEBP")
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
before = peak()
photos.shrink(ContentFile(content, name="x"))
print(peak() - before)
"""


@pytest.mark.parametrize(
    ("kind", "mode", "most"),
    [("JPEG", "RGB", 200), ("PNG", "RGB", 200), ("PNG", "RGBA", 320), ("PNG", "P", 320)],
)
def test_the_largest_picture_needs_bounded_memory(tmp_path, kind, mode, most):
    """`most` megabytes, the file itself included, for 25 million dots."""
    path = tmp_path / "foto"
    path.write_bytes(written(Image.new(mode, (5000, 5000)), kind))
    program = MEASURE.format(mode=mode, kind=kind, path=path)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    used = int(done.stdout)
    print(kind, mode, used // 1024, "MB")
    assert used < most * 1024


def test_the_form_field_gives_a_photo_or_a_sentence():
    class PhotoForm(forms.Form):
        photo = photos.PhotoFormField()

    def form(content):
        return PhotoForm({}, {"photo": SimpleUploadedFile("foto.jpg", content)})

    good, bad, none = form(phone_photo()), form(b"<html>"), PhotoForm({}, {})

    assert good.is_valid() and good.cleaned_data["photo"].height == 400
    assert [error.code for error in bad.errors.as_data()["photo"]] == ["kind"]
    assert [error.code for error in none.errors.as_data()["photo"]] == ["required"]
    assert 'accept="image/jpeg,image/png,image/webp"' in str(PhotoForm()["photo"])
