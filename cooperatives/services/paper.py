"""Copies of papers that were replaced."""

from django.db.models import Exists, OuterRef

from cooperatives.models import Credential
from malaka_portal.files import forget


def forget_replaced_copies():
    """Remove every copy that the history names and no paper does, if it is still there.

    A copy goes by itself when it is replaced (`Credential.save`); this finds what a crash between
    the commit and the removal left behind, or a change past the model. Files that the history does
    not know stay: were the portal started on a wrong database, nothing would be lost.
    """
    named = Credential.objects.filter(document=OuterRef("document"))
    replaced = Credential.pgh_event_model.objects.exclude(document="").filter(~Exists(named))
    for name in replaced.values_list("document", flat=True).distinct():
        forget(Credential, "document", name)
