"""What the registry's pages accept. The rules of the rows themselves stand on the models."""

from cooperatives.forms.cooperative import (
    AmendmentForm,
    CooperativeForm,
    StatusChangeForm,
    YearlySnapshotForm,
)
from cooperatives.forms.credential import CredentialForm
from cooperatives.forms.enterprise import (
    EndMembershipForm,
    EnterpriseForm,
    EnterpriseMembershipForm,
    EnterpriseSnapshotForm,
    GroupMemberForm,
    LeaveForm,
    NewGroupMemberForm,
    OwnEnterpriseForm,
    SupportForm,
)
from cooperatives.forms.joining import DifferentForm, JoinForm
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
    DossierForm,
    NewPersonForm,
    ObjectionForm,
    PersonForm,
    ProposalForm,
    ReasonForm,
    RevealForm,
    form_of_proposal,
    spelled,
)
from cooperatives.forms.product import (
    CooperativeProductForm,
    EnterpriseProductForm,
    MotifForm,
    PhotoForm,
    PriceForm,
    ProductForm,
    PublicationForm,
)
from cooperatives.forms.quote import AnswerForm, CorrectionForm, QuoteRequestForm

__all__ = [
    "AmendmentForm",
    "AnswerForm",
    "ClaimForm",
    "CloseLineForm",
    "ConsentForm",
    "DossierForm",
    "CooperativeForm",
    "CredentialForm",
    "EndMembershipForm",
    "EndTermForm",
    "EnrolForm",
    "EnterpriseForm",
    "EnterpriseMembershipForm",
    "EnterpriseSnapshotForm",
    "GroupMemberForm",
    "LeaveForm",
    "DifferentForm",
    "JoinForm",
    "MemberForm",
    "NewGroupMemberForm",
    "CooperativeProductForm",
    "EnterpriseProductForm",
    "MotifForm",
    "NewMemberForm",
    "NewPersonForm",
    "ObjectionForm",
    "OfficerForm",
    "OwnEnterpriseForm",
    "PersonForm",
    "PhotoForm",
    "PriceForm",
    "ProductForm",
    "ProposalForm",
    "PublicationForm",
    "CorrectionForm",
    "QuoteRequestForm",
    "ReasonForm",
    "RevealForm",
    "StatusChangeForm",
    "SupportForm",
    "YearlySnapshotForm",
    "form_of_proposal",
    "spelled",
]
