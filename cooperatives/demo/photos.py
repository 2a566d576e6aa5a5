"""Pictures of a few of the demo's cloths, drawn: stripes and ties in the colours of the portal."""

from io import BytesIO

from PIL import Image, ImageDraw

from cooperatives.demo.plans import WEAVERS_OF_THE_DEMO
from cooperatives.models import Product, ProductPhoto
from malaka_portal.uploads import CheckedFile

Palette = Product.Palette
SIZE, SMALL = (640, 480), (320, 240)  # dots
QUALITY = 60
PHOTOGRAPHED, OF_THE_WEAVERS = 12, 4
COTTON, TURMERIC, MORINDA = "#fbf8f3", "#db9e1b", "#8c2a1d"
# Warp, weft and stripe of each colour, as in static/css/futus.css.
COLOURS = {
    Palette.INDIGO: ("#15233f", "#254177", TURMERIC),
    Palette.MADDER: ("#4e150f", MORINDA, TURMERIC),
    Palette.EARTH: ("#211a15", "#3d322a", MORINDA),
    Palette.LEAF: ("#1e4f2b", "#2b6a3a", TURMERIC),
    Palette.TURMERIC: ("#6e4a00", TURMERIC, MORINDA),
    Palette.NATURAL: ("#dcd3c7", COTTON, "#8a7b6c"),
}


def make_photos(rng, offers):
    """One or two pictures of twelve cloths that are shown: whole, and from near by.

    The files are written when the rows are.
    """
    found = []
    for number, product in enumerate(photographed(offers)):
        bands = rng.randint(3, 6)
        found.append(photo(product, f"{product.name}, seluruh kain", bands, 18))
        if number % 2:
            found.append(photo(product, f"{product.name}, dari dekat", bands - 2, 40))
    return found


def photographed(offers):
    """Some of the demo's weavers, and the latest of the others, which stand on the front page."""
    cloths = [o for o in offers if o.row.is_published and o.row.kind == Product.Kind.CLOTH]
    ours = [o.row for o in cloths if o.plan.name == WEAVERS_OF_THE_DEMO][:OF_THE_WEAVERS]
    others = [o.row for o in cloths if o.plan.name != WEAVERS_OF_THE_DEMO]
    return ours + others[OF_THE_WEAVERS - PHOTOGRAPHED :]


def photo(product, caption, bands, tie):
    picture = woven(COLOURS[product.palette], bands, tie)
    image, small = webp(picture), webp(picture.resize(SMALL, Image.Resampling.BILINEAR))
    return ProductPhoto(
        product=product,
        image=CheckedFile(image, "WEBP", "contoh.webp"),
        thumbnail=CheckedFile(small, "WEBP", "contoh.webp"),
        width=SIZE[0],
        height=SIZE[1],
        size_bytes=len(image),
        caption=caption,
    )


def woven(colours, bands, tie):
    """A cloth with so many `bands` of ties, each tie `tie` dots from its middle to its tips."""
    warp, weft, stripe = colours
    width, height = SIZE
    picture = Image.new("RGB", SIZE, weft)
    draw = ImageDraw.Draw(picture)
    band = width // bands
    for left in range(0, width, band):
        draw.rectangle((left, 0, left + band // 4, height), fill=warp)
        draw.rectangle((left + band // 4, 0, left + band // 4 + 6, height), fill=stripe)
        draw.rectangle((left + band - 8, 0, left + band - 5, height), fill=COTTON)
        middle = left + band * 5 // 8
        for top in range(-tie, height + tie, tie * 3):
            diamond(draw, middle, top + tie, tie, COTTON)
            diamond(draw, middle, top + tie, tie // 2, stripe)
    for top in range(0, height, 4):
        draw.line((0, top, width, top), fill=warp)
    return picture


def diamond(draw, x, y, reach, fill):
    draw.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], fill=fill)


def webp(picture):
    out = BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
