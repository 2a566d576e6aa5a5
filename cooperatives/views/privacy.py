"""What the law on personal data gives a person: consents, an objection, a copy of everything."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cooperatives import forms, services
from cooperatives.models import Consent, Person
from cooperatives.reports.dossier import gather
from cooperatives.reports.dossier_json import as_json
from cooperatives.reports.dossier_pdf import as_pdf
from malaka_portal import generic, national_id
from malaka_portal.models import AccessLog
from malaka_portal.shortcuts import on_row
from malaka_portal.submissions import once

PEOPLE = Person.objects.select_related("village__parent", "joined_into")


class ConsentCreateView(generic.CreateRelatedView):
    model = Consent
    form_class = forms.ConsentForm
    related_field = "person"
    permission_required = "cooperatives.add_consent"


@on_row(Consent.objects.all(), "cooperatives.change_consent")
def consent_withdraw(request, consent):
    """From now on the consent no longer holds."""
    if request.method != "POST":  # a link, or back from the sign-in page
        return redirect(consent.person)
    try:
        services.withdraw_consent(consent=consent)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The consent is withdrawn."))
    return redirect(consent.person)


@once("cooperatives:person-object", form_class=forms.ObjectionForm)
@on_row(PEOPLE, "cooperatives.add_consent")
def person_object(request, person):
    """Somebody wants the programme to keep nothing of them beyond their cooperative's register."""
    form = forms.ObjectionForm(request.POST or None)
    if form.is_valid():
        try:
            services.record_objection(person=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("From now on this person stands in no list."))
            return redirect(person)
    context = {
        "form": form,
        "heading": _("%(name)s objects to being recorded") % {"name": person},
        "back": person.get_absolute_url(),
    }
    return render(request, "cooperatives/person_object.html", context)


# --- the dossier ----------------------------------------------------------------------------------
@on_row(PEOPLE, "cooperatives.make_dossier")
def person_dossier(request, person):
    """Everything about one person as a file, logged before its first byte."""
    form = forms.DossierForm(request.POST or None)
    if form.is_valid() and person.joined_into_id:  # what is held is tied to the other record
        form.add_error(
            None, _("This record belongs to another record of the same person. Choose that one.")
        )
    if form.is_valid():
        kind = "json" if request.POST.get("format") == "json" else "pdf"
        try:
            return dossier_file(request, person, kind, form.cleaned_data)
        except national_id.Unreadable as error:
            form.add_error(None, error)
    context = {"form": form, "person": person, "back": person.get_absolute_url()}
    return render(request, "cooperatives/person_dossier.html", context)


def dossier_file(request, person, kind, asked):
    """The response; national_id.Unreadable when the whole NIK is asked for and cannot be read."""
    at, dossier = timezone.now(), gather(person)
    AccessLog.objects.create(
        user=request.user,
        kind=AccessLog.Kind.DOSSIER,
        subject=Person._meta.label_lower,
        object_id=person.pk,
        reason=asked["reason"],
        rows=dossier.row_count,
        query=f"{request.path}?ktp=ya" if asked["id_checked"] else request.path,
        format=kind,
    )
    nik = person.national_id() if asked["id_checked"] else person.masked_nik
    made = {"by": request.user, "at": at, "reason": asked["reason"], "nik": nik}
    if kind == "json":
        told = as_json(dossier, id_checked=asked["id_checked"], **made)
        content = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    else:
        with translation.override("id"):
            content = as_pdf(dossier, id_checked=asked["id_checked"], **made)
    name = f"berkas-{slugify(person.name) or person.pk}-{timezone.localdate(at):%Y-%m-%d}.{kind}"
    return HttpResponse(
        content,
        content_type=f"application/{kind}",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
