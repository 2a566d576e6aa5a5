from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core import checks
from django.utils.translation import gettext_lazy as _

from malaka_portal import national_id, office


class PortalConfig(AppConfig):
    name = "malaka_portal"
    verbose_name = _("Portal")

    def ready(self):
        from malaka_portal import throttle  # needs the models, which load before this

        import_module("malaka_portal.imports.background")  # its jobs register themselves
        throttle.connect()
        checks.register(national_id.check_keys)
        checks.register(office.check_hours)


class BackOfficeConfig(admin_apps.AdminConfig):
    """Django's admin, with the portal's own site."""

    default = False  # of this module it is PortalConfig that "malaka_portal" stands for
    default_site = "malaka_portal.back_office.BackOfficeSite"
