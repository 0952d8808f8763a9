from ..types import OpenStrEnum


class OrchestrationType(OpenStrEnum):
    CAMPAIGN = "campaign"
    RECURRING = "recurring"
    TRIGGER = "trigger"
    WARMUP = "warmup"
