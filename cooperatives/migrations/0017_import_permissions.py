"""The office looks at what was brought in, and may take it back."""

from django.db import migrations

from malaka_portal.groups import grant

GROUPS = {"Staf program": ["view_import", "undo_import"]}


def make_groups(apps, schema_editor):
    grant(apps, "malaka_portal", GROUPS)


class Migration(migrations.Migration):
    dependencies = [("cooperatives", "0016_declared"), ("malaka_portal", "0014_imports")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
