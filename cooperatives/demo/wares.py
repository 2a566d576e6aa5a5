"""What is made in the demo: cloths and their dyes, foods, crafts, and what they cost.

Kinds of cloth, dye plants and foods are those of Malaka (domain 3.3 to 3.5); prices are made up.
"""

from typing import NamedTuple

from cooperatives.demo.names import words
from cooperatives.models import Product

Kind, Unit = Product.Kind, Product.Unit
Palette, Dye, Technique = Product.Palette, Product.DyePractice, Product.Technique


class Ware(NamedTuple):
    """Something to sell: what it costs at first in thousands of rupiah, from and to."""

    name: str
    unit: str
    cost: tuple
    size: str
    ingredients: str = ""
    kind: str = Kind.FOOD


class Theme(NamedTuple):
    """What one maker makes: names for the business, its KBLI code if here is one, the wares."""

    names: list
    industry: str
    wares: list
    is_halal: bool = True


def cloth(name, unit, cost, size):
    return Ware(name, unit, cost, size, kind=Kind.CLOTH)


CLOTHS = [
    cloth("Tais feto", Unit.SHEET, (650, 1800), "60 x 140 cm"),
    cloth("Tais mane", Unit.SHEET, (800, 2200), "110 x 200 cm"),
    cloth("Selendang", Unit.SHEET, (120, 300), "25 x 150 cm"),
    cloth("Taplak meja", Unit.SHEET, (150, 380), "80 x 80 cm"),
    cloth("Kain potong", Unit.METRE, (140, 260), "lebar 60 cm"),
    cloth("Tas tenun", Unit.PIECE, (110, 260), "30 x 35 cm"),
    cloth("Sarung bantal", Unit.SET, (120, 240), "40 x 40 cm, isi 2"),
    cloth("Dompet tenun", Unit.PIECE, (35, 75), "10 x 20 cm"),
]
# How often each of the cloths is woven: the large ones are what weaving is about.
CLOTHS_WEIGHTS = [6, 5, 6, 2, 2, 3, 1, 2]
# What dyes a colour: the plants of the south of Timor.
DYES = {
    Palette.INDIGO: ["tarum", "tarum, kapur sirih", "tarum, buah tinta"],
    Palette.MADDER: ["mengkudu, loba", "mengkudu, loba, kemiri"],
    Palette.EARTH: ["ketapang, lumpur", "soga, mengkudu", "kulit kesambi, lumpur"],
    Palette.LEAF: ["tarum, kunyit", "kacang arbila", "daun katuk"],
    Palette.TURMERIC: ["kunyit", "kunyit, soga"],
}
COLOURS = {
    Palette.INDIGO: "biru",
    Palette.MADDER: "merah",
    Palette.EARTH: "hitam",
    Palette.LEAF: "hijau",
    Palette.TURMERIC: "kuning",
    Palette.NATURAL: "putih",
}
PALETTES = {
    Palette.INDIGO: 7,
    Palette.MADDER: 7,
    Palette.EARTH: 5,
    Palette.TURMERIC: 3,
    Palette.LEAF: 2,
    Palette.NATURAL: 1,
}
PRACTICES = {Dye.SYNTHETIC: 50, Dye.MIXED: 30, Dye.NATURAL: 20}
NATURAL_COSTS = 1.4  # a cloth of natural dyes costs so many times as much
TECHNIQUES = {Technique.IKAT: 10, Technique.BUNA: 4, Technique.SOTIS: 4, Technique.MIXED: 2}
ABOUT_CLOTH = [
    "Ditenun dengan alat tenun gedogan di rumah penenun.",
    "Benang diikat, dicelup, lalu ditenun satu per satu; setiap lembar sedikit berbeda.",
    "Bisa dipesan dalam ukuran lain. Warna dapat dipilih bersama penenun.",
    "Cocok untuk pesta adat dan seragam. Cuci dengan tangan, jemur di tempat teduh.",
]
ABOUT_FOOD = [
    "Dibuat segar setiap minggu. Simpan di tempat kering.",
    "Tanpa bahan pengawet. Tahan sebulan dalam kemasan tertutup.",
    "Bahan dari kebun anggota sendiri.",
    "Kemasan dapat diberi label acara untuk pesanan besar.",
]

FOODS = {
    "keripik": Theme(
        ["Keripik {call} {given}", "Dapur Keripik {family}", "Keripik {hamlet}"],
        "10794",
        [
            Ware("Keripik pisang", Unit.PACK, (10, 15), "200 g", "pisang kepok, minyak, garam"),
            Ware("Keripik singkong", Unit.PACK, (8, 12), "200 g", "singkong, minyak, cabai, gula"),
            Ware("Stik pisang", Unit.PACK, (12, 16), "150 g", "pisang, tepung terigu, gula, telur"),
            Ware("Emping jagung", Unit.PACK, (12, 18), "250 g", "jagung, minyak, garam"),
        ],
    ),
    "kelor": Theme(
        ["Kelor {hamlet}", "Dapur Kelor {family}"],
        "10799",
        [
            Ware("Teh daun kelor", Unit.PACK, (15, 25), "isi 20 kantong", "daun kelor kering"),
            Ware("Bubuk daun kelor", Unit.PACK, (20, 35), "100 g", "daun kelor kering"),
            Ware("Stik kelor", Unit.PACK, (12, 18), "150 g", "tepung terigu, daun kelor, telur"),
        ],
    ),
    "jagung": Theme(
        ["Jagung Bose {call} {given}", "Olahan Jagung {hamlet}"],
        "10799",
        [
            Ware("Jagung bose siap masak", Unit.PACK, (15, 22), "500 g", "jagung, kacang merah"),
            Ware("Jagung titi", Unit.PACK, (15, 20), "250 g", "jagung pulut"),
            Ware("Marning jagung", Unit.PACK, (10, 14), "200 g", "jagung, minyak, garam, kapur"),
        ],
    ),
    "kelapa": Theme(
        ["Minyak Kelapa {family}", "Kelapa Fehan {given}"],
        "10773",
        [
            Ware("Minyak kelapa murni (VCO)", Unit.BOTTLE, (45, 70), "250 ml", "santan kelapa"),
            Ware("Minyak kelapa", Unit.BOTTLE, (22, 32), "600 ml", "santan kelapa"),
            Ware("Serundeng kelapa", Unit.PACK, (18, 25), "200 g", "kelapa parut, gula, bumbu"),
        ],
    ),
    "lontar": Theme(
        ["Gula Lontar {hamlet}", "Gula Lempeng {call} {given}"],
        "10722",
        [
            Ware("Gula lempeng lontar", Unit.PACK, (15, 22), "10 keping", "nira lontar"),
            Ware("Gula semut lontar", Unit.PACK, (25, 35), "250 g", "nira lontar"),
        ],
    ),
    "kue": Theme(
        ["Kue {call} {given}", "Roti {family}"],
        "10710",
        [
            Ware("Bolu pisang", Unit.PIECE, (30, 45), "loyang 20 cm", "pisang, terigu, telur"),
            Ware("Kue kering kelapa", Unit.PACK, (25, 35), "250 g", "terigu, kelapa, gula, telur"),
            Ware("Roti manis", Unit.PACK, (10, 15), "isi 5", "terigu, gula, ragi, mentega"),
        ],
    ),
    "kacang": Theme(
        ["Kacang Bawang {given}", "Dapur Kacang {hamlet}"],
        "10793",
        [
            Ware("Kacang bawang", Unit.PACK, (12, 18), "200 g", "kacang tanah, bawang, garam"),
            Ware("Rempeyek kacang", Unit.PACK, (12, 16), "150 g", "tepung beras, kacang tanah"),
        ],
    ),
    "sambal": Theme(
        ["Sambal Lu'at {given}", "Bumbu {call} {family}"],
        "10772",
        [
            Ware("Sambal lu'at", Unit.BOTTLE, (20, 30), "150 ml", "cabai rawit, jeruk, kemangi"),
            Ware("Sambal ikan tongkol", Unit.BOTTLE, (28, 38), "150 ml", "tongkol, cabai, minyak"),
        ],
    ),
    "babi": Theme(
        ["Se'i {family}", "Dapur Se'i {given}"],
        "10799",
        [
            Ware("Se'i babi", Unit.PACK, (65, 90), "500 g", "daging babi, garam, daun kesambi"),
            Ware("Abon babi", Unit.PACK, (45, 60), "200 g", "daging babi, gula, bumbu"),
        ],
        is_halal=False,
    ),
}
WORKSHOPS = {
    "anyaman": Theme(
        ["Anyaman {given}", "Kerajinan {hamlet}"],
        "",
        [
            Ware("Tas anyaman lontar", Unit.PIECE, (60, 140), "30 x 25 cm", kind=Kind.CRAFT),
            Ware("Tikar pandan", Unit.SHEET, (90, 180), "120 x 200 cm", kind=Kind.CRAFT),
            Ware("Tempat sirih", Unit.PIECE, (40, 95), "12 x 12 cm", kind=Kind.CRAFT),
        ],
    ),
    "mebel": Theme(
        ["Mebel {family}", "Mebel {hamlet}"],
        "",
        [
            Ware("Kursi bambu", Unit.PIECE, (180, 320), "45 x 90 cm", kind=Kind.CRAFT),
            Ware("Rak buku jati", Unit.PIECE, (650, 1200), "80 x 160 cm", kind=Kind.CRAFT),
        ],
    ),
}
FARMS = {
    "kebun": Theme(
        ["Kebun {family}", "Hasil Kebun {hamlet}"],
        "",
        [
            Ware("Kemiri kupas", Unit.KILOGRAM, (32, 45), "kantong 1 kg", kind=Kind.OTHER),
            Ware("Kacang hijau", Unit.KILOGRAM, (18, 26), "karung 10 kg", kind=Kind.OTHER),
        ],
    ),
    "ternak": Theme(
        ["Ternak {family}", "Ternak {call} {given}"],
        "",
        [Ware("Telur ayam kampung", Unit.PACK, (22, 32), "isi 10", kind=Kind.OTHER)],
    ),
    "ikan": Theme(
        ["Usaha Ikan {given}", "Ikan Asin {hamlet}"],
        "",
        [Ware("Ikan asin", Unit.KILOGRAM, (50, 80), "kantong 1 kg", kind=Kind.OTHER)],
    ),
    "garam": Theme(
        ["Garam {hamlet}", "Garam {family}"],
        "",
        [Ware("Garam rakyat", Unit.KILOGRAM, (5, 9), "karung 25 kg", kind=Kind.OTHER)],
    ),
    "madu": Theme(
        ["Madu {hamlet}", "Madu {call} {given}"],
        "",
        [Ware("Madu hutan", Unit.BOTTLE, (75, 120), "600 ml", kind=Kind.OTHER)],
    ),
}
DYESTUFFS = [
    Ware("Pasta tarum", Unit.KILOGRAM, (120, 180), "ember 1 kg", kind=Kind.OTHER),
    Ware("Benang celup mengkudu", Unit.KILOGRAM, (190, 260), "gulungan", kind=Kind.OTHER),
    Ware("Bubuk kunyit pewarna", Unit.KILOGRAM, (45, 70), "kantong 1 kg", kind=Kind.OTHER),
]
COLOUR_OF = {
    "Pasta tarum": Palette.INDIGO,
    "Benang celup mengkudu": Palette.MADDER,
    "Bubuk kunyit pewarna": Palette.TURMERIC,
}
THEMES = FOODS | WORKSHOPS | FARMS
# Words of Tetun for names of groups, and names for businesses without a theme.
GROUP_WORDS = words(
    "Fitun Naroman Susun Aifunan Hakmatek Matenek Maluk Hamutuk Foun Matak Diak Lais Dadeer Rohan"
)
BUSINESSES = {
    "weaving": [
        "Tenun {call} {given}",
        "Tais {family}",
        "Tenun {given} {family}",
        "Tais {call} {given}",
    ],
    "dyeing": ["Pewarna Alami {hamlet}", "Celup Benang {given}"],
    "trade": ["Kios {family}", "Kios {call} {given}", "Kios {hamlet}", "Toko Tani {family}"],
    "service": ["Jahit {given}", "Bengkel {family}", "Salon {given}", "Warung Kopi {hamlet}"],
}
