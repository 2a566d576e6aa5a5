"""Uploads: what is let in, how it is kept, and who gets it back."""

import resource
import stat
import struct
import time
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, PngImagePlugin

from malaka_portal import uploads
from tests.factories.portal import UserFactory
from tests.portal.file_urls import Paper

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
KINDS = ["JPEG", "PNG", "WEBP"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def table(db):
    with connection.schema_editor() as editor:
        editor.create_model(Paper)


def picture(kind="JPEG", size=(40, 20), mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, 30_000 if mode == "I;16" else "red").save(out, kind, **options)
    return out.getvalue()


def upload(content, name="foto.jpg"):
    return SimpleUploadedFile(name, content)


def opened(content):
    return Image.open(BytesIO(content))


def refusal(content, name="foto.jpg", **limits):
    with pytest.raises(ValidationError) as caught:
        uploads.check(upload(content, name), **limits)
    return caught.value.code


def png_of(width, height):
    """A picture of any size in a few kilobytes, without needing the memory for it."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    dots = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


# --- what is let in -----------------------------------------------------------------------------


MODES = {
    "JPEG": ["RGB", "L", "1", "CMYK"],
    "PNG": ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"],
    "WEBP": ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"],
}


@pytest.mark.parametrize(("kind", "mode"), [(k, m) for k in KINDS for m in MODES[k]])
def test_pictures_are_written_anew_as_what_they_are(kind, mode):
    checked = uploads.check(upload(picture(kind, mode=mode), "surat.html"))

    assert opened(checked.read()).format == kind
    assert opened(checked.open().read()).size == (40, 20)
    assert Path(checked.name).suffix == uploads.EXTENSIONS[kind]


def test_a_scan_of_many_greys_stays_grey():
    kept = opened(uploads.check(upload(picture("PNG", mode="I;16"))).read())

    assert kept.getpixel((0, 0)) == (117, 117, 117)


def test_see_through_pictures_stay_so():
    content = picture("PNG", mode="RGBA")

    assert opened(uploads.check(upload(content)).read()).mode == "RGBA"


def test_a_pdf_is_kept_as_it_came():
    checked = uploads.check(upload(PDF, "surat.jpg"))

    assert checked.read() == PDF
    assert checked.name.endswith(".pdf")


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        b"MZ\x90\0" + b"\0" * 64,
        b"PK\3\4" + b"\0" * 64,
        b" %PDF-1.4",
        b"x",
    ],
    ids=["html", "svg", "gif", "bmp", "tiff", "exe", "zip", "late pdf", "one byte"],
)
def test_the_name_does_not_make_a_picture(content):
    assert refusal(content, "foto.jpg") == "kind"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<html>",
        b"RIFF\0\0\0\0WEBPVP8 ",
        picture(size=(400, 400))[:-200],
        picture("PNG", size=(400, 400))[:-200],
        b"\x89PNG\r\n\x1a\n" + picture()[8:],
    ],
    ids=["html", "png html", "webp", "cut jpeg", "cut png", "mixed"],
)
def test_what_only_begins_like_a_picture_is_refused(content):
    assert refusal(content) == "unreadable"


def test_a_picture_cut_off_anywhere_is_refused_or_read_but_breaks_nothing():
    for kind in KINDS:
        whole = picture(kind, size=(60, 60))
        for end in range(len(whole)):
            try:
                uploads.check(upload(whole[:end] or b"x"))
            except ValidationError as error:
                assert error.code in {"kind", "unreadable"}


def test_only_the_wanted_kinds():
    assert refusal(PDF, kinds=["JPEG", "PNG"]) == "kind"
    assert refusal(picture("PNG"), kinds=["JPEG"]) == "kind"


def test_size_at_and_over_the_limit():
    padded = PDF.ljust(uploads.MAX_BYTES, b"\n")

    assert uploads.check(upload(padded)).size == uploads.MAX_BYTES
    assert refusal(padded + b"\n") == "too_large"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # as in production
@pytest.mark.parametrize("size", [(12_000, 12_000), (30_000, 30_000), (6_000, 6_000)])
def test_a_flood_of_dots_is_refused_before_it_is_decoded(size):
    content = png_of(*size)
    assert len(content) < 200_000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()

    assert refusal(content) == "pixels"
    assert time.monotonic() - began < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 10_000  # kilobytes


def test_a_picture_of_just_25_million_dots_is_taken():
    """The control of the test above: its pictures are sound, only too large."""
    assert opened(uploads.check(upload(png_of(5_000, 5_000))).read()).size == (5_000, 5_000)


# --- what is not kept ---------------------------------------------------------------------------


def photo_with_secrets(kind):
    """A picture that tells where it was taken, by which phone, and has a script at its end."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "TELEPON"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (9.0, 32.0, 11.0)
    options = {"exif": exif}
    if kind == "PNG":
        options["pnginfo"] = text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "TELEPON")
    else:
        options["xmp"] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>TELEPON</x:xmpmeta>"
    if kind == "JPEG":
        options["comment"] = "TELEPON"
    return picture(kind, **options) + b"<script>TELEPON</script>"


@pytest.mark.parametrize("kind", KINDS)
def test_place_phone_and_hidden_payload_are_gone_and_the_picture_is_upright(kind):
    content = photo_with_secrets(kind)
    before = opened(content)
    assert content.count(b"TELEPON") >= 3
    assert before.getexif().get_ifd(ExifTags.IFD.GPSInfo)

    kept = uploads.check(upload(content)).read()
    after = opened(kept)

    assert dict(after.getexif()) == {}
    assert b"TELEPON" not in kept
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | (
        {"loop", "background", "timestamp", "duration"} if kind == "WEBP" else set()
    )
    assert (before.size, after.size) == ((40, 20), (20, 40))


# --- names --------------------------------------------------------------------------------------

HOSTILE = {
    "../../x": "x",
    "..\\..\\x.pdf": "x.pdf",
    "/etc/passwd": "passwd",
    "a\0.jpg": "a.jpg",
    "foto\u202egpj.exe": "fotogpj.exe",
    "a\r\nSet-Cookie: x.jpg": "aSet-Cookie: x.jpg",
    '"; filename="x.html': '"; filename="x.html',
    "...": "file",
    "": "file",
    None: "file",
    ".htaccess": "htaccess",
    "CV. Maju": "CV. Maju",
    "Berita  acara.pdf": "Berita acara.pdf",
}


@pytest.mark.parametrize(("name", "shown"), HOSTILE.items(), ids=repr)
def test_a_name_as_it_may_be_shown(name, shown):
    assert uploads.display_name(name) == (_("file") if shown == "file" else shown)


def test_a_name_of_4096_bytes_is_cut_and_keeps_its_end():
    name = uploads.display_name("é" * 2046 + ".pdf")

    assert (len(name), name[-5:]) == (100, "é.pdf")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("surat.pdf", "surat.pdf"),
        ("surat.JPEG", "surat.pdf"),
        ("surat.html", "surat.html.pdf"),
        ("Berita acara CV. Maju", "Berita acara CV. Maju.pdf"),
        ("x" * 4096, "x" * 96 + ".pdf"),
    ],
)
def test_a_name_ends_in_what_the_file_is(name, shown):
    assert uploads.display_name(name, ".pdf") == shown


# --- the field ----------------------------------------------------------------------------------

PaperForm = forms.modelform_factory(Paper, fields=["owner", "file", "photo"])


def fill(**files):
    return PaperForm({"owner": 1}, files)


@pytest.mark.parametrize("name", [n for n in HOSTILE if n] + ["é" * 2046 + ".pdf"], ids=ascii)
def test_the_stored_name_has_nothing_of_the_senders(table, media, name):
    file = upload(PDF)
    file._name = name  # past Django's own cleaning, which a test of ours must not lean on
    row = fill(file=file).save()
    again = fill(file=upload(PDF, name)).save()
    folder, short, last = row.file.name.split("/")

    assert folder == "papers"
    assert (len(short), len(last), last[-4:]) == (2, 32 + 4, ".pdf")
    assert int(last[:-4], 16) >= 0
    assert row.file.name != again.file.name
    assert [p.name for p in media.iterdir()] == ["papers"]


def test_only_the_portal_itself_can_read_the_files(table, media):
    row = fill(file=upload(PDF)).save()

    assert stat.S_IMODE(Path(row.file.path).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(row.file.path).parent.stat().st_mode) == 0o700


def test_the_form_says_what_is_wrong_and_tells_the_browser_what_to_offer(table):
    form = fill(file=upload(b"<html>", "foto.jpg"), photo=upload(b"x" * 2 * 1024**2))

    assert form.errors == {
        "file": [
            _("This is not a %(kinds)s file, whatever its name says. Choose another file.")
            % {"kinds": f"PDF, JPEG, PNG {_('or')} WEBP"}
        ],
        "photo": [
            _("This file is too large: at most %(most)d MB. Choose a smaller file or photo.")
            % {"most": 1}
        ],
    }
    assert 'accept="image/jpeg"' in str(form["photo"])


def test_the_form_knows_the_senders_name(table):
    form = fill(file=upload(PDF, "Berita acara.pdf"))
    form.is_valid()

    assert form.cleaned_data["file"].original_name == "Berita acara.pdf"


def test_a_picture_is_redrawn_once(table, monkeypatch):
    drawn, draw = [], uploads.drawn
    monkeypatch.setattr(uploads, "drawn", lambda *a: drawn.append(a) or draw(*a))
    fill(file=upload(picture())).save()

    assert len(drawn) == 1


def test_what_comes_past_the_forms_is_checked_too(table, media):
    with pytest.raises(ValidationError), transaction.atomic():
        Paper.objects.create(owner=1, file=ContentFile(b"<html>", name="x.jpg"))
    row = Paper.objects.create(owner=1, file=ContentFile(photo_with_secrets("JPEG"), name="x.html"))

    assert row.file.name.endswith(".jpg")
    assert b"TELEPON" not in Path(row.file.path).read_bytes()
    assert len([p for p in media.rglob("*") if p.is_file()]) == 1


def test_migrations_do_not_mention_what_binds_uploads_only():
    _name, path, args, kwargs = Paper._meta.get_field("photo").deconstruct()

    assert (path, args) == ("malaka_portal.files.PrivateFileField", [])
    assert kwargs == {"upload_to": "photos", "blank": True}


# --- the way back -------------------------------------------------------------------------------


@pytest.fixture
def paper(client, table):
    user = UserFactory()
    client.force_login(user)
    return fill_for(user, file=upload(PDF), photo=upload(picture()))


def fill_for(user, **files):
    return PaperForm({"owner": user.pk}, files).save()


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.urls("tests.portal.file_urls")
def test_the_owner_gets_the_file_under_safe_headers(client, paper):
    response = client.get(f"/berkas/{paper.pk}/", headers={"Accept-Encoding": "gzip"})

    assert body(response) == PDF
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert response["Content-Disposition"] == (
        'attachment; filename="Berita acara 12-BA-2026 CV. Maju.pdf"'
    )


HEADERS = {
    "Content-Type": "application/pdf",
    "Content-Length": str(len(PDF)),
    "Content-Encoding": "identity",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.urls("tests.portal.file_urls")
def test_a_picture_may_stand_in_a_page(client, paper):
    response = client.get(f"/foto/{paper.pk}/")

    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline; filename=")
    assert opened(body(response)).format == "JPEG"


@pytest.mark.urls("tests.portal.file_urls")
def test_a_stranger_sees_the_same_page_as_for_a_row_that_is_not_there(client, paper):
    address = f"/berkas/{paper.pk}/"
    assert body(client.get(address)) == PDF
    client.force_login(UserFactory())
    foreign = client.get(address)
    Paper.objects.all().delete()
    missing = client.get(address)

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content
    assert dict(foreign.headers) == dict(missing.headers)


@pytest.mark.urls("tests.portal.file_urls")
def test_whoever_is_signed_out_gets_the_sign_in_page(client, paper):
    client.logout()

    assert client.get(f"/berkas/{paper.pk}/").status_code == 302


@pytest.mark.urls("tests.portal.file_urls")
@pytest.mark.parametrize("lost", ["no file", "gone from the disk"])
def test_a_row_without_its_file_is_a_missing_page(client, paper, lost):
    if lost == "no file":
        Paper.objects.update(file="")
    else:
        Path(paper.file.path).unlink()

    assert client.get(f"/berkas/{paper.pk}/").status_code == 404


@pytest.mark.urls("tests.portal.file_urls")
def test_files_are_only_read(client, paper):
    assert client.post(f"/berkas/{paper.pk}/").status_code == 405


@pytest.mark.urls("tests.portal.file_urls")
@pytest.mark.parametrize(
    "start", ["", "media/", "static/", "static/../", "static/..%2f.local/media/"]
)
def test_no_address_leads_to_the_file_itself(client, paper, start):
    assert paper.file.url == ""
    assert client.get(f"/{start}{paper.file.name}").status_code == 404


# --- whole forms --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("limit", ["MAX_BODY_BYTES", "DATA_UPLOAD_MAX_MEMORY_SIZE"])
def test_a_form_that_is_too_large_is_refused_with_a_page_that_says_so(client, settings, limit):
    setattr(settings, limit, 100)
    client.force_login(UserFactory())
    response = client.post("/akun/", {"note": "x" * 101, "file": upload(PDF)})

    assert response.status_code == 413
    assert _("The file is too large") in response.content.decode()


@pytest.mark.django_db
def test_a_form_with_too_many_fields_is_refused_politely(client):
    client.force_login(UserFactory())
    response = client.post("/akun/", {f"f{number}": "x" for number in range(2001)})

    assert response.status_code == 400
    assert b"futus" in response.content
