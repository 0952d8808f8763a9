from ..values import OpenStrEnum


class OrchestrationStatus(OpenStrEnum):
    """Current status of the orchestration."""

    COMPLETED = "completed"
    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
