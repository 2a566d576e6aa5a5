"""The registry: cooperatives and enterprises, the people in them, and what they make."""

from cooperatives.models.annual_meeting import MeetingState, meeting_of
from cooperatives.models.belonging import EnterpriseMembership, GroupMember
from cooperatives.models.claim import NikClaim
from cooperatives.models.consent import Consent
from cooperatives.models.cooperative import Cooperative
from cooperatives.models.cooperative_change import Amendment, StatusChange
from cooperatives.models.credential import Credential
from cooperatives.models.enterprise import Enterprise
from cooperatives.models.figures import EnterpriseSnapshot, Support
from cooperatives.models.industry import IndustryCode
from cooperatives.models.joining import Joining
from cooperatives.models.member import Member
from cooperatives.models.motif import Motif
from cooperatives.models.officer import Officer
from cooperatives.models.person import Person
from cooperatives.models.photo import ProductPhoto
from cooperatives.models.price import PriceChange
from cooperatives.models.product import Product, ProductMotif
from cooperatives.models.proposal import Proposal
from cooperatives.models.request import QuoteRequest
from cooperatives.models.snapshot import YearlySnapshot
from cooperatives.models.summary import CooperativeSummary, RegionSummary, whole_region
from cooperatives.models.suspicion import PersonToCompare, Suspicion

__all__ = [
    "Amendment",
    "Consent",
    "Cooperative",
    "CooperativeSummary",
    "Credential",
    "Enterprise",
    "EnterpriseMembership",
    "EnterpriseSnapshot",
    "GroupMember",
    "IndustryCode",
    "Joining",
    "MeetingState",
    "Member",
    "Motif",
    "NikClaim",
    "Officer",
    "Person",
    "PersonToCompare",
    "PriceChange",
    "Product",
    "ProductMotif",
    "ProductPhoto",
    "Proposal",
    "QuoteRequest",
    "RegionSummary",
    "StatusChange",
    "Support",
    "Suspicion",
    "YearlySnapshot",
    "meeting_of",
    "whole_region",
]
