"""Staff look at possible duplicates; and everybody on record so far waits to be compared."""

from django.db import migrations

from malaka_portal.groups import grant

GROUPS = {
    "Staf program": ["view_suspicion", "join_people", "view_joining", "undo_joining"],
}
COMPARE_ALL = """
    INSERT INTO cooperatives_persontocompare (person_id)
    SELECT id FROM cooperatives_person WHERE joined_into_id IS NULL ORDER BY id
"""


def make_groups(apps, schema_editor):
    grant(apps, "cooperatives", GROUPS)


class Migration(migrations.Migration):
    dependencies = [("cooperatives", "0007_duplicates")]

    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunSQL(COMPARE_ALL, migrations.RunSQL.noop),
    ]
