"""Photos of products: put up, looked at inside, and taken down."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import forms
from cooperatives.models import ProductPhoto, access
from malaka_portal import generic
from malaka_portal.files import PrivateFileView
from malaka_portal.shortcuts import on_row

WEEK = 7 * 24 * 3600
PHOTOS = ProductPhoto.objects.current().select_related("product")


class PhotoCreateView(generic.CreateRelatedView):
    model = ProductPhoto
    form_class = forms.PhotoForm
    related_field = "product"
    permission_required = "cooperatives.add_productphoto"
    heading = gettext_lazy("Add a photo")


class PhotoView(PrivateFileView):
    """A file that never changes under its address: the phone may keep it, nobody between."""

    model = ProductPhoto

    def get_queryset(self):
        return super().get_queryset().current()

    def get(self, request, pk):
        response = super().get(request, pk)
        response["Cache-Control"] = f"private, max-age={WEEK}, immutable"
        return response


class ImageView(PhotoView):
    field = "image"


class ThumbnailView(PhotoView):
    field = "thumbnail"


@on_row(PHOTOS, "cooperatives.change_productphoto")
def photo_remove(request, photo):
    """Take a photo down: it is kept, and no longer shown."""
    if request.method == "POST":
        rows = ProductPhoto.objects.select_for_update(of=("self",))
        photo = rows.get(pk=photo.pk)
        photo.removed_on = photo.removed_on or access.today()
        photo.save()
        messages.success(request, _("The photo is taken down."))
        return redirect(photo.product)
    context = {"photo": photo, "back": photo.get_absolute_url()}
    return render(request, "cooperatives/productphoto_remove.html", context)
