"""What the registry needs to know from the first day: statutory numbers, KBLI codes, motifs, and
what the groups may do with enterprises."""

from datetime import date

from django.db import migrations

from malaka_portal.groups import grant

BILLION, MILLION = 1_000_000_000, 1_000_000
OLD_LAW, LAW = "UU 20/2008 pasal 6", "PP 7/2021 pasal 35"
OLD, NEW = date(2008, 7, 4), date(2021, 2, 2)
COOPERATIVES = date(1992, 10, 21)
# key, value, from, where it is written. Scales: upper bounds in rupiah (domain 2.1).
PARAMETERS = [
    ("scale.capital.micro", 50 * MILLION, OLD, OLD_LAW),
    ("scale.capital.small", 500 * MILLION, OLD, OLD_LAW),
    ("scale.capital.medium", 10 * BILLION, OLD, OLD_LAW),
    ("scale.sales.micro", 300 * MILLION, OLD, OLD_LAW),
    ("scale.sales.small", 2_500 * MILLION, OLD, OLD_LAW),
    ("scale.sales.medium", 50 * BILLION, OLD, OLD_LAW),
    ("scale.capital.micro", 1 * BILLION, NEW, LAW),
    ("scale.capital.small", 5 * BILLION, NEW, LAW),
    ("scale.capital.medium", 10 * BILLION, NEW, LAW),
    ("scale.sales.micro", 2 * BILLION, NEW, LAW),
    ("scale.sales.small", 15 * BILLION, NEW, LAW),
    ("scale.sales.medium", 50 * BILLION, NEW, LAW),
    # months after the fiscal year's end in which the annual meeting (RAT) is to be held
    ("annual_meeting.law.months", 6, COOPERATIVES, "UU 25/1992 pasal 26"),
    ("annual_meeting.ministry.primary.months", 3, COOPERATIVES, "Kementerian Koperasi, 2026"),
    ("annual_meeting.ministry.secondary.months", 6, COOPERATIVES, "Kementerian Koperasi, 2026"),
    # hours in which a withdrawn consent is to be followed
    ("consent.withdrawal.hours", 72, date(2022, 10, 17), "UU 27/2022 pasal 40"),
]
KBLI2020 = [
    ("13121", "Industri pertenunan (bukan pertenunan karung goni dan karung lainnya)"),
    ("13122", "Industri kain tenun ikat"),
    ("13131", "Industri penyempurnaan benang"),
    ("13132", "Industri penyempurnaan kain"),
    ("13133", "Industri pencetakan kain"),
    ("10391", "Industri tempe kedelai"),
    ("10392", "Industri tahu kedelai"),
    ("10710", "Industri produk roti dan kue"),
    ("10722", "Industri gula merah"),
    ("10772", "Industri bumbu masak dan penyedap masakan"),
    ("10773", "Industri produk masak dari kelapa"),
    ("10779", "Industri produk masak lainnya"),
    ("10792", "Industri kue basah"),
    ("10793", "Industri makanan dari kedele dan kacang-kacangan lainnya"),
    ("10794", "Industri kerupuk, keripik, peyek dan sejenisnya"),
    ("10796", "Industri dodol"),
    ("10799", "Industri produk makanan lainnya"),
]
KBLI2025 = [
    ("10307", "Industri tempe"),
    ("10308", "Industri tahu"),
    ("10794", "Industri kerupuk, keripik, peyek dan sejenisnya"),
]
MOTIFS = {  # recorded by the women's movement (TP PKK) of Malaka in 2023 (domain 3.4)
    "fehan": {
        "Lafaek": "buaya",
        "Tekiraik": "cecak",
        "Toko": "tokek",
        "Surik ulun": "",
        "Kakait": "kait",
        "Kikit": "elang",
        "Bereliku knuk": "sarang burung kucica",
        "We nain": "",
        "Ikan lumba-lumba": "",
        "Bria fuan": "buah pare",
        "Ro hai": "pesawat",
        "Be liku": "",
        "Be dahu": "",
        "Mata angin": "",
    },
    "dawan": dict.fromkeys(
        [
            "Kakait",
            "Maun",
            "Maun kabas",
            "Beabtana",
            "Kakiun no'ok",
            "Iki",
            "Atoin",
            "Lenuk",
            "Kimno",
            "Sarmat",
            "Be'i",
            "Bolas",
            "Oebikus",
        ],
        "",
    ),
}
OFFICE = [
    "credential",
    "enterprise",
    "enterprisemembership",
    "enterprisesnapshot",
    "groupmember",
    "motif",
    "pricechange",
    "product",
    "productphoto",
    "support",
]
PERMISSIONS = {
    "Staf program": [
        *(f"{act}_{model}" for model in OFFICE for act in ("view", "add", "change")),
        "view_productmotif",
        "view_industrycode",
        "view_quoterequest",
        "answer_quoterequest",
        "publish_cooperative",
        "publish_product",
    ],
    "Peninjau": [
        *(f"view_{model}" for model in OFFICE if model != "groupmember"),
        "view_productmotif",
        "view_industrycode",
    ],
}


def fill(apps, schema_editor):
    Parameter = apps.get_model("malaka_portal", "Parameter")
    IndustryCode = apps.get_model("cooperatives", "IndustryCode")
    Motif = apps.get_model("cooperatives", "Motif")
    for key, value, since, regulation in PARAMETERS:
        found = {"value": value, "regulation": regulation}
        Parameter.objects.get_or_create(key=key, valid_from=since, defaults=found)
    for version, codes in (("KBLI2020", KBLI2020), ("KBLI2025", KBLI2025)):
        for code, title in codes:
            found = {"title": title}
            IndustryCode.objects.get_or_create(classification=version, code=code, defaults=found)
    for area, motifs in MOTIFS.items():
        for name, meaning in motifs.items():
            Motif.objects.get_or_create(name=name, area=area, defaults={"meaning": meaning})


def make_groups(apps, schema_editor):
    grant(apps, "cooperatives", PERMISSIONS)


class Migration(migrations.Migration):
    dependencies = [
        ("cooperatives", "0003_enterprises"),
        ("malaka_portal", "0009_parameter"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
