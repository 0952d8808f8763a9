from ..values import OpenStrEnum


class OrchestrationSource(OpenStrEnum):
    """Source of the orchestration creation."""

    API = "api"
    DASHBOARD = "dashboard"
