from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "malaka_portal"
    verbose_name = _("Portal")

    def ready(self):
        from malaka_portal import throttle  # needs the models, which load before this

        throttle.connect()
