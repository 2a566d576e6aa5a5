"""What the registry's pages accept. The rules of the rows themselves stand on the models."""

from cooperatives.forms.cooperative import (
    AmendmentForm,
    CooperativeForm,
    StatusChangeForm,
    YearlySnapshotForm,
)
from cooperatives.forms.member import (
    CloseLineForm,
    EnrolForm,
    MemberForm,
    NewMemberForm,
)
from cooperatives.forms.officer import (
    EndTermForm,
    OfficerForm,
)
from cooperatives.forms.person import (
    ClaimForm,
    ConsentForm,
    NewPersonForm,
    PersonForm,
    ProposalForm,
    ReasonForm,
    RevealForm,
    form_of_proposal,
    spelled,
)

__all__ = [
    "AmendmentForm",
    "ClaimForm",
    "CloseLineForm",
    "ConsentForm",
    "CooperativeForm",
    "EndTermForm",
    "EnrolForm",
    "MemberForm",
    "NewMemberForm",
    "NewPersonForm",
    "OfficerForm",
    "PersonForm",
    "ProposalForm",
    "ReasonForm",
    "RevealForm",
    "StatusChangeForm",
    "YearlySnapshotForm",
    "form_of_proposal",
    "spelled",
]
