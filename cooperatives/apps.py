from functools import partial
from importlib import import_module

from django.apps import AppConfig
from django.db import transaction
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


def look_for_duplicates(sender, instance, using, raw=False, **kwargs):
    """Compare whoever was saved as soon as it is final. What was written past Django waits for
    the command `find_duplicates` (docs/adr/0008-duplicates.md)."""
    from cooperatives import services  # needs the models, which load before this

    if not raw:
        act = partial(services.find_duplicates, people=[instance.pk])
        transaction.on_commit(act, using=using, robust=True)


class CooperativesConfig(AppConfig):
    name = "cooperatives"
    verbose_name = _("Cooperatives")

    def ready(self):
        import_module("cooperatives.imports")  # its kinds register themselves
        person = self.get_model("Person")
        post_save.connect(look_for_duplicates, sender=person, dispatch_uid="look_for_duplicates")
