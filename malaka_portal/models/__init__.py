"""Shared kernel: what every app builds on. Imports no app."""

from malaka_portal.models.access_log import AccessLog
from malaka_portal.models.importing import Import, ImportLine, ImportMemory, ImportWrite
from malaka_portal.models.invitation import Invitation
from malaka_portal.models.job_run import JobRun
from malaka_portal.models.letterhead import Letterhead
from malaka_portal.models.parameter import Parameter
from malaka_portal.models.portal import PortalModel, PortalQuerySet
from malaka_portal.models.rate import RateCount
from malaka_portal.models.region import Region, RegionAlias
from malaka_portal.models.sign_in import SignInFailures
from malaka_portal.models.submission import Submission
from malaka_portal.models.user import User

__all__ = [
    "AccessLog",
    "Import",
    "ImportLine",
    "ImportMemory",
    "ImportWrite",
    "Invitation",
    "JobRun",
    "Letterhead",
    "Parameter",
    "PortalModel",
    "PortalQuerySet",
    "RateCount",
    "Region",
    "RegionAlias",
    "SignInFailures",
    "Submission",
    "User",
]
