"""The two groups of the programme's own people. Officers need none: their term is their right."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

READ = [
    "amendment",
    "cooperative",
    "member",
    "officer",
    "person",
    "statuschange",
    "yearlysnapshot",
]
WRITE = [*READ, "consent"]
STAFF = [
    *(f"{act}_{model}" for model in WRITE for act in ("view", "add", "change")),
    "view_nikclaim",
    "view_proposal",
    "claim_person",
    "decide_nikclaim",
    "decide_proposal",
    "invite_officer",
    "view_personal_data",
    "reveal_national_id",
]
GROUPS = {"Staf program": STAFF, "Peninjau": [f"view_{model}" for model in READ]}


def make_groups(apps, schema_editor):
    # permissions are made after all migrations; the groups need them now
    config = apps.get_app_config("cooperatives")
    module = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = module
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _created = Group.objects.get_or_create(name=name)
        found = Permission.objects.filter(
            content_type__app_label="cooperatives", codename__in=codenames
        )
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("cooperatives", "0001_registry"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
