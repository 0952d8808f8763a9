from ..types import OpenStrEnum


class CampaignState(OpenStrEnum):
    """DRAFT is kept, RUNNING is sent at its time, STOPPED is on hold."""

    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
