from ..types import OpenStrEnum


class OrchestrationStatus(OpenStrEnum):
    COMPLETED = "completed"
    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
