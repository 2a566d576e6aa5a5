"""The registry in the back office: for corrections. The daily work has the portal's own pages."""

from cooperatives.admin import enterprises, registry, summaries

__all__ = ["enterprises", "registry", "summaries"]
