"""Words of Malaka from which the demo's people and cooperatives are put together.

Given names are those of saints, family names those of the Tetun and Dawan of the south of Timor;
put together at random they mean nobody. The cooperatives' names are Tetun words and cloth motifs.
"""

from cooperatives.models import Cooperative

Kind, Group = Cooperative.Kind, Cooperative.Group


def words(text):
    return text.split()


FAMILIES = words(
    "Bria Seran Klau Nahak Abuk Hoar Bere Bauk Leki Luan Tahu Fahik Un Kehi Manek Asa Muti Tae "
    "Berek Teti Mali Kali Taek Bouk Moruk Atok"
)
GIVEN = {
    "P": words(
        "Maria Yosefina Theresia Agustina Yuliana Kristina Margaretha Bernadeta Elisabeth Veronika "
        "Paulina Regina Martina Rosalinda Anastasia Helena Fransiska Katarina Dominika Marselina "
        "Adriana Emerensiana Blandina Petronela Wilhelmina Yustina Yovita Skolastika Hendrika "
        "Angelina Gaudensia Ermelinda Apolonia Ferdinanda"
    ),
    "L": words(
        "Yohanes Yosef Petrus Paulus Dominikus Fransiskus Antonius Agustinus Gabriel Mikhael "
        "Blasius Kornelis Benediktus Markus Lukas Matheus Stefanus Ferdinandus Bernardus Hendrikus "
        "Wilhelmus Aloysius Emanuel Gregorius Vinsensius Marselinus Siprianus Eduardus Remigius "
        "Egidius Silvester Thomas Melkianus Arnoldus Ignasius Klemens Raimundus Nikolaus"
    ),
}
MIDDLE = {
    "P": words("Abuk Hoar Bete Luruk Seuk Dahu Telik Goreti Bui"),
    "L": words("Bere Nahak Seran Klau Tahu Leki Berek Mau Asa Bau"),
}
HAMLETS = words(
    "Tubaki Leosama Fatuisin Webua Haliwen Laranfoho Raibelan Manumuti Builalu Wekmutis Tasiain "
    "Umakanek Fatukmean Botlaran Kotafoun"
)
BIRTH_PLACES = words("Betun Besikama Kamanasa Weoe Kaputu Boas Alas Nurobo Biudukfoho Atambua")

# Of each kind of cooperative: names, some with the letters before their member numbers.
WEAVERS = [
    ("Koperasi Tenun Surik Ulun", "TSU"),
    ("Koperasi Tenun We Nain", "TWN"),
    ("Koperasi Tenun Lafaek", "TLF"),
    ("Koperasi Tenun Kikit Fehan", "TKF"),
    ("Koperasi Tenun Mata Angin", "TMA"),
    ("Koperasi Tenun Bria Fuan", "TBF"),
    ("Koperasi Tenun Be Liku", ""),
    ("Koperasi Tenun Ro Hai", ""),
    ("Koperasi Tenun Kakait Foho", "TKK"),
]
SAVINGS = [
    ("KSP Kopdit Neon Ida", "KNI"),
    ("KSP Kopdit Naroman Foun", "KNF"),
    ("KSP Kopdit Laran Ida", "KLI"),
    ("KSP Moris Diak", "KMD"),
    ("KSP Kopdit Fitun Lais", "KFL"),
    ("KSP Hakmatek", ""),
    ("KSP Kopdit Susun Fehan", "KSF"),
    ("KSP Kopdit Ulun Toos", ""),
]
VILLAGE_UNITS = ["KUD Rai Fehan", "KUD Loro Matan", "KUD Batar Musan", "KUD Foho Matak"]
VILLAGE_UNITS += ["KUD Tasi Mane"]
PRODUCERS = [
    ("Koperasi Produsen Tani To'os Nain", Group.FARMERS),
    ("Koperasi Tani Batar Matak", Group.FARMERS),
    ("Koperasi Produsen Ternak Karau Metan", Group.FARMERS),
    ("Koperasi Produsen Kemiri Foho", Group.FARMERS),
    ("Koperasi Wanita Tani Kelor Fehan", Group.WOMEN),
    ("Koperasi Tani Fini Diak", Group.FARMERS),
    ("Koperasi Nelayan Tasi Feto", Group.FISHERS),
    ("Koperasi Produsen Garam We Masin", Group.GENERAL),
    ("Koperasi Tani Hare Kous", Group.FARMERS),
]
OTHERS = [
    ("KPRI Guru Neon Matak", Kind.SAVINGS, Group.TEACHERS, "K"),
    ("KPRI Ukun Diak", Kind.CONSUMER, Group.CIVIL, "G"),
    ("Koperasi Konsumen Feto Maluk", Kind.CONSUMER, Group.WOMEN, "G"),
    ("Koperasi Pedagang Basar Loron", Kind.CONSUMER, Group.MARKET, "G"),
    ("Koperasi Jasa Angkutan Dalan Foun", Kind.SERVICE, Group.GENERAL, "H"),
    ("Koperasi Umat Hadomi Malu", Kind.SAVINGS, Group.CHURCH, "K"),
    ("Koperasi Pemuda Foin Sae", Kind.SERVICE, Group.YOUTH, "I"),
    ("Koperasi Pemasaran Sasan Fehan", Kind.MARKETING, Group.GENERAL, "G"),
]
VILLAGE_COOPERATIVES = 19  # Koperasi Desa Merah Putih, one of a village each

# About the middle of each district, for coordinates: (latitude, longitude) in degrees.
CENTRES = {
    "53.21.01": (-9.545, 124.915),
    "53.21.02": (-9.605, 124.865),
    "53.21.03": (-9.650, 124.795),
    "53.21.04": (-9.565, 124.845),
    "53.21.05": (-9.590, 124.725),
    "53.21.06": (-9.500, 124.725),
    "53.21.07": (-9.450, 124.800),
    "53.21.08": (-9.405, 124.855),
    "53.21.09": (-9.385, 124.940),
    "53.21.10": (-9.455, 125.060),
    "53.21.11": (-9.495, 125.005),
    "53.21.12": (-9.465, 124.765),
}
