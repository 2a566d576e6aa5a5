"""The registry's kinds of spreadsheets: what offices keep, and how it becomes rows."""

from cooperatives.imports.cooperatives import Cooperatives
from cooperatives.imports.enterprises import Enterprises
from cooperatives.imports.members import Members

__all__ = ["Cooperatives", "Enterprises", "Members"]
