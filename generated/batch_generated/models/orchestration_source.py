from ..types import OpenStrEnum


class OrchestrationSource(OpenStrEnum):
    """Where it was made."""

    API = "api"
    DASHBOARD = "dashboard"
