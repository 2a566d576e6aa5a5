"""An officer records a cloth with a photo from her phone, shows it to everybody and hides it."""

import io
from pathlib import Path

import pytest
from django.utils.translation import gettext as _
from PIL import ExifTags, Image
from playwright.sync_api import expect

from cooperatives.models import Cooperative, Product, ProductPhoto
from tests.factories.cooperatives import CooperativeFactory, OfficerFactory
from tests.factories.enterprises import MotifFactory
from tests.portal.test_photos import noise

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def photo(tmp_path):
    """A photo of a phone that was held upright: 5 MB, with the place where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "TELEPON"
    exif[ExifTags.Base.Orientation] = 6
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "S"
    place[ExifTags.GPS.GPSLatitude] = (9.0, 32.0, 11.0)
    out = io.BytesIO()
    noise(size=(3200, 2400)).save(out, "JPEG", quality=80, exif=exif)
    path = tmp_path / "IMG_20261124.jpg"
    path.write_bytes(out.getvalue())
    return path


@pytest.fixture
def cooperative(wehali):
    MotifFactory(name="Suri", area="fehan")
    return CooperativeFactory(
        name="Tenun Feto Malaka", village=wehali, group="crafts", phone="+6281234567890"
    )


@pytest.fixture
def officer(cooperative):
    return OfficerFactory(cooperative=cooperative, user__username="yosefina").user


def link(page, name):
    return page.locator("main").get_by_role("link", name=_(name), exact=True)


def press(page, name):
    page.get_by_role("button", name=_(name), exact=True).click()


def label(text):
    words = _(text)
    return words[0].upper() + words[1:]


def record(page):
    page.get_by_role("navigation", name="Menu bawah").get_by_role("link", name="Catat").click()
    link(page, "Add a product").click()
    page.get_by_label(label("name"), exact=True).fill("Tais feto mengkudu")
    page.get_by_label(label("price of one")).fill("275.000")
    page.get_by_label(label("weaving technique")).select_option("ikat")
    page.get_by_text(_("Motifs of %(area)s") % {"area": "Fehan"}).click()
    page.get_by_label("Suri", exact=True).check()
    press(page, "Save")
    expect(page.get_by_role("heading", name="Tais feto mengkudu")).to_be_visible()


def add_photo(page, path):
    link(page, "Add a photo").click()
    page.get_by_label(label("photo"), exact=True).set_input_files(path)
    page.get_by_label(label("what the photo shows")).fill("Tais merah di alat tenun")
    press(page, "Save")
    picture = page.get_by_role("img", name="Tais merah di alat tenun")
    expect(picture).to_be_visible()
    return picture


def check_photo(page, picture, media):
    """What lies on the disk, and what the page shows of it."""
    photo = ProductPhoto.objects.get()
    files = sorted(Path(media).rglob("*.*"), key=lambda path: path.stat().st_size)
    assert [path.stat().st_size <= most for path, most in zip(files, (12_000, 60_000), strict=True)]
    for path in files:
        content = path.read_bytes()
        kept = Image.open(io.BytesIO(content))
        assert (kept.format, dict(kept.getexif())) == ("WEBP", {})
        assert b"TELEPON" not in content and b"EXIF" not in content
    assert (photo.width, photo.height) == kept.size and photo.height > photo.width
    thumbnail = Image.open(io.BytesIO(files[0].read_bytes()))
    expect(picture).to_have_js_property("naturalHeight", thumbnail.height)
    assert picture.get_attribute("loading") == "lazy"


def agree(page, cooperative):
    page.goto(page.url.partition("/produk/")[0] + cooperative.get_absolute_url())
    link(page, "Show to everybody").click()
    page.get_by_label(label("introduction for visitors")).fill("Kain tenun ikat dari Wehali.")
    page.get_by_label(label("the telephone number may be published")).check()
    press(page, "Check first")
    for text in ("Tenun Feto Malaka", "Wehali", "Kain tenun ikat dari Wehali.", "0812-3456-7890"):
        expect(page.locator("dd").get_by_text(text, exact=True)).to_be_visible()
    assert Cooperative.objects.get().public_since is None
    press(page, "Yes, the board agrees")
    expect(page.get_by_role("status")).to_be_visible()


def test_a_cloth_is_recorded_photographed_shown_and_hidden(
    page, sign_in, officer, cooperative, photo, media
):
    assert 4_500_000 < photo.stat().st_size < 8_000_000
    sign_in(page, officer, "/")
    record(page)
    product = Product.objects.get()
    assert (product.price, product.maker) == (275_000, cooperative)
    assert [motif.name for motif in product.motifs.all()] == ["Suri"]

    check_photo(page, add_photo(page, photo), media)

    own_page = page.url
    link(page, "Show to everybody").click()
    refusal = _("The cooperative has not agreed yet to be shown on public pages.")
    expect(page.get_by_role("alert")).to_have_text(refusal)
    agree(page, cooperative)
    assert list(Product.objects.public()) == []

    page.goto(own_page)
    link(page, "Show to everybody").click()
    press(page, "Yes, show it to everybody")
    expect(page.get_by_text(_("Everybody on the internet can see this product."))).to_be_visible()
    assert list(Product.objects.public()) == [product]

    link(page, "Hide").click()
    press(page, "Yes, hide it")
    expect(page.get_by_role("heading", name="Tais feto mengkudu")).to_be_visible()
    assert list(Product.objects.public()) == []
    assert page.complaints == []


def test_withdrawing_the_agreement_hides_everything(page, sign_in, officer, cooperative):
    Cooperative.objects.update(public_since="2026-01-02")
    Product.objects.create(cooperative=cooperative, name="Tais", kind="cloth", is_published=True)
    sign_in(page, officer, cooperative.get_absolute_url())
    link(page, "Hide from everybody").click()
    press(page, "Yes, hide it")
    expect(page.get_by_role("status")).to_be_visible()

    assert list(Product.objects.public()) == list(Cooperative.objects.public()) == []


def test_a_file_that_is_no_photo_is_refused_in_words(page, sign_in, officer, cooperative, tmp_path):
    product = Product.objects.create(cooperative=cooperative, name="Tais", kind="cloth")
    paper = tmp_path / "foto.jpg"
    paper.write_bytes(b"%PDF-1.4\n%%EOF")
    sign_in(page, officer, product.get_absolute_url())
    link(page, "Add a photo").click()
    page.get_by_label(label("photo"), exact=True).set_input_files(paper)
    page.get_by_label(label("what the photo shows")).fill("Tais")
    press(page, "Save")

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label(label("what the photo shows"))).to_have_value("Tais")
    assert ProductPhoto.objects.count() == 0
