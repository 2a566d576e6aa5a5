"""Requests for a quote: a visitor asks, the cooperative answers, the visitor reads the answer."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import filters, forms, services, tables
from cooperatives.models import Cooperative, Product, QuoteRequest
from malaka_portal import generic, lists
from malaka_portal.rules import may_see_personal
from malaka_portal.shortcuts import on_row
from malaka_portal.submissions import once
from malaka_portal.visitors import private_address

CODE = re.compile(r"[\w-]{12}", re.ASCII)  # as `new_code` makes them
REQUESTS = QuoteRequest.objects.select_related("cooperative", "product", "answered_by")
ASKED = "cooperatives:quote-create"
TOO_MANY = ValidationError(
    gettext_lazy(
        "Many requests came with this number or from this network, so this one is not sent yet. "
        "What you wrote is still here: send it again in an hour."
    ),
    "too_many",
)


@login_not_required
@once(ASKED, form_class=forms.QuoteRequestForm)
def quote_create(request, pk):
    """Ask for a quote of a product that is shown to everybody."""
    product = get_object_or_404(Product.objects.public().select_related("cooperative"), pk=pk)
    return ask(request, product.cooperative, product)


@login_not_required
@once(ASKED, form_class=forms.QuoteRequestForm)
def quote_create_of_cooperative(request, pk):
    """Ask a cooperative for something that it does not show."""
    return ask(request, get_object_or_404(Cooperative.objects.public(), pk=pk))


quote_create.model, quote_create_of_cooperative.model = Product, Cooperative


def ask(request, cooperative, product=None):
    initial = {"what": product.name, "unit": product.unit} if product else {}
    form = forms.QuoteRequestForm(
        request.POST or None,
        instance=QuoteRequest(cooperative=cooperative, product=product),
        initial=initial,
    )
    if form.is_valid():
        try:
            quote = services.ask_for_quote(quote=form.save(commit=False), request=request)
        except services.TooManyRequests:
            form.add_error(None, TOO_MANY)  # what was written stays in the form
        else:
            return redirect("cooperatives:quote-status", quote.code)
    context = {"form": form, "cooperative": cooperative, "product": product}
    status = 429 if form.has_error(NON_FIELD_ERRORS, "too_many") else 200
    response = render(request, "cooperatives/quote_create.html", context, status=status)
    add_never_cache_headers(response)  # it holds a key of its own
    return response


@private_address
def quote_status(request, code):
    """The visitor's own page under its secret address; nothing of who asked stands on it."""
    if not CODE.fullmatch(code):
        raise Http404
    quote = get_object_or_404(REQUESTS, code=code)
    return render(request, "cooperatives/quote_status.html", status_of(quote))


def status_of(quote):
    cooperative = Cooperative.objects.public().filter(pk=quote.cooperative_id).first()
    return {
        "quote": quote,
        "shown_cooperative": cooperative,
        "path": reverse("cooperatives:quote-status", args=[quote.code]),
    }


def whatsapp_text(request, quote):
    """What an officer writes to the buyer, with the way to the buyer's own page."""
    text = _("Hello %(name)s, this is %(cooperative)s about your request: %(what)s. %(url)s")
    if quote.status != QuoteRequest.Status.NEW:
        text = _("Hello %(name)s, %(cooperative)s has answered your request: %(what)s. %(url)s")
    address = reverse("cooperatives:quote-status", args=[quote.code])
    return text % {
        "name": quote.contact_name,
        "cooperative": quote.cooperative,
        "what": quote,
        "url": request.build_absolute_uri(address),
    }


class QuoteRequestListView(lists.KeysetListView):
    queryset = REQUESTS
    columns = tables.QUOTE_REQUEST_COLUMNS
    filters = filters.QUOTE_REQUEST_FILTERS
    sorts = {"newest": lists.Sort(gettext_lazy("Newest first"), ("-id",))}
    empty_text = gettext_lazy("Nobody has asked for a quote yet.")


class QuoteRequestDetailView(generic.DetailView):
    model = QuoteRequest
    queryset = REQUESTS
    template_name = "cooperatives/quoterequest_detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            form=forms.AnswerForm(),
            whatsapp_text=whatsapp_text(self.request, self.object),
            **kwargs,
        )


class QuoteRequestHistoryView(generic.HistoryView):
    model = QuoteRequest


class QuoteRequestCorrectView(generic.UpdateView):
    """Another answer in place of the one that was given."""

    model = QuoteRequest
    queryset = REQUESTS
    form_class = forms.CorrectionForm
    permission_required = "cooperatives.answer_quoterequest"
    heading = gettext_lazy("Correct the answer")
    success_message = gettext_lazy("Your answer is saved. Tell the buyer by WhatsApp too.")

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        waits = self.object.status == QuoteRequest.Status.NEW
        return redirect(self.object) if waits else response

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}


@once("cooperatives:quoterequest-answer", form_class=forms.AnswerForm)
@on_row(REQUESTS, "cooperatives.answer_quoterequest")
def quoterequest_answer(request, quote):
    """Answer, say that it cannot be supplied, or that nobody really asked."""
    form = forms.AnswerForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.answer_quote(
                quote=quote, status=given["act"], answer=given["answer"], by=request.user
            )
        except ValidationError as error:
            quote.refresh_from_db()
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Your answer is saved. Tell the buyer by WhatsApp too."))
            return redirect(quote)
    context = {
        "object": quote,
        "form": form,
        "personal": may_see_personal(request.user, quote),
        "whatsapp_text": whatsapp_text(request, quote),
    }
    return render(request, "cooperatives/quoterequest_detail.html", context)
