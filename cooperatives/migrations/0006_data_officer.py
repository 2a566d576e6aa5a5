"""Who answers for personal data: sees the accesses, makes dossiers, finishes withdrawals."""

from django.db import migrations

from malaka_portal.groups import grant

NAME = "Petugas data pribadi"
READ = [
    "amendment",
    "consent",
    "cooperative",
    "credential",
    "enterprise",
    "enterprisemembership",
    "enterprisesnapshot",
    "groupmember",
    "member",
    "nikclaim",
    "officer",
    "person",
    "product",
    "proposal",
    "statuschange",
    "support",
    "yearlysnapshot",
]
REGISTRY = [
    *(f"view_{model}" for model in READ),
    "view_personal_data",
    "make_dossier",
    "add_consent",
    "change_consent",
]


def make_groups(apps, schema_editor):
    grant(apps, "cooperatives", {NAME: REGISTRY})
    grant(apps, "malaka_portal", {NAME: ["view_accesslog"]})


class Migration(migrations.Migration):
    dependencies = [
        ("cooperatives", "0005_withheld"),
        ("malaka_portal", "0010_access_kinds"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
