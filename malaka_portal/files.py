"""Files that only some people may see: where they are kept, and the one way to them.

They lie under MEDIA_ROOT, which no address leads to; a view asks `visible_to` and streams them.
"""

import logging
import secrets
from pathlib import PurePosixPath

from django import forms
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views import View

from malaka_portal import uploads

logger = logging.getLogger(__name__)


class PrivateStorage(FileSystemStorage):
    """A folder that only the portal's own user may enter; its files have no address."""

    def __init__(self, **options):
        modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        super().__init__(**modes | options)

    def url(self, name):
        """Empty: the admin asks for it, and an error here would be a broken page there."""
        return ""


class PrivateFormFileField(forms.FileField):
    """Cleans to a CheckedFile, which also knows the name that its owner gave it."""

    def __init__(self, *, kinds=uploads.KINDS, max_bytes=uploads.MAX_BYTES, **kwargs):
        self.kinds, self.max_bytes = kinds, max_bytes
        super().__init__(**kwargs)

    def to_python(self, data):
        upload = super().to_python(data)
        return upload and uploads.check(upload, self.kinds, self.max_bytes)

    def widget_attrs(self, widget):
        accepted = [uploads.CONTENT_TYPES[uploads.EXTENSIONS[kind]] for kind in self.kinds]
        return super().widget_attrs(widget) | {"accept": ",".join(accepted)}


class PrivateFieldFile(FieldFile):
    def save(self, name, content, save=True):
        """Checks what did not come through a form; ValidationError if it may not be kept."""
        checked = uploads.check(content, self.field.kinds, self.field.max_bytes)
        super().save(checked.name, checked, save)


class PrivateFileField(models.FileField):
    """A PDF or picture on the private storage, under a random name of 128 bits.

    `kinds` are some of `uploads.KINDS`; `max_bytes` bounds what is sent. Both bind what comes in
    and are no part of the column, so migrations do not mention them.
    """

    attr_class = PrivateFieldFile

    def __init__(self, *args, kinds=uploads.KINDS, max_bytes=uploads.MAX_BYTES, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds, self.max_bytes = kinds, max_bytes

    def generate_filename(self, instance, filename):
        """`<upload_to>/3f/3f…c1.pdf`, drawn anew, so that nobody's wish is in it."""
        name = secrets.token_hex(16)
        extension = PurePosixPath(filename).suffix
        return str(PurePosixPath(self.upload_to, name[:2], name + extension))

    def formfield(self, **kwargs):
        defaults = {
            "form_class": PrivateFormFileField,
            "kinds": self.kinds,
            "max_bytes": self.max_bytes,
            "max_length": None,  # the sender's name is not what is stored
        }
        return super().formfield(**defaults | kwargs)


def forget(model, field_name, name):
    """Remove the stored file `name`, which a row of `model` named before, unless one still does.

    Only after the transaction that replaced it: what is undone then still has its file.
    """
    if name and not model._base_manager.filter(**{field_name: name}).exists():
        model._meta.get_field(field_name).storage.delete(name)


def file_response(field_file, *, filename):
    """Stream a stored file as `filename`; Http404 when there is none.

    Pictures may stand in a page. A PDF is offered to be saved, since it may hold scripts.
    """
    if not field_file:
        raise Http404
    extension = PurePosixPath(field_file.name).suffix
    try:
        content = field_file.storage.open(field_file.name, "rb")
    except FileNotFoundError as error:
        logger.error("The stored file %s is missing.", field_file.name)
        raise Http404 from error
    called = str(filename).replace("/", "-")  # a row may be called after a number like 12/BA/2026
    kind = uploads.CONTENT_TYPES.get(extension, "application/octet-stream")
    return FileResponse(
        content,
        as_attachment=not kind.startswith("image/"),
        filename=uploads.display_name(called, extension),
        content_type=kind,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
            # these files are compressed already; gzip would only hide their length
            "Content-Encoding": "identity",
        },
    )


class PrivateFileView(View):
    """GET streams the file of a row that the user may see; every other row is a missing page.

    `path("<int:pk>/foto/", PrivateFileView.as_view(model=Enterprise, field="photo"))`
    """

    http_method_names = ["get", "head", "options"]
    model = None
    field = "file"

    def filename(self, row):
        """What the file is called on the phone that saves it."""
        return str(row)

    def get_queryset(self):
        return self.model._default_manager.visible_to(self.request.user)

    def get(self, request, pk):
        row = get_object_or_404(self.get_queryset(), pk=pk)
        return file_response(getattr(row, self.field), filename=self.filename(row))
