"""What may need action: each kind with its list, its rows and its words, the worst first."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cooperatives.models import (
    Cooperative,
    Credential,
    MeetingState,
    NikClaim,
    Person,
    Proposal,
    QuoteRequest,
    Suspicion,
    access,
)


@dataclass(frozen=True)
class Kind:
    """A kind of thing to see to. `rows` gives, for a `Scope`, the querysets that the list under
    `name` and `query` shows, or nothing where the line is not for this user. `own` is said instead
    of `text` to an officer of one cooperative, of that one: then it leads to its page."""

    name: str
    query: str
    rows: Callable
    text: str
    tag: str
    colour: str
    own: str = ""


class Scope:
    """Whose rows are asked for, and on which day."""

    def __init__(self, user, on):
        self.user, self.on = user, on
        self.runs = bool(access.ids_run_by(user))
        self.decides = user.has_perm("cooperatives.decide_nikclaim")
        self.asked = {}

    def seen(self, model):
        if model not in self.asked:
            self.asked[model] = model.objects.visible_to(self.user).listed()
        return self.asked[model]

    def meetings(self, state):
        return [self.seen(Cooperative).annual_meeting(state, on=self.on)]

    def papers(self, days):
        return [self.seen(Credential).ending(on=self.on, days=days)]


def withheld(scope):
    """For whoever finishes withdrawals; the law gives few hours."""
    if not scope.user.has_perm("cooperatives.make_dossier"):
        return []
    return [Person.objects.visible_to(scope.user).current().withheld()]


def to_decide(scope):
    return waiting_for_programme(scope) if scope.decides else []


def sent_to_programme(scope):
    return waiting_for_programme(scope) if scope.runs and not scope.decides else []


def waiting_for_programme(scope):
    return [scope.seen(model).pending() for model in (NikClaim, Proposal)]


def duplicates(scope):
    joins = scope.user.has_perm("cooperatives.join_people")
    return [scope.seen(Suspicion).pending()] if joins else []


def refused(scope):
    return [NikClaim.objects.managed_by(scope.user).listed().to_ask_again()] if scope.runs else []


KINDS = (
    Kind(
        "person-list",
        "?tarik=on",
        withheld,
        ngettext_lazy(
            "%(count)s person objects to being recorded",
            "%(count)s people object to being recorded",
            "n",
        ),
        _("Urgent"),
        "red",
    ),
    Kind(
        "credential-list",
        "?masa=habis",
        lambda scope: [scope.seen(Credential).expired(on=scope.on)],
        ngettext_lazy("%(count)s paper has run out", "%(count)s papers have run out", "n"),
        _("Run out"),
        "red",
    ),
    Kind(
        "cooperative-list",
        "?rat=two",
        lambda scope: [scope.seen(Cooperative).missed_two_meetings(on=scope.on)],
        ngettext_lazy(
            "%(count)s cooperative held no annual meeting (RAT) for two years",
            "%(count)s cooperatives held no annual meeting (RAT) for two years",
            "n",
        ),
        _("In danger"),
        "red",
        _("No annual meeting (RAT) was held for two years"),
    ),
    Kind(
        "cooperative-list",
        "?rat=law",
        lambda scope: scope.meetings(MeetingState.LAW),
        ngettext_lazy(
            "%(count)s annual meeting (RAT) is overdue by the law",
            "%(count)s annual meetings (RAT) are overdue by the law",
            "n",
        ),
        _("Overdue"),
        "red",
        _("The annual meeting (RAT) is overdue by the law"),
    ),
    Kind(
        "quoterequest-list",
        "?status=new",
        lambda scope: [scope.seen(QuoteRequest).waiting()],
        ngettext_lazy(
            "%(count)s request for a quote waits for an answer",
            "%(count)s requests for quotes wait for an answer",
            "n",
        ),
        _("To answer"),
        "yellow",
    ),
    Kind(
        "cooperative-list",
        "?rat=ministry",
        lambda scope: scope.meetings(MeetingState.MINISTRY),
        ngettext_lazy(
            "%(count)s annual meeting (RAT) is overdue by the ministry's deadline",
            "%(count)s annual meetings (RAT) are overdue by the ministry's deadline",
            "n",
        ),
        _("Overdue"),
        "red",
        _("The annual meeting (RAT) is overdue by the ministry's deadline"),
    ),
    Kind(
        "credential-list",
        "?masa=30",
        lambda scope: scope.papers(30),
        ngettext_lazy(
            "%(count)s paper runs out within 30 days",
            "%(count)s papers run out within 30 days",
            "n",
        ),
        _("Soon"),
        "yellow",
    ),
    Kind(
        "work-list",
        "",
        to_decide,
        ngettext_lazy(
            "%(count)s NIK or change is to be checked",
            "%(count)s NIK and changes are to be checked",
            "n",
        ),
        _("To check"),
        "blue",
    ),
    Kind(
        "suspicion-list",
        "",
        duplicates,
        ngettext_lazy(
            "%(count)s pair of people may be one person",
            "%(count)s pairs of people may be one person each",
            "n",
        ),
        _("To check"),
        "blue",
    ),
    Kind(
        "work-list",
        "#refused",
        refused,
        ngettext_lazy(
            "%(count)s NIK was wrong: ask for it again",
            "%(count)s NIK were wrong: ask for them again",
            "n",
        ),
        _("Refused"),
        "yellow",
    ),
    Kind(
        "cooperative-list",
        "?ketua=tidak",
        lambda scope: [scope.seen(Cooperative).without_chair(on=scope.on)],
        ngettext_lazy(
            "%(count)s cooperative has no chair", "%(count)s cooperatives have no chair", "n"
        ),
        _("No chair"),
        "yellow",
        _("Nobody is recorded as the chair of the board"),
    ),
    Kind(
        "cooperative-list",
        "?rat=due",
        lambda scope: scope.meetings(MeetingState.DUE) if scope.runs else [],
        ngettext_lazy(
            "%(count)s annual meeting (RAT) is still to be held",
            "%(count)s annual meetings (RAT) are still to be held",
            "n",
        ),
        _("Prepare"),
        "yellow",
        _("The annual meeting (RAT) is still to be held"),
    ),
    Kind(
        "credential-list",
        "?masa=90",
        lambda scope: scope.papers(90),
        ngettext_lazy(
            "%(count)s paper runs out within 90 days",
            "%(count)s papers run out within 90 days",
            "n",
        ),
        _("Soon"),
        "blue",
    ),
    Kind(
        "work-list",
        "",
        sent_to_programme,
        ngettext_lazy(
            "%(count)s NIK or change waits for the programme",
            "%(count)s NIK and changes wait for the programme",
            "n",
        ),
        _("Waiting"),
        "blue",
    ),
)
