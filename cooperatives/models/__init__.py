"""The registry: cooperatives, the people in them, and what they are there."""

from cooperatives.models.claim import NikClaim
from cooperatives.models.cooperative import Amendment, Cooperative, StatusChange
from cooperatives.models.member import Member
from cooperatives.models.officer import Officer
from cooperatives.models.person import Consent, Person
from cooperatives.models.proposal import Proposal
from cooperatives.models.snapshot import YearlySnapshot

__all__ = [
    "Amendment",
    "Consent",
    "Cooperative",
    "Member",
    "NikClaim",
    "Officer",
    "Person",
    "Proposal",
    "StatusChange",
    "YearlySnapshot",
]
