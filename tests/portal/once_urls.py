"""The portal with a few forms that save once, for the tests of `malaka_portal.submissions`.

Each form records a spelling variant of a region. Its name gets a random tail, so that a form saved
twice gives two rows instead of an error.
"""

import time
import uuid

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template import engines
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from malaka_portal import urls
from malaka_portal.fields import NationalIdFormField
from malaka_portal.models import RegionAlias
from malaka_portal.submissions import once

PAGE = engines["django"].from_string(
    '{% extends "base.html" %}{% load portal crispy_forms_filters %}{% block content %}'
    '<form method="post" enctype="multipart/form-data" novalidate>{% csrf_token %}'
    "{% idempotency_key form %}{{ form|crispy }}<button class='button'>Simpan</button></form>"
    "{% endblock %}"
)


class AliasForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(label="Nama", max_length=60)
    kind = forms.ChoiceField(label="Jenis", choices=[("a", "Ejaan lama")], required=False)
    nik = NationalIdFormField(label="NIK pencatat", required=False)
    note = forms.CharField(label="Catatan", required=False, widget=forms.Textarea)
    tags = forms.MultipleChoiceField(
        label="Tanda", choices=[("x", "Resmi"), ("y", "Setempat")], required=False
    )
    photo = forms.FileField(label="Foto", required=False)


def save(name):
    return RegionAlias.objects.create(region_id="53", name=f"{name} {uuid.uuid4()}")


def show(request, form):
    return HttpResponse(PAGE.render({"form": form}, request))


def plain(request):
    form = AliasForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        alias = save(form.cleaned_data["name"])
        return redirect(f"/wilayah/53/?alias={alias.pk}")
    return show(request, form)


def checks_first(request):
    """What people write when they have no `once`: ask whether it is there, then save."""
    name = request.POST["name"]
    if not RegionAlias.objects.filter(name__startswith=f"{name} ").exists():
        time.sleep(0.01)
        save(name)
    return redirect("/wilayah/53/")


def slow(request):
    if request.method == "POST":
        time.sleep(1)
    return plain(request)


ENDS = {
    "error": RuntimeError,
    "missing": Http404,
    "refused": PermissionDenied,
}


def saves_then(request, end):
    """Saves a row and then ends in a way that must undo it."""
    save("setengah jadi")
    if end in ENDS:
        raise ENDS[end]("on purpose")
    if end == "elsewhere":
        return HttpResponseRedirect("https://example.com/")
    if end == "sign-in":
        return redirect("/masuk/?next=/")
    return HttpResponse("Periksa dulu jawaban Anda.")


@method_decorator(once("alias-class", form_class=AliasForm), name="dispatch")
class AliasView(FormView):
    form_class = AliasForm

    def form_valid(self, form):
        self.success_url = f"/wilayah/53/?alias={save(form.cleaned_data['name']).pk}"
        return super().form_valid(form)

    def form_invalid(self, form):
        return show(self.request, form)


guarded = once("alias", form_class=AliasForm)
urlpatterns = [
    *urls.urlpatterns,
    path("uji/sekali/", guarded(plain)),
    path("uji/sekali/<int:number>/", guarded(lambda request, number: plain(request))),
    path("uji/lain/", once("other")(plain)),
    path("uji/kelas/", AliasView.as_view()),
    path("uji/lambat/", guarded(slow)),
    path("uji/umum/", login_not_required(guarded(plain))),
    path("uji/umum/<str:end>/", login_not_required(guarded(saves_then))),
    path("uji/tanpa/", plain),
    path("uji/periksa/", checks_first),
    path("uji/lalu/<str:end>/", guarded(saves_then)),
]
