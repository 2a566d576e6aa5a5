"""Pages of enterprises' papers: which run out, one paper, and its copy."""

from django.db.models import F
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives import filters, forms, tables
from cooperatives.models import Credential
from malaka_portal import generic, lists
from malaka_portal.files import file_response
from malaka_portal.models import AccessLog
from malaka_portal.shortcuts import on_row

PAPERS = Credential.objects.select_related("enterprise__village__parent")


class CredentialListView(lists.KeysetListView):
    """The papers that have an end, those that run out first on top."""

    queryset = PAPERS.held().filter(valid_until__isnull=False).annotate(ends=F("valid_until"))
    columns = tables.CREDENTIAL_COLUMNS
    filters = filters.CREDENTIAL_FILTERS
    sorts = {"ends": lists.Sort(_("Those that run out first"), ("ends", "id"))}
    heading = _("Papers that run out")
    empty_text = _("No paper with an end is recorded.")
    template_name = "cooperatives/credential_list.html"

    @property
    def back(self):
        return _("Enterprises"), reverse("cooperatives:enterprise-list")


class CredentialDetailView(generic.DetailView):
    model = Credential
    queryset = PAPERS

    def get_context_data(self, **kwargs):
        return super().get_context_data(state=tables.state_of_paper(self.object), **kwargs)


class CredentialHistoryView(generic.HistoryView):
    model = Credential


class CredentialCreateView(generic.CreateRelatedView):
    model = Credential
    heading = _("Record a paper")
    form_class = forms.CredentialForm
    related_field = "enterprise"
    permission_required = "cooperatives.add_credential"


class CredentialUpdateView(generic.UpdateView):
    model = Credential
    queryset = Credential.objects.select_related("enterprise")
    form_class = forms.CredentialForm
    permission_required = "cooperatives.change_credential"


@on_row(PAPERS, "cooperatives.take_credential")
def credential_file(request, credential):
    """Hand out the copy of a paper. It is written down who took it, and a GET never writes."""
    if request.method != "POST":  # a link, or back from the sign-in page
        return redirect(credential)
    response = file_response(credential.document, filename=f"{credential} {credential.enterprise}")
    AccessLog.objects.create(
        user=request.user,
        kind=AccessLog.Kind.FILE,
        subject=Credential._meta.label_lower,
        object_id=credential.pk,
        rows=1,
    )
    return response
