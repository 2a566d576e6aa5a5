"""Giving groups their permissions, in a migration."""

from django.contrib.auth.management import create_permissions


def grant(apps, app_label, permissions):
    """Add to each group of `permissions` ({name: [codename]}) those permissions of `app_label`;
    a group that is missing is made. Permissions are made after all migrations, the groups need
    them now. LookupError names a codename that no model has."""
    config = apps.get_app_config(app_label)
    module = getattr(config, "models_module", None)
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = module
    group_model = apps.get_model("auth", "Group")
    known = {
        permission.codename: permission
        for permission in apps.get_model("auth", "Permission").objects.filter(
            content_type__app_label=app_label
        )
    }
    for name, codenames in permissions.items():
        if missing := sorted(set(codenames) - set(known)):
            raise LookupError(f"{app_label} has no permission {missing}")
        group, _created = group_model.objects.get_or_create(name=name)
        group.permissions.add(*(known[codename] for codename in codenames))
