from ..values import OpenStrEnum


class OrchestrationType(OpenStrEnum):
    """Kind of orchestration."""

    CAMPAIGN = "campaign"
    RECURRING = "recurring"
    TRIGGER = "trigger"
    WARMUP = "warmup"
