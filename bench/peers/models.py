"""A copy of the register as one plain table, with the indexes that Django makes by itself."""

from django.db import connection, models

from cooperatives.models import Cooperative, Member, Person
from malaka_portal.models import Region

COPY = """
INSERT INTO peers_line (id, cooperative_id, village_id, name, number, status, sex, phone,
    joined_on, left_on)
SELECT m.id, m.cooperative_id, p.village_id, p.name, m.number, m.status, p.sex,
    coalesce(p.phones[1], ''), m.joined_on, m.left_on
FROM cooperatives_member m JOIN cooperatives_person p ON p.id = m.person_id
"""


class Line(models.Model):
    """A line of the register with its person's columns: no join, which favours the peers."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=100)
    number = models.CharField(max_length=20)
    status = models.CharField(max_length=13, choices=Member.Status.choices)
    sex = models.CharField(max_length=1, choices=Person.Sex.choices, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name


def copy_the_register():
    with connection.schema_editor() as editor:
        editor.create_model(Line)
    with connection.cursor() as cursor:
        cursor.execute(COPY)
