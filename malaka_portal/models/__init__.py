"""Shared kernel: what every app builds on. Imports no app."""

from malaka_portal.models.access_log import AccessLog
from malaka_portal.models.invitation import Invitation
from malaka_portal.models.portal import PortalModel, PortalQuerySet
from malaka_portal.models.region import Region, RegionAlias
from malaka_portal.models.sign_in import SignInFailures
from malaka_portal.models.submission import Submission
from malaka_portal.models.user import User

__all__ = [
    "AccessLog",
    "Invitation",
    "PortalModel",
    "PortalQuerySet",
    "Region",
    "RegionAlias",
    "SignInFailures",
    "Submission",
    "User",
]
