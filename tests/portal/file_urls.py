"""The portal with one table of private files, for the tests of `malaka_portal.files`.

The model lives in a registry of its own, so that no migration is asked for it; the tests make its
table.
"""

from django.db import models
from django.test.utils import isolate_apps
from django.urls import path

from malaka_portal import urls
from malaka_portal.files import PrivateFileField, PrivateFileView
from malaka_portal.models import PortalQuerySet


class PaperQuerySet(PortalQuerySet):
    def managed_by(self, user):
        return self.filter(owner=user.pk)


with isolate_apps("malaka_portal"):

    class Paper(models.Model):
        owner = models.BigIntegerField()
        file = PrivateFileField(upload_to="papers")
        photo = PrivateFileField(upload_to="photos", blank=True, kinds=["JPEG"], max_bytes=1024**2)

        objects = PaperQuerySet.as_manager()

        class Meta:
            app_label = "malaka_portal"

        def __str__(self):
            return "Berita acara 12/BA/2026 CV. Maju\u202e\r\n"


handler400 = urls.handler400
urlpatterns = [
    *urls.urlpatterns,
    path("berkas/<int:pk>/", PrivateFileView.as_view(model=Paper)),
    path("foto/<int:pk>/", PrivateFileView.as_view(model=Paper, field="photo")),
]
