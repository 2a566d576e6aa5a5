"""Class-based views of the portal. A row out of sight is a 404; an act not permitted, a 403."""

from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views import generic
from rules.contrib.views import PermissionRequiredMixin

from malaka_portal.changes import changes_of, last_change
from malaka_portal.rules import may_see_personal, shows_person
from malaka_portal.submissions import once


class VisibleMixin:
    """Rows that the user may see; whoever overrides `get_queryset` calls this one."""

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)


class TemplateMixin:
    """<app>/<model>_<suffix>.html where it exists, else generic/object_<suffix>.html."""

    def get_template_names(self):
        return [*super().get_template_names(), f"generic/object{self.template_name_suffix}.html"]


class DetailView(VisibleMixin, TemplateMixin, generic.DetailView):
    """A row's page. `personal` says whether the template may show personal columns, and
    `shows_person` whether it tells of its person as they are now."""

    def get_context_data(self, **kwargs):
        who, when = last_change(self.object)
        return super().get_context_data(
            personal=may_see_personal(self.request.user, self.object),
            shows_person=shows_person(self.request.user, self.object),
            last_changed_by=who,
            last_changed_at=when,
            **kwargs,
        )


class HistoryView(VisibleMixin, generic.DetailView):
    """Every change of a row, in words."""

    template_name = "generic/object_history.html"

    def get_context_data(self, **kwargs):
        personal = may_see_personal(self.request.user, self.object)
        return super().get_context_data(
            changes=changes_of(self.object, personal=personal), **kwargs
        )


class EditMixin(PermissionRequiredMixin, TemplateMixin, SuccessMessageMixin):
    success_message = _("Saved.")

    def form_valid(self, form):
        try:
            with transaction.atomic():
                response = super().form_valid(form)
                self.refuse_out_of_sight()
            return response
        except ValidationError as error:  # a row that was saved meanwhile stands in the way
            form.add_error(None, error.messages)
            return self.form_invalid(form)

    def refuse_out_of_sight(self):
        """Nobody moves a row to where they could not see it: out of their area."""
        rows = type(self.object)._default_manager.visible_to(self.request.user)
        if not rows.filter(pk=self.object.pk).exists():
            raise ValidationError(
                _("This lies outside your area. Choose a village inside it."), "out_of_sight"
            )

    def get_context_data(self, **kwargs):
        return super().get_context_data(heading=self.heading, back=self.back, **kwargs)


class UpdateView(VisibleMixin, EditMixin, generic.UpdateView):
    """Its form is a VersionedForm, and the row stays locked from reading to saving."""

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_for_update(of=("self",)) if self.request.method == "POST" else rows

    def get_form(self, form_class=None):
        """Whoever may change the row but not see its personal columns changes the others."""
        form = super().get_form(form_class)
        if not may_see_personal(self.request.user, self.object):
            for name in self.object.personal_fields & set(form.fields):
                del form.fields[name]
        return form

    @cached_property
    def stored(self):
        """The row as it is stored: a form with errors has already changed the object's own."""
        return type(self.object)._base_manager.get(pk=self.object.pk)

    @property
    def heading(self):
        return _("Change %(name)s") % {"name": self.stored}

    @property
    def back(self):
        return self.object.get_absolute_url()


class CreateView(EditMixin, generic.CreateView):
    """A form that makes a row; sent twice, it makes one (see `submissions`)."""

    def dispatch(self, request, *args, **kwargs):
        act = once(request.resolver_match.view_name, form_class=self.form_class)(super().dispatch)
        return act(request, *args, **kwargs)

    @property
    def heading(self):
        return _("New: %(model)s") % {"model": capfirst(self.model._meta.verbose_name)}

    back = None


class CreateRelatedView(CreateView):
    """Make a row under the parent in the address; permission is asked of the parent."""

    related_field = None

    @cached_property
    def related_object(self):
        parents = self.model._meta.get_field(self.related_field).related_model.objects
        return get_object_or_404(parents.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_permission_object(self):
        return self.related_object

    def get_initial(self):
        return super().get_initial() | {self.related_field: self.related_object}

    @property
    def back(self):
        return self.related_object.get_absolute_url()

    def get_success_url(self):
        return self.related_object.get_absolute_url()
