"""Who belongs to an enterprise, and to which cooperatives it belongs itself."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.cooperative import Cooperative
from cooperatives.models.enterprise import Enterprise, OfEnterpriseQuerySet
from cooperatives.models.joined import JOINED, keep_off_joined
from cooperatives.models.person import Person
from malaka_portal.fields import PortalDateField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

# Only a group has members. The groups are locked FOR SHARE before their kind is read: whoever
# changes a kind at this moment is waited for, or waits for us and then finds the member. KEY SHARE,
# which the foreign key takes, would let the change of a kind pass; FOR UPDATE would let two who add
# members wait for each other. Read anew after the lock, so that what was waited for is seen.
ONLY_GROUPS = """
    PERFORM FROM cooperatives_enterprise WHERE id IN ({ids}) ORDER BY id FOR SHARE;
    IF EXISTS (
        SELECT FROM cooperatives_enterprise WHERE id IN ({ids}) AND kind NOT IN ({kinds})
    ) THEN
        RAISE EXCEPTION 'Only a group has members.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'cooperatives_groupmember_of_a_group';
    END IF;
    RETURN NULL;
"""
KINDS = ", ".join(f"'{kind}'" for kind in Enterprise.GROUPS)


class GroupMemberQuerySet(OfEnterpriseQuerySet):
    def listed(self):
        return super().listed().filter(person__is_withheld=False)

    def current(self):
        """Those who have not left the group."""
        return self.filter(left_on__isnull=True)


@tracked()
class GroupMember(PortalModel):
    """A person in a weaver group or another joint business, with the task they have there."""

    class Role(models.TextChoices):
        LEADER = "leader", _("leader")
        SECRETARY = "secretary", _("secretary")
        TREASURER = "treasurer", _("treasurer")
        MEMBER = "member", _("member")

    trigger_messages = {
        "cooperatives_groupmember_of_a_group": _("Only a group has members."),
        "cooperatives_groupmember_not_joined": JOINED,
    }

    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="group_members",
        verbose_name=_("group"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="groups", verbose_name=_("person")
    )
    role = models.CharField(_("task"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    joined_on = PortalDateField(_("joined on"), latest=access.today)
    left_on = PortalDateField(_("left on"), null=True, blank=True, latest=access.today)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        ordering = ["enterprise_id", "role", "id"]
        verbose_name = _("member of a group")
        verbose_name_plural = _("members of groups")
        triggers = [
            # once for a statement, however many rows it brings
            pgtrigger.Trigger(
                name="of_a_group_insert",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),
                func=ONLY_GROUPS.format(ids="SELECT enterprise_id FROM new_values", kinds=KINDS),
            ),
            # whoever left a group stays on record, whatever became of it
            pgtrigger.Trigger(
                name="of_a_group_update",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__left_on__isnull=True, old__left_on__isnull=False)
                | pgtrigger.Q(old__enterprise__df=pgtrigger.F("new__enterprise")),
                func=ONLY_GROUPS.format(ids="NEW.enterprise_id", kinds=KINDS),
            ),
            *keep_off_joined("cooperatives_groupmember_not_joined"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "person"],
                condition=Q(left_on__isnull=True),
                name="%(app_label)s_%(class)s_once_in_a_group",
                violation_error_message=_("This person is already in this group."),
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(left_on__isnull=True, role="leader"),
                name="%(app_label)s_%(class)s_one_leader",
                violation_error_message=_("This group has a leader already."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="%(app_label)s_%(class)s_left_after_joining",
                violation_error_message=_("Nobody leaves a group before joining it."),
            ),
        ]

    def __str__(self):
        return str(self.person)

    def clean(self):
        is_or_comes = self.left_on is None or self._state.adding
        if is_or_comes and self.enterprise_id and not self.enterprise.is_group:
            raise ValidationError(_("Only a group has members."), "not_a_group")
        if self.left_on is None and self.person_id and self.person.joined_into_id:
            raise ValidationError(JOINED, "joined")

    def get_absolute_url(self):
        return self.enterprise.get_absolute_url()


@tracked()
class EnterpriseMembership(PortalModel):
    """An enterprise belongs to a cooperative, from a day on (until another)."""

    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("enterprise"),
    )
    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        related_name="enterprise_memberships",
        verbose_name=_("cooperative"),
    )
    since = PortalDateField(_("since"), latest=access.today)
    until = PortalDateField(_("until"), null=True, blank=True, latest=access.today)

    objects = OfEnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = _("membership of an enterprise")
        verbose_name_plural = _("memberships of enterprises")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "cooperative"],
                condition=Q(until__isnull=True),
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This enterprise belongs to this cooperative already."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("A membership cannot end before it began."),
            ),
        ]

    def __str__(self):
        return str(self.cooperative)

    def get_absolute_url(self):
        return self.enterprise.get_absolute_url()
